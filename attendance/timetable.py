"""Timetables and rota duties: which sessions a window owes on which dates."""

from datetime import date, time
from typing import TYPE_CHECKING, Literal

from attendance import known
from attendance.facts import Entry, Fact, Refused, topic
from attendance.shelf import Shelf

if TYPE_CHECKING:
    from attendance.hall import Draft, Outcome

WEEK = range(1, 8)
DAY_MINUTES = 24 * 60

Owes = Literal["both", "on", "off"]


@topic("timetable.set")
class TimetableSet(known.Dated, Fact, frozen=True, kw_only=True):
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


def set_session(
    draft: "Draft",
    *,
    session: str,
    on: time,
    off: time,
    start: date | None = None,
    end: date | None = None,
    weekday: int | None = None,
    window: str = "",
    owes: Owes = "both",
) -> "Outcome":
    """A window, or every window, owes a session. Sessions of one group must not overlap (scoring.md, Timetable)."""
    known.dates_in_order(start, end)
    if weekday is not None and weekday not in WEEK:
        raise Refused("weekday_wrong", "weekday", weekday=weekday)
    if window:
        known.window(draft.book, window)
    _refuse_empty(on, off)
    known.given(session, "session")
    fact = TimetableSet(
        start=start, end=end, weekday=weekday, window=window, session=session, on=on, off=off, owes=owes
    )
    _refuse_overlap(fact, [entry.fact for entry in draft.book.timetable.find("window", window)])
    return draft.record(fact)


def assign_duty(draft: "Draft", *, no: str, date: date, session: str, on: time, off: time) -> "Outcome":
    """A person owes one more session on a date, by rota."""
    no = known.person(draft.book, no)
    _refuse_empty(on, off)
    return draft.record(DutyAssigned(no=no, date=date, session=known.given(session, "session"), on=on, off=off))


def _refuse_empty(on: time, off: time) -> None:
    if on == off:
        raise Refused("session_empty", "off", on=on)


def _refuse_overlap(fact: TimetableSet, others: list[TimetableSet]) -> None:
    for other in others:
        if other.group() == fact.group() and other.session != fact.session and _meet(_span(fact), _span(other)):
            raise Refused("session_overlaps", "on", session=other.session, on=other.on, off=other.off)


def _span(fact: TimetableSet) -> tuple[int, int]:
    """First and last minute, the last beyond midnight for a session that crosses it."""
    on, off = (moment.hour * 60 + moment.minute for moment in (fact.on, fact.off))
    return (on, off) if off > on else (on, off + DAY_MINUTES)


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
