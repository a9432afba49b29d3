"""A person at a camera terminal: their punch kept for good, and what the rules make of it."""

from datetime import UTC, date, datetime, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from api.given import zone_of
from api.kiosk.desk import Desk, wall_clock
from attendance.book import Book
from attendance.facts import Refused
from attendance.hall import Draft
from attendance.localtime import month_of, second_of
from attendance.people import bare
from attendance.pins import assign
from attendance.punches import Punched
from attendance.recognition import Recognition
from attendance.rules.day import State
from attendance.rules.person_month import Day
from attendance.terminals import TerminalAccepted
from projections.ledger import Ledger
from projections.ownership import owner

Way = Literal["face", "passcode", "ticket", "supervisor"]
Judgement = Literal["kept", "late", "early", "unused", "recorded"]
JUDGEMENTS: dict[State, Judgement] = {"late": "late", "early": "early"}
"""kept, late, early: a mark of the day. unused: it served none. recorded: nothing was due that could be told."""


SETTLED = frozenset({"kept", "late"})
"""What no later punch makes better or worse: who left too early may come again a moment later, in time."""


class Clocked(NamedTuple):
    """What became of somebody who stood before a terminal."""

    no: str
    at: datetime
    """The hall's wall clock."""
    already: bool
    """Whether it is an earlier punch, within the time in which two count as one."""
    judgement: Judgement
    minutes: int = 0
    """Late or early by so many."""
    session: str = ""
    mark: str = ""
    """on or off"""


def clock_in(
    desk: Desk,
    terminal: TerminalAccepted,
    no: str,
    *,
    way: Way,
    actor: str,
    at: datetime | None = None,
    recognised: Recognition | None = None,
    source: str = "",
) -> Clocked:
    """Keep a punch, durably, and say what the rules make of it. Raises Refused for nobody in post, StorageFailed.

    `at` (with its zone) is when it was, for one that was kept without the network: such a one always counts, since it
    may be earlier than what the log has by now.
    """
    moment = at or datetime.now(UTC)
    here = wall_clock(moment, terminal.zone)
    check_in_post(desk.hall.book(), no, here.date())
    if at is None and (earlier := just_clocked(desk, terminal.terminal, no)):
        return earlier
    punch = Punched(
        terminal=terminal.terminal,
        pin=pin_of(desk, terminal.terminal, no, here.date()),
        at=here,
        zone=terminal.zone,
        road="terminal",
        source=source,
        verify=way,
        recognised=recognised,
    )
    desk.hall.receive([punch], actor)
    return judged(desk.ledger, no, _local(desk, moment))


def just_clocked(desk: Desk, terminal: str, no: str) -> Clocked | None:
    """The person's last punch, if another one now can change nothing, or they only linger before the camera."""
    lingers = desk.lingers(terminal, no)
    earlier = _just_before(desk.ledger, desk.hall.book(), no, _local(desk, datetime.now(UTC)))
    if earlier is None:
        return None
    clocked = judged(desk.ledger, no, earlier, already=True)
    return clocked if is_enough(clocked.judgement, lingers=lingers) else None


def is_enough(judgement: Judgement, *, lingers: bool) -> bool:
    """Whether a punch so judged needs no other a moment later. One left out is lost to the rules: so whoever left too
    early is always taken again, and whoever went and came again unless that is settled."""
    return judgement in SETTLED or (lingers and judgement != "early")


def check_in_post(book: Book, no: str, day: date) -> None:
    """Raises Refused for a person who serves nowhere on a day."""
    if book.people.posting_on(no, day) is None:
        raise Refused("not_in_post", "no", no=no)


def pin_of(desk: Desk, terminal: str, no: str, day: date) -> str:
    """The PIN by which a terminal's punches are this person's: the number itself, unless it would be somebody else."""
    book = desk.hall.book()
    if owner(book, terminal, bare(no), day.toordinal()) == no:
        return bare(no)
    pin = f"N{no}"
    if owner(book, terminal, pin, day.toordinal()) != no:
        desk.hall.decide(lambda draft: _assign(draft, terminal, pin, no), f"terminal:{terminal}")
    return pin


def _assign(draft: Draft, terminal: str, pin: str, no: str) -> None:
    assign(draft, terminal=terminal, pin=pin, no=no)


def judged(ledger: Ledger, no: str, at: datetime, *, already: bool = False) -> Clocked:
    """What the rules make of a punch that is in the log."""
    second = second_of(at)
    for day in (at.date() + timedelta(days=step) for step in (0, -1, 1)):
        found = _day(ledger, no, day)
        for session in found.sheet.sessions if found else ():
            for name, mark in (("on", session.on), ("off", session.off)):
                if mark and mark.punch == second:
                    word = JUDGEMENTS.get(mark.state, "kept")
                    return Clocked(no, at, already, word, mark.minutes, session.due.session.name, name)
        if found and second in found.unused:
            return Clocked(no, at, already, "unused")
    return Clocked(no, at, already, "recorded")


def _day(ledger: Ledger, no: str, day: date) -> Day | None:
    """The person's day; None in a month without a calendar, and when nothing is due."""
    try:
        return ledger.day_so_far(no, day)
    except Refused:
        return None


def _just_before(ledger: Ledger, book: Book, no: str, at: datetime) -> datetime | None:
    """The person's last punch, if it is so short a time ago that between two sessions both would count as one."""
    dedupe = book.policies.in_force(month_of(at.toordinal())).attendance.dedupe_seconds
    try:
        seconds = ledger.punches(month_of(at.toordinal()), no)
    except Refused:
        return None
    shortly = timedelta(seconds=dedupe)
    near = [moment for text in seconds if timedelta() <= at - (moment := datetime.fromisoformat(text)) <= shortly]
    return max(near, default=None)


def _local(desk: Desk, moment: datetime) -> datetime:
    """The hall's own wall clock at a moment, to the second."""
    return moment.astimezone(ZoneInfo(zone_of(desk.hall))).replace(tzinfo=None, microsecond=0)
