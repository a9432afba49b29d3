"""Consent to the use of a person's biometrics: given in words, signed, withdrawn at any time (PIPL art. 14, 15, 29)."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from attendance import known
from attendance.facts import Entry, Fact, Refused, Sealed, topic
from attendance.shelf import Shelf

if TYPE_CHECKING:
    from attendance.hall import Draft, Outcome

FACE = "face"
KINDS = (FACE, "fingerprint")


@topic("consent.given")
class ConsentGiven(Fact, frozen=True, kw_only=True):
    """A person agrees, separately and in writing, to one kind of biometrics being used for attendance."""

    no: str
    kind: str
    """face or fingerprint"""
    at: datetime
    """Hall-local."""
    text: str
    """The version of the text that was agreed to."""
    sha256: str = ""
    """Of the text in the words that were shown."""
    signature: Sealed | None = None
    """The strokes of the signature, or where the signed paper is kept."""
    until: date | None = None
    """The last day it holds; open-ended without."""

    def key(self) -> tuple[str, ...]:
        return (self.no, self.kind, str(self.at))

    def holds_on(self, day: date) -> bool:
        return self.at.date() <= day and (self.until is None or day <= self.until)


@topic("consent.withdrawn")
class ConsentWithdrawn(Fact, frozen=True, kw_only=True):
    """A person takes a consent back. No reason has to be given."""

    consent: str
    """The consent's id in the log."""
    no: str
    kind: str
    at: datetime
    """Hall-local."""
    reason: Sealed | None = None

    def key(self) -> tuple[str, ...]:
        return (self.consent,)


class Consents:
    """Every consent, and what became of it."""

    def __init__(self) -> None:
        self.given: Shelf[ConsentGiven] = Shelf(no=lambda fact: fact.no, kind=lambda fact: fact.kind)
        self.withdrawn: Shelf[ConsentWithdrawn] = Shelf(consent=lambda fact: fact.consent, no=lambda fact: fact.no)

    def stands(self, no: str, kind: str, day: date) -> Entry[ConsentGiven] | None:
        """The newest consent of a person that holds on a day; None from the day of its withdrawal on."""
        return next(iter(reversed(self.standing(no, kind, day))), None)

    def standing(self, no: str, kind: str, day: date) -> list[Entry[ConsentGiven]]:
        """Every consent of a person that holds on a day, oldest first."""
        own = [entry for entry in self.given.find("no", no) if entry.fact.kind == kind and entry.fact.holds_on(day)]
        return sorted((one for one in own if not self._taken_back(one, day)), key=lambda one: one.fact.at)

    def withdrawal(self, consent: Entry[ConsentGiven]) -> ConsentWithdrawn | None:
        rows = self.withdrawn.find("consent", str(consent.id))
        return rows[0].fact if rows else None

    def _taken_back(self, consent: Entry[ConsentGiven], day: date) -> bool:
        withdrawal = self.withdrawal(consent)
        return withdrawal is not None and withdrawal.at.date() <= day


def give(
    draft: "Draft",
    *,
    no: str,
    kind: str,
    at: datetime,
    text: str,
    signature: str,
    sha256: str = "",
    until: date | None = None,
) -> "Outcome":
    """A person agrees and signs. `text` is the version of the words shown, `sha256` of those very words."""
    no = known.person(draft.book, no)
    known.dates_in_order(at.date(), until)
    fact = ConsentGiven(
        no=no,
        kind=_kind(kind),
        at=at,
        text=known.given(text, "text"),
        sha256=sha256,
        signature=draft.seal(no, known.given(signature.strip(), "signature")),
        until=until,
    )
    return draft.record(fact)


def withdraw(draft: "Draft", *, no: str, kind: str, at: datetime, reason: str = "") -> "list[Outcome]":
    """A person takes back every consent of a kind that stands. Whoever holds templates destroys them then."""
    no = known.person(draft.book, no)
    standing = draft.book.consents.standing(no, _kind(kind), at.date())
    if not standing:
        raise Refused("no_consent", "no", no=no)
    sealed = draft.seal(no, reason.strip())
    return [
        draft.record(ConsentWithdrawn(consent=str(one.id), no=no, kind=kind, at=at, reason=sealed)) for one in standing
    ]


def _kind(kind: str) -> str:
    if kind not in KINDS:
        raise Refused("consent_kind_unknown", "kind", kind=kind)
    return kind
