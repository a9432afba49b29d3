"""Which sessions a window owes on a date (scoring.md, Who owes what on a day)."""

from collections.abc import Iterable
from datetime import date, time
from typing import NamedTuple
from uuid import UUID

from attendance.book import Book
from attendance.calendar import SATURDAY
from attendance.facts import Entry
from attendance.localtime import DAY, MINUTE
from attendance.policy import Hours, Policy
from attendance.relief import ReliefArranged
from attendance.timetable import Owes, TimetableSet

Group = tuple[date | None, date | None, int | None, str]


class Session(NamedTuple):
    """A stretch of time that owes marks, before any excuse. `on` and `off` are hall-local seconds."""

    name: str
    on: int
    off: int
    owes: Owes
    window: str
    source: UUID
    """The fact that makes it due: a timetable row, a rota duty, or the policy's own schedule."""
    relief: Entry[ReliefArranged] | None = None


def span(day: int, on: time, off: time) -> tuple[int, int]:
    """Start and end of a session on a day; one that ends no later than it starts crosses midnight."""
    start = day * DAY + on.hour * 3600 + on.minute * MINUTE
    end = day * DAY + off.hour * 3600 + off.minute * MINUTE
    return start, end if end > start else end + DAY


class Schedule:
    """The sessions of every window, worked out once for each date."""

    def __init__(self, book: Book, policy: Policy, policy_id: UUID) -> None:
        self._book = book
        self._policy = policy
        self._policy_id = policy_id
        self._groups = _by_group(book.timetable)
        self._known: dict[tuple[str, int], tuple[Session, ...]] = {}

    def sessions(self, window: str, day: int) -> tuple[Session, ...]:
        """What the window owes on a day, earliest first; nothing when it is closed."""
        key = (window, day)
        if key not in self._known:
            self._known[key] = self._work_out(window, day)
        return self._known[key]

    def _work_out(self, window: str, day: int) -> tuple[Session, ...]:
        on_date = date.fromordinal(day)
        open_now = any(entry.fact.holds_on(on_date) for entry in self._book.windows.find("window", window))
        if not open_now or not self._book.calendar.is_known(on_date):
            return ()
        if not len(self._book.timetable):
            sessions = self._from_policy(window, day, on_date)
        else:
            sessions = self._from_timetable(window, day, on_date)
        return tuple(sorted(sessions, key=lambda session: session.on))

    def _from_timetable(self, window: str, day: int, on_date: date) -> list[Session]:
        workday = self._book.calendar.is_workday(on_date)
        if not workday and not self._may_open_on_rest(on_date):
            return []
        adjusted = workday and on_date.isoweekday() >= SATURDAY
        group = best_group(self._groups, window, on_date, adjusted=adjusted, resting=not workday)
        rows = self._groups[group] if group else []
        return [
            Session(row.fact.session, *span(day, row.fact.on, row.fact.off), row.fact.owes, window, row.id)
            for row in rows
        ]

    def _may_open_on_rest(self, on_date: date) -> bool:
        """A Saturday or Sunday that is no State Council holiday and that the hall did not close itself."""
        calendar = self._book.calendar
        return on_date.isoweekday() >= SATURDAY and calendar.own(on_date) is None and not calendar.is_holiday(on_date)

    def _from_policy(self, window: str, day: int, on_date: date) -> list[Session]:
        schedule = self._policy.schedule
        if schedule is None or not self._book.calendar.is_workday(on_date):
            return []
        summer = schedule.summer
        hours = summer if summer and _within(f"{on_date:%m-%d}", summer.start, summer.to) else schedule.default
        am, pm = _span_of(day, hours.am), _span_of(day, hours.pm)
        friday = schedule.friday
        if friday.enabled and on_date.isoweekday() == friday.weekday:
            pm = (pm[0], pm[1] - friday.pm_end_earlier_minutes * MINUTE)
        return [Session(name, *times, "both", window, self._policy_id) for name, times in (("am", am), ("pm", pm))]


def best_group(groups: Iterable[Group], window: str, on_date: date, *, adjusted: bool, resting: bool) -> Group | None:
    """The timetable group that applies: naming the window, then the weekday, then the later start, the earlier end.

    Groups that name a weekday do not apply on an adjusted workday; on a day of rest only those count that name both.
    """
    fitting = [group for group in groups if _fits(group, window, on_date, adjusted=adjusted)]
    if resting:
        fitting = [group for group in fitting if group[3] and group[2]]
    return max(fitting, key=_precedence, default=None)


def _fits(group: Group, window: str, on_date: date, *, adjusted: bool) -> bool:
    start, end, weekday, of_window = group
    if (start and on_date < start) or (end and end < on_date) or (of_window and of_window != window):
        return False
    return weekday is None or (not adjusted and weekday == on_date.isoweekday())


def _precedence(group: Group) -> tuple[bool, bool, date, int]:
    start, end, weekday, window = group
    return (bool(window), weekday is not None, start or date.min, -(end or date.max).toordinal())


def _by_group(rows: Iterable[Entry[TimetableSet]]) -> dict[Group, list[Entry[TimetableSet]]]:
    groups: dict[Group, list[Entry[TimetableSet]]] = {}
    for row in rows:
        groups.setdefault(row.fact.group(), []).append(row)
    return groups


def _within(day: str, start: str, end: str) -> bool:
    """Whether an ``MM-DD`` lies between two others, both included, over the turn of the year if need be."""
    return start <= day <= end if start <= end else (day >= start or day <= end)


def _span_of(day: int, hours: Hours) -> tuple[int, int]:
    return span(day, time.fromisoformat(hours[0]), time.fromisoformat(hours[1]))
