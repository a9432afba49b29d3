"""Whose a PIN is on a terminal, when it is not the staff number itself."""

from datetime import date
from typing import TYPE_CHECKING

from attendance import known
from attendance.people import bare
from attendance.terminals import PinAssigned

if TYPE_CHECKING:
    from attendance.hall import Draft, Outcome


def assign(
    draft: "Draft", *, terminal: str, pin: str, no: str, start: date | None = None, end: date | None = None
) -> "Outcome":
    """On this terminal this PIN is this person between two dates; on one date it is one person's alone."""
    book = draft.book
    terminal = known.terminal(book, terminal)
    pin = bare(known.given(pin, "pin"))
    no = known.person(book, no)
    known.dates_in_order(start, end)
    fact = PinAssigned(terminal=terminal, pin=pin, no=no, start=start, end=end)
    known.apart(fact, (entry.fact for entry in book.pins.rows(terminal, pin)), "pin_overlaps")
    return draft.record(fact)
