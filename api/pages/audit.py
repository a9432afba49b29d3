"""Who did what: for the auditor by month and by person, and for everybody who changed one's own record."""

from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.auth import Asker, may
from api.given import MonthName, TheLedger, zone_of
from api.pages.dates import moment_text, recorded_moment, when_text
from api.pages.fields import Fields, present_fields
from api.pages.frame import language_of, page
from api.pages.words import actor_text, topic_text
from api.problems import Problem
from api.roles import Action
from api.settings import Language
from api.text import say
from projections.ledger import Ledger

router = APIRouter(include_in_schema=False)
Auditor = Annotated[Asker, may(Action.SEE_AUDIT)]
Before = Annotated[int, Query(ge=0)]
NEWEST = 2**62
MOST_SHOWN = 100
REASONS = ("reason", "note", "text", "answer")
COLUMNS = ("no", "relief_no", "regular_no", "at", "seen_at", "date", "dated", "start", "end", "month")
BESIDE = {*REASONS, *COLUMNS, "edition", "changes", "policy_sha256", "event", "export", "name"}
"""Not told again in the line: what has a column. An edition is a document of its own; names stay one step away."""
LONGEST = 40
NOTHING: tuple[object, ...] = (None, "", [], (), False)


class Deed(NamedTuple):
    """One line: who told what about whom, when it was and when it was told, and why."""

    recorded: str
    actor: str
    topic: str
    version: int
    people: list[str]
    what: str
    occurred: str
    why: str
    id: str


@router.get("/audit")
def months(request: Request, _auditor: Auditor, ledger: TheLedger) -> Response:
    people = ledger.hall.book().people.numbers()
    return page(request, "audit.html", {"months": ledger.audit_months(), "people": people})


@router.get("/audit/people/{no}")
def person(request: Request, _auditor: Auditor, ledger: TheLedger, no: str, before: Before = NEWEST) -> Response:
    number = ledger.hall.book().people.resolve(no)
    if number is None:
        raise Problem(404, "staff_unknown", no=no)
    return _deeds_page(request, ledger, "person", number, ledger.audit(no=number, before=before, limit=MOST_SHOWN))


@router.get("/audit/{month}")
def month(
    request: Request, _auditor: Auditor, ledger: TheLedger, month: MonthName, before: Before = NEWEST
) -> Response:
    return _deeds_page(request, ledger, "month", month, ledger.audit(month=month, before=before, limit=MOST_SHOWN))


@router.get("/me/changes")
def own(
    request: Request, asker: Annotated[Asker, may(Action.SEE_OWN)], ledger: TheLedger, before: Before = NEWEST
) -> Response:
    """Who changed one's own record."""
    no = asker.account.no
    found = ledger.audit(no=no, before=before, limit=MOST_SHOWN) if no else []
    return _deeds_page(request, ledger, "own", no, found)


def _deeds_page(request: Request, ledger: Ledger, view: str, subject: str, found: list[dict[str, Any]]) -> Response:
    language, zone = language_of(request), zone_of(ledger.hall)
    words = present_fields(ledger.hall, language)
    deeds = [_deed(ledger, row, words, language, zone) for row in found]
    more = f"{request.url.path}?before={found[-1]['position']}" if len(found) == MOST_SHOWN else ""
    return page(request, "deeds.html", {"view": view, "subject": subject, "deeds": deeds, "more": more})


def _deed(ledger: Ledger, row: dict[str, Any], words: Fields, language: Language, zone: str) -> Deed:
    versions = ledger.evidence(row["id"])
    fields = next(one["fields"] for one in versions if one["version"] == row["version"])
    recorded = recorded_moment(row["recorded_at"])
    return Deed(
        moment_text(recorded, language, zone) if recorded else "",
        actor_text(row["actor"], language),
        topic_text(row["topic"], language),
        row["version"],
        row["people"],
        _what(fields, words, language),
        "–".join(when_text(at, language) for at in row["occurred"].split("–")),
        next((str(fields[name]) for name in REASONS if fields.get(name)), ""),
        row["id"],
    )


def _what(fields: dict[str, Any], words: Fields, language: Language) -> str:
    """The fields of a fact in one line."""
    told = [
        words.line(name, value)
        for name, value in fields.items()
        if name not in BESIDE and value not in NOTHING and len(str(value)) <= LONGEST
    ]
    return say("value.clause", language).join(told)
