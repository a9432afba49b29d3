"""What a route is given: the hall, its lists, the month of its path."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Path, Request

from attendance.hall import Hall
from projections.ledger import Ledger

MONTH = r"^[12]\d{3}-(0[1-9]|1[0-2])$"
MonthName = Annotated[str, Path(pattern=MONTH, examples=["2026-10"])]


def hall_of(request: Request) -> Hall:
    hall: Hall = request.app.state.hall
    return hall


def ledger_of(request: Request) -> Ledger:
    ledger: Ledger = request.app.state.ledger
    return ledger


def zone_of(hall: Hall) -> str:
    """The hall's own zone: that of the policy in force today."""
    return hall.book().policies.in_force(f"{datetime.now(UTC):%Y-%m}").meta.timezone


TheHall = Annotated[Hall, Depends(hall_of)]
TheLedger = Annotated[Ledger, Depends(ledger_of)]
