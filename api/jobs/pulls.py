"""Reconciliation: reading the terminals that can be called, by itself, so that a gap closes before anybody sees it."""

import logging
from datetime import UTC, datetime, timedelta

from api.doors.contacts import Measured, contacts_of
from api.doors.listening import mend_silence
from api.doors.visiting import VISITS, behind, pull, visiting
from api.doors.ways import Ways
from api.jobs.job import House, Said
from api.jobs.visits import Visited, Visits
from attendance.facts import Refused
from attendance.hall import Hall
from attendance.terminals import TerminalAccepted
from devices.watch import Serials

NIGHT = (20, 6)
"""Hours of the terminal's wall clock between which nobody is about to punch."""
A_NIGHT = timedelta(hours=12)
logger = logging.getLogger("manqin.jobs")


def visits_of(hall: Hall) -> Visits:
    """The visits of a hall."""
    return Visits(hall.folder.data / "jobs")


def callable_terminals(hall: Hall) -> list[TerminalAccepted]:
    """Terminals in use that answer when called and to which somebody gave the way."""
    ways, terminals = Ways(hall), hall.book().terminals
    return [
        entry.fact
        for entry in terminals.accepted
        if entry.fact.family in VISITS
        and terminals.state(entry.fact.terminal) == "accepted"
        and ways.of(entry.fact.terminal)
    ]


def pull_all(house: House) -> Said:
    """Visit every terminal that is due."""
    visits, now = visits_of(house.hall), datetime.now(UTC)
    known, brought, failed, done = visits.all(), 0, 0, 0
    for terminal in callable_terminals(house.hall):
        if house.closing.is_set():
            break
        if not is_time(house.hall, terminal, known.get(terminal.terminal, Visited(terminal.terminal)), now):
            continue
        stored = visit_one(house.hall, visits, terminal)
        failed, brought, done = failed + (stored is None), brought + (stored or 0), done + 1
    return {"visited": done - failed, "failed": failed, "brought": brought}


def is_time(hall: Hall, terminal: TerminalAccepted, visited: Visited, now: datetime) -> bool:
    """Whether a terminal is to be visited now. Reading a ZKTeco terminal keeps people from punching for a moment: one
    that sends by itself is read at night alone, unless somebody asks."""
    if not visited.is_due(now):
        return False
    if terminal.family != "zkteco" or visited.wanted or not _sends(hall, terminal.terminal, now):
        return True
    local = (now + timedelta(minutes=terminal.zone)).hour
    rested = visited.good_at is None or now - visited.good_at >= A_NIGHT
    return rested and (local >= NIGHT[0] or local < NIGHT[1])


def _sends(hall: Hall, terminal: str, now: datetime) -> bool:
    contact = contacts_of(hall).of(terminal)
    return contact is not None and bool(contact.beats) and now - contact.at < timedelta(days=1)


def visit_one(hall: Hall, visits: Visits, terminal: TerminalAccepted) -> int | None:
    """Read one terminal, its clock too, and see that it posts; how many punches were new, None when it failed."""
    sn, ways, at = terminal.terminal, Ways(hall), datetime.now(UTC)
    try:
        brought = pull(hall, sn, ways.line(sn)).stored
        _post_again(hall, sn, ways)
        _read_clock(hall, sn, ways)
    except Refused as refused:
        logger.warning("terminal %s could not be read: %s", sn, refused.code)
        visits.failed(sn, at, refused)
        return None
    except Exception:
        # What one terminal says must not keep the others from being read.
        logger.exception("the visit to terminal %s broke off", sn)
        visits.failed(sn, at, Refused("visit_broke"))
        return None
    visits.went_well(sn, at, brought)
    return brought


def _read_clock(hall: Hall, sn: str, ways: Ways) -> None:
    with visiting(hall, sn, line := ways.line(sn)) as (terminal, visit):
        seconds, now = behind(terminal, visit), datetime.now(UTC)
    contact = contacts_of(hall).met(sn, line.host, now)
    contact.serials = Serials()
    if seconds is not None:
        contact.measured = Measured(now, timedelta(seconds=seconds))


def _post_again(hall: Hall, sn: str, ways: Ways) -> None:
    """A terminal that answers and yet does not post is told once more where to."""
    try:
        slot = mend_silence(hall, sn, ways.line(sn), datetime.now(UTC))
    except Refused as refused:
        if refused.code not in ("not_told_to_post", "not_callable"):
            logger.warning("terminal %s could not be told to post again: %s", sn, refused.code)
    else:
        if slot:
            logger.info("terminal %s was silent and was told to post again, slot %s", sn, slot)
