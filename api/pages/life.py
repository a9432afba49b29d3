"""The life of a month: shown for objection, published, corrected. Each page says first what is not settled."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from api import office
from api.auth import Asker, CheckedForm, may
from api.pages.frame import language_of, page
from api.pages.opened_life import OpenedLife
from api.roles import Action
from api.routes.months import MonthName, TheLedger
from api.routes.terminals import TheHall
from api.text import refusal
from attendance import months
from attendance.facts import Refused

router = APIRouter(include_in_schema=False, prefix="/months/{month}")

LONGEST_TEXT = 2000
Text = Annotated[str, Form(max_length=LONGEST_TEXT)]
Number = Annotated[str, Form(max_length=40)]
Seal = Annotated[str, Form(max_length=64)]


@router.get("/review", dependencies=[may(Action.SEE_COMPLETENESS)])
def review(request: Request, month: MonthName) -> Response:
    """Who has agreed, who objects and until when; the way into review for a month that is over."""
    return _review(request, month)


def _review(request: Request, month: str, trouble: str = "", written: str = "") -> Response:
    life = OpenedLife(request, month)
    content = life.review() | {"trouble": trouble, "written": written}
    return page(request, "review.html", content, status=422 if trouble else 200)


@router.post("/review", dependencies=[CheckedForm])
def open_review(
    request: Request,
    asker: Annotated[Asker, may(Action.OPEN_REVIEW)],
    hall: TheHall,
    ledger: TheLedger,
    month: MonthName,
) -> Response:
    """Show the lists for objection; again when something changed."""
    try:
        office.open_review(hall, ledger, month, asker.actor)
    except Refused as refused:
        return _review(request, month, refusal(refused, language_of(request)))
    return RedirectResponse(f"/months/{month}/review", 303)


@router.post("/objections/{objection}", dependencies=[CheckedForm])
def settle(
    request: Request,
    asker: Annotated[Asker, may(Action.SETTLE_OBJECTION)],
    hall: TheHall,
    month: MonthName,
    objection: str,
    verdict: Annotated[str, Form(pattern="^(upheld|rejected)$")],
    answer: Text = "",
) -> Response:
    """Answer an objection. Nobody answers their own."""
    try:
        hall.decide(
            lambda draft: months.settle_objection(
                draft, objection=objection, upheld=verdict == "upheld", answer=answer, by=asker.account.no
            ),
            asker.actor,
        )
    except Refused as refused:
        return _review(request, month, refusal(refused, language_of(request)), answer)
    return RedirectResponse(f"/months/{month}/review#o-{objection}", 303)


@router.get("/publish", dependencies=[may(Action.SEE_COMPLETENESS)])
def publication(request: Request, month: MonthName) -> Response:
    """What is unsettled, what differs since the review, and the form that publishes."""
    return _publication(request, month)


def _publication(request: Request, month: str, trouble: str = "", number: str = "", reason: str = "") -> Response:
    life = OpenedLife(request, month)
    content = life.publication() | {"trouble": trouble, "number": number, "reason": reason}
    return page(request, "publish.html", content, status=422 if trouble else 200)


@router.post("/publish", dependencies=[CheckedForm])
def publish(
    request: Request,
    asker: Annotated[Asker, may(Action.PUBLISH)],
    hall: TheHall,
    ledger: TheLedger,
    month: MonthName,
    number: Number = "",
    reason: Text = "",
    seen: Seal = "",
    sure: Annotated[str, Form(max_length=8)] = "",
) -> Response:
    """Publish what was on the page, for good."""
    try:
        _confirmed(sure)
        office.publish(hall, ledger, month, asker.actor, number=number.strip(), reason=reason, seen=seen)
    except Refused as refused:
        return _publication(request, month, refusal(refused, language_of(request)), number, reason)
    return RedirectResponse(f"/months/{month}/publish", 303)


def _confirmed(sure: str) -> None:
    if not sure:
        raise Refused("not_confirmed", "sure")


@router.get("/differences", dependencies=[may(Action.SEE_COMPLETENESS)])
def differences(request: Request, month: MonthName) -> Response:
    """As published, as known now, and the facts between."""
    return _differences(request, month)


def _differences(request: Request, month: str, trouble: str = "", number: str = "", reason: str = "") -> Response:
    life = OpenedLife(request, month)
    content = life.differences() | {"trouble": trouble, "number": number, "reason": reason}
    return page(request, "differences.html", content, status=422 if trouble else 200)


@router.post("/amend", dependencies=[CheckedForm])
def amend(
    request: Request,
    asker: Annotated[Asker, may(Action.AMEND)],
    hall: TheHall,
    ledger: TheLedger,
    month: MonthName,
    number: Number = "",
    reason: Text = "",
    seen: Seal = "",
    sure: Annotated[str, Form(max_length=8)] = "",
) -> Response:
    """Issue a correction notice with exactly the differences that were on the page."""
    try:
        _confirmed(sure)
        office.amend(hall, ledger, month, asker.actor, reason=reason, number=number.strip(), seen=seen)
    except Refused as refused:
        return _differences(request, month, refusal(refused, language_of(request)), number, reason)
    return RedirectResponse(f"/months/{month}/differences", 303)
