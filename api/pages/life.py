"""The life of a month: shown for objection, published, corrected. Each page says first what is not settled."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from api import office
from api.auth import Asker, CheckedForm, may
from api.given import MonthName, TheHall, TheLedger
from api.pages.frame import page
from api.pages.opened_life import OpenedLife
from api.roles import Action
from attendance import months
from attendance.facts import Refused

router = APIRouter(include_in_schema=False, prefix="/months/{month}")

LONGEST_TEXT = 2000
Text = Annotated[str, Form(max_length=LONGEST_TEXT)]


@dataclass
class Signature:
    """What is said with a month that is published or corrected."""

    number: Annotated[str, Form(max_length=40)] = ""
    reason: Text = ""
    seen: Annotated[str, Form(max_length=64)] = ""
    """The seal of what was on the page."""
    sure: Annotated[str, Form(max_length=8)] = ""

    def given(self) -> dict[str, str]:
        """Raises Refused where nobody said that they are sure."""
        confirmed(self.sure)
        return {"number": self.number.strip(), "reason": self.reason, "seen": self.seen}

    def written(self) -> dict[str, str]:
        """What the form shows again."""
        return {"number": self.number, "reason": self.reason}


def confirmed(sure: str) -> None:
    """Raises Refused for a box that was not ticked."""
    if not sure:
        raise Refused("not_confirmed", "sure")


Signed = Annotated[Signature, Depends()]
UNSIGNED = Signature()


@router.get("/review", dependencies=[may(Action.SEE_COMPLETENESS)])
def review(request: Request, month: MonthName) -> Response:
    """Who has agreed, who objects and until when; the way into review for a month that is over."""
    return _review(request, month)


def _review(request: Request, month: str, refused: Refused | None = None, written: str = "") -> Response:
    return page(request, "review.html", OpenedLife(request, month).review() | {"written": written}, refused=refused)


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
        return _review(request, month, refused)
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
        return _review(request, month, refused, answer)
    return RedirectResponse(f"/months/{month}/review#o-{objection}", 303)


@router.get("/publish", dependencies=[may(Action.SEE_COMPLETENESS)])
def publication(request: Request, month: MonthName) -> Response:
    """What is unsettled, what differs since the review, and the form that publishes."""
    return _publication(request, month)


def _publication(
    request: Request, month: str, refused: Refused | None = None, signed: Signature = UNSIGNED
) -> Response:
    return page(request, "publish.html", OpenedLife(request, month).publication() | signed.written(), refused=refused)


@router.post("/publish", dependencies=[CheckedForm])
def publish(
    request: Request,
    asker: Annotated[Asker, may(Action.PUBLISH)],
    hall: TheHall,
    ledger: TheLedger,
    month: MonthName,
    signed: Signed,
) -> Response:
    """Publish what was on the page, for good."""
    try:
        office.publish(hall, ledger, month, asker.actor, **signed.given())
    except Refused as refused:
        return _publication(request, month, refused, signed)
    return RedirectResponse(f"/months/{month}/publish", 303)


@router.get("/differences", dependencies=[may(Action.SEE_COMPLETENESS)])
def differences(request: Request, month: MonthName) -> Response:
    """As published, as known now, and the facts between."""
    return _differences(request, month)


def _differences(
    request: Request, month: str, refused: Refused | None = None, signed: Signature = UNSIGNED
) -> Response:
    return page(
        request, "differences.html", OpenedLife(request, month).differences() | signed.written(), refused=refused
    )


@router.post("/amend", dependencies=[CheckedForm])
def amend(
    request: Request,
    asker: Annotated[Asker, may(Action.AMEND)],
    hall: TheHall,
    ledger: TheLedger,
    month: MonthName,
    signed: Signed,
) -> Response:
    """Issue a correction notice with exactly the differences that were on the page."""
    try:
        office.amend(hall, ledger, month, asker.actor, **signed.given())
    except Refused as refused:
        return _differences(request, month, refused, signed)
    return RedirectResponse(f"/months/{month}/differences", 303)
