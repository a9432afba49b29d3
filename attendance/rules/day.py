"""One person's day judged: each session's marks, minutes and symbol (design.md, The day, derived; scoring.md)."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import msgspec
from msgspec.structs import replace

from attendance.localtime import MINUTE
from attendance.policy import HALF_DAY, Attendance
from attendance.rules.due import Due, Stretch
from attendance.rules.marks import Reach, Served, reach, serve

State = Literal["kept", "late", "early", "missing", "outage", "corrected", "pending"]

ABSENT = "旷"
KEPT = "√"
MADE_UP = "补"
PENDING = "待"
LETTERS: dict[State, str] = {"late": "迟", "early": "早", "missing": "缺"}


class Mark(msgspec.Struct, frozen=True, gc=False):
    """One owed mark: when it was due, the punch that served it, the minutes late or early, and what became of it."""

    due: int
    punch: int | None
    minutes: int
    state: State


class Judged(msgspec.Struct, frozen=True):
    """A session and its judgement. `on` and `off` are None when not owed, or when the session is excused."""

    due: Due
    symbol: str
    on: Mark | None
    off: Mark | None

    @property
    def excused(self) -> bool:
        return self.due.on is None

    def marks(self) -> list[Mark]:
        return [mark for mark in (self.on, self.off) if mark is not None]

    def states(self) -> set[State]:
        return {mark.state for mark in self.marks()}


class DaySheet(msgspec.Struct, frozen=True):
    """A person's day: every session that has begun, in order of start."""

    day: int
    sessions: list[Judged]
    owed: int
    """The day's sessions, those that have not begun included: of leave, one is its share of them."""


class Relieving(NamedTuple):
    """What may satisfy a mark of one person: approved corrections and declared outages."""

    corrections: frozenset[tuple[int, str, str]]
    """(day, session, mark)"""
    outages: tuple[tuple[int, int], ...]
    """Start and end, both included."""

    def outage_covers(self, due: int) -> bool:
        return any(start <= due <= end for start, end in self.outages)


class DayRules(NamedTuple):
    """What judging a day needs of the policy and of the moment."""

    policy: Attendance
    leave_symbols: dict[str, str]
    horizon: float
    """The hall-local second up to which marks can be judged; what is due later is pending."""


class Assigned(msgspec.Struct, frozen=True):
    """A day's live sessions with the punches that serve them, and how far the day reaches."""

    here: Sequence[Stretch]
    served: Served
    within: Reach | None

    def closings(self) -> list[float]:
        """For each session the moment after which its off can no longer come."""
        return [float(later.on) for later in self.here[1:]] + ([self.within.close] if self.within else [])


def assign(
    today: Sequence[Stretch],
    before: Sequence[Stretch],
    after: Sequence[Stretch],
    punches: Sequence[int],
    rules: DayRules,
) -> Assigned:
    """Which punch serves which mark of a day."""
    if not today:
        return Assigned(today, [], None)
    within = reach(today, before, after, rules.policy)
    return Assigned(today, serve(today, punches, within, rules.policy.dedupe_seconds), within)


Marks = tuple[Mark | None, Mark | None]


def judge(day: int, due: Sequence[Due], assigned: Assigned, relieving: Relieving, rules: DayRules) -> DaySheet:
    """The day's sheet from the sessions due and the punches that serve them."""
    live = [one for one in due if one.on is not None]
    marked = [
        _marks(day, one.session.name, here, punches, closes, relieving, rules)
        for one, here, punches, closes in zip(live, assigned.here, assigned.served, assigned.closings(), strict=True)
    ]
    absent_all_day = _nothing_kept(marked)
    marks_of = iter(marked)
    sessions = []
    for one in due:
        if one.on is None:
            sessions.append(Judged(one, rules.leave_symbols[one.covers[0].type], None, None))
        else:
            on, off = next(marks_of)
            sessions.append(Judged(one, _symbol(one, on, off, absent_all_day, rules), on, off))
    return DaySheet(day, [one for one in sessions if one.due.session.on <= rules.horizon], len(sessions))


def _marks(
    day: int,
    name: str,
    here: Stretch,
    punches: tuple[int | None, int | None],
    closes: float,
    relieving: Relieving,
    rules: DayRules,
) -> Marks:
    on = off = None
    if here.owes_on:
        on = _on_mark(here, punches[0], rules)
        if on.state != "kept":
            on = replace(on, state=_satisfied(on, (day, name, "on"), relieving))
    if here.owes_off:
        off = _off_mark(here, punches[1], closes, rules)
        if off.state != "kept":
            off = replace(off, state=_satisfied(off, (day, name, "off"), relieving))
    return on, off


def _on_mark(here: Stretch, punch: int | None, rules: DayRules) -> Mark:
    if punch is None:
        return Mark(here.on, None, 0, "pending" if rules.horizon < here.mid else "missing")
    minutes = max(0, (punch - here.on) // MINUTE)
    return Mark(here.on, punch, minutes, "late" if minutes > rules.policy.grace_minutes else "kept")


def _off_mark(here: Stretch, punch: int | None, closes: float, rules: DayRules) -> Mark:
    minutes = max(0, (here.off - punch) // MINUTE) if punch is not None else 0
    if punch is not None and minutes <= rules.policy.grace_minutes:
        return Mark(here.off, punch, minutes, "kept")
    if rules.horizon < closes:
        return Mark(here.off, punch, minutes, "pending")
    return Mark(here.off, punch, minutes, "missing" if punch is None else "early")


def _satisfied(mark: Mark, name: tuple[int, str, str], relieving: Relieving) -> State:
    """What outage and correction make of a mark; where both apply, the outage does (scoring.md, Excuses)."""
    if mark.state == "missing" and relieving.outage_covers(mark.due):
        return "outage"
    if mark.state in LETTERS and name in relieving.corrections:
        return "corrected"
    return mark.state


def _nothing_kept(marked: list[Marks]) -> bool:
    """Every mark owed that day is missing and unsatisfied, and the day owes at least two."""
    states = [mark.state for marks in marked for mark in marks if mark is not None]
    return len(states) > 1 and states.count("missing") == len(states)


def _symbol(due: Due, on: Mark | None, off: Mark | None, absent_all_day: bool, rules: DayRules) -> str:
    """scoring.md, The session's symbol."""
    if absent_all_day or _both_missing(on, off) or _too_late(on, rules.policy) or _too_early(off, rules.policy):
        return ABSENT
    states = [mark.state for mark in (on, off) if mark is not None and mark.state != "kept"]
    if states:
        letters = "".join(LETTERS.get(state, "") for state in states)
        return letters or (PENDING if "pending" in states else MADE_UP)
    return rules.leave_symbols[due.covers[0].type] if due.covers else KEPT


def _both_missing(on: Mark | None, off: Mark | None) -> bool:
    return on is not None and off is not None and on.state == off.state == "missing"


def _too_late(on: Mark | None, policy: Attendance) -> bool:
    if on is None or on.state != "late" or policy.late_over_is != HALF_DAY:
        return False
    return on.minutes > max(tier.max_minutes for tier in policy.late_tiers)


def _too_early(off: Mark | None, policy: Attendance) -> bool:
    if off is None or off.state != "early" or policy.early_over_is != HALF_DAY:
        return False
    return off.minutes > max(tier.max_minutes for tier in policy.early_tiers)
