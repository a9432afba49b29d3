"""The watch over terminals, every minute: who fell silent, who is back, whose clock went astray."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from api.doors.contacts import Contact, Contacts, contacts_of
from api.doors.ways import Ways
from api.jobs.job import House, Said
from api.jobs.pulls import visits_of
from api.jobs.remembering import remember
from attendance import watch
from attendance.facts import Refused
from attendance.hall import Draft, Hall
from attendance.questions import ask
from attendance.terminals import TerminalAccepted
from attendance.watch import TerminalReturned
from devices.watch import Heard, silent_since

ACTOR = "job:watch"
WORTH_TELLING = timedelta(minutes=5)
"""A shorter silence is shown on the page and leaves no trace in the log: terminals restart."""
BEFORE = timedelta(minutes=10)
"""Punches of the last minutes before a silence may have been lost with it."""


class Sight(NamedTuple):
    """What the watch sees of a terminal now, moments on the hall's wall clock."""

    terminal: TerminalAccepted
    contact: Contact | None
    """None for one that was never let in."""
    silent_since: datetime | None
    """None for one that is not silent, and for one that calls with punches alone."""
    behind: timedelta | None
    """How far its clock is behind; None when nobody can tell."""


class Watching:
    """One look at every terminal of a hall."""

    def __init__(self, hall: Hall, now: datetime | None = None) -> None:
        self.hall, self.now = hall, now or datetime.now(UTC)
        self.book, self.contacts = hall.book(), contacts_of(hall)
        meta = self.book.policies.in_force(f"{self.now:%Y-%m}")
        self.zone = ZoneInfo(meta.meta.timezone)
        self.skew = timedelta(seconds=meta.attendance.devices_clock_skew_alert_seconds)

    def local(self, moment: datetime) -> datetime:
        """A moment on the hall's wall clock, to the second."""
        return moment.astimezone(self.zone).replace(tzinfo=None, microsecond=0)

    def there(self, local: datetime, terminal: TerminalAccepted) -> datetime:
        """A moment of the hall's wall clock on that of a terminal."""
        utc = local.replace(tzinfo=self.zone).astimezone(UTC).replace(tzinfo=None)
        return utc + timedelta(minutes=terminal.zone)

    def sights(self) -> list[Sight]:
        """Every terminal in use."""
        return [
            self.sight(entry.fact)
            for entry in self.book.terminals.accepted
            if self.book.terminals.state(entry.fact.terminal) == "accepted"
        ]

    def sight(self, terminal: TerminalAccepted) -> Sight:
        contact = let_in(self.contacts, terminal.terminal)
        heard = Heard(terminal.family, contact.heard if contact else None, contact.interval if contact else None)
        since = silent_since(heard, self.now, self.contacts.since)
        return Sight(
            terminal, contact, self.local(since) if since else None, contact.clock_behind(self.now) if contact else None
        )

    def is_astray(self, sight: Sight) -> bool:
        return sight.behind is not None and abs(sight.behind) > self.skew


def let_in(contacts: Contacts, terminal: str) -> Contact | None:
    """What was heard of a terminal; None while each of its calls was turned away."""
    contact = contacts.of(terminal)
    return contact if contact and contact.heard else None


def watch_terminals(house: House) -> Said:
    """Tell the log what began and what ended since the last look."""
    said = look(Watching(house.hall))
    remember(house.hall)
    return said


def look(watching: Watching) -> Said:
    sights = watching.sights()
    for sight in sights:
        _tell_silence(watching, sight)
        _tell_clock(watching, sight)
    silent = sum(sight.silent_since is not None for sight in sights)
    return {"terminals": len(sights), "silent": silent, "astray": sum(map(watching.is_astray, sights))}


def _tell_silence(watching: Watching, sight: Sight) -> None:
    sn, since = sight.terminal.terminal, sight.silent_since
    known = watching.book.watch.silence(sn)
    if since and not known and watching.local(watching.now) - since >= WORTH_TELLING:
        _decide(watching.hall, partial(watch.note_silence, sn=sn, since=since))
    heard = watching.local(sight.contact.heard) if sight.contact and sight.contact.heard else None
    if known and not since and heard and heard > known.fact.since:
        ended = _decide(watching.hall, partial(watch.note_return, sn=sn, until=heard))
        if isinstance(ended, TerminalReturned):
            close_gap(watching, sight.terminal, ended)


def close_gap(watching: Watching, terminal: TerminalAccepted, ended: TerminalReturned) -> None:
    """Ask for what a silence may have swallowed: of the terminal itself where it can be asked, else by a visit."""
    if terminal.family == "zkteco":
        start = watching.there(ended.since, terminal) - BEFORE
        end = watching.there(watching.local(watching.now), terminal)
        put_question(watching, terminal, "attlog", start, end)
    elif Ways(watching.hall).of(terminal.terminal):
        visits_of(watching.hall).want(terminal.terminal)


def put_question(watching: Watching, terminal: TerminalAccepted, matter: str, start: datetime, end: datetime) -> None:
    """Ask a terminal for something when it next polls."""
    now = int(watching.now.timestamp() * 1_000_000)
    try:
        _decide(watching.hall, partial(ask, sn=terminal.terminal, matter=matter, now=now, start=start, end=end))
    except Refused as refused:
        # Its list of questions is full: it has plenty to answer before.
        if refused.code != "too_many_questions":
            raise


def _tell_clock(watching: Watching, sight: Sight) -> None:
    if sight.behind is None:
        return
    sn, seconds = sight.terminal.terminal, int(sight.behind.total_seconds())
    known, moment = watching.book.watch.stray(sn), watching.local(watching.now)
    if watching.is_astray(sight) and not known:
        _decide(watching.hall, partial(watch.note_stray, sn=sn, since=moment, seconds=seconds))
    if known and not watching.is_astray(sight):
        _decide(watching.hall, partial(watch.note_agreement, sn=sn, until=moment))


def _decide(hall: Hall, decision: Callable[[Draft], object]) -> object:
    return hall.decide(decision, ACTOR)
