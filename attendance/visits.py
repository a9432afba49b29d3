"""What the hall did at terminals that it calls itself: how far it read, whom it carried there, when it set a clock."""

from typing import TYPE_CHECKING

from attendance import known
from attendance.facts import Fact, topic
from attendance.shelf import Shelf

if TYPE_CHECKING:
    from attendance.hall import Draft, Outcome

DEEDS = ("put", "removed")


@topic("terminal.pulled")
class TerminalPulled(Fact, frozen=True, kw_only=True):
    """The terminal's records were read, without a gap, up to this one; the next visit reads on from a little before."""

    terminal: str
    serial: int = 0
    """The record's running number; 0 where the family counts by time alone."""
    at: str = ""
    """The record's time as the terminal wrote it: after a reset another record bears the same number."""

    def key(self) -> tuple[str, ...]:
        return (self.terminal,)


@topic("terminal.clock_set")
class TerminalClockSet(Fact, frozen=True, kw_only=True):
    """The hall set a terminal's clock; both times are as the terminal writes them."""

    terminal: str
    before: str
    after: str

    def key(self) -> tuple[str, ...]:
        return (self.terminal, self.before, self.after)


@topic("person.carried")
class PersonCarried(Fact, frozen=True, kw_only=True):
    """A person was put on a terminal, or removed with every template there; `answer` is the terminal's receipt."""

    terminal: str
    pin: str
    deed: str
    """put or removed"""
    applied: bool
    """Whether the terminal did it."""
    answer: str = ""
    """The terminal's own word for it, such as ok or employeeNoNotExist."""
    number: int = 0
    """Of the order that it answers; 0 for none."""
    attempt: int = 0
    """The sending of that order that it answers."""

    def key(self) -> tuple[str, ...]:
        answers = (str(self.number), str(self.attempt)) if self.number else ()
        return (self.terminal, self.pin, *answers)


class Visits:
    """Everything the hall did at terminals."""

    def __init__(self) -> None:
        self.pulled: Shelf[TerminalPulled] = Shelf(terminal=lambda fact: fact.terminal)
        self.clocks: Shelf[TerminalClockSet] = Shelf(terminal=lambda fact: fact.terminal)
        self.carried: Shelf[PersonCarried] = Shelf(
            terminal=lambda fact: fact.terminal, number=lambda fact: (fact.terminal, fact.number)
        )

    def mark(self, terminal: str) -> TerminalPulled | None:
        """How far a terminal was read; None before the first visit."""
        rows = self.pulled.find("terminal", terminal)
        return rows[-1].fact if rows else None


def note_pull(draft: "Draft", *, sn: str, serial: int, at: str) -> "Outcome":
    """The terminal was read up to this record."""
    return draft.record(TerminalPulled(terminal=known.terminal(draft.book, sn), serial=serial, at=at))


def note_clock(draft: "Draft", *, sn: str, before: str, after: str) -> "Outcome":
    """The terminal's clock was set."""
    return draft.record(TerminalClockSet(terminal=known.terminal(draft.book, sn), before=before, after=after))
