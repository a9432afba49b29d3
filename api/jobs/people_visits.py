"""Carrying people to the terminals that the hall calls: those that never ask what they are to do."""

import logging
from datetime import UTC, datetime
from time import time_ns
from weakref import WeakKeyDictionary

from api.doors.carrying import Carried, carry_people
from api.doors.contacts import contacts_of
from api.doors.ways import Ways
from api.jobs.carriage import ACTOR
from api.jobs.job import House, Said
from api.jobs.pulls import callable_terminals, visits_of
from api.jobs.visits import HOPELESS
from attendance import carriage
from attendance.facts import Refused
from attendance.hall import Hall
from attendance.terminals import TerminalAccepted

logger = logging.getLogger("manqin.jobs")

LOOKS_EVERY = 24 * 3600 * 1_000_000
"""Microseconds after which a terminal is looked at though nothing is due: somebody may have deleted people there."""
_looked: WeakKeyDictionary[Hall, dict[str, int]] = WeakKeyDictionary()
"""When the people on each terminal were last looked at, since the server started."""


def visit_people(house: House) -> Said:
    """Call the terminals that do not fetch their orders: those with something due, and each once a day to look."""
    done, failed = list[Carried](), 0
    for terminal in callable_terminals(house.hall):
        if house.closing.is_set():
            break
        if _is_worth_a_visit(house.hall, terminal):
            carried = _visit(house.hall, terminal)
            failed += carried is None
            done += carried or []
    applied = sum(one.receipt.applied for one in done)
    return {"applied": applied, "refused": len(done) - applied, "failed": failed}


def _is_worth_a_visit(hall: Hall, terminal: TerminalAccepted) -> bool:
    """A ZKTeco terminal that polls fetches its orders itself; one with a wrong password is left alone."""
    sn, book = terminal.terminal, hall.book()
    contact = contacts_of(hall).of(sn)
    polls = terminal.family == "zkteco" and contact is not None and bool(contact.beats)
    if polls or not carriage.is_followed(book, terminal) or visits_of(hall).of(sn).is_hopeless:
        return False
    now = time_ns() // 1000
    return bool(book.carriage.due(sn, now)) or now - _looked.get(hall, {}).get(sn, 0) > LOOKS_EVERY


def _visit(hall: Hall, terminal: TerminalAccepted) -> list[Carried] | None:
    """None for a terminal that could not be reached, or would not: the next visit comes."""
    sn = terminal.terminal
    _looked.setdefault(hall, {})[sn] = time_ns() // 1000
    try:
        return carry_people(hall, sn, Ways(hall).line(sn), ACTOR)
    except Refused as refused:
        logger.warning("people could not be carried to terminal %s: %s", sn, refused.code)
        if refused.code in HOPELESS:
            visits_of(hall).failed(sn, datetime.now(UTC), refused)
    except Exception:
        # What one terminal says must not keep the others from being visited.
        logger.exception("carrying people to terminal %s broke off", sn)
    return None
