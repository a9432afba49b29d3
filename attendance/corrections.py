"""Corrections of single marks, and outages of terminals: they satisfy marks and leave the punch in view."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from attendance import known
from attendance.facts import Fact, Refused, Sealed, topic
from attendance.shelf import Shelf

if TYPE_CHECKING:
    from attendance.book import Book
    from attendance.hall import Draft, Outcome

Mark = Literal["on", "off"]


@topic("correction.approved")
class CorrectionApproved(Fact, frozen=True, kw_only=True):
    """One mark of one session of a person is satisfied if it would be late, early or missing."""

    no: str
    date: date
    session: str
    mark: Mark
    reason: Sealed | None = None

    def key(self) -> tuple[str, ...]:
        return (self.no, str(self.date), self.session, self.mark)


@topic("outage.declared")
class OutageDeclared(Fact, frozen=True, kw_only=True):
    """A terminal was out of service; missing marks due within `[start, end]` are satisfied."""

    terminal: str
    start: datetime
    end: datetime
    reason: Sealed | None = None

    def key(self) -> tuple[str, ...]:
        return (self.terminal, str(self.start))


class Corrections(Shelf[CorrectionApproved]):
    def __init__(self) -> None:
        super().__init__(no=lambda fact: fact.no)


class Outages(Shelf[OutageDeclared]):
    def __init__(self) -> None:
        super().__init__(terminal=lambda fact: fact.terminal)


def approve(draft: "Draft", *, no: str, date: date, session: str, mark: Mark, reason: str = "") -> "Outcome":
    """One mark of a person is satisfied; the session must be one that somebody can owe."""
    no = known.person(draft.book, no)
    listed = _sessions(draft.book, no, date)
    if known.given(session, "session") not in listed:
        raise Refused("session_unknown", "session", session=session, listed=sorted(listed))
    return draft.record(CorrectionApproved(no=no, date=date, session=session, mark=mark, reason=draft.seal(no, reason)))


def _sessions(book: "Book", no: str, day: date) -> set[str]:
    """Sessions of the timetable (without one: of the policy's schedule) and of the person's rota that day."""
    listed = {entry.fact.session for entry in book.timetable} or {"am", "pm"}
    return listed | {entry.fact.session for entry in book.duties.of(no, day)}


def declare_outage(draft: "Draft", *, terminal: str, start: datetime, end: datetime, reason: str = "") -> "Outcome":
    """A terminal was out of service in `[start, end]`."""
    terminal = known.terminal(draft.book, terminal)
    if end < start:
        raise Refused("ends_before_start", "end", start=start, end=known.until(end))
    return draft.record(OutageDeclared(terminal=terminal, start=start, end=end, reason=draft.seal("", reason)))
