"""Whom a terminal should hold on a day, and whom it should forget: looked up in the register, nothing else."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from attendance.consent import FACE
from attendance.facts import Sealed
from attendance.people import StaffPosted, bare
from attendance.terminals import TerminalPlaced

if TYPE_CHECKING:
    from attendance.book import Book

AHEAD = timedelta(days=1)
"""A stand-in is put on the terminals of the window this long before the first day, to be enrolled in time."""


class Belongs(NamedTuple):
    """Somebody who uses a terminal."""

    no: str
    name: Sealed


def belonging(book: "Book", terminal: str, day: date) -> dict[str, Belongs]:
    """The people a terminal should hold on a day, by the PIN they have there."""
    placing = book.terminals.placing(terminal)
    found: dict[str, Belongs] = {}
    for no in book.people.numbers():
        posting = book.people.posting_on(no, day)
        if posting and _serves(book, placing, no, posting.fact, day) and _consents(book, placing, no, day):
            found |= dict.fromkeys(pins_on(book, terminal, no, day), Belongs(no, posting.fact.name))
    return found


def departed(book: "Book", terminal: str, day: date) -> dict[str, str]:
    """The PINs on a terminal that somebody had and has no more from this day on: the last owners by PIN.

    Only who left the hall, who took a consent back, and whose row of the PIN table ended: somebody whose posting goes
    on later is not made to enrol again, and numbers the hall never heard of are not its to judge. Another may `belong`
    under such a PIN by now.
    """
    placing = book.terminals.placing(terminal)
    gone = {no for no in book.people.numbers() if _left(book, no, day) or not _consents(book, placing, no, day)}
    found = {pin: no for no in gone for pin in _own_number(book, terminal, no)}
    for row in book.pins.on(terminal):
        pin, rows = row.fact.pin, book.pins.rows(terminal, row.fact.pin)
        owners = {one.fact.no for one in rows if one.fact.end is None or one.fact.end >= day}
        if row.fact.start is None or row.fact.start <= day:
            found |= {pin: row.fact.no} if owners <= gone else {}
    return found


def pins_on(book: "Book", terminal: str, no: str, day: date) -> list[str]:
    """The PINs a person has on a terminal on a day.

    Without a PIN row of one's own it is the staff number; with rows for other terminals alone, one belongs there alone.
    """
    rows = [entry.fact for entry in book.pins.find("no", no)]
    here = [bare(row.pin) for row in rows if row.terminal == terminal and row.holds_on(day)]
    return here if rows else list(_own_number(book, terminal, no))


def _own_number(book: "Book", terminal: str, no: str) -> Iterator[str]:
    """A person's number as a PIN, unless a row gives it to somebody, or it is another's but for its zeros."""
    pin = bare(no)
    if book.people.resolve(pin) == no and not book.pins.rows(terminal, pin) and not book.pins.find("no", no):
        yield pin


def _serves(book: "Book", placing: TerminalPlaced, no: str, posting: StaffPosted, day: date) -> bool:
    """Whether a person posted like this is served by a terminal: at their window, or where they stand in."""
    if not placing.windows or posting.window in placing.windows:
        return True
    return any(
        entry.fact.window in placing.windows and entry.fact.start.date() - AHEAD <= day <= entry.fact.end.date()
        for entry in book.reliefs.find("relief", no)
    )


def _consents(book: "Book", placing: TerminalPlaced, no: str, day: date) -> bool:
    """Whether a terminal may know a person: where it takes faces, not once a consent was taken back or ran out
    (PIPL art. 15, 47)."""
    if placing.consent_rule == "none" or book.consents.stands(no, FACE, day):
        return True
    return placing.consent_rule == "heeded" and not any(
        one.fact.kind == FACE for one in book.consents.given.find("no", no)
    )


def _left(book: "Book", no: str, day: date) -> bool:
    """Whether somebody was in the hall and will not be from a day on."""
    return all(entry.fact.end is not None and entry.fact.end < day for entry in book.people.postings(no))
