"""Windows of the hall: which unit serves at them, and when they are open."""

from datetime import date
from typing import TYPE_CHECKING

from attendance import known
from attendance.facts import Fact, topic
from attendance.shelf import Shelf

if TYPE_CHECKING:
    from attendance.hall import Draft, Outcome


@topic("window.registered")
class WindowRegistered(known.Dated, Fact, frozen=True, kw_only=True):
    """A window serves for a unit from one date to another, both included; None is open-ended."""

    window: str
    unit: str
    start: date | None = None
    end: date | None = None

    def key(self) -> tuple[str, ...]:
        return (self.window, str(self.start or ""))


class Windows(Shelf[WindowRegistered]):
    """All windows, in the order of the office's file: that order breaks ties (scoring.md, The ranking)."""

    def __init__(self) -> None:
        super().__init__(window=lambda fact: fact.window, unit=lambda fact: fact.unit)

    def known(self, window: str) -> bool:
        return bool(self.find("window", window))

    def open_on(self, day: date) -> list[WindowRegistered]:
        return [entry.fact for entry in self if entry.fact.holds_on(day)]


def register(
    draft: "Draft", *, window: str, unit: str, start: date | None = None, end: date | None = None
) -> "Outcome":
    """A window serves for a unit. Its name may come back with other dates, but not twice on one date."""
    known.dates_in_order(start, end)
    fact = WindowRegistered(window=known.given(window, "window"), unit=known.given(unit, "unit"), start=start, end=end)
    known.apart(fact, (entry.fact for entry in draft.book.windows.find("window", window)), "window_overlaps")
    return draft.record(fact)
