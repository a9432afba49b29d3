"""Keeping terminals in step with the register of people: what is missing is ordered every minute."""

from datetime import date
from functools import partial
from time import time_ns
from weakref import WeakKeyDictionary

from api.doors.contacts import contacts_of
from api.doors.visiting import wall_clock
from api.doors.ways import Ways
from api.jobs.job import House, Said
from attendance import carriage
from attendance.book import Book
from attendance.hall import Hall
from attendance.terminals import TerminalAccepted

ACTOR = "job:carriage"
_steps: WeakKeyDictionary[Hall, tuple[Book, dict[str, date]]] = WeakKeyDictionary()


def order_people(house: House) -> Said:
    """Compare what each terminal should hold with what it is known to hold, and order the difference."""
    ordered = dropped = 0
    terminals = [entry.fact for entry in house.hall.book().terminals.accepted]
    followed = [terminal for terminal in terminals if _is_followed(house.hall, terminal)]
    for terminal in terminals:
        dropped += _stood_down(house.hall, terminal)
    for terminal in followed:
        planned = keep_up(house.hall, terminal)
        ordered += len(planned.needed)
        dropped += len(planned.dropped)
    return {"terminals": len(followed), "ordered": ordered, "dropped": dropped}


def _is_followed(hall: Hall, terminal: TerminalAccepted) -> bool:
    """Terminals that do not call by themselves are ordered nothing while nobody gave the way to them."""
    fetches = terminal.family == "zkteco"
    return carriage.is_followed(hall.book(), terminal) and (fetches or Ways(hall).of(terminal.terminal) is not None)


def _stood_down(hall: Hall, terminal: TerminalAccepted) -> int:
    """How many orders were dropped of a terminal that was suspended or replaced, or keeps its people by hand now."""
    book = hall.book()
    if carriage.is_followed(book, terminal) or not book.carriage.open(terminal.terminal):
        return 0
    return len(hall.decide(partial(carriage.stand_down, sn=terminal.terminal), ACTOR).dropped)


def keep_up(hall: Hall, terminal: TerminalAccepted) -> carriage.Plan:
    """One terminal. A decision is taken only where there is something to decide."""
    sn, day, now = terminal.terminal, wall_clock(terminal).date(), time_ns() // 1000
    called_at, book = _called_at(hall, sn), hall.book()
    if _in_step(hall, book).get(sn) == day:
        return carriage.Plan([], [], in_step=True)
    planned = carriage.plan(book, sn, day, now, called_at)
    if planned.in_step:
        _in_step(hall, book)[sn] = day
    if not planned.dropped and not planned.needed:
        return planned
    return hall.decide(partial(carriage.keep_up, sn=sn, day=day, now=now, called_at=called_at), ACTOR)


def _in_step(hall: Hall, book: Book) -> dict[str, date]:
    """The terminals that were in step with this very state of the register, on which day of their clocks."""
    known = _steps.get(hall)
    if known is None or known[0] is not book:
        known = _steps[hall] = (book, {})
    return known[1]


def _called_at(hall: Hall, sn: str) -> int:
    """When the terminal last called and was let in, in microseconds since 1970; 0 for not since the server started."""
    contact = contacts_of(hall).of(sn)
    return int(contact.at.timestamp() * 1_000_000) if contact and not contact.refused else 0
