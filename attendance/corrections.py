"""Corrections of single marks, and outages of terminals: they satisfy marks and leave the punch in view."""

from datetime import date, datetime
from typing import Literal

from attendance.facts import Fact, Sealed, topic
from attendance.shelf import Shelf

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
