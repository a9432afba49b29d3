"""Whose the PINs on a terminal are, with dates: assigned, changed, ended; and the punches of PINs nobody knows."""

from datetime import date
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from api.auth import Asker, CheckedForm, may
from api.pages.frame import language_of, page
from api.pages.terminal import TheTerminal
from api.pages.terminal_view import Names, pin_row
from api.roles import Action
from api.routes.months import TheLedger
from api.routes.terminals import TheHall
from api.text import refusal
from attendance import pins
from attendance.facts import Refused
from attendance.hall import Hall
from attendance.terminals import TerminalAccepted
from projections.ledger import Ledger

router = APIRouter(include_in_schema=False, prefix="/terminals/{sn}/pins")

Settler = Annotated[Asker, may(Action.SETTLE_READING)]
Short = Annotated[str, Form(max_length=40)]
Day = Annotated[str, Form(max_length=10)]


@router.get("", dependencies=[may(Action.SEE_TERMINALS)])
def terminal_pins(request: Request, hall: TheHall, ledger: TheLedger, terminal: TheTerminal) -> Response:
    return _page(request, hall, ledger, terminal)


def _page(
    request: Request, hall: Hall, ledger: Ledger, terminal: TerminalAccepted, refused: Refused | None = None
) -> Response:
    book = hall.book()
    names = Names(hall, book)
    content = {
        "terminal": terminal,
        "rows": [pin_row(row.fact, names) for row in book.pins.on(terminal.terminal)],
        "unknown": ledger.unknown_punches(terminal.terminal),
        "people": [(no, names.of(no)) for no in book.people.numbers()],
        "trouble": refusal(refused, language_of(request)) if refused else "",
    }
    return page(request, "terminal_pins.html", content, status=422 if refused else 200)


def _day(text: str, column: str) -> date | None:
    """A date as the browser's field gives it; None for an empty one. Raises Refused for anything else."""
    try:
        return date.fromisoformat(text) if text.strip() else None
    except ValueError:
        raise Refused("not_a_date", column, value=text) from None


def _decided(
    request: Request, hall: Hall, ledger: Ledger, terminal: TerminalAccepted, asker: Asker, deed: Any
) -> Response:
    """Take a decision about a row and come back to the page, or say on it why not."""
    try:
        hall.decide(deed(), asker.actor)
    except Refused as refused:
        return _page(request, hall, ledger, terminal, refused)
    return RedirectResponse(f"/terminals/{terminal.terminal}/pins", 303)


@router.post("", dependencies=[CheckedForm])
def assign(
    request: Request,
    asker: Settler,
    hall: TheHall,
    ledger: TheLedger,
    terminal: TheTerminal,
    pin: Short = "",
    no: Short = "",
    begins: Day = "",
    ends: Day = "",
) -> Response:
    """Say whose a PIN is between two dates; its punches count for the days they were made."""

    def deed() -> Any:
        start, end = _day(begins, "from"), _day(ends, "to")
        return partial(pins.assign, terminal=terminal.terminal, pin=pin, no=no.strip(), start=start, end=end)

    return _decided(request, hall, ledger, terminal, asker, deed)


@router.post("/change", dependencies=[CheckedForm])
def change(
    request: Request,
    asker: Settler,
    hall: TheHall,
    ledger: TheLedger,
    terminal: TheTerminal,
    pin: Short = "",
    start: Day = "",
    no: Short = "",
    begins: Day = "",
    ends: Day = "",
) -> Response:
    """Correct a row, or end it: `start` is the first day that stands there now."""

    def deed() -> Any:
        row = partial(pins.change, terminal=terminal.terminal, pin=pin, start=_day(start, "from"))
        return partial(row, no=no.strip(), begins=_day(begins, "from"), end=_day(ends, "to"))

    return _decided(request, hall, ledger, terminal, asker, deed)


@router.post("/withdraw", dependencies=[CheckedForm])
def withdraw(
    request: Request,
    asker: Settler,
    hall: TheHall,
    ledger: TheLedger,
    terminal: TheTerminal,
    pin: Short = "",
    start: Day = "",
) -> Response:
    """A row was a mistake and counts for no day."""

    def deed() -> Any:
        return partial(pins.withdraw, terminal=terminal.terminal, pin=pin, start=_day(start, "from"))

    return _decided(request, hall, ledger, terminal, asker, deed)
