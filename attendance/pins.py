"""Whose a PIN is on a terminal, when it is not the staff number itself."""

from datetime import date
from typing import TYPE_CHECKING

import msgspec

from attendance import known
from attendance.facts import Refused
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


def change(
    draft: "Draft",
    *,
    terminal: str,
    pin: str,
    start: date | None,
    no: str,
    begins: date | None = None,
    end: date | None = None,
) -> "Outcome":
    """A row was wrong: it is another person's, or for other dates. `start` is the row's first day as it stands."""
    row = _row(draft, terminal, pin, start)
    if begins != row.start:
        withdraw(draft, terminal=terminal, pin=pin, start=start)
    return assign(draft, terminal=row.terminal, pin=row.pin, no=no, start=begins, end=end)


def finish(draft: "Draft", *, terminal: str, pin: str, start: date | None, last: date) -> "Outcome":
    """A PIN is somebody's up to a last day; what is punched with it later is an open question again."""
    row = _row(draft, terminal, pin, start)
    return assign(draft, terminal=row.terminal, pin=row.pin, no=row.no, start=row.start, end=last)


def withdraw(draft: "Draft", *, terminal: str, pin: str, start: date | None) -> "Outcome":
    """A row was a mistake and counts for nothing, for no day."""
    return draft.record(msgspec.structs.replace(_row(draft, terminal, pin, start), no=""))


def _row(draft: "Draft", terminal: str, pin: str, start: date | None) -> PinAssigned:
    """The row of a PIN that begins on a day; None for the one without a beginning."""
    terminal = known.terminal(draft.book, terminal)
    for entry in draft.book.pins.rows(terminal, pin):
        if entry.fact.start == start:
            return entry.fact
    raise Refused("pin_row_unknown", "pin", sn=terminal, pin=bare(pin), start=start)
