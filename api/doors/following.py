"""Staying on the line of a terminal that cannot post: its event stream, taken in as it is written.

The same listeners read it that read posts, so that an event counts once, whichever road it came by.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic
from typing import NamedTuple

from api.doors.contacts import contacts_of
from api.doors.gate import Gate
from api.doors.port import Port
from api.doors.visiting import pull, visiting
from attendance.facts import Refused
from attendance.hall import Hall
from attendance.log.rows import StorageFailed
from attendance.terminals import TerminalAccepted, accepted
from devices.calling import Line
from devices.dahua import stream as dahua
from devices.dahua.push import Listening as DahuaListening
from devices.hikvision import stream as hikvision
from devices.hikvision.push import Listening as HikvisionListening
from devices.ports import Caller, Listener, Post
from devices.streams import Pieces

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds between two tries; each failure doubles them."""
STEADY = 60.0
"""Seconds after which a line counts as having been good."""
WORTH_TRYING = frozenset({"terminal_unreachable", "terminal_busy", "pull_broken"})
"""What may be over in a moment. A wrong password is none of them: terminals lock the account."""
ROAD = "stream"
Tell = Callable[[str, dict[str, object]], None]
"""Hears what happens: connected, or broken with the problem, if any is known, and the seconds until the next try."""


class Stream(NamedTuple):
    """How a family's stream is opened and understood."""

    target: str
    silence: float
    replays: bool
    listener: Callable[[Port], Listener]


STREAMS = {
    "hikvision": Stream(hikvision.TARGET, hikvision.SILENCE, hikvision.REPLAYS, HikvisionListening),
    "dahua": Stream(dahua.TARGET, dahua.SILENCE, dahua.REPLAYS, DahuaListening),
}


class Following:
    """One terminal, followed until the task is cancelled."""

    def __init__(self, hall: Hall, sn: str, line: Callable[[], Line], tell: Tell) -> None:
        self._hall, self._line, self._tell = hall, line, tell
        self._terminal = accepted(hall.book().terminals, sn)
        stream = STREAMS.get(self._terminal.family)
        if stream is None:
            raise Refused("no_stream", "sn", sn=self._terminal.terminal, family=self._terminal.family)
        self._stream = stream
        self._listener = stream.listener(Port(hall, Gate(hall)))

    async def run(self) -> None:
        """Stay on the line, and call again when it breaks. Raises Refused for what no other try would mend."""
        pause = FIRST_PAUSE
        while True:
            begun = monotonic()
            try:
                await self._stay()
                problem: Exception | None = None
            except Refused as refused:
                if refused.code not in WORTH_TRYING:
                    raise
                problem = refused
            except StorageFailed as failed:
                problem = failed
            pause = FIRST_PAUSE if monotonic() - begun > STEADY else pause
            self._tell("broken", {"problem": problem, "seconds": int(pause)})
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _stay(self) -> None:
        """One line, from the call to its end. Raises Refused or StorageFailed."""
        await asyncio.to_thread(self._catch_up)
        with self._line() as line:
            async with line.stream(self._stream.target, self._stream.silence) as written:
                self._tell("connected", {})
                pieces = Pieces()
                async for data in written:
                    await self._take(pieces.feed(data), line.host)

    def _catch_up(self) -> None:
        """Make sure who answers, and read what a terminal that does not replay wrote while nobody listened."""
        sn = self._terminal.terminal
        if not self._stream.replays:
            pull(self._hall, sn, self._line())
            return
        with visiting(self._hall, sn, self._line()):
            pass

    async def _take(self, pieces: list[bytes], host: str) -> None:
        """Keep what came; together, so that one commit serves them all. Raises StorageFailed."""
        caller = Caller(await asyncio.to_thread(self._trusted), host, datetime.now(UTC), ROAD)
        contacts_of(self._hall).note(caller.terminal.terminal, host, caller.received)
        await asyncio.gather(*(self._listener.answer(Post(piece, {}), caller) for piece in pieces))

    def _trusted(self) -> TerminalAccepted:
        """The terminal as the register has it now. Raises Refused when nothing is to be taken from it any more."""
        terminals, sn = self._hall.book().terminals, self._terminal.terminal
        if terminals.suspension(sn):
            raise Refused("terminal_suspended", "sn", sn=sn)
        return accepted(terminals, sn)
