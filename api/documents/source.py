"""The matter of a month's bulletin, gathered from the hall: as published, as shown for objection, or as known now."""

from typing import Any, Literal

from api.documents.matter import Matter, read_tiers
from api.documents.styles import read_style
from attendance.book import Book
from attendance.bulletins import sealed_texts, with_paragraphs
from attendance.facts import Refused
from attendance.hall import Hall
from attendance.policy import adopted_policy
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
        notes=_opened(hall, whole, "notes") if house.layout.inspectors_words and not public else {},
        paragraphs={key: text.splitlines() for key, text in _opened(hall, whole, "paragraphs").items()},
        signer=whole.get("steps", {}).get("signed", ""),
        **_policy(book, whole),
        **_standing(book, month, frozen, shown),
    )


def _policy(book: Book, edition: Json) -> Json:
    """The policy that the edition was judged by, as its text is in the log."""
    text = book.policies.text(edition["policy"]["sha256"])
    return {"policy": adopted_policy(text), "tiers": read_tiers(text)}


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


def _opened(hall: Hall, edition: Json, part: str) -> dict[str, str]:
    """The sealed texts of an edition in clear; empty where the key was destroyed."""
    return {key: hall.opened(sealed) or "" for key, sealed in sealed_texts(edition, part).items()}
