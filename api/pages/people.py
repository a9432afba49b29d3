"""One person's month: every day with its marks and judgement, every charge with its fact, and the sum."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.auth import Asker, may
from api.given import MonthName, TheHall, TheLedger
from api.pages.frame import page
from api.pages.month_view import MonthView
from api.pages.open_month import OpenMonth, neighbours
from api.pages.own_view import review_content
from api.pages.person_view import PersonView
from api.problems import Problem
from api.roles import Action
from api.settings import Language
from api.sight import Sight
from api.text import say
from attendance.facts import Fact, Refused
from attendance.hall import Hall
from attendance.people import StaffPosted
from attendance.punches import Punched

router = APIRouter(include_in_schema=False, prefix="/months/{month}/people/{no}")

Reader = Annotated[Asker, may(Action.SEE_MONTH)]


@router.get("")
def person(request: Request, _reader: Reader, month: MonthName, no: str) -> Response:
    """Calendar, day sheets, charges and sum of one person."""
    return person_page(request, month, no)


def person_page(
    request: Request, month: str, no: str, *, refused: Refused | None = None, written: str = ""
) -> Response:
    """The page of somebody whom the asker may see, with why the last form on it was refused."""
    opened = OpenMonth(request, month)
    opened.sight.check(no)
    hall, ledger = opened.hall, opened.ledger
    posting = _posting(hall, no)
    punches = ledger.punches(month, no)
    view = PersonView(ledger.days(month, no), punches, opened.words)
    content = {
        "no": no,
        "name": hall.opened(posting.name) or no,
        "posting": posting,
        "days": view.days(),
        "edited": _edited(hall, punches, opened.words.language),
        "calendar": view.calendar(month, set(opened.body["workdays"])),
        "weekdays": view.weekdays(),
        "standing": _standing(opened, no),
        "sum": ledger.arithmetic(month, no),
        "own": review_content(opened, request.state.account, no),
        "written": written,
        "about": request.query_params.get("about", ""),
    }
    return page(request, "person.html", opened.head("person") | content, refused=refused)


@router.get("/arithmetic")
def arithmetic(
    request: Request, reader: Reader, hall: TheHall, ledger: TheLedger, month: MonthName, no: str
) -> Response:
    """The person's sum alone, for the month's page to open in place."""
    Sight.of(reader, hall.book(), month).check(no)
    neighbours(ledger.months(), month)
    _posting(hall, no)
    return page(request, "arithmetic.html", {"sum": ledger.arithmetic(month, no)})


def _edited(hall: Hall, punches: dict[str, list[str]], language: Language) -> dict[str, str]:
    """Who made or changed which of the person's punches in the system they came from, by the punch's fact."""
    facts = {one: fact_of(hall, UUID(one)) for ids in punches.values() for one in ids}
    return {
        one: say(f"page.value.edited.{fact.edited}", language)
        for one, fact in facts.items()
        if isinstance(fact, Punched) and fact.edited
    }


def fact_of(hall: Hall, fact_id: UUID) -> Fact | None:
    """A fact as it was first seen."""
    versions = hall.store.versions(fact_id.bytes)
    return versions[0].entry().fact if versions else None


def _posting(hall: Hall, no: str) -> StaffPosted:
    """The person's latest posting. Raises Problem for a number nobody has."""
    postings = hall.book().people.postings(no)
    if not postings:
        raise Problem(404, "staff_unknown", no=no)
    return postings[-1].fact


def _standing(opened: OpenMonth, no: str) -> dict[str, Any]:
    """How the person stands in the month's lists: ranked with charges, or why not; on or off full attendance."""
    body, words = opened.body, opened.words
    view = MonthView(body, words)
    unranked = next((row["reason"] for row in body["unranked"] if row["no"] == no), None)
    return {
        "ranked": view.ranked(no),
        "of": opened.ranked,
        "unranked": say(f"page.unranked.{unranked}", words.language) if unranked else "",
        "full": any(row["no"] == no for row in body["full_attendance"]),
        "off": next((view.off_row(row) for row in body["off_the_list"] if row["no"] == no), None),
        "prizes": [row["prize"] for row in body["prizes"] if row["scope"] == "person" and row["winner"] == no],
        "findings": [view.finding(row) for row in body["findings"] if row["no"] == no],
    }
