"""Everything the hall has left open, in one place: what it is, since when, and where it is settled."""

from datetime import UTC, datetime
from itertools import groupby
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.auth import may
from api.given import TheLedger
from api.pages.dates import month_text
from api.pages.frame import language_of, page
from api.pages.life_view import LifeView
from api.pages.month_view import MonthView
from api.pages.words import Words
from api.roles import Action
from api.settings import Language
from api.text import catalogue, say
from attendance.facts import Refused
from attendance.hall import Hall
from projections.ledger import Ledger

router = APIRouter(include_in_schema=False)
Json = dict[str, Any]
MOST_MONTHS = 4
"""Months looked through: the present one, and those before it that are not published yet."""
MOST_SHOWN = 300
NOBODY: Json = {part: [] for part in ("full_attendance", "off_the_list", "lateness", "ranking", "unranked")}
"""A month without lists: a question is told without them."""
UNPUBLISHED = ("open", "in_review")


class Question(NamedTuple):
    """Something open."""

    kind: str
    notice: bool
    """Worth knowing, but holding nothing up."""
    detail: str
    since: str
    link: str
    months: str = ""
    """The months it is open in, as people write them."""


class Kind(NamedTuple):
    """The questions of one kind."""

    name: str
    title: str
    what_to_do: str
    notice: bool
    questions: list[Question]


@router.get("/questions", dependencies=[may(Action.SEE_COMPLETENESS)])
def questions(request: Request, ledger: TheLedger) -> Response:
    kinds = open_kinds(ledger, language_of(request))
    doubts = sum(len(kind.questions) for kind in kinds if not kind.notice)
    return page(request, "questions.html", {"kinds": kinds, "doubts": doubts})


def open_kinds(ledger: Ledger, language: Language) -> list[Kind]:
    """What is open, by kind: what holds a month up first."""
    found: dict[Question, list[str]] = {}
    for month in open_months(ledger):
        for question in _of_month(ledger, month, language):
            found.setdefault(question, []).append(month_text(month, language))
    merged = [one._replace(months=say("value.and", language).join(months)) for one, months in found.items()]
    merged.sort(key=lambda one: (one.notice, one.kind))
    return [_kind(list(some), language) for _, some in groupby(merged, key=lambda one: one.kind)]


def open_months(ledger: Ledger) -> list[str]:
    """The present month and those before it that are neither published nor without a calendar."""
    book = ledger.hall.book()
    present = f"{datetime.now(UTC).astimezone(_zone(ledger.hall)):%Y-%m}"
    months = sorted({*ledger.months(), present}, reverse=True)
    return [month for month in months if book.months.state(month) in UNPUBLISHED][:MOST_MONTHS]


def _zone(hall: Hall) -> ZoneInfo:
    return ZoneInfo(hall.book().policies.in_force(f"{datetime.now(UTC):%Y-%m}").meta.timezone)


def _of_month(ledger: Ledger, month: str, language: Language) -> list[Question]:
    book = ledger.hall.book()
    words = Words(language, book.policies.in_force(month), book)
    view, life = MonthView(NOBODY, words), LifeView(month, book.months, words, ledger.names(month))
    try:
        rows = ledger.completeness(month)
    except Refused:
        # A year without a calendar: the month says so itself, and its punches wait.
        return []
    items = [(row["kind"], life.items([row], view)[0]) for row in rows]
    return [Question(kind, item.notice, item.detail, item.since, item.link) for kind, item in items]


def _kind(questions: list[Question], language: Language) -> Kind:
    kind, known = questions[0].kind, catalogue(language)
    title, to_do = f"page.question.{kind}", f"page.question_do.{kind}"
    return Kind(
        kind,
        say(title if title in known else "page.question.other", language),
        say(to_do, language) if to_do in known else "",
        questions[0].notice,
        questions[:MOST_SHOWN],
    )
