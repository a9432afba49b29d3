"""What the public and the other windows think: ratings (好差评), reviews (评议、互评) and case volumes (办件量)."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from attendance import known
from attendance.facts import Fact, Refused, topic
from attendance.shelf import Shelf

if TYPE_CHECKING:
    from attendance.hall import Draft, Outcome

BEST = Decimal(100)

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


def rate(
    draft: "Draft", *, date: date, window: str, level: str, no: str = "", verified: Verified = "pending"
) -> "Outcome":
    """The public rates a window, and perhaps a person, at a level of the policy in force that month."""
    window = known.window(draft.book, window)
    no = known.person(draft.book, no) if no else ""
    level = known.level(draft.book.policies.in_force(f"{date:%Y-%m}"), level)
    ordinal = draft.alike(RatingReceived.topic, str(date), window, no, level)
    return draft.record(
        RatingReceived(date=date, window=window, no=no, level=level, verified=verified, ordinal=ordinal)
    )


def review(
    draft: "Draft", *, month: str, kind: ReviewKind, score: Decimal, no: str = "", window: str = "", samples: int = 0
) -> "Outcome":
    """A person's or a window's review score of a month; one sheet gives it once (scoring.md, A person's score)."""
    if bool(no) == bool(window):
        raise Refused("person_or_window", "no")
    no = known.person(draft.book, no) if no else ""
    window = known.window(draft.book, window) if window else ""
    if not 0 <= score <= BEST:
        raise Refused("score_out_of_range", "score", value=score)
    if draft.alike(ReviewReceived.topic, month, kind, no, window) > 1:
        raise Refused("review_repeated", "kind", month=month)
    return draft.record(ReviewReceived(month=month, kind=kind, no=no, window=window, score=score, samples=samples))


def report_cases(draft: "Draft", *, month: str, unit: str, **volumes: int) -> "Outcome":
    """A unit's case volume of a month: `total` and the other columns of `CasesReported`."""
    unit = known.unit(draft.book, unit)
    ordinal = draft.alike(CasesReported.topic, month, unit)
    return draft.record(CasesReported(month=month, unit=unit, ordinal=ordinal, **volumes))
