"""Calling terminals that can be called: reading what a push lost, carrying people there, setting clocks."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import NamedTuple

from attendance import visits
from attendance.book import Book
from attendance.facts import Refused
from attendance.hall import Draft, Hall
from attendance.log.rows import Appended
from attendance.people import bare
from attendance.punches import Origin, Punched, judge_all
from attendance.terminals import TerminalAccepted, accepted
from devices.calling import Line
from devices.dahua.visit import Visit as DahuaVisit
from devices.hikvision.visit import Visit as HikvisionVisit
from devices.ports import Mark, Person, Receipt, Visit

VISITS: dict[str, Callable[[Line, int], Visit]] = {"hikvision": HikvisionVisit, "dahua": DahuaVisit}


class Pulled(NamedTuple):
    """What a visit brought."""

    records: int
    """Read at the terminal, those that are no punches included."""
    stored: int
    repeated: int
    """Punches and readings the log had already."""
    quarantined: int
    """Of both, those a person has to look at."""


class Carried(NamedTuple):
    """One person's way to a terminal, or off it."""

    deed: str
    receipt: Receipt


@contextmanager
def visiting(hall: Hall, sn: str, line: Line) -> Iterator[tuple[TerminalAccepted, Visit]]:
    """The terminal and the visit to it. Raises Refused for one that cannot be called, or is another than it should."""
    terminal = accepted(hall.book().terminals, sn)
    if terminal.family not in VISITS:
        raise Refused("not_callable", "sn", sn=terminal.terminal, family=terminal.family)
    with line:
        visit = VISITS[terminal.family](line, terminal.zone)
        visit.check_identity(terminal.terminal)
        yield terminal, visit


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


def carry_people(hall: Hall, sn: str, line: Line) -> list[Carried]:
    """Put everybody who belongs on the terminal there, remove who left; every answer of the terminal is a fact.

    Nobody the hall does not know is removed: visitors and the terminal's own administrators are not its to judge.
    """
    with visiting(hall, sn, line) as (terminal, visit):
        day, there = wall_clock(terminal).date(), visit.present()
        wanted = spelled_as(there, people_for(hall, terminal.terminal, day))
        missing = [Person(pin, name) for pin, name in wanted.items() if there.get(pin) != name]
        book = hall.book()
        leavers = [pin for pin in there if pin not in wanted and has_left(book, terminal.terminal, pin, day)]
        done = [Carried("put", receipt) for receipt in visit.put(missing)]
        done += [Carried("removed", receipt) for receipt in visit.remove(leavers)]
        for carried in done:
            hall.decide(partial(_note, sn=terminal.terminal, carried=carried), "office")
    return done


def _note(draft: Draft, *, sn: str, carried: Carried) -> None:
    receipt = carried.receipt
    visits.note_person(
        draft, sn=sn, pin=bare(receipt.pin), deed=carried.deed, applied=receipt.applied, answer=receipt.answer[:60]
    )


def people_for(hall: Hall, terminal: str, day: date) -> dict[str, str]:
    """The names of the people who belong on a terminal on a day, by the PIN they have there.

    Without a PIN row of one's own it is the staff number; with rows for other terminals alone, one belongs there alone.
    """
    book = hall.book()
    wanted: dict[str, str] = {}
    for no in book.people.numbers():
        posting = book.people.posting_on(no, day)
        name = hall.opened(posting.fact.name) if posting else None
        if name:
            wanted |= dict.fromkeys(_pins(book, terminal, no, day), name)
    return wanted


def _pins(book: Book, terminal: str, no: str, day: date) -> list[str]:
    rows = [entry.fact for entry in book.pins.find("no", no)]
    here = [row.pin for row in rows if row.terminal == terminal and row.holds_on(day)]
    return here if rows else [no]


def spelled_as(there: Iterable[str], wanted: dict[str, str]) -> dict[str, str]:
    """The people wanted, each under the number as the terminal spells it: 101 there is our 0101."""
    spelling = {bare(pin): pin for pin in there}
    return {spelling.get(bare(pin), pin): name for pin, name in wanted.items()}


def has_left(book: Book, terminal: str, pin: str, day: date) -> bool:
    """Whether a number on a terminal was somebody's here and is nobody's from this day on."""
    if rows := [entry.fact for entry in book.pins.rows(terminal, pin)]:
        numbers = {row.no for row in rows if row.end is None or row.end >= day}
        return not any(_stays(book, no, day) for no in numbers)
    no = book.people.resolve(pin)
    return no is not None and not _stays(book, no, day)


def _stays(book: Book, no: str, day: date) -> bool:
    return any(entry.fact.end is None or entry.fact.end >= day for entry in book.people.postings(no))
