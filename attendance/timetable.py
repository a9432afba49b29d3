"""Timetables and rota duties: which sessions a window owes on which dates."""

from datetime import date, time
from typing import Literal

from attendance.facts import Entry, Fact, topic
from attendance.shelf import Shelf

Owes = Literal["both", "on", "off"]


@topic("timetable.set")
class TimetableSet(Fact, frozen=True, kw_only=True):
    """A window (or every window) owes a session between two dates, on a weekday or on all."""

    start: date | None = None
    end: date | None = None
    weekday: int | None = None
    """1 Monday … 7 Sunday; None is every day."""
    window: str = ""
    """Empty: every window."""
    session: str
    on: time
    off: time
    """Not after `on`: the session crosses midnight."""
    owes: Owes = "both"

    def key(self) -> tuple[str, ...]:
        return (*(str(part or "") for part in self.group()), self.session)

    def group(self) -> tuple[date | None, date | None, int | None, str]:
        return (self.start, self.end, self.weekday, self.window)

    def holds_on(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


@topic("duty.assigned")
class DutyAssigned(Fact, frozen=True, kw_only=True):
    """A rota duty: this person owes this session on that date, workday or not."""

    no: str
    date: date
    session: str
    on: time
    off: time

    def key(self) -> tuple[str, ...]:
        return (self.no, str(self.date), self.session)


class Timetable(Shelf[TimetableSet]):
    def __init__(self) -> None:
        super().__init__(window=lambda fact: fact.window)


class Duties(Shelf[DutyAssigned]):
    def __init__(self) -> None:
        super().__init__(no=lambda fact: fact.no)

    def of(self, no: str, day: date) -> list[Entry[DutyAssigned]]:
        return [entry for entry in self.find("no", no) if entry.fact.date == day]
