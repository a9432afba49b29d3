"""Calling terminals that can be called: reading what a push lost, setting clocks."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import NamedTuple

from attendance import visits
from attendance.facts import Refused
from attendance.hall import Hall
from attendance.log.rows import Appended
from attendance.punches import Origin, Punched, judge_all
from attendance.terminals import TerminalAccepted, accepted
from devices.calling import PATIENCE, Line
from devices.dahua.visit import Visit as DahuaVisit
from devices.hikvision.visit import Visit as HikvisionVisit
from devices.ports import Mark, Visit
from devices.zkteco.visit import Visit as ZktecoVisit

VISITS: dict[str, Callable[[Line, int], Visit]] = {
    "hikvision": HikvisionVisit,
    "dahua": DahuaVisit,
    "zkteco": ZktecoVisit,
}


class Pulled(NamedTuple):
    """What a visit brought."""

    records: int
    """Read at the terminal, those that are no punches included."""
    stored: int
    repeated: int
    """Punches and readings the log had already."""
    quarantined: int
    """Of both, those a person has to look at."""


@contextmanager
def visiting(hall: Hall, sn: str, line: Line) -> Iterator[tuple[TerminalAccepted, Visit]]:
    """The terminal and the visit to it. Raises Refused for one that cannot be called, or is another than it should."""
    terminal = accepted(hall.book().terminals, sn)
    if hall.book().terminals.suspension(terminal.terminal):
        raise Refused("terminal_suspended", "sn", sn=terminal.terminal)
    if terminal.family not in VISITS:
        raise Refused("not_callable", "sn", sn=terminal.terminal, family=terminal.family)
    with line, alone_at(hall, terminal.terminal):
        visit = VISITS[terminal.family](line, terminal.zone)
        visit.check_identity(terminal.terminal)
        yield terminal, visit


@contextmanager
def alone_at(hall: Hall, terminal: str) -> Iterator[None]:
    """One visitor at a time, of all processes: under two, some firmware hangs until it is switched off and on.

    The lock ends with the process that holds it. Raises Refused when another visit lasts too long.
    """
    folder = hall.folder.data / "visits"
    folder.mkdir(exist_ok=True)
    lock = sqlite3.connect(folder / sha256(terminal.encode()).hexdigest()[:32], timeout=PATIENCE, isolation_level=None)
    try:
        _take(lock, terminal)
        yield
    finally:
        lock.close()


def _take(lock: sqlite3.Connection, terminal: str) -> None:
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        raise Refused("terminal_busy", "sn", sn=terminal) from None


def pull(hall: Hall, sn: str, line: Line) -> Pulled:
    """Read the terminal's records since the last visit into the log. What was read stays when the visit breaks off."""
    with visiting(hall, sn, line) as (terminal, visit):
        before = hall.book().visits.mark(terminal.terminal)
        mark = Mark(before.serial, before.at) if before else Mark()
        reconciling = visit.reconciliation(mark)
        origin = Origin(terminal.terminal, terminal.zone, "pull", line.host, datetime.now(UTC), reconciling.table)
        count: Counter[str] = Counter()
        try:
            for batch in reconciling.batches():
                judged = judge_all(batch, origin)
                appended = hall.receive(judged, f"terminal:{terminal.terminal}") if judged else Appended(0, 0, 0)
                count.update(stored=appended.stored, repeated=appended.repeated)
                count["quarantined"] += sum(not isinstance(fact, Punched) for fact in judged)
        finally:
            if reconciling.mark != mark:
                note = partial(visits.note_pull, sn=sn, serial=reconciling.mark.serial, at=reconciling.mark.at)
                hall.decide(note, "office")
    return Pulled(reconciling.records, count["stored"], count["repeated"], count["quarantined"])


def wall_clock(terminal: TerminalAccepted) -> datetime:
    """What the terminal's clock should show now."""
    return (datetime.now(UTC) + timedelta(minutes=terminal.zone)).replace(tzinfo=None, microsecond=0)


def behind(terminal: TerminalAccepted, visit: Visit) -> int | None:
    """Seconds by which the terminal's clock is behind ours; None when it tells no time."""
    shown = visit.clock()
    return int((wall_clock(terminal) - shown).total_seconds()) if shown else None


def set_clock(hall: Hall, sn: str, line: Line) -> tuple[str, str]:
    """Set the terminal's clock to ours; returns what it showed and what it shows now."""
    with visiting(hall, sn, line) as (terminal, visit):
        before = str(visit.clock() or "")
        visit.set_clock(wall_clock(terminal))
        after = str(visit.clock() or "")
        hall.decide(partial(visits.note_clock, sn=sn, before=before, after=after), "office")
    return before, after
