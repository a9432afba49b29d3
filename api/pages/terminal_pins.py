"""Whose the PINs on a terminal are, with dates: assigned, changed, ended; and the punches of PINs nobody knows."""

from collections.abc import Callable
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from api.auth import Asker, CheckedForm, may
from api.given import TheHall, TheLedger
from api.pages.frame import page
from api.pages.terminal import TheTerminal
from api.pages.terminal_view import Names, pin_row
from api.roles import Action
from attendance import pins
from attendance.facts import Refused
from attendance.hall import Draft

router = APIRouter(include_in_schema=False, prefix="/terminals/{sn}/pins")

Settler = Annotated[Asker, may(Action.SETTLE_READING)]
Short = Annotated[str, Form(max_length=40)]
Day = Annotated[str, Form(max_length=10)]


class PinTable:
    """The rows of one terminal, and what the forms on their page decide."""

    def __init__(self, request: Request, hall: TheHall, ledger: TheLedger, terminal: TheTerminal) -> None:
        self._request, self._hall, self._ledger, self._terminal = request, hall, ledger, terminal
        self.sn = terminal.terminal

    def page(self, refused: Refused | None = None) -> Response:
        book = self._hall.book()
        names = Names(self._hall, book)
        content = {
            "terminal": self._terminal,
            "rows": [pin_row(row.fact, names) for row in book.pins.on(self.sn)],
            "unknown": self._ledger.unknown_punches(self.sn),
            "people": [(no, names.of(no)) for no in book.people.numbers()],
        }
        return page(self._request, "terminal_pins.html", content, refused=refused)

    def decide(self, decision: Callable[[Draft], object], asker: Asker) -> Response:
        """Take a decision about a row and come back to the page, or say on it why not."""
        try:
            self._hall.decide(decision, asker.actor)
        except Refused as refused:
            return self.page(refused)
        return RedirectResponse(f"/terminals/{self.sn}/pins", 303)


ThePinTable = Annotated[PinTable, Depends()]


@router.get("", dependencies=[may(Action.SEE_TERMINALS)])
def terminal_pins(table: ThePinTable) -> Response:
    return table.page()


def _day(text: str, column: str) -> date | None:
    """A date as the browser's field gives it; None for an empty one. Raises Refused for anything else."""
    try:
        return date.fromisoformat(text) if text.strip() else None
    except ValueError:
        raise Refused("not_a_date", column, value=text) from None


@router.post("", dependencies=[CheckedForm])
def assign(
    asker: Settler, table: ThePinTable, pin: Short = "", no: Short = "", begins: Day = "", ends: Day = ""
) -> Response:
    """Say whose a PIN is between two dates; its punches count for the days they were made."""

    def decision(draft: Draft) -> None:
        start, end = _day(begins, "from"), _day(ends, "to")
        pins.assign(draft, terminal=table.sn, pin=pin, no=no.strip(), start=start, end=end)

    return table.decide(decision, asker)


@router.post("/change", dependencies=[CheckedForm])
def change(
    asker: Settler,
    table: ThePinTable,
    pin: Short = "",
    start: Day = "",
    no: Short = "",
    begins: Day = "",
    ends: Day = "",
) -> Response:
    """Correct a row, or end it: `start` is the first day that stands there now."""

    def decision(draft: Draft) -> None:
        old, new, end = _day(start, "from"), _day(begins, "from"), _day(ends, "to")
        pins.change(draft, terminal=table.sn, pin=pin, start=old, no=no.strip(), begins=new, end=end)

    return table.decide(decision, asker)


@router.post("/withdraw", dependencies=[CheckedForm])
def withdraw(asker: Settler, table: ThePinTable, pin: Short = "", start: Day = "") -> Response:
    """A row was a mistake and counts for no day."""
    return table.decide(
        lambda draft: pins.withdraw(draft, terminal=table.sn, pin=pin, start=_day(start, "from")), asker
    )
