"""One fact opened: the terminal's line, its clock, whose it is, when it was received, and every version of it."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.auth import Asker, may
from api.given import TheHall, TheLedger, zone_of
from api.pages.dates import moment_text, recorded_moment
from api.pages.fields import Fields, present_fields
from api.pages.frame import language_of, page
from api.pages.words import actor_text, topic_text
from api.problems import Problem
from api.roles import Action
from api.settings import Language
from api.sight import Sight
from attendance.hall import Hall
from attendance.people import PEOPLE
from attendance.punches import Punched
from projections.ownership import owner

router = APIRouter(include_in_schema=False)

LONG = 60
"""A value longer than this stands in a block of its own."""


@router.get("/facts/{fact_id}")
def fact(
    request: Request, asker: Annotated[Asker, may(Action.SEE_FACT)], hall: TheHall, ledger: TheLedger, fact_id: UUID
) -> Response:
    versions = ledger.evidence(str(fact_id))
    if not versions:
        raise Problem(404, "fact_unknown", id=fact_id)
    book = hall.book()
    Sight.of(asker, book).check_fact(book, versions)
    language, newest = language_of(request), versions[-1]
    content = {
        "id": fact_id,
        "topic": topic_text(newest["topic"], language),
        "about": _about(hall, newest),
        "versions": [
            _version(version, present_fields(hall, language), language, zone_of(hall)) for version in reversed(versions)
        ],
    }
    return page(request, "fact.html", content)


def _about(hall: Hall, version: dict[str, Any]) -> dict[str, str] | None:
    """Whom the fact is about, and where that person's day is; None for nobody, and for a PIN that is nobody's."""
    fields, book = version["fields"], hall.book()
    no = next((fields[name] for name in PEOPLE if fields.get(name)), None)
    day = _day(fields)
    if version["topic"] == Punched.topic and day:
        no = owner(book, fields["terminal"], fields["pin"], day.toordinal())
    postings = book.people.postings(no) if no else []
    if not no or not postings:
        return None
    name = hall.opened(postings[-1].fact.name) or no
    link = f"/months/{day:%Y-%m}/people/{no}#d{day:%d}" if day else ""
    return {"no": no, "name": name, "link": link}


def _day(fields: dict[str, Any]) -> datetime | None:
    for name in ("at", "seen_at", "date", "start"):
        if fields.get(name):
            return datetime.fromisoformat(fields[name])
    return None


def _version(version: dict[str, Any], fields: Fields, language: Language, zone: str) -> dict[str, Any]:
    recorded = recorded_moment(version["recorded_at"])
    clock = _clock(version["fields"])
    beside = {"raw", "zone", "at"} if clock else {"raw"}
    return {
        **version,
        "recorded": moment_text(recorded, language, zone) if recorded else "",
        "clock": clock,
        "actor": actor_text(version["actor"], language),
        "fields": [
            (fields.label(name), told := fields.value(name, value), len(told) > LONG)
            for name, value in version["fields"].items()
            if name not in beside and value not in (None, "", [], ())
        ],
    }


def _clock(fields: dict[str, Any]) -> str:
    """The terminal's wall clock with its zone, of a punch."""
    if "zone" not in fields or not fields.get("at"):
        return ""
    sign, minutes = "-" if fields["zone"] < 0 else "+", abs(fields["zone"])
    return f"{fields['at'].replace('T', ' ')} {sign}{minutes // 60:02d}:{minutes % 60:02d}"
