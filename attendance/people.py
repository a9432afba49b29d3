"""Window staff: who is posted at which window, for which unit, from when to when."""

from datetime import date
from typing import TYPE_CHECKING

from attendance import known
from attendance.facts import Entry, Fact, Refused, Sealed, topic
from attendance.shelf import Shelf

if TYPE_CHECKING:
    from attendance.hall import Draft, Outcome

PEOPLE = ("no", "relief_no", "regular_no")
"""Fields of a fact that name somebody."""


def bare(number: str) -> str:
    """A PIN or staff number without padding and leading zeros: terminals and spreadsheets drop them."""
    return number.strip().lstrip("0") or "0"


@topic("staff.posted")
class StaffPosted(known.Dated, Fact, frozen=True, kw_only=True):
    """A person is posted at a window; several postings of one number are a transfer."""

    no: str
    name: Sealed
    window: str
    unit: str
    category: str = ""
    start: date | None = None
    end: date | None = None
    relief: bool = False
    """A stand-in owes nothing of their own (scoring.md, Who owes what on a day)."""

    def key(self) -> tuple[str, ...]:
        return (self.no, str(self.start or ""))


class People(Shelf[StaffPosted]):
    """All postings."""

    def __init__(self) -> None:
        super().__init__(no=lambda fact: fact.no, bare=lambda fact: bare(fact.no), window=lambda fact: fact.window)

    def known(self, no: str) -> bool:
        return bool(self.find("no", no))

    def numbers(self) -> list[str]:
        """Every staff number, sorted as text."""
        return sorted(str(key) for key in self.keys("no"))

    def postings(self, no: str) -> list[Entry[StaffPosted]]:
        """A person's postings, earliest first."""
        return sorted(self.find("no", no), key=lambda entry: entry.fact.start or date.min)

    def posting_on(self, no: str, day: date) -> Entry[StaffPosted] | None:
        return next((entry for entry in self.find("no", no) if entry.fact.holds_on(day)), None)

    def is_relief(self, no: str) -> bool:
        """Whether the person's latest posting is that of a stand-in."""
        postings = self.postings(no)
        return bool(postings) and postings[-1].fact.relief

    def resolve(self, number: str) -> str | None:
        """The registered number meant by `number`, leading zeros ignored when only one person fits."""
        if self.known(number):
            return number
        fitting = self.fitting(number)
        return fitting[0] if len(fitting) == 1 else None

    def fitting(self, number: str) -> list[str]:
        """Every registered number that equals `number` but for leading zeros."""
        return sorted({entry.fact.no for entry in self.find("bare", bare(number))})


def number_meant(people: People, number: str, told_with: frozenset[str]) -> str:
    """The number under which a sheet posts somebody: a registered one whose zeros a spreadsheet dropped, else its own.

    Two numbers of one sheet that differ in leading zeros alone (`told_with`: all of them) are two people.
    """
    meant = people.resolve(number) if number else None
    return number if meant is None or meant in told_with else meant


def post(
    draft: "Draft",
    *,
    no: str,
    name: str,
    window: str,
    unit: str = "",
    category: str = "",
    start: date | None = None,
    end: date | None = None,
    relief: bool = False,
) -> "Outcome":
    """A person is posted at a window; without a unit, for the one that serves there. Postings must not overlap."""
    book = draft.book
    window = known.window(book, window)
    unit = known.unit(book, unit) if unit else book.windows.find("window", window)[-1].fact.unit
    known.dates_in_order(start, end)
    fact = StaffPosted(
        no=known.given(no, "no"),
        name=_sealed(draft, no, known.given(name, "name")),
        window=window,
        unit=unit,
        category=category,
        start=start,
        end=end,
        relief=relief,
    )
    known.apart(fact, (entry.fact for entry in book.people.find("no", no)), "posting_overlaps")
    return draft.record(fact)


def _sealed(draft: "Draft", no: str, name: str) -> Sealed:
    sealed = draft.seal(no, name)
    if sealed is None:
        raise Refused("missing", "name")
    return sealed
