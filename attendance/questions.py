"""What the hall asks its terminals: read your log again, count it, tell about yourself.

Nothing that deletes, sets or unlocks can be asked: such commands do not exist here.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from attendance.facts import Entry, Fact, Refused, topic
from attendance.shelf import Shelf
from attendance.terminals import serial

if TYPE_CHECKING:
    from attendance.hall import Draft

MATTERS = ("check", "info", "attlog", "count")
OF_A_SPAN = ("attlog", "count")
MOST_OPEN = 20
LIFETIME = 24 * 3600 * 1_000_000
"""Microseconds after which a question nobody answered is dropped: the terminal was away too long."""


@topic("terminal.asked")
class TerminalAsked(Fact, frozen=True, kw_only=True):
    """A person asked a terminal for something; it learns of it when it next polls."""

    terminal: str
    number: int
    matter: str
    """check (connect anew), info, attlog (send the punches of a span again), count (say how many they are)"""
    start: datetime | None = None
    end: datetime | None = None
    """Of the terminal's wall clock; for attlog and count alone."""

    def key(self) -> tuple[str, ...]:
        return (self.terminal, str(self.number))

    def covers(self, counted: "TerminalCounted") -> bool:
        """Whether the punches of a whole counted span were asked for."""
        if self.matter != "attlog" or self.start is None or self.end is None:
            return False
        return self.start <= counted.start and counted.end <= self.end


@topic("terminal.answered")
class TerminalAnswered(Fact, frozen=True, kw_only=True):
    """The terminal says what became of a question."""

    terminal: str
    number: int
    code: int
    """Not negative when it did it; -1 also when it has no such records."""

    def key(self) -> tuple[str, ...]:
        return (self.terminal, str(self.number))


@topic("terminal.counted")
class TerminalCounted(Fact, frozen=True, kw_only=True):
    """The terminal counted the records it holds of a span; more than the log has, and some never came."""

    terminal: str
    number: int
    """Of the question."""
    start: datetime
    end: datetime
    """Of the terminal's wall clock, its last second included."""
    records: int

    def key(self) -> tuple[str, ...]:
        return (self.terminal, str(self.number))


class Questions:
    """Everything asked and answered."""

    def __init__(self) -> None:
        self.asked: Shelf[TerminalAsked] = Shelf(terminal=lambda fact: fact.terminal)
        self.answered: Shelf[TerminalAnswered] = Shelf(terminal=lambda fact: fact.terminal)
        self.counted: Shelf[TerminalCounted] = Shelf(terminal=lambda fact: fact.terminal)

    def of_number(self, terminal: str, number: int) -> TerminalAsked | None:
        """The question a terminal was asked under a number; None when it never was."""
        asked = self.asked.find("terminal", terminal)
        return next((entry.fact for entry in asked if entry.fact.number == number), None)

    def sent_again(self, counted: Entry[TerminalCounted]) -> bool:
        """Whether the terminal was asked for the whole span after it had counted it, and did as it was asked.

        What it counts beyond that are records it holds twice, which are one punch.
        """
        terminal = counted.fact.terminal
        later = [entry.fact for entry in self.answered.find("terminal", terminal) if entry.position > counted.position]
        asked = (self.of_number(terminal, answer.number) for answer in later if answer.code >= 0)
        return any(one is not None and one.covers(counted.fact) for one in asked)

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
    if matter in OF_A_SPAN and (start is None or end is None):
        raise Refused("no_span", "start")
    if start and end and end <= start:
        raise Refused("ends_before_start", "end", start=start, end=end)
