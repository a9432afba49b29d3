"""Which punch serves which mark (design.md, The day, derived: rules 2, 3 and 6)."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from attendance.localtime import MINUTE
from attendance.policy import Attendance
from attendance.rules.due import Stretch

Served = list[tuple[int | None, int | None]]


class Reach(NamedTuple):
    """From when to when a day takes punches. `open` is excluded when it is the middle between two days' marks:
    a punch exactly there belongs to the earlier off."""

    open: float
    open_included: bool
    close: float


def reach(today: Sequence[Stretch], before: Sequence[Stretch], after: Sequence[Stretch], policy: Attendance) -> Reach:
    """How far a day reaches: `open_before` and `close_after`, cut at the middle to the neighbouring days."""
    first, last = today[0].on, today[-1].off
    opens: float = first - policy.open_before_minutes * MINUTE
    closes: float = last + policy.close_after_minutes * MINUTE
    included = True
    if before:
        middle = (before[-1].off + first) / 2
        if middle >= opens:
            opens, included = middle, False
    if after:
        closes = min(closes, (last + after[0].on) / 2)
    return Reach(opens, included, closes)


def serve(today: Sequence[Stretch], punches: Sequence[int], within: Reach, dedupe_seconds: int) -> Served:
    """The punch of each on and off of a day's live sessions, None where there is none or none is owed."""
    ons: list[int | None] = [None] * len(today)
    offs: list[int | None] = [None] * len(today)
    if today[0].owes_on:
        ons[0] = _first_on(today[0], punches, within)
    for i in range(len(today) - 1):
        offs[i], ons[i + 1] = _between(today[i], today[i + 1], punches, dedupe_seconds)
    if today[-1].owes_off:
        offs[-1] = _last_off(today[-1], punches, within)
    return list(zip(ons, offs, strict=True))


def _first_on(first: Stretch, punches: Sequence[int], within: Reach) -> int | None:
    start = (bisect_left if within.open_included else bisect_right)(punches, within.open)
    if start < len(punches) and punches[start] <= first.on:
        return punches[start]
    return _late_on(first, punches)


def _last_off(last: Stretch, punches: Sequence[int], within: Reach) -> int | None:
    end = bisect_right(punches, within.close) - 1
    if end >= 0 and punches[end] >= last.off:
        return punches[end]
    return _early_off(last, punches)


def _between(
    earlier: Stretch, later: Stretch, punches: Sequence[int], dedupe_seconds: int
) -> tuple[int | None, int | None]:
    """The off of one session and the on of the next, from the punches between them (rule 3)."""
    gap = punches[bisect_left(punches, earlier.off) : bisect_right(punches, later.on)]
    off, on = _share(gap, earlier, later, dedupe_seconds)
    if not earlier.owes_off:
        off = None
    elif off is None:
        off = _early_off(earlier, punches)
    if not later.owes_on:
        on = None
    elif on is None:
        on = _late_on(later, punches)
    return off, on


def _share(gap: Sequence[int], earlier: Stretch, later: Stretch, dedupe_seconds: int) -> tuple[int | None, int | None]:
    if not gap:
        return None, None
    if not (earlier.owes_off and later.owes_on):
        return gap[0], gap[-1]
    if gap[-1] - gap[0] > dedupe_seconds:
        return gap[0], gap[-1]
    if gap[0] - earlier.off <= later.on - gap[0]:
        return gap[0], None
    return None, gap[0]


def _late_on(session: Stretch, punches: Sequence[int]) -> int | None:
    start = bisect_right(punches, session.on)
    return punches[start] if start < len(punches) and punches[start] < session.mid else None


def _early_off(session: Stretch, punches: Sequence[int]) -> int | None:
    end = bisect_left(punches, session.off) - 1
    return punches[end] if end >= 0 and punches[end] >= session.mid else None
