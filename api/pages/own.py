"""One's own record: the way to it, agreeing with it, objecting to something in it."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from api import office
from api.auth import Asker, CheckedForm, may
from api.given import MonthName, TheHall, TheLedger
from api.pages.frame import page
from api.pages.life import LONGEST_TEXT
from api.pages.people import person_page
from api.problems import Problem
from api.roles import Action
from attendance.book import Book
from attendance.facts import Refused
from attendance.months import confirm

router = APIRouter(include_in_schema=False)


@router.get("/me")
def me(request: Request, asker: Annotated[Asker, may(Action.SEE_OWN)], hall: TheHall, ledger: TheLedger) -> Response:
    """The month one is asked about: the one in review, else the newest."""
    months = ledger.months()
    if not asker.account.no or not months:
        return page(request, "no_record.html", {"linked": bool(asker.account.no)})
    return RedirectResponse(f"/months/{_asked_about(hall.book(), months)}/people/{asker.account.no}", 303)


def _asked_about(book: Book, months: list[str]) -> str:
    newest_first = months[::-1]
    return next((month for month in newest_first if book.months.state(month) == "in_review"), newest_first[0])


@router.post("/months/{month}/people/{no}/confirm", dependencies=[CheckedForm])
def agree(
    request: Request, asker: Annotated[Asker, may(Action.CONFIRM_OWN)], hall: TheHall, month: MonthName, no: str
) -> Response:
    """I have seen my month and agree."""
    _own(asker, no)
    try:
        hall.decide(lambda draft: confirm(draft, month=month, no=no), asker.actor)
    except Refused as refused:
        return person_page(request, month, no, refused=refused)
    return RedirectResponse(f"/months/{month}/people/{no}#review", 303)


@router.post("/months/{month}/people/{no}/objections", dependencies=[CheckedForm])
def object_to(
    request: Request,
    asker: Annotated[Asker, may(Action.OBJECT_OWN)],
    hall: TheHall,
    month: MonthName,
    no: str,
    about: Annotated[str, Form(max_length=80)] = "",
    text: Annotated[str, Form(max_length=LONGEST_TEXT)] = "",
) -> Response:
    """Something in my month is not right."""
    _own(asker, no)
    try:
        office.object_to(hall, month, no, asker.actor, text=text, about=about)
    except Refused as refused:
        return person_page(request, month, no, refused=refused, written=text)
    return RedirectResponse(f"/months/{month}/people/{no}#review", 303)


def _own(asker: Asker, no: str) -> None:
    """Nobody agrees or objects in somebody else's place, whatever else they may do."""
    if asker.account.no != no:
        raise Problem(403, "not_yours")
