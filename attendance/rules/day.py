"""One person's day judged: each session's marks, minutes and symbol (design.md, The day, derived; scoring.md)."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from attendance.localtime import MINUTE
from attendance.policy import HALF_DAY, Attendance
from attendance.rules.due import Due
from attendance.rules.marks import Reach, Served, Stretch, reach, serve, stretch

State = Literal["kept", "late", "early", "missing", "outage", "corrected", "pending"]
MarkName = Literal["on", "off"]

ABSENT = "旷"
KEPT = "√"
MADE_UP = "补"
PENDING = "待"
LETTERS: dict[State, str] = {"late": "迟", "early": "早", "missing": "缺"}


class Mark(NamedTuple):
    """One owed mark: when it was due, the punch that served it, the minutes late or early, and what became of it."""

    due: int
    punch: int | None
    minutes: int
    state: State


class Judged(NamedTuple):
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


class DaySheet(NamedTuple):
    """A person's day: every session in order of start."""

    day: int
    sessions: list[Judged]


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


def assign(
    today: Sequence[Due], before: Sequence[Due], after: Sequence[Due], punches: Sequence[int], rules: DayRules
) -> tuple[Served, Reach | None]:
    """The punches that serve a day's live sessions, and how far the day reaches for them."""
    if not today:
        return [], None
    here = [stretch(due) for due in today]
    within = reach(here, [stretch(due) for due in before], [stretch(due) for due in after], rules.policy)
    return serve(here, punches, within, rules.policy.dedupe_seconds), within


def judge(
    day: int, due: Sequence[Due], served: Served, within: Reach | None, relieving: Relieving, rules: DayRules
) -> DaySheet:
    """The day's sheet from the sessions due and the punches that serve them."""
    marked = _mark_all(day, due, served, within, relieving, rules)
    absent_all_day = _nothing_kept([marks for marks in marked if marks is not None])
    sessions = []
    for one, marks in zip(due, marked, strict=True):
        if marks is None:
            sessions.append(Judged(one, rules.leave_symbols[one.covers[0].type], None, None))
            continue
        on, off = marks
        sessions.append(Judged(one, _symbol(one, on, off, absent_all_day, rules), on, off))
    return DaySheet(day, sessions)


Marks = tuple[Mark | None, Mark | None]


def _mark_all(
    day: int, due: Sequence[Due], served: Served, within: Reach | None, relieving: Relieving, rules: DayRules
) -> list[Marks | None]:
    """The marks of each session, None for an excused one."""
    live = iter(_with_closing(served, [stretch(one) for one in due if one.on is not None], within))
    found: list[Marks | None] = []
    for one in due:
        if one.on is None:
            found.append(None)
            continue
        (on, off), here, closes = next(live)
        name = one.session.name
        found.append(
            (
                _on_mark(here, on, (day, name, "on"), relieving, rules) if here.owes_on else None,
                _off_mark(here, off, closes, (day, name, "off"), relieving, rules) if here.owes_off else None,
            )
        )
    return found


def _with_closing(
    served: Served, here: list[Stretch], within: Reach | None
) -> list[tuple[tuple[int | None, int | None], Stretch, float]]:
    """Each live session with its punches and the moment after which its off can no longer come."""
    closes = [float(later.on) for later in here[1:]] + ([within.close] if within else [])
    return list(zip(served, here, closes, strict=True))


def _on_mark(
    here: Stretch, punch: int | None, mark: tuple[int, str, str], relieving: Relieving, rules: DayRules
) -> Mark:
    minutes = max(0, (punch - here.on) // MINUTE) if punch is not None else 0
    state: State = "kept"
    if punch is None:
        state = "pending" if rules.horizon < here.mid else "missing"
    elif minutes > rules.policy.grace_minutes:
        state = "late"
    return Mark(here.on, punch, minutes, _satisfied(state, here.on, mark, relieving))


def _off_mark(
    here: Stretch, punch: int | None, closes: float, mark: tuple[int, str, str], relieving: Relieving, rules: DayRules
) -> Mark:
    minutes = max(0, (here.off - punch) // MINUTE) if punch is not None else 0
    state: State = "kept"
    if punch is None:
        state = "missing"
    elif minutes > rules.policy.grace_minutes:
        state = "early"
    if state != "kept" and rules.horizon < closes:
        state = "pending"
    return Mark(here.off, punch, minutes, _satisfied(state, here.off, mark, relieving))


def _satisfied(state: State, due: int, mark: tuple[int, str, str], relieving: Relieving) -> State:
    """What outage and correction make of a mark; where both apply, the outage does (scoring.md, Excuses)."""
    if state == "missing" and relieving.outage_covers(due):
        return "outage"
    if state in LETTERS and mark in relieving.corrections:
        return "corrected"
    return state


def _nothing_kept(marked: list[Marks]) -> bool:
    """Every mark owed that day is missing and unsatisfied, and the day owes at least two."""
    owed = [mark for marks in marked for mark in marks if mark is not None]
    return len(owed) > 1 and all(mark.state == "missing" for mark in owed)


def _symbol(due: Due, on: Mark | None, off: Mark | None, absent_all_day: bool, rules: DayRules) -> str:
    """scoring.md, The session's symbol."""
    if absent_all_day or _both_missing(on, off) or _too_late(on, rules.policy) or _too_early(off, rules.policy):
        return ABSENT
    marks = [mark for mark in (on, off) if mark is not None]
    letters = "".join(LETTERS.get(mark.state, "") for mark in marks)
    if letters:
        return letters
    states = {mark.state for mark in marks}
    if "pending" in states:
        return PENDING
    if states & {"outage", "corrected"}:
        return MADE_UP
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
