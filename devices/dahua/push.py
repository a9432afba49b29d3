"""What a trusted Dahua terminal uploads, judged and kept before it is answered.

The terminal waits three seconds for the answer. Without one it keeps the event and sends it again later, marked
``Offline``; the same record again is the same punch.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from attendance.facts import Fact
from attendance.punches import Origin, Punched, Reading, Unreadable, judge_all, unreadable
from attendance.terminals import CLOCK_SET, TerminalOperated
from devices.dahua.encoding import TooLarge, unpacked
from devices.dahua.records import moment_text, reading_of
from devices.dahua.shapes import Event, told_by
from devices.ports import Answer, Caller, Hall, Post

LARGEST_UNPACKED = 4 << 20
JSON = "application/json"
SUCCESS = Answer(200, '{"code":0,"message":"success"}', JSON)
ALIVE = Answer(200, '{"result":true}', JSON)
"""The answer to a keepalive."""
TOO_LARGE = Answer(413, '{"code":413,"message":"too large"}', JSON)
PASSAGE, CLOCK_CHANGE = "AccessControl", "TimeChange"
NO_PUNCH = frozenset(
    {
        *("DoorStatus", "BreakIn", "Duress", "DoorNotClosed", "Button", "ButtonExit", "ChassisIntruded", "AlarmLocal"),
        *("NetworkChange", "KeepLightOn", "Reboot", "Upgrade", "RepeatEnter", "NTPAdjustTime", "VideoMotion"),
    }
)
"""What the door or the terminal does by itself: acknowledged and not kept."""
AT_ONCE = 1_000
"""Records judged and stored together: other terminals get their turn between."""


class Heard(NamedTuple):
    """What one upload says, sorted."""

    readings: list[Reading | Unreadable]
    operations: list[TerminalOperated]
    strange: list[str]
    """Codes of events nobody here knows."""


class Listening:
    """Answers uploads; keeps no state between them."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall

    async def answer(self, post: Post, caller: Caller) -> Answer:
        """The reply to one upload. Raises StorageFailed when what it brought is not durable."""
        if not post.body.strip():
            self._hall.alive(caller)
            return ALIVE
        try:
            body = unpacked(post.body, post.headers.get("content-encoding", ""), LARGEST_UNPACKED)
        except TooLarge:
            return TOO_LARGE
        told = told_by(body)
        heard = sorted_out(told.events, caller)
        heard.readings.extend(unreadable("malformed", piece) for piece in told.left)
        await self._keep(heard, caller)
        self._note_clock(told.events, caller)
        return SUCCESS

    async def _keep(self, heard: Heard, caller: Caller) -> None:
        origin = origin_of(caller)
        for first in range(0, len(heard.readings), AT_ONCE):
            await self._hall.keep(judge_all(heard.readings[first : first + AT_ONCE], origin), caller)
        others: list[Fact] = [*heard.operations, *_left_of(heard.strange, origin)]
        if others:
            await self._hall.keep(others, caller)

    def _note_clock(self, events: Sequence[Event], caller: Caller) -> None:
        """A single event that was not kept back shows how far the terminal's clock is off."""
        if len(events) != 1 or not events[0].is_live:
            return
        match judge_all(filter(None, [_reading(events[0], caller)]), origin_of(caller)):
            case [Punched(at=at)]:
                self._hall.clock_read(caller, at)


def sorted_out(events: Iterable[Event], caller: Caller) -> Heard:
    """Punches, clock changes and codes nobody knows; what the door does by itself is left out."""
    heard = Heard([], [], [])
    for event in events:
        if event.code == PASSAGE:
            reading = _reading(event, caller)
            heard.readings.extend([reading] if reading else [])
        elif event.code == CLOCK_CHANGE:
            heard.operations.append(_clock_change(event, caller))
        elif event.code not in NO_PUNCH:
            heard.strange.append(event.code)
    return heard


def _reading(event: Event, caller: Caller) -> Reading | Unreadable | None:
    return reading_of(event.data, caller.terminal.zone) if event.code == PASSAGE else None


def _clock_change(event: Event, caller: Caller) -> TerminalOperated:
    terminal = caller.terminal
    return TerminalOperated(terminal=terminal.terminal, kind=CLOCK_SET, at=moment_text(event.data, terminal.zone)[:19])


def _left_of(codes: Iterable[str], origin: Origin) -> list[Fact]:
    """One question for each unknown code, however often the terminal sends it: only the code makes its hash."""
    facts: list[Fact] = []
    for code in dict.fromkeys(codes):
        table = code[:24] if code.isascii() and code.isalnum() else "?"
        facts += judge_all([unreadable("unknown_table", table)], origin._replace(table=table))
    return facts


def origin_of(caller: Caller) -> Origin:
    return Origin(caller.terminal.terminal, caller.terminal.zone, caller.road, caller.address, caller.received, "EVENT")
