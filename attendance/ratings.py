"""What the public and the other windows think: ratings (好差评), reviews (评议、互评) and case volumes (办件量)."""

from datetime import date
from decimal import Decimal
from typing import Literal

from attendance.facts import Fact, topic
from attendance.shelf import Shelf

Verified = Literal["yes", "no", "pending"]
ReviewKind = Literal["public", "peer"]


@topic("rating.received")
class RatingReceived(Fact, frozen=True, kw_only=True):
    """One rating of a window, and perhaps of a person; a bad one counts when verified."""

    date: date
    window: str
    no: str = ""
    level: str
    verified: Verified = "pending"
    ordinal: int = 1

    def key(self) -> tuple[str, ...]:
        return (str(self.date), self.window, self.no, self.level, str(self.ordinal))


@topic("review.received")
class ReviewReceived(Fact, frozen=True, kw_only=True):
    """A month's review score of a person or a window, out of 100."""

    month: str
    kind: ReviewKind
    no: str = ""
    window: str = ""
    score: Decimal
    samples: int = 0

    def key(self) -> tuple[str, ...]:
        return (self.month, self.kind, self.no, self.window)


@topic("cases.reported")
class CasesReported(Fact, frozen=True, kw_only=True):
    """A unit's case volume of a month."""

    month: str
    unit: str
    total: int = 0
    instant: int = 0
    centre: int = 0
    unit_handled: int = 0
    grassroots: int = 0
    online: int = 0
    overdue: int = 0
    ordinal: int = 1

    def key(self) -> tuple[str, ...]:
        return (self.month, self.unit, str(self.ordinal))


class Ratings(Shelf[RatingReceived]):
    def __init__(self) -> None:
        super().__init__(no=lambda fact: fact.no, month=lambda fact: f"{fact.date:%Y-%m}")


class Reviews(Shelf[ReviewReceived]):
    def __init__(self) -> None:
        super().__init__(month=lambda fact: fact.month)


class Cases(Shelf[CasesReported]):
    def __init__(self) -> None:
        super().__init__(month=lambda fact: fact.month)
