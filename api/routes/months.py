"""Months and day sheets for programs, in the bodies of the contract."""

from datetime import datetime
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from api.auth import Asker, May
from api.given import MONTH, MonthName, TheLedger
from api.problems import Problem
from api.roles import Action
from api.routes.models import DaySheet, Month, ProblemDetails
from api.sight import Sight
from api.taken import note_taken

PROBLEMS: dict[int | str, dict[str, object]] = {
    status: {"model": ProblemDetails, "description": text}
    for status, text in (
        (401, "Not signed in"),
        (403, "Not allowed"),
        (404, "Unknown"),
        (422, "Refused, with the reason"),
    )
}

router = APIRouter(prefix="/api/v1", tags=["months"], responses=PROBLEMS)
Reader = Annotated[Asker, Depends(May(Action.SEE_MONTH))]


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
def months(_reader: Reader, ledger: TheLedger) -> Response:
    """The months that hold facts, oldest first."""
    return as_json(ledger.months())


@router.get("/months/{month}", response_model=Month)
def month(
    reader: Reader, ledger: TheLedger, month: MonthName, as_of: Annotated[str | None, Query()] = None
) -> Response:
    """The month's lists, ranking and open questions, now or as they stood at a position or moment."""
    sight = Sight.of(reader, ledger.hall.book(), month)
    note_taken(ledger.hall, reader, "month", month)
    return as_json(sight.month(ledger.month(month, as_of=position_or_time(as_of))))


@router.get("/months/{month}/days", response_model=list[DaySheet])
def days_of_month(reader: Reader, ledger: TheLedger, month: MonthName, no: str | None = None) -> Response:
    """The day sheets of a month, of everybody or of one person."""
    book = ledger.hall.book()
    sight = Sight.of(reader, book, month)
    if no is not None:
        sight.check(book.people.resolve(no) or no)
    note_taken(ledger.hall, reader, "days", month)
    return as_json(sight.days(ledger.days(month, no)))


@router.get("/days", response_model=list[DaySheet])
def days(
    reader: Reader, ledger: TheLedger, month: Annotated[str, Query(pattern=MONTH)], no: str | None = None
) -> Response:
    """The same, by query."""
    return days_of_month(reader, ledger, month, no)
