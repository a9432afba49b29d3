"""Hikvision HTTP listening (HTTP 监听): the terminal posts each event as it happens, and repeats what is not answered
by 200."""

from collections.abc import Sequence

from attendance.facts import Fact
from attendance.punches import Origin, judge_all, moment_of, unreadable
from attendance.terminals import TerminalOperated
from devices.hikvision.events import TABLE, Event, Moment, event_of, moment, offset, operation_of, plain, reading_of
from devices.hikvision.messages import Fields, messages_of
from devices.ports import Answer, Caller, Hall, Post

DONE = Answer(200, "OK")
ABOUT_ITSELF = ("shortserialnumber", "deviceid", "macaddress")
"""What a terminal tells of itself. It is shown; whose the punches are, the secret path alone decides."""
AT_ONCE = 1_000
"""Events judged and stored together: other terminals get their turn between."""


class Listening:
    """Answers posts; keeps no state between them."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall

    async def answer(self, post: Post, caller: Caller) -> Answer:
        """The reply to one post. Raises StorageFailed when what it brought is not durable."""
        messages = messages_of(post.body)
        if any(map(_is_strange, messages)) or (post.body.strip() and not messages):
            await self._hall.keep(judge_all([unreadable("malformed", post.body)], origin_of(caller)), caller)
        for first in range(0, len(messages), AT_ONCE):
            facts = facts_of(messages[first : first + AT_ONCE], caller)
            if facts:
                await self._hall.keep(facts, caller)
        if messages:
            self._listen_closer(messages, caller)
        return DONE

    def _listen_closer(self, messages: Sequence[Fields], caller: Caller) -> None:
        """What the last message tells of the terminal itself: who it says to be, its clock, its zone."""
        last = messages[-1]
        told = {name: plain(last[name]) for name in ABOUT_ITSELF if plain(last.get(name))}
        zone = caller.terminal.zone
        at = moment(last.get("datetime"), zone)
        if at.offset is not None:
            told["zoneoffset"] = disagreement(at, zone)
        event = event_of(last, zone)
        if event is not None and event.is_unlisted:
            told["unlisted"] = f"{event.major}.{event.minor}"
        self._hall.heard(caller, told)
        if len(messages) == 1 and not (event and event.is_replayed) and (shown := moment_of(at.text)):
            self._hall.clock_read(caller, shown)


def disagreement(at: Moment, zone: int) -> str:
    """The offset a terminal claims where the register says another; empty where they agree."""
    if at.offset is None or at.offset == zone:
        return ""
    return offset(at.offset)


def facts_of(messages: Sequence[Fields], caller: Caller) -> list[Fact]:
    """The punches, operations and readings to be looked at that some messages come to."""
    events = [event for message in messages if (event := event_of(message, caller.terminal.zone))]
    readings = [reading_of(event) for event in events if event.is_punch]
    return [*judge_all(readings, origin_of(caller)), *operations_of(events, caller.terminal.terminal)]


def _is_strange(message: Fields) -> bool:
    """Whether a message without an event is none that terminals send: heartbeats, lost networks and tests say so."""
    kind = plain(message.get("eventtype")).lower()
    return kind in ("", TABLE.lower()) and event_of(message, 0) is None


def operations_of(events: Sequence[Event], terminal: str) -> list[TerminalOperated]:
    return [operation_of(event, terminal) for event in events if event.is_operation]


def origin_of(caller: Caller, road: str = "push") -> Origin:
    return Origin(caller.terminal.terminal, caller.terminal.zone, road, caller.address, caller.received, TABLE)
