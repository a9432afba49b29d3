"""The duty rota (值班表): which accounts patrol, and who manages the hall, on a date."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from attendance import known
from attendance.facts import Fact, Refused, topic
from attendance.shelf import Shelf

if TYPE_CHECKING:
    from attendance.hall import Draft

DUTIES = ("patrol", "manager")
MOST_DAYS = 366


@topic("rota.set")
class RotaSet(Fact, frozen=True, kw_only=True):
    """On a date these accounts have a duty; an empty list takes it from everybody."""

    date: date
    duty: str
    """patrol or manager."""
    accounts: tuple[str, ...] = ()

    def key(self) -> tuple[str, ...]:
        return (str(self.date), self.duty)


class Rota(Shelf[RotaSet]):
    """Who has which duty, by date."""

    def __init__(self) -> None:
        super().__init__(date=lambda fact: fact.date)

    def on(self, day: date) -> dict[str, tuple[str, ...]]:
        """The accounts of each duty on a date."""
        return {entry.fact.duty: entry.fact.accounts for entry in self.find("date", day) if entry.fact.accounts}


def put_on(draft: "Draft", *, start: date, end: date, duty: str, accounts: Iterable[str]) -> int:
    """Give a duty to accounts on every workday of a span, or on a single day whatever it is; returns the days changed.

    Raises Refused for a span that ends before it starts or is too long, and for a year without calendar.
    """
    known.dates_in_order(start, end)
    if duty not in DUTIES:
        raise Refused("duty_unknown", "duty", duty=duty, listed=DUTIES)
    if (end - start).days >= MOST_DAYS:
        raise Refused("span_too_long", "to", most=MOST_DAYS)
    named = tuple(dict.fromkeys(accounts))
    days = [date.fromordinal(day) for day in range(start.toordinal(), end.toordinal() + 1)]
    if start != end:
        days = [day for day in days if draft.book.calendar.is_workday(day)]
    outcomes = [draft.record(RotaSet(date=day, duty=duty, accounts=named)) for day in days]
    return sum(outcome != "repeated" for outcome in outcomes)
