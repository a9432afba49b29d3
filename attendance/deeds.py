"""What a tablet told that is no finding of its own: taken under its number, or held until somebody places it."""

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from attendance.facts import Entry, Fact, Sealed, topic
from attendance.shelf import Shelf

if TYPE_CHECKING:
    from attendance.book import Book

Verdict = Literal["admitted", "dismissed", "withdrawn"]


@topic("deed.taken")
class DeedTaken(Fact, frozen=True, kw_only=True):
    """A relief or an outing was noted on a tablet; the arrangement itself is a fact of its own."""

    deed: str
    """The number that the tablet gave it."""
    kind: str
    """relief or outing."""
    tablet: str
    tablet_at: datetime
    offset_seconds: int = 0
    content: Sealed | None = None
    """Everything the tablet sent of it."""

    def key(self) -> tuple[str, ...]:
        return (self.deed,)


@topic("deed.held")
class DeedHeld(Fact, frozen=True, kw_only=True):
    """A tablet told something that cannot be placed: an unknown person, a window that closed, a code withdrawn."""

    deed: str
    kind: str
    """finding, praise, withdrawal, window_seen, relief or outing."""
    account: str
    tablet: str
    tablet_at: datetime
    offset_seconds: int = 0
    held_for: str
    """The code of what stands against it."""
    finding: str = ""
    """Of a withdrawal: the finding it takes back."""
    reason: Sealed | None = None
    undo: bool = False
    content: Sealed | None = None
    """Everything the tablet sent of it."""

    def key(self) -> tuple[str, ...]:
        return (self.deed,)


@topic("deed.settled")
class DeedSettled(Fact, frozen=True, kw_only=True):
    """Somebody placed what was held, dismissed it for a reason, or the inspector took it back."""

    deed: str
    verdict: Verdict
    reason: Sealed | None = None

    def key(self) -> tuple[str, ...]:
        return (self.deed,)


class Deeds:
    """What tablets told beside findings."""

    def __init__(self) -> None:
        self.taken: Shelf[DeedTaken] = Shelf(deed=lambda fact: fact.deed)
        self.held: Shelf[DeedHeld] = Shelf(deed=lambda fact: fact.deed, finding=lambda fact: fact.finding)
        self.settled: Shelf[DeedSettled] = Shelf(deed=lambda fact: fact.deed)

    def holding(self, deed: str) -> Entry[DeedHeld] | None:
        return next(iter(self.held.find("deed", deed)), None)

    def verdict(self, deed: str) -> Entry[DeedSettled] | None:
        return next(iter(self.settled.find("deed", deed)), None)

    def open(self) -> list[Entry[DeedHeld]]:
        """What waits to be placed, oldest first."""
        return [entry for entry in self.held if self.verdict(entry.fact.deed) is None]

    def withdrawals_of(self, finding: str) -> list[Entry[DeedHeld]]:
        """Withdrawals that came before their finding and still wait for it."""
        return [entry for entry in self.held.find("finding", finding) if self.verdict(entry.fact.deed) is None]


def is_told(book: "Book", deed: str) -> bool:
    """Whether a relief or an outing of this number was taken already."""
    return bool(book.deeds.taken.find("deed", deed))
