"""Keeping terminals in step with the register of people: what is missing is ordered every minute."""

from functools import partial
from time import time_ns

from api.doors.contacts import contacts_of
from api.doors.visiting import wall_clock
from api.doors.ways import Ways
from api.jobs.job import House, Said
from attendance import carriage
from attendance.hall import Hall
from attendance.terminals import TerminalAccepted

ACTOR = "job:carriage"


def order_people(house: House) -> Said:
    """Compare what each terminal should hold with what it is known to hold, and order the difference."""
    ordered = dropped = 0
    terminals = [entry.fact for entry in house.hall.book().terminals.accepted]
    followed = [terminal for terminal in terminals if _is_followed(house.hall, terminal)]
    for terminal in followed:
        planned = keep_up(house.hall, terminal)
        ordered += len(planned.needed)
        dropped += len(planned.dropped)
    return {"terminals": len(followed), "ordered": ordered, "dropped": dropped}


def _is_followed(hall: Hall, terminal: TerminalAccepted) -> bool:
    """Terminals that do not call by themselves are ordered nothing while nobody gave the way to them."""
    fetches = terminal.family == "zkteco"
    return carriage.is_followed(hall.book(), terminal) and (fetches or Ways(hall).of(terminal.terminal) is not None)


def keep_up(hall: Hall, terminal: TerminalAccepted) -> carriage.Plan:
    """One terminal. A decision is taken only where there is something to decide."""
    sn, day, now = terminal.terminal, wall_clock(terminal).date(), time_ns() // 1000
    called_at = _called_at(hall, sn)
    planned = carriage.plan(hall.book(), sn, day, now, called_at)
    if not planned.dropped and not planned.needed:
        return planned
    return hall.decide(partial(carriage.keep_up, sn=sn, day=day, now=now, called_at=called_at), ACTOR)


def _called_at(hall: Hall, sn: str) -> int:
    """When the terminal last called and was let in, in microseconds since 1970; 0 for not since the server started."""
    contact = contacts_of(hall).of(sn)
    return int(contact.at.timestamp() * 1_000_000) if contact and not contact.refused else 0
