"""Rounds: an inspector walks past the windows; that everything was in order is a fact too.

What a tablet sends may arrive in any order: a window seen on a round counts before the round's beginning has come.
"""

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from attendance import known
from attendance.facts import Fact, Sealed, topic
from attendance.patrol import FindingNoted, Told
from attendance.shelf import Shelf

if TYPE_CHECKING:
    from attendance.book import Book
    from attendance.hall import Draft, Outcome


@topic("round.started")
class RoundStarted(Fact, frozen=True, kw_only=True):
    """An inspector begins to walk past the windows, or to look at them on the video wall."""

    on_round: str
    """The round's own number, from the tablet."""
    at: datetime
    account: str
    tablet: str = ""
    source: str = "round"

    def key(self) -> tuple[str, ...]:
        return (self.on_round,)


@topic("window.seen")
class WindowSeen(Fact, frozen=True, kw_only=True):
    """An inspector saw a window on a round."""

    deed: str
    """The number that the tablet gave it."""
    on_round: str
    window: str
    at: datetime
    account: str
    in_order: bool
    note: Sealed | None = None

    def key(self) -> tuple[str, ...]:
        return (self.deed,)


@topic("round.ended")
class RoundEnded(Fact, frozen=True, kw_only=True):
    """An inspector has finished a round."""

    on_round: str
    at: datetime
    account: str
    note: Sealed | None = None

    def key(self) -> tuple[str, ...]:
        return (self.on_round,)


class Round(NamedTuple):
    """A round as it is known now."""

    number: str
    account: str
    source: str
    started: datetime | None
    ended: datetime | None
    seen: dict[str, bool]
    """Each window seen, and whether everything there was in order."""
    findings: list[FindingNoted]


class Rounds:
    """Every round and what was seen on it."""

    def __init__(self) -> None:
        self.started: Shelf[RoundStarted] = Shelf(on_round=lambda fact: fact.on_round, day=lambda fact: fact.at.date())
        self.seen: Shelf[WindowSeen] = Shelf(
            deed=lambda fact: fact.deed, on_round=lambda fact: fact.on_round, day=lambda fact: fact.at.date()
        )
        self.ended: Shelf[RoundEnded] = Shelf(on_round=lambda fact: fact.on_round, day=lambda fact: fact.at.date())

    def numbers_of(self, day: date) -> list[str]:
        """The rounds of a day, in the order of what came first of each."""
        told = [entry.fact for shelf in (self.started, self.seen, self.ended) for entry in shelf.find("day", day)]
        return list(dict.fromkeys(fact.on_round for fact in sorted(told, key=lambda fact: fact.at)))


def rounds_of(book: "Book", day: date) -> list[Round]:
    """The rounds of a day, each with the windows seen on it, findings included."""
    return [round_of(book, number) for number in book.rounds.numbers_of(day)]


def round_of(book: "Book", number: str) -> Round:
    """One round. A window at which something was found was seen, and not in order."""
    rounds = book.rounds
    started = next((entry.fact for entry in rounds.started.find("on_round", number)), None)
    ended = next((entry.fact for entry in rounds.ended.find("on_round", number)), None)
    looks = sorted((entry.fact for entry in rounds.seen.find("on_round", number)), key=lambda fact: fact.at)
    findings = [entry.fact for entry in book.patrol.findings.find("on_round", number)]
    standing = [one for one in findings if book.patrol.state(one.finding) == "noted"]
    seen = {look.window: look.in_order for look in looks}
    seen |= {one.window: False for one in standing if one.window}
    first = started or ended or next(iter(looks), None)
    return Round(
        number,
        first.account if first else "",
        started.source if started else "",
        started.at if started else None,
        ended.at if ended else None,
        seen,
        standing,
    )


def begin(draft: "Draft", *, on_round: str, at: datetime, told: Told) -> "Outcome":
    """An inspector sets out."""
    return draft.record(
        RoundStarted(on_round=on_round, at=at, account=told.account, tablet=told.tablet, source=told.source)
    )


def see(
    draft: "Draft", *, deed: str, on_round: str, window: str, at: datetime, told: Told, in_order: bool, note: str = ""
) -> "Outcome":
    """A window was seen. Raises Refused for one nobody registered."""
    window = known.window(draft.book, window)
    return draft.record(
        WindowSeen(
            deed=deed,
            on_round=known.given(on_round, "round"),
            window=window,
            at=at,
            account=told.account,
            in_order=in_order,
            note=draft.seal("", note),
        )
    )


def end(draft: "Draft", *, on_round: str, at: datetime, told: Told, note: str = "") -> "Outcome":
    """An inspector is back."""
    number = known.given(on_round, "round")
    return draft.record(RoundEnded(on_round=number, at=at, account=told.account, note=draft.seal("", note)))
