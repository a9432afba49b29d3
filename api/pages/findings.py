"""Findings: the list of a month, and each one with its life."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.auth import Asker, may
from api.finding_sight import FindingSight
from api.given import MONTH, TheHall
from api.pages.frame import page
from api.pages.open_finding import OpenFinding, TheFinding, findings_view
from api.pages.patrol_tabs import tabs
from api.patrolling import today_of
from api.roles import Action
from attendance.book import Book
from attendance.facts import Entry, Refused
from attendance.hall import Hall
from attendance.patrol import FindingNoted
from projections.patrol import stage

router = APIRouter(include_in_schema=False, prefix="/findings")

Reader = Annotated[Asker, may(Action.SEE_FINDINGS)]
SHOWN = ("all", "open", "appeals", "mend")
"""Everything; what counts; appeals that wait; orders to rectify that are not closed, of whatever month."""


@router.get("")
def findings(
    request: Request,
    reader: Reader,
    hall: TheHall,
    month: Annotated[str, Query(pattern=f"{MONTH}|^$")] = "",
    show: Annotated[str, Query(pattern=f"^({'|'.join(SHOWN)})$")] = "all",
) -> Response:
    """The findings of a month, or what waits for somebody in any, as far as the reader may see them."""
    book = hall.book()
    months = sorted({str(key) for key in book.patrol.findings.keys("month")} | {f"{today_of(hall):%Y-%m}"})
    sight = FindingSight(reader, book)
    chosen = month or _newest(book, months, sight) or months[-1]
    listed = [entry for entry in _chosen(book, chosen, show, hall) if sight.shows(entry)]
    view = findings_view(request, chosen)
    lines = [view.line(entry) for entry in sorted(listed, key=lambda entry: entry.fact.seen_at, reverse=True)]
    content = {"lines": lines, "month": chosen, "months": months[::-1], "show": show, "shown": SHOWN}
    return page(request, "findings.html", content | tabs(request))


def _newest(book: Book, months: list[str], sight: FindingSight) -> str:
    """The newest month that has something for the reader; empty without any."""
    findings = book.patrol.findings
    held = (month for month in reversed(months) if any(sight.shows(one) for one in findings.find("month", month)))
    return next(held, "")


def _chosen(book: Book, month: str, show: str, hall: Hall) -> list[Entry[FindingNoted]]:
    patrol, today = book.patrol, today_of(hall)
    if show == "appeals":
        return [entry for entry in patrol.findings if stage(book, entry.fact.finding) == "appealed"]
    if show == "mend":
        standing = [entry for entry in patrol.findings if patrol.state(entry.fact.finding) == "noted"]
        done = ("none", "closed")
        return [one for one in standing if book.rectifications.state(one.fact.finding, today) not in done]
    return patrol.standing("month", month) if show == "open" else patrol.findings.find("month", month)


@router.get("/{fact_id}")
def finding(_reader: Reader, opened: TheFinding) -> Response:
    """One finding. Opening it oneself is how one hears of it."""
    opened.notice()
    return finding_page(opened)


def finding_page(opened: OpenFinding, refused: Refused | None = None, written: str = "") -> Response:
    """The page, with why the last form on it was refused and what was written in it."""
    content = opened.content() | {"written": written, "month": opened.month}
    return page(opened.request, "finding.html", content | tabs(opened.request), refused=refused)
