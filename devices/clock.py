"""How far a terminal's clock is off, told from punches alone where the protocol tells no time.

A punch sent as it happens arrives with the clock's error and a little time on the way; one that waited arrives with its
waiting added. So the least delay tells the error, if any of them was sent as it happened. Punches that were give
themselves away: they arrive as far apart as they were made, while a backlog made over hours arrives at once.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

WINDOW = timedelta(hours=4)
"""Older samples say nothing of the clock as it is now."""
APART = timedelta(minutes=1)
"""Two samples bear each other out when they arrived at least so far apart…"""
ALIKE = timedelta(seconds=30)
"""…with delays no more different than this: a batch every minute, retries, a slow network."""
WITNESSES = 2
"""How many others must bear a sample out: two backlogs of equal age may come by chance, three hardly."""


class Sample(NamedTuple):
    """One reading on its arrival, both moments on the wall clock of the terminal's zone."""

    received: datetime
    shown: datetime
    """What the terminal's clock showed when it was made."""

    @property
    def delay(self) -> timedelta:
        return self.received - self.shown


def behind(samples: Iterable[Sample]) -> timedelta | None:
    """By how much the terminal's clock is behind ours, negative when it runs before; None when nobody can tell.

    The newest delay that others bear out says how the clock stands now; the least of those like it is the best measure
    of it, because the least time on the way is in it.
    """
    ordered = sorted(samples)
    recent = [sample for sample in ordered if ordered[-1].received - sample.received <= WINDOW]
    for place in range(len(recent) - 1, -1, -1):
        newest, earlier = recent[place], recent[:place]
        if _is_borne_out(newest, earlier):
            return min(sample.delay for sample in (newest, *earlier) if _alike(sample, newest))
    return None


def _is_borne_out(sample: Sample, earlier: Sequence[Sample]) -> bool:
    nearest, found = sample, 0
    for other in reversed(earlier):
        if nearest.received - other.received >= APART and _alike(other, sample):
            nearest, found = other, found + 1
    return found >= WITNESSES


def _alike(one: Sample, other: Sample) -> bool:
    return abs(one.delay - other.delay) <= ALIKE
