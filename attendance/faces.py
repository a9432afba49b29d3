"""Which people the hall's own face terminals know. The templates lie in the vault (devices/face), never here."""

from typing import TYPE_CHECKING

from attendance import known
from attendance.consent import FACE
from attendance.facts import Entry, Fact, Refused, Sealed, topic
from attendance.shelf import Shelf

if TYPE_CHECKING:
    from datetime import date

    from attendance.book import Book
    from attendance.hall import Draft, Outcome

REASONS = ("withdrawn", "left", "replaced", "forgotten", "unfinished", "lost", "office")
"""Consent withdrawn or run out; no longer posted; enrolled anew; the person's key destroyed; an enrolment that never
reached the log; a vault that lost it; the office's decision."""


@topic("face.enrolled")
class FaceEnrolled(Fact, frozen=True, kw_only=True):
    """A template was made from frames of a person's face and put into the vault."""

    template: str
    """The template's own number, made anew at each enrolment."""
    no: str
    engine: str
    model: str
    """SHA-256 of the model; templates of different models are never compared."""
    frames: int
    """How many frames were judged good and went into it."""
    resembles: tuple[str, ...] = ()
    """Enrolled people whom the face resembles; enrolled all the same, see the reason."""
    reason: Sealed | None = None
    """Why a supervisor enrolled a face that resembles somebody else's."""

    def key(self) -> tuple[str, ...]:
        return (self.template,)


@topic("face.destroyed")
class FaceDestroyed(Fact, frozen=True, kw_only=True):
    """A template's key was destroyed, so that neither the vault nor a copy of it opens that template again."""

    template: str
    no: str
    reason: str
    """withdrawn, left, replaced, forgotten, unfinished, lost, office"""

    def key(self) -> tuple[str, ...]:
        return (self.template,)


class Faces:
    """Every enrolment, and what became of it."""

    def __init__(self) -> None:
        self.enrolled: Shelf[FaceEnrolled] = Shelf(no=lambda fact: fact.no, template=lambda fact: fact.template)
        self.destroyed: Shelf[FaceDestroyed] = Shelf(no=lambda fact: fact.no, template=lambda fact: fact.template)

    def of(self, no: str) -> Entry[FaceEnrolled] | None:
        """A person's template that is not destroyed; the newest, should there be two."""
        return next((one for one in reversed(self.enrolled.find("no", no)) if not self.is_gone(one.fact)), None)

    def standing(self) -> list[Entry[FaceEnrolled]]:
        """Every template the vault should hold: the number that law.md (人脸识别管理办法 art. 15) counts."""
        return [one for one in self.enrolled if not self.is_gone(one.fact)]

    def is_gone(self, enrolled: FaceEnrolled) -> bool:
        return bool(self.destroyed.find("template", enrolled.template))


def may_be_enrolled(book: "Book", no: str, day: "date") -> str:
    """The number of a person whose face may be enrolled. Raises Refused without a consent that stands, for leavers."""
    no = known.person(book, no)
    if has_left(book, no, day):
        raise Refused("face_of_leaver", "no", no=no)
    if book.consents.stands(no, FACE, day) is None:
        raise Refused("face_without_consent", "no", no=no)
    return no


def has_left(book: "Book", no: str, day: "date") -> bool:
    """Whether every posting has ended; somebody whose posting is still to begin has not left."""
    return all(one.fact.end is not None and one.fact.end < day for one in book.people.postings(no))


def enrol(draft: "Draft", *, enrolled: FaceEnrolled, day: "date", reason: str = "") -> "Outcome":
    """Record that a template was made; only while the person's consent stands."""
    no = may_be_enrolled(draft.book, enrolled.no, day)
    return draft.record(
        FaceEnrolled(
            template=enrolled.template,
            no=no,
            engine=enrolled.engine,
            model=enrolled.model,
            frames=enrolled.frames,
            resembles=enrolled.resembles,
            reason=draft.seal(no, reason.strip()),
        )
    )


def destroyed(draft: "Draft", *, template: str, no: str, reason: str) -> "Outcome":
    """Record that a template's key is gone."""
    if reason not in REASONS:
        raise Refused("missing", "reason")
    # Destroyed twice, by a night and by a person at once: the first reason stays.
    return draft.sight(FaceDestroyed(template=template, no=no, reason=reason))
