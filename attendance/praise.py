"""Good things seen: an inspector notes them, and the office makes a bonus claim of them or not."""

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from attendance import bonus, known
from attendance.facts import Entry, Fact, Refused, Sealed, topic
from attendance.patrol import Seen, Told
from attendance.shelf import Shelf

if TYPE_CHECKING:
    from attendance.hall import Draft, Outcome

Verdict = Literal["claimed", "dismissed", "withdrawn"]
FIRST_ORDINAL = 1001
"""Of claims made of praise: the rows of a sheet count from 1, and must not be taken for them."""


@topic("praise.noted")
class PraiseNoted(Seen, frozen=True, kw_only=True):
    """An inspector saw something good. It is worth nothing until the office claims it."""

    praise: str
    """Its own number, from the tablet."""

    def key(self) -> tuple[str, ...]:
        return (self.praise,)


@topic("praise.settled")
class PraiseSettled(Fact, frozen=True, kw_only=True):
    """What became of it: claimed as a bonus, dismissed, or taken back by who noted it."""

    praise: str
    verdict: Verdict
    reason: Sealed | None = None

    def key(self) -> tuple[str, ...]:
        return (self.praise,)


class Praises:
    """Everything good that was seen."""

    def __init__(self) -> None:
        self.noted: Shelf[PraiseNoted] = Shelf(
            praise=lambda fact: fact.praise, month=lambda fact: f"{fact.seen_at:%Y-%m}"
        )
        self.settled: Shelf[PraiseSettled] = Shelf(praise=lambda fact: fact.praise)

    def find(self, praise: str) -> Entry[PraiseNoted] | None:
        return next(iter(self.noted.find("praise", praise)), None)

    def verdict(self, praise: str) -> Verdict | None:
        return next((entry.fact.verdict for entry in self.settled.find("praise", praise)), None)

    def open(self) -> list[Entry[PraiseNoted]]:
        """What the office has not looked at yet."""
        return [entry for entry in self.noted if self.verdict(entry.fact.praise) is None]


def note(
    draft: "Draft", *, praise: str, seen_at: datetime, code: str, window: str, no: str, note: str, told: Told
) -> "Outcome":
    """An inspector saw something good. `code` is a code or a name of the policy's bonuses."""
    book = draft.book
    window, no = known.named(book, window, no)
    fact = PraiseNoted(
        praise=praise,
        seen_at=seen_at,
        window=window,
        no=no,
        code=known.bonus_code(book.policies.in_force(f"{seen_at:%Y-%m}"), code),
        note=draft.seal(no, note),
        **told._asdict(),
    )
    return draft.record(fact)


def settle(draft: "Draft", *, praise: str, verdict: Verdict, reason: str = "") -> "Outcome":
    """Claim it as a bonus of the person, or else of the window; or dismiss it for a reason."""
    entry = draft.book.praises.find(praise)
    if entry is None:
        raise Refused("finding_unknown", "praise", finding=praise)
    if draft.book.praises.verdict(praise):
        raise Refused("praise_settled", "praise")
    if verdict == "claimed":
        _claim(draft, entry.fact)
    told = known.given(reason.strip(), "reason") if verdict == "dismissed" else reason.strip()
    return draft.record(PraiseSettled(praise=praise, verdict=verdict, reason=draft.seal(entry.fact.no, told)))


def _claim(draft: "Draft", noted: PraiseNoted) -> None:
    on_date, windows = noted.seen_at.date(), () if noted.no else (noted.window,)
    alike = [
        entry.fact.ordinal
        for entry in draft.book.bonuses.find("month", f"{on_date:%Y-%m}")
        if (entry.fact.date, entry.fact.windows, entry.fact.no, entry.fact.code)
        == (on_date, windows, noted.no, noted.code)
    ]
    ordinal = max([*alike, FIRST_ORDINAL - 1]) + 1
    evidence = draft.seal(noted.no, noted.praise)
    draft.record(
        bonus.BonusClaimed(
            date=on_date,
            windows=windows,
            no=noted.no,
            code=noted.code,
            count=1,
            evidence=evidence,
            ordinal=max(ordinal, FIRST_ORDINAL),
        )
    )
