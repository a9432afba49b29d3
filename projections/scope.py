"""What a new fact makes stale: which people, in which months."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from attendance.bonus import BonusClaimed
from attendance.book import Book
from attendance.calendar import CalendarDaySet
from attendance.corrections import CorrectionApproved, OutageDeclared
from attendance.facts import Fact
from attendance.leave import LeaveApproved
from attendance.patrol import FindingNoted, FindingOverturned, FindingWithdrawn
from attendance.people import StaffPosted, bare
from attendance.policy import PolicyAdopted
from attendance.ratings import CasesReported, RatingReceived, ReviewReceived
from attendance.relief import ReliefArranged
from attendance.terminals import PinAssigned
from attendance.timetable import DutyAssigned, TimetableSet
from attendance.vetoes import VetoRaised
from attendance.windows import WindowRegistered


class Scope(NamedTuple):
    """People (None: everyone) and the months from `first` to `last`, both included; None is open-ended."""

    people: frozenset[str] | None
    first: str | None = None
    last: str | None = None

    def covers(self, month: str) -> bool:
        return (self.first is None or self.first <= month) and (self.last is None or month <= self.last)


NOBODY = Scope(frozenset(), "9999-12", "0000-00")
EVERYONE = Scope(None)


def scope_of(fact: Fact, book: Book) -> Scope:
    """Whose months must be derived again because of a fact. Asked before and after the book takes it in, and of the
    version it replaces, which spoke of other dates or people. Months include the neighbours a day at the edge reaches
    into."""
    find = _SCOPES.get(type(fact))
    return find(fact, book) if find else NOBODY


def _around(start: date | datetime | None, end: date | datetime | None) -> tuple[str | None, str | None]:
    first = _month_of_ordinal(start.toordinal() - 2) if start else None
    last = _month_of_ordinal(end.toordinal() + 2) if end else None
    return first, last


def _month_of_ordinal(day: int) -> str:
    return date.fromordinal(min(max(day, 1), date.max.toordinal())).isoformat()[:7]


def _everyone_around(start: date | datetime | None, end: date | datetime | None) -> Scope:
    return Scope(None, *_around(start, end))


def _person_around(no: str, start: date | datetime | None, end: date | datetime | None) -> Scope:
    return Scope(frozenset({no}), *_around(start, end))


def _same_number(no: str, book: Book) -> frozenset[str]:
    """Everyone whose number equals another but for leading zeros: a PIN may now mean another of them."""
    return frozenset({no} | {entry.fact.no for entry in book.people.find("bare", bare(no))})


def _posting(fact: StaffPosted, book: Book) -> Scope:
    return Scope(_same_number(fact.no, book))


def _pin(fact: PinAssigned, book: Book) -> Scope:
    holders = {row.fact.no for row in book.pins.rows(fact.terminal, fact.pin)}
    return Scope(frozenset(holders | {fact.no} | _same_number(fact.pin, book)))


def _finding(fact: FindingNoted | FindingWithdrawn | FindingOverturned, book: Book) -> Scope:
    noted = [entry.fact for entry in book.patrol.findings.find("finding", fact.finding)]
    if isinstance(fact, FindingNoted):
        noted.append(fact)
    return _merged(_person_around(one.no, one.seen_at, one.seen_at) for one in noted)


def _merged(scopes: Iterable[Scope]) -> Scope:
    listed = list(scopes)
    if not listed:
        return NOBODY
    people = frozenset[str]().union(*(scope.people or () for scope in listed))
    return Scope(people, min(s.first or "" for s in listed), max(s.last or "9999-12" for s in listed))


def _of_month(month: str) -> Scope:
    """The weighing changes, nobody's own month does."""
    return Scope(frozenset(), month, month)


_SCOPES: dict[type[Fact], Callable[[Any, Book], Scope]] = {
    BonusClaimed: lambda fact, _: _of_month(f"{fact.date:%Y-%m}"),
    CalendarDaySet: lambda fact, _: _everyone_around(fact.date, fact.date),
    CasesReported: lambda fact, _: _of_month(fact.month),
    CorrectionApproved: lambda fact, _: _person_around(fact.no, fact.date, fact.date),
    DutyAssigned: lambda fact, _: _person_around(fact.no, fact.date, fact.date),
    FindingNoted: _finding,
    FindingOverturned: _finding,
    FindingWithdrawn: _finding,
    LeaveApproved: lambda fact, _: _person_around(fact.no, fact.start, fact.end),
    OutageDeclared: lambda fact, _: _everyone_around(fact.start, fact.end),
    PinAssigned: _pin,
    PolicyAdopted: lambda *_: EVERYONE,
    RatingReceived: lambda fact, _: _person_around(fact.no, fact.date, fact.date),
    ReliefArranged: lambda fact, _: _person_around(fact.relief_no, fact.start, fact.end),
    ReviewReceived: lambda fact, _: _of_month(fact.month),
    StaffPosted: _posting,
    TimetableSet: lambda fact, _: _everyone_around(fact.start, fact.end),
    VetoRaised: lambda fact, _: _of_month(fact.month),
    WindowRegistered: lambda *_: EVERYONE,
}
