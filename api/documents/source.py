"""The matter of a month's bulletin, gathered from the hall: as published, as shown for objection, or as known now."""

from typing import Any, Literal
from uuid import UUID

from api.documents.matter import Matter, read_tiers
from api.documents.styles import Style, read_style
from attendance.book import Book
from attendance.bulletins import sealed_paragraphs, with_paragraphs
from attendance.facts import Refused
from attendance.hall import Hall
from attendance.patrol import FindingNoted
from attendance.policy import read_policy
from projections.ledger import Ledger

Json = dict[str, Any]
Edition = Literal["internal", "public"]


def matter_of(ledger: Ledger, month: str, *, edition: Edition = "internal", style: str = "") -> Matter:
    """Everything a month's documents are made from.

    A published month is told as it was frozen, with the paragraphs frozen with it; a month in review as it was shown,
    an open one as known now, both with the paragraphs as they stand. Raises Refused for a month without any fact.
    """
    hall = ledger.hall
    book = hall.book()
    house = read_style(style, hall.folder.data)
    frozen = ledger.published(month)
    shown = frozen or ledger.in_review(month)
    whole = shown["edition"] if shown else ledger.edition(month)
    if not (whole["staff"] or whole["volumes"]):
        raise Refused("month_empty", "month", month=month)
    whole = whole if frozen else with_paragraphs(book, whole)
    public = edition == "public"
    return Matter(
        edition=whole,
        names=ledger.names(month),
        style=house,
        public=public,
        notes={} if public else inspectors_words(hall, book, whole, house),
        paragraphs=_opened(hall, whole),
        signer=whole.get("steps", {}).get("signed", ""),
        **_policy(book, whole),
        **_standing(book, month, frozen, shown),
    )


def _policy(book: Book, edition: Json) -> Json:
    """The policy that the edition was judged by, as its text is in the log."""
    text = next(entry.fact.text for entry in book.policies if entry.fact.sha256 == edition["policy"]["sha256"])
    return {"policy": read_policy(text), "tiers": read_tiers(text)}


def _standing(book: Book, month: str, frozen: Json | None, shown: Json | None) -> Json:
    if not (frozen and shown):
        return {"state": "in_review" if shown else "open"}
    original = book.months.published.find("month", month)[0].fact
    return {
        "state": frozen["state"],
        "number": frozen["number"],
        "dated": frozen["dated"],
        "reason": frozen["reason"] or "",
        "changes": list(frozen.get("changes", [])),
        "original": (original.number, original.dated.isoformat()),
    }


def _opened(hall: Hall, edition: Json) -> dict[str, list[str]]:
    return {section: (hall.opened(sealed) or "").splitlines() for section, sealed in sealed_paragraphs(edition).items()}


def inspectors_words(hall: Hall, book: Book, edition: Json, style: Style) -> dict[str, str]:
    """What inspectors wrote of the month's findings, where the house prints it."""
    if not style.layout.inspectors_words:
        return {}
    facts = [row["evidence"][0] for row in edition["findings"]]
    entries = {fact: book.newest(FindingNoted, UUID(fact)) for fact in facts}
    return {fact: hall.opened(entry.fact.note) or "" for fact, entry in entries.items() if entry}
