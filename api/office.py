"""What the office does with a month, the same from the command line and from the pages."""

from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import msgspec

from attendance import months
from attendance.book import Book
from attendance.bulletins import with_paragraphs
from attendance.concerned import refuse_publisher
from attendance.facts import Refused
from attendance.hall import Hall
from attendance.localtime import month_days
from attendance.months import MonthAmended, MonthPublished, ReviewOpened
from attendance.patrol import USER
from projections.completeness import in_doubt
from projections.ledger import Ledger

Json = dict[str, Any]
STANDING = ("state", "as_of", "open_questions")
"""What an edition says of itself rather than of the month: it changes with every fact of the hall."""


def today_in(hall: Hall, month: str) -> date:
    """The date on the hall's own wall."""
    return datetime.now(UTC).astimezone(ZoneInfo(hall.book().policies.in_force(month).meta.timezone)).date()


def is_over(hall: Hall, month: str) -> bool:
    """Whether the month's last day is past: before that it is neither shown nor published."""
    return today_in(hall, month).toordinal() >= month_days(month).stop


def unsettled(ledger: Ledger, month: str, edition: Json | None = None) -> list[Json]:
    """Everything that is not settled about a month and its bulletin, before it is shown or published."""
    from api.documents.fonts import unprintable_names

    book = ledger.hall.book()
    told = set((edition or ledger.edition(month))["staff"])
    names = {no: name for no, name in ledger.names(month).items() if no in told}
    return [*ledger.completeness(month), *unprintable_names(names), *_unsigned(book, month)]


def _unsigned(book: Book, month: str) -> list[Json]:
    """The bulletin has not been signed as its text stands (签发)."""
    if book.months.standing(month) or "signed" in book.bulletins.steps(month):
        return []
    return [{"kind": "bulletin_unsigned", "subject": month, "since": None, "detail": {}}]


def seal_of(edition: Json) -> str:
    """A short mark of what an edition says: two editions that say the same bear the same."""
    said = {key: value for key, value in edition.items() if key not in STANDING}
    return sha256(msgspec.json.encode(said, order="sorted")).hexdigest()[:32]


def _as_seen(edition: Json, month: str, seen: str) -> None:
    """Raises Refused when a month no longer says what was on the page that somebody pressed a button on."""
    if seen and seen != seal_of(edition):
        raise Refused("month_moved", "seen", month=month)


def open_review(hall: Hall, ledger: Ledger, month: str, actor: str) -> ReviewOpened:
    """Show the month's lists for objection, as they stand now. Raises Refused."""
    edition = ledger.edition(month)
    position, today = edition["as_of"]["position"], today_in(hall, month)
    return hall.decide(
        lambda draft: months.open_review(draft, month=month, edition=edition, position=position, today=today), actor
    )


def object_to(hall: Hall, month: str, no: str, actor: str, *, text: str, about: str = "") -> None:
    """A person objects to something in their month. Raises Refused."""
    number, today = str(uuid4()), today_in(hall, month)
    hall.decide(
        lambda draft: months.raise_objection(
            draft, objection=number, month=month, no=no, text=text, about=about, today=today
        ),
        actor,
    )


def publish(
    hall: Hall, ledger: Ledger, month: str, actor: str, *, number: str = "", reason: str = "", seen: str = ""
) -> MonthPublished:
    """Publish the month as it stands now, over open questions only with a reason. Raises Refused.

    `seen` is the seal of the edition that was on the page; without one, it is published as it stands.
    """
    edition = ledger.edition(month)
    _as_seen(edition, month, seen)
    doubts, today = in_doubt(unsettled(ledger, month, edition)), today_in(hall, month)
    refuse_publisher(hall.book(), month, actor.removeprefix(USER))
    return hall.decide(
        lambda draft: months.publish(
            draft,
            month=month,
            edition=with_paragraphs(draft.book, edition),
            position=edition["as_of"]["position"],
            open_questions=doubts,
            today=today,
            number=number,
            reason=reason,
        ),
        actor,
    )


def amend(
    hall: Hall, ledger: Ledger, month: str, actor: str, *, reason: str, number: str = "", seen: str = ""
) -> MonthAmended:
    """Issue a correction notice saying what differs from the published month, and why. Raises Refused."""
    standing = hall.book().months.standing(month)
    edition, changes, today = ledger.edition(month), ledger.differences(month), today_in(hall, month)
    _as_seen(edition, month, seen)
    refuse_publisher(hall.book(), month, actor.removeprefix(USER))
    return hall.decide(
        lambda draft: months.amend(
            draft,
            month=month,
            edition=with_paragraphs(draft.book, edition),
            position=edition["as_of"]["position"],
            changes=changes,
            corrects=standing.number if standing else "",
            today=today,
            number=number,
            reason=reason,
        ),
        actor,
    )
