"""Whether a terminal that calls at steady intervals has fallen silent (protocols, section 8: three intervals)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

INTERVALS = 3
SHORTEST = timedelta(minutes=1)
"""A lost packet, a restart: below this nothing is said."""
LONGEST = timedelta(minutes=30)
"""However rarely a terminal calls, so long a silence is told."""
RESTART = 10_000
"""A jump by so many numbers is no gap: the terminal was reset, or its records were cleared."""
USUAL = {"zkteco": timedelta(seconds=10)}
"""Families whose terminals always call by themselves, at the interval they are given. Others may send punches alone:
of them silence says nothing until they were heard to call at intervals."""


class Heard(NamedTuple):
    """What was heard of a terminal."""

    family: str
    last: datetime | None
    """Its last call; None when it never called: its punches may be carried here on a USB stick."""
    interval: timedelta | None
    """At which it was seen to call; None when it was not."""


def patience(interval: timedelta) -> timedelta:
    """How long a terminal may be silent."""
    return min(max(interval * INTERVALS, SHORTEST), LONGEST)


def silent_since(heard: Heard, now: datetime, listening_since: datetime) -> datetime | None:
    """Since when a terminal is silent; None for one that is not, and for one of which silence says nothing.

    While nobody listened no terminal was silent: the server's own absence is not theirs.
    """
    interval = heard.interval or USUAL.get(heard.family)
    if interval is None or heard.last is None:
        return None
    return heard.last if now - max(heard.last, listening_since) > patience(interval) else None


@dataclass
class Serials:
    """The running numbers heard from a terminal since its log was last read whole. Whether a number that was left out
    was a punch, nobody can tell from here: doors that open and faces nobody knows are numbered too."""

    first: int = 0
    last: int = 0
    heard: int = 0

    def hear(self, serial: int) -> None:
        """Take note of a record; 0 is one without a number. A number far below the last one begins a new count."""
        if serial <= 0 or self.last >= serial > self.last - RESTART:
            return
        if self.last == 0 or serial <= self.last - RESTART or serial > self.last + RESTART:
            self.first, self.heard = serial, 0
        self.last = serial
        self.heard += 1

    @property
    def skipped(self) -> int:
        """Numbers between the first and the last that never came."""
        return self.last - self.first + 1 - self.heard if self.heard else 0
