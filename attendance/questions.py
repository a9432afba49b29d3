"""What the hall asks its terminals: read your log again, tell about yourself.

Nothing that deletes, sets or unlocks can be asked: such commands do not exist here.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from attendance.facts import Entry, Fact, Refused, topic
from attendance.shelf import Shelf
from attendance.terminals import serial

if TYPE_CHECKING:
    from attendance.hall import Draft

MATTERS = ("check", "info", "attlog")
MOST_OPEN = 20
LIFETIME = 24 * 3600 * 1_000_000
"""Microseconds after which a question nobody answered is dropped: the terminal was away too long."""


@topic("terminal.asked")
class TerminalAsked(Fact, frozen=True, kw_only=True):
    """A person asked a terminal for something; it learns of it when it next polls."""

    terminal: str
    number: int
    matter: str
    """check (connect anew), info, attlog (send the punches of a span again)"""
    start: datetime | None = None
    end: datetime | None = None
    """Of the terminal's wall clock; for attlog alone."""

    def key(self) -> tuple[str, ...]:
        return (self.terminal, str(self.number))


@topic("terminal.answered")
class TerminalAnswered(Fact, frozen=True, kw_only=True):
    """The terminal says what became of a question."""

    terminal: str
    number: int
    code: int
    """Not negative when it did it; -1 also when it has no such records."""

    def key(self) -> tuple[str, ...]:
        return (self.terminal, str(self.number))


class Questions:
    """Everything asked and answered."""

    def __init__(self) -> None:
        self.asked: Shelf[TerminalAsked] = Shelf(terminal=lambda fact: fact.terminal)
        self.answered: Shelf[TerminalAnswered] = Shelf(terminal=lambda fact: fact.terminal)

    def asked_once(self, terminal: str, number: int) -> bool:
        return any(entry.fact.number == number for entry in self.asked.find("terminal", terminal))

    def open(self, terminal: str, now: int) -> list[Entry[TerminalAsked]]:
        """What the terminal still owes an answer to, oldest first; `now` in microseconds since 1970."""
        done = {entry.fact.number for entry in self.answered.find("terminal", terminal)}
        asked = self.asked.find("terminal", terminal)
        return [entry for entry in asked if entry.fact.number not in done and now - entry.recorded_at < LIFETIME]


def ask(
    draft: "Draft", *, sn: str, matter: str, now: int, start: datetime | None = None, end: datetime | None = None
) -> int:
    """Queue a question for a terminal; returns its number. `now` in microseconds since 1970."""
    terminal, questions = serial(sn), draft.book.questions
    _check(draft, terminal, matter, start, end)
    if len(questions.open(terminal, now)) >= MOST_OPEN:
        raise Refused("too_many_questions", "sn", sn=terminal, most=MOST_OPEN)
    number = len(questions.asked.find("terminal", terminal)) + 1
    draft.record(TerminalAsked(terminal=terminal, number=number, matter=matter, start=start, end=end))
    return number


def _check(draft: "Draft", terminal: str, matter: str, start: datetime | None, end: datetime | None) -> None:
    if not draft.book.terminals.known(terminal):
        raise Refused("terminal_unknown", "sn", sn=terminal)
    if matter not in MATTERS:
        raise Refused("unknown_matter", "matter", matter=matter)
    if matter == "attlog" and (start is None or end is None):
        raise Refused("no_span", "start")
    if start and end and end <= start:
        raise Refused("ends_before_start", "end", start=start, end=end)
