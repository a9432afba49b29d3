"""From a person's punches to their month: the one road of the rules, in bulk and event by event."""

from bisect import bisect_left
from datetime import date
from math import inf
from typing import NamedTuple

import msgspec

from attendance.book import Book
from attendance.localtime import DAY, month_days, second_of
from attendance.policy import LeaveType, Policy
from attendance.rules.day import Assigned, DayRules, DaySheet, Relieving, assign, judge
from attendance.rules.due import Due, PersonDue, WholeDays
from attendance.rules.marks import Reach
from attendance.rules.punched import Punches
from attendance.rules.schedule import Schedule
from attendance.rules.tally import Ruling, Tally, tally

LEAVE = "假"
"""The symbol of a leave whose type no policy of the hall lists any more."""


class Day(msgspec.Struct, frozen=True):
    """A judged day, with the punches of its date that served no mark of any day."""

    sheet: DaySheet
    unused: list[int]


class PersonMonth(NamedTuple):
    """Everything derived for one person and month. `changes_at` is the next moment at which time alone changes it."""

    days: list[Day]
    tally: Tally
    changes_at: float | None


class MonthRules:
    """The rules of one month over one state of the book. Pure: the same book, policy, punches and horizon always
    give the same result. `horizon` is the hall-local second up to which marks can be judged (default: all)."""

    def __init__(self, book: Book, month: str, policy: Policy | None = None, horizon: float = inf) -> None:
        self.book = book
        self.month = month
        self.policy = policy or book.policies.in_force(month)
        self.days = month_days(month)
        self.workdays = [day for day in self.days if book.calendar.is_workday(date.fromordinal(day))]
        policy_id = book.policies.entry_in_force(month).id
        self._whole_days = WholeDays(Schedule(book, self.policy, policy_id))
        types = _leave_types(book, self.policy)
        self.ruling = Ruling(book, self.policy, types, self.policy.finding_codes())
        symbols = {leave.id: leave.symbol for leave in types.values()}
        self.day_rules = DayRules(self.policy.attendance, symbols, horizon)
        self._outages = [
            (entry.fact.terminal, second_of(entry.fact.start), second_of(entry.fact.end)) for entry in book.outages
        ]

    def people(self) -> list[str]:
        """Everyone whose month can hold anything: in post on some day of it, or named by a finding or a rating."""
        first, last = date.fromordinal(self.days.start), date.fromordinal(self.days.stop - 1)
        numbers = {
            entry.fact.no for entry in self.book.people if _touches(entry.fact.start, entry.fact.end, first, last)
        }
        numbers |= {entry.fact.no for entry in self.book.patrol.findings.find("month", self.month)}
        numbers |= {entry.fact.no for entry in self.book.ratings.find("month", self.month)}
        return sorted(numbers - {""})

    def person(self, no: str, punches: Punches) -> PersonMonth:
        """Derive one person's month from their punches (those of the days around it included)."""
        due = PersonDue(self.book, self._whole_days, no, range(self.days.start - 2, self.days.stop + 2))
        served = self._serve(due, punches)
        days = self._judge(no, due, served, punches)
        sheets = [day.sheet for day in days]
        sums = tally(no, self.month, due, sheets, punches, self.ruling)
        return PersonMonth(days, sums, self._changes_at(due, served))

    def _serve(self, due: PersonDue, punches: Punches) -> dict[int, Assigned]:
        """The punches that serve each day, the days just outside the month included."""
        return {
            day: assign(due.on(day).live, due.on(day - 1).live, due.on(day + 1).live, punches.seconds, self.day_rules)
            for day in range(self.days.start - 1, self.days.stop + 1)
            if due.on(day).sessions
        }

    def _judge(self, no: str, due: PersonDue, served: dict[int, Assigned], punches: Punches) -> list[Day]:
        relieving = self._relieving(no)
        used = {punch for assigned in served.values() for pair in assigned.served for punch in pair}
        found = []
        for day in self.days:
            if day not in served:
                continue
            sheet = judge(day, due.on(day).sessions, served[day], relieving, self.day_rules)
            if sheet.sessions:
                found.append(Day(sheet, _unused(day, punches, used)))
        return found

    def _relieving(self, no: str) -> Relieving:
        """Corrections of the person; outages for everyone but people all of whose PIN rows are for other terminals."""
        book = self.book
        own = book.pins.terminals_of(no)
        outages = tuple((start, end) for terminal, start, end in self._outages if not own or terminal in own)
        corrections = frozenset(
            (entry.fact.date.toordinal(), entry.fact.session, str(entry.fact.mark))
            for entry in book.corrections.find("no", no)
        )
        return Relieving(corrections, outages)

    def _changes_at(self, due: PersonDue, served: dict[int, Assigned]) -> float | None:
        """The next moment after the horizon at which a session begins or a mark can no longer be made good."""
        horizon = self.day_rules.horizon
        if horizon >= (self.days.stop + 2) * DAY:
            return None
        moments: list[float] = []
        for day in self.days:
            if day in served and (day + 3) * DAY > horizon:
                moments += _turning_points(due.on(day).sessions, served[day].within)
        return min((moment for moment in moments if moment > horizon), default=None)


def _turning_points(sessions: list[Due], within: Reach | None) -> list[float]:
    moments: list[float] = [within.close] if within else []
    for due in sessions:
        moments.append(due.session.on)
        if due.on is not None and due.off is not None:
            moments += [due.on, (due.on + due.off) / 2]
    return moments


def _unused(day: int, punches: Punches, used: set[int | None]) -> list[int]:
    seconds = punches.seconds
    mine = seconds[bisect_left(seconds, day * DAY) : bisect_left(seconds, (day + 1) * DAY)]
    return [second for second in mine if second not in used]


def _touches(start: date | None, end: date | None, first: date, last: date) -> bool:
    return (start is None or start <= last) and (end is None or end >= first)


def _leave_types(book: Book, policy: Policy) -> dict[str, LeaveType]:
    """The policy's leave types, and those it does not list of leaves approved under another policy: these keep the
    meaning the hall last gave them, and without any still excuse, but break full attendance."""
    listed = policy.leave_types()
    unlisted = {entry.fact.type for entry in book.leaves} - listed.keys()
    if not unlisted:
        return listed
    known = {kind: LeaveType(id=kind, name=kind, symbol=LEAVE) for kind in unlisted}
    for other in book.policies.by_date():
        known |= {kind: meant for kind, meant in other.leave_types().items() if kind in unlisted}
    return known | listed
