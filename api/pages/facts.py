"""One fact opened: the terminal's line, its clock, when it was received, and every version of it."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.auth import on_page
from api.pages.dates import moment_text, recorded_moment
from api.pages.frame import language_of, page
from api.pages.words import topic_text
from api.problems import Problem
from api.routes.months import TheLedger
from api.routes.terminals import TheHall, zone_of
from api.settings import Language
from api.text import catalogue, say

router = APIRouter(include_in_schema=False, dependencies=[Depends(on_page)])

LONG = 60
"""A value longer than this stands in a block of its own."""
BESIDE = {"raw", "zone"}
"""Fields that the page shows in their own places."""


@router.get("/facts/{fact_id}")
def fact(request: Request, hall: TheHall, ledger: TheLedger, fact_id: UUID) -> Response:
    versions = ledger.evidence(str(fact_id))
    if not versions:
        raise Problem(404, "fact_unknown", id=fact_id)
    language = language_of(request)
    newest_first = [_version(version, language, zone_of(hall)) for version in reversed(versions)]
    topic = topic_text(versions[-1]["topic"], language)
    return page(request, "fact.html", {"id": fact_id, "topic": topic, "versions": newest_first})


def _version(version: dict[str, Any], language: Language, zone: str) -> dict[str, Any]:
    fields = version["fields"]
    recorded = recorded_moment(version["recorded_at"])
    return {
        **version,
        "recorded": moment_text(recorded, language, zone) if recorded else "",
        "clock": _clock(fields),
        "actor": _actor(version["actor"], language),
        "fields": [
            (_field(name, language), _value(value), len(_value(value)) > LONG)
            for name, value in fields.items()
            if name not in BESIDE and value not in (None, "", [], ())
        ],
    }


def _clock(fields: dict[str, Any]) -> str:
    """The terminal's wall clock with its zone, of a punch."""
    if "zone" not in fields or "at" not in fields:
        return ""
    sign, minutes = "-" if fields["zone"] < 0 else "+", abs(fields["zone"])
    return f"{fields['at'].replace('T', ' ')} {sign}{minutes // 60:02d}:{minutes % 60:02d}"


def _field(name: str, language: Language) -> str:
    """The field's label; its own name where the catalogue has none."""
    key = f"page.field.{name}"
    return say(key, language) if key in catalogue(language) else name


def _actor(actor: str, language: Language) -> str:
    kind, _, name = actor.partition(":")
    key = f"page.actor.{kind}"
    return say(key, language, name=name) if key in catalogue(language) else actor


def _value(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return "、".join(map(str, value))
    return str(value)
