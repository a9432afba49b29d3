"""One person's month: every day with its marks and judgement, every charge with its fact, and the sum."""

from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.auth import on_page
from api.pages.frame import page
from api.pages.month_view import MonthView
from api.pages.open_month import OpenMonth, neighbours
from api.pages.person_view import PersonView
from api.pages.words import Words
from api.problems import Problem
from api.routes.months import MonthName, TheLedger
from api.routes.terminals import TheHall
from api.text import say
from attendance.hall import Hall
from attendance.people import StaffPosted

router = APIRouter(include_in_schema=False, prefix="/months/{month}/people/{no}", dependencies=[Depends(on_page)])


@router.get("")
def person(request: Request, hall: TheHall, ledger: TheLedger, month: MonthName, no: str) -> Response:
    """Calendar, day sheets, charges and sum of one person."""
    opened = OpenMonth(request, month)
    posting = _posting(hall, no)
    view = PersonView(ledger.days(month, no), ledger.punches(month, no), opened.words)
    content = {
        "no": no,
        "name": hall.opened(posting.name) or no,
        "posting": posting,
        "days": view.days(),
        "calendar": view.calendar(month, set(opened.body["workdays"])),
        "weekdays": view.weekdays(),
        "standing": _standing(opened.body, no, opened.words),
        "sum": ledger.arithmetic(month, no),
    }
    return page(request, "person.html", opened.head("person") | content)


@router.get("/arithmetic")
def arithmetic(request: Request, hall: TheHall, ledger: TheLedger, month: MonthName, no: str) -> Response:
    """The person's sum alone, for the month's page to open in place."""
    neighbours(ledger.months(), month)
    _posting(hall, no)
    return page(request, "arithmetic.html", {"sum": ledger.arithmetic(month, no)})


def _posting(hall: Hall, no: str) -> StaffPosted:
    """The person's latest posting. Raises Problem for a number nobody has."""
    postings = hall.book().people.postings(no)
    if not postings:
        raise Problem(404, "staff_unknown", no=no)
    return postings[-1].fact


def _standing(body: dict[str, Any], no: str, words: Words) -> dict[str, Any]:
    """How the person stands in the month's lists: ranked with charges, or why not; on or off full attendance."""
    view = MonthView(body, words)
    unranked = next((row["reason"] for row in body["unranked"] if row["no"] == no), None)
    return {
        "ranked": next((row for row in view.ranking() if row.no == no), None),
        "of": len(body["ranking"]),
        "unranked": say(f"page.unranked.{unranked}", words.language) if unranked else "",
        "full": any(row["no"] == no for row in body["full_attendance"]),
        "off": next((view.off_row(row) for row in body["off_the_list"] if row["no"] == no), None),
        "prizes": [row["prize"] for row in body["prizes"] if row["scope"] == "person" and row["winner"] == no],
        "findings": [view.finding(row) for row in body["findings"] if row["no"] == no],
    }
