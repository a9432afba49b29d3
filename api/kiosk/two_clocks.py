"""When something kept without the network happened, by the device's two clocks and the server's.

A wall clock can be set by anybody at the device; a monotonic clock cannot, but starts anew with each session and may
stand still while the device sleeps. Two accounts that agree are believed. Pure; all times are in milliseconds.
"""

from typing import NamedTuple

import msgspec

TOLERANCE = 60_000.0
"""Two clocks this close agree: a minute, which is what the rules count in."""


class Reading(msgspec.Struct, frozen=True):
    """Both clocks of a device at one moment."""

    wall: float
    """Since 1970, as the device believes."""
    mono: float
    """Since the session began."""
    session: str
    steady: bool = False
    """Whether `mono` also counts while the device sleeps: then it is believed against a wall clock that was set."""


class Anchor(msgspec.Struct, frozen=True):
    """A moment at which device and server were in touch."""

    server: float
    """Since 1970, as the server knows."""
    clocks: Reading

    @property
    def ahead(self) -> float:
        """How far the device's wall clock ran ahead of the server's."""
        return self.clocks.wall - self.server


class Proved(NamedTuple):
    """When it happened, and whether the device's wall clock said otherwise."""

    server: float
    clock_changed: bool


def when(entry: Reading, before: Anchor | None, after: Anchor) -> Proved | None:
    """When an entry was made between two anchors; None when no two accounts agree."""
    earliest, latest = _counted(entry, before), _counted(entry, after)
    if before and earliest is not None and latest is not None and _agree(earliest, latest):
        return Proved(latest, not _agree(entry.wall - before.ahead, latest))
    for counted, anchor in ((latest, after), (earliest, before)):
        if counted is not None and anchor is not None and _agree(entry.wall - anchor.ahead, counted):
            return Proved(counted, False)
    counts = [counted for counted in (earliest, latest) if counted is not None]
    if entry.steady and len(counts) == 1:
        return Proved(counts[0], True)
    return _by_wall(entry, before, after, earliest, latest)


def _counted(entry: Reading, anchor: Anchor | None) -> float | None:
    """The moment counted from an anchor of the same session by the monotonic clock."""
    if anchor is None or anchor.clocks.session != entry.session:
        return None
    return anchor.server + entry.mono - anchor.clocks.mono


def _by_wall(
    entry: Reading, before: Anchor | None, after: Anchor, earliest: float | None, latest: float | None
) -> Proved | None:
    """The wall clock's own account, where it was right at both ends and the rest does not gainsay it."""
    if before is None or not _agree(before.ahead, after.ahead):
        return None
    told = entry.wall - before.ahead
    # A device that slept counted too little: what its monotonic clock says are the two ends of what can be.
    first = before.server if earliest is None else earliest
    last = after.server if latest is None else latest
    return Proved(told, False) if first - TOLERANCE <= told <= last + TOLERANCE else None


def _agree(one: float, other: float) -> bool:
    return abs(one - other) <= TOLERANCE
