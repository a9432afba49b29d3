"""What somebody's scope shows: their own records, their unit's people, or everything. What is hidden is nowhere."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from api.auth import Asker
from api.problems import Problem
from api.roles import Scope
from attendance.book import Book
from attendance.localtime import month_days
from attendance.people import PEOPLE, StaffPosted
from attendance.punches import Punched
from projections.ownership import owner

Json = dict[str, Any]
BY_PERSON = ("full_attendance", "off_the_list", "lateness", "ranking", "unranked")
OF_EVERYBODY = frozenset(
    {"policy.adopted", "calendar.day_set", "timetable.set", "window.registered", "outage.declared"}
)
"""Facts that speak of nobody and hold for all."""


@dataclass(frozen=True)
class Sight:
    """The people and windows that may be seen; None is all of them."""

    people: frozenset[str] | None
    windows: frozenset[str]
    unit: str = ""

    @classmethod
    def of(cls, asker: Asker, book: Book, month: str | None = None) -> Self:
        """What an asker may see, of one month or of all time."""
        account = asker.account
        if asker.scope is Scope.ALL:
            return cls(None, frozenset())
        own = frozenset({account.no} if account.no else ())
        if asker.scope is Scope.OWN or not account.unit:
            return cls(own, frozenset())
        windows = frozenset(row.fact.window for row in book.windows if row.fact.unit == account.unit)
        return cls(own | unit_people(book, account.unit, month), windows, account.unit)

    def shows(self, no: str | None) -> bool:
        return self.people is None or no in self.people

    def check(self, no: str) -> None:
        """Raise Problem for somebody who may not be seen."""
        if not self.shows(no):
            raise Problem(403, "not_yours")

    def month(self, body: Json) -> Json:
        """A month (contract 5.5) without what is hidden. Ranks are those among everybody."""
        if self.people is None:
            return body
        lists = {key: [row for row in body[key] if self.shows(row["no"])] for key in BY_PERSON}
        return (
            body
            | lists
            | {
                "findings": [row for row in body["findings"] if self._shows_finding(row)],
                "windows": [row for row in body["windows"] if row["window"] in self.windows],
                "prizes": [row for row in body["prizes"] if self._shows_winner(row)],
                "open_questions": [],
            }
        )

    def _shows_finding(self, row: Json) -> bool:
        return self.shows(row["no"]) if row["no"] else row["window"] in self.windows

    def _shows_winner(self, row: Json) -> bool:
        return row["winner"] in self.windows if row["scope"] == "window" else self.shows(row["winner"])

    def days(self, sheets: list[Json]) -> list[Json]:
        return [sheet for sheet in sheets if self.shows(sheet["no"])]

    def check_fact(self, book: Book, versions: list[Json]) -> None:
        """Raise Problem for a fact about people of whom none may be seen."""
        named = about(book, versions[-1])
        window = versions[-1]["fields"].get("window")
        institutional = versions[-1]["topic"] in OF_EVERYBODY or (not named and window in self.windows)
        if self.people is not None and not institutional and not named & self.people:
            raise Problem(403, "not_yours")


def unit_people(book: Book, unit: str, month: str | None) -> frozenset[str]:
    """Everybody posted for a unit, in a month or ever."""
    return frozenset(row.fact.no for row in book.people if row.fact.unit == unit and _in_month(row.fact, month))


def _in_month(posting: StaffPosted, month: str | None) -> bool:
    if month is None:
        return True
    days = month_days(month)
    first = (posting.start or date.min).toordinal()
    last = (posting.end or date.max).toordinal()
    return first < days.stop and last >= days.start


def about(book: Book, version: Json) -> frozenset[str]:
    """The staff numbers a fact is about: those it names, or whose punch it is."""
    fields = version["fields"]
    named = {fields[name] for name in PEOPLE if fields.get(name)}
    if version["topic"] == Punched.topic:
        day = date.fromisoformat(fields["at"][:10])
        named = {owner(book, fields["terminal"], fields["pin"], day.toordinal())} - {None}
    if "finding" in fields and not named:
        noted = book.patrol.findings.find("finding", fields["finding"])
        named = {entry.fact.no for entry in noted if entry.fact.no}
    if "objection" in fields and not named:
        raised = book.months.objections.find("objection", fields["objection"])
        named = {entry.fact.no for entry in raised}
    return frozenset(named)
