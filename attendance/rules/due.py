"""What one person owes on a day: the sessions, and what leave takes from them (scoring.md, Who owes what; Excuses)."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from attendance.book import Book
from attendance.facts import Entry
from attendance.localtime import DAY, second_of
from attendance.people import StaffPosted
from attendance.relief import ReliefArranged
from attendance.rules.schedule import Schedule, Session, span
from attendance.timetable import DutyAssigned

Piece = tuple[int, int]


class Absence(NamedTuple):
    """A leave or outing as the rules see it: `[start, end)` in hall-local seconds."""

    start: int
    end: int
    type: str
    id: UUID


class Due(NamedTuple):
    """A session and what is left of it. `on` is None when leave covers it all."""

    session: Session
    on: int | None
    off: int | None
    covers: tuple[Absence, ...]
    """The leaves that touch it, the one that covers most first."""

    @property
    def excuse(self) -> str | None:
        return self.covers[0].type if self.covers else None


class Stretch(NamedTuple):
    """The part of a session that marks stand at; `mid` is the middle between them."""

    on: int
    off: int
    mid: float
    owes_on: bool
    owes_off: bool


def stretch(due: Due) -> Stretch:
    """What is left of a session that is not excused."""
    assert due.on is not None and due.off is not None, "an excused session owes no mark"
    owes = due.session.owes
    return Stretch(due.on, due.off, (due.on + due.off) / 2, owes != "off", owes != "on")


class Stand(NamedTuple):
    """An arrangement of relief, in hall-local seconds."""

    start: int
    end: int
    entry: Entry[ReliefArranged]


class DayDue(NamedTuple):
    """A day's sessions in order of start, excused ones included, and what is left of the others."""

    sessions: list[Due]
    live: list[Stretch]


NOTHING_DUE = DayDue([], [])


def day_due(sessions: Iterable[Session], leaves: Sequence[Absence]) -> DayDue:
    due = [subtract(session, leaves) for session in sessions]
    return DayDue(due, [stretch(one) for one in due if one.on is not None])


class WholeDays:
    """What someone at a window owes whom no leave, relief or duty touches: worked out once for all of them."""

    def __init__(self, schedule: Schedule) -> None:
        self.schedule = schedule
        self._known: dict[tuple[str, int], DayDue] = {}

    def on(self, window: str, day: int) -> DayDue:
        key = (window, day)
        if key not in self._known:
            self._known[key] = day_due(self.schedule.sessions(window, day), ())
        return self._known[key]


class PersonDue:
    """One person's sessions day by day. Built for one stretch of days, outside which nothing is kept."""

    def __init__(self, book: Book, whole: WholeDays, no: str, days: range) -> None:
        self._whole = whole
        self._schedule = whole.schedule
        begin, end = days.start * DAY, days.stop * DAY
        self._postings = [_bounds(entry) for entry in book.people.postings(no)]
        self._stands = [stand for stand in stands(book, no) if stand.start < end and stand.end > begin]
        self._absences = [leave for leave in absences(book, no) if leave.start < end + DAY and leave.end > begin]
        self._duties: dict[int, list[Entry[DutyAssigned]]] = {}
        for duty in book.duties.find("no", no):
            self._duties.setdefault(duty.fact.date.toordinal(), []).append(duty)
        self._known: dict[int, DayDue] = {}

    def on(self, day: int) -> DayDue:
        """What the person owes on a day."""
        known = self._known.get(day)
        if known is None:
            known = self._known[day] = self._work_out(day)
        return known

    def posting(self, day: int) -> Entry[StaffPosted] | None:
        return next((entry for start, end, entry in self._postings if start <= day <= end), None)

    def _work_out(self, day: int) -> DayDue:
        posting = self.posting(day)
        if posting is None:
            return NOTHING_DUE
        if not (self._stands or self._absences or posting.fact.relief or day in self._duties):
            return self._whole.on(posting.fact.window, day)
        return day_due(self._sessions(day, posting), self._absences)

    def _sessions(self, day: int, posting: Entry[StaffPosted]) -> list[Session]:
        window = posting.fact.window
        own = [] if posting.fact.relief else list(self._schedule.sessions(window, day))
        if not self._stands and day not in self._duties:
            return own
        sessions = [piece for session in own for piece in _without_stands(session, self._stands)]
        sessions += self._standing_in(day)
        sessions += [
            Session(duty.fact.session, *span(day, duty.fact.on, duty.fact.off), "both", window, duty.id)
            for duty in self._duties.get(day, ())
        ]
        return sorted(sessions, key=lambda session: session.on)

    def _standing_in(self, day: int) -> list[Session]:
        """The covered windows' sessions, each cut to the arrangement."""
        found = []
        for start, end, entry in self._stands:
            for session in self._schedule.sessions(entry.fact.window, day):
                on, off = max(session.on, start), min(session.off, end)
                if on < off:
                    found.append(session._replace(on=on, off=off, relief=entry))
        return found


def stands(book: Book, no: str) -> list[Stand]:
    """Every arrangement in which a person stands in for a window."""
    return [
        Stand(second_of(entry.fact.start), second_of(entry.fact.end), entry)
        for entry in book.reliefs.find("relief", no)
    ]


def absences(book: Book, no: str) -> list[Absence]:
    """Every leave of a person, in the order of the rows."""
    return [
        Absence(second_of(entry.fact.start), second_of(entry.fact.end), entry.fact.type, entry.id)
        for entry in book.leaves.find("no", no)
    ]


def subtract(session: Session, leaves: Sequence[Absence]) -> Due:
    """What leave leaves of a session: it owes the start of the first piece and the end of the last."""
    touching = [leave for leave in leaves if leave.start < session.off and leave.end > session.on]
    if not touching:
        return Due(session, session.on, session.off, ())
    pieces: list[Piece] = [(session.on, session.off)]
    for leave in touching:
        pieces = cut(pieces, leave.start, leave.end)
    touching.sort(key=lambda leave: (max(leave.start, session.on) - min(leave.end, session.off), leave.start))
    if not pieces:
        return Due(session, None, None, tuple(touching))
    return Due(session, pieces[0][0], pieces[-1][1], tuple(touching))


def cut(pieces: list[Piece], start: int, end: int) -> list[Piece]:
    """Pieces of time without what lies in `[start, end)`."""
    left: list[Piece] = []
    for begin, stop in pieces:
        if end <= begin or start >= stop:
            left.append((begin, stop))
            continue
        if begin < start:
            left.append((begin, start))
        if end < stop:
            left.append((end, stop))
    return left


def _without_stands(session: Session, standing: list[Stand]) -> list[Session]:
    pieces: list[Piece] = [(session.on, session.off)]
    for stand in standing:
        pieces = cut(pieces, stand.start, stand.end)
    return [session._replace(on=on, off=off) for on, off in pieces]


def _bounds(entry: Entry[StaffPosted]) -> tuple[int, int, Entry[StaffPosted]]:
    fact = entry.fact
    start = fact.start.toordinal() if fact.start else 0
    end = fact.end.toordinal() if fact.end else 10**9
    return start, end, entry
