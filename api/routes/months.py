"""Months and day sheets for programs, in the bodies of the contract."""

from datetime import datetime
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from api.auth import in_program
from api.problems import Problem
from api.routes.models import DaySheet, Month, ProblemDetails
from projections.ledger import Ledger

MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"
MonthName = Annotated[str, Path(pattern=MONTH, examples=["2026-10"])]
PROBLEMS: dict[int | str, dict[str, object]] = {
    status: {"model": ProblemDetails, "description": text}
    for status, text in ((401, "Not signed in"), (404, "Unknown"), (422, "Refused, with the reason"))
}

router = APIRouter(prefix="/api/v1", tags=["months"], dependencies=[Depends(in_program)], responses=PROBLEMS)


def ledger_of(request: Request) -> Ledger:
    ledger: Ledger = request.app.state.ledger
    return ledger


TheLedger = Annotated[Ledger, Depends(ledger_of)]


def as_json(body: object) -> Response:
    """A body already made of plain types: what the ledger returns is the contract, and is not copied on the way out."""
    return Response(msgspec.json.encode(body), media_type="application/json")


def position_or_time(as_of: str | None) -> int | datetime | None:
    """`as_of` as asked: a position of the log, or an ISO moment. Raises Problem."""
    try:
        if as_of is None or as_of == "":
            return None
        return int(as_of) if as_of.isdecimal() else datetime.fromisoformat(as_of)
    except ValueError:
        raise Problem(422, "as_of_wrong", given=as_of) from None


@router.get("/months", response_model=list[str])
def months(ledger: TheLedger) -> Response:
    """The months that hold facts, oldest first."""
    return as_json(ledger.months())


@router.get("/months/{month}", response_model=Month)
def month(ledger: TheLedger, month: MonthName, as_of: Annotated[str | None, Query()] = None) -> Response:
    """The month's lists, ranking and open questions, now or as they stood at a position or moment."""
    return as_json(ledger.month(month, as_of=position_or_time(as_of)))


@router.get("/months/{month}/days", response_model=list[DaySheet])
def days_of_month(ledger: TheLedger, month: MonthName, no: str | None = None) -> Response:
    """The day sheets of a month, of everybody or of one person."""
    return as_json(ledger.days(month, no))


@router.get("/days", response_model=list[DaySheet])
def days(ledger: TheLedger, month: Annotated[str, Query(pattern=MONTH)], no: str | None = None) -> Response:
    """The same, by query."""
    return as_json(ledger.days(month, no))
