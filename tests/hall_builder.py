"""A hall told in sentences: real facts in a real book, judged by the rules alone, without log or tables.

Dates are ``MM-DD`` of 2026 and moments ``MM-DD HH:MM[:SS]`` unless they begin with a year of their own. March 2026 has
22 workdays, no holiday and no adjusted workday; the 2nd is a Monday.
"""

import tomllib
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from math import inf
from typing import Any, Literal
from uuid import UUID

import msgspec
from halls import POLICY

from attendance.bonus import BonusClaimed
from attendance.book import Book
from attendance.calendar import CalendarDaySet
from attendance.corrections import CorrectionApproved, OutageDeclared
from attendance.facts import Entry, Fact, Sealed
from attendance.leave import LeaveApproved
from attendance.localtime import clock_text, second_of
from attendance.patrol import FindingNoted, FindingOverturned, FindingWithdrawn
from attendance.people import StaffPosted
from attendance.policy import Policy, adopt
from attendance.punches import Punched
from attendance.ratings import CasesReported, RatingReceived, ReviewReceived, Verified
from attendance.relief import ReliefArranged
from attendance.rules.day import Judged, Mark
from attendance.rules.month import MonthResult, RankedPerson, RankedWindow, weigh
from attendance.rules.person_month import MonthRules, PersonMonth
from attendance.rules.punched import Punches
from attendance.rules.score import shown
from attendance.terminals import PinAssigned
from attendance.timetable import DutyAssigned, Owes, TimetableSet
from attendance.vetoes import VetoRaised
from attendance.windows import WindowRegistered

MARCH = "2026-03"
TERMINAL = "GATE1"
NOBODY = Sealed(subject="", box=b"")
"""The rules never open a name."""


def day(text: str) -> date:
    return date.fromisoformat(text if text[4:5] == "-" else f"2026-{text}")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text if text[4:5] == "-" else f"2026-{text}")


def maybe(text: str) -> date | None:
    return day(text) if text else None


def interval_end(text: str) -> datetime:
    """The end of an interval; a date alone is included whole."""
    return moment(text) if ":" in text else moment(text) + timedelta(days=1)


@cache
def _default_policy() -> dict[str, Any]:
    return tomllib.loads(POLICY, parse_float=Decimal)


def policy_with(**changes: Any) -> Policy:
    """The default policy with other values; ``attendance__grace_minutes=5`` names a key inside a table."""
    tables = msgspec.json.decode(msgspec.json.encode(_default_policy()))
    for path, value in changes.items():
        *outer, key = path.split("__")
        table = tables
        for name in outer:
            table = table[name]
        table[key] = value
    return msgspec.convert(tables, Policy, strict=False)


class ToldHall:
    """Window 税务窗口 with a morning 09:00–12:00 and an afternoon 13:30–17:00, unless told otherwise."""

    def __init__(self, *, sessions: bool = True, **policy: Any) -> None:
        self.book = Book(UUID(int=1))
        self.policy = policy_with(**policy)
        self.punched: dict[str, dict[int, tuple[UUID, ...]]] = {}
        self.tell(adopt(POLICY))
        self.window("税务窗口")
        if sessions:
            self.session("am", "09:00", "12:00")
            self.session("pm", "13:30", "17:00")

    def tell(self, fact: Fact) -> UUID:
        fact_id = self.book.id_of(fact)
        self.book.apply(Entry(fact_id, 1, self.book.position + 1, 0, "office", fact))
        return fact_id

    def window(self, name: str, unit: str = "", start: str = "", end: str = "") -> UUID:
        return self.tell(WindowRegistered(window=name, unit=unit or name, start=maybe(start), end=maybe(end)))

    def staff(self, no: str, window: str = "税务窗口", start: str = "", end: str = "", *, relief: bool = False) -> UUID:
        unit = self.book.windows.find("window", window)[0].fact.unit
        return self.tell(
            StaffPosted(no=no, name=NOBODY, window=window, unit=unit, start=maybe(start), end=maybe(end), relief=relief)
        )

    def session(
        self,
        name: str,
        on: str,
        off: str,
        *,
        owes: Owes = "both",
        window: str = "",
        weekday: int | None = None,
        start: str = "",
        end: str = "",
    ) -> UUID:
        return self.tell(
            TimetableSet(
                session=name,
                on=time.fromisoformat(on),
                off=time.fromisoformat(off),
                owes=owes,
                window=window,
                weekday=weekday,
                start=maybe(start),
                end=maybe(end),
            )
        )

    def duty(self, no: str, on_day: str, session: str, on: str, off: str) -> UUID:
        hours = {"on": time.fromisoformat(on), "off": time.fromisoformat(off)}
        return self.tell(DutyAssigned(no=no, date=day(on_day), session=session, **hours))

    def calendar_day(self, on_day: str, *, workday: bool) -> UUID:
        return self.tell(CalendarDaySet(date=day(on_day), workday=workday))

    def leave(self, no: str, type: str, start: str, end: str) -> UUID:
        return self.tell(LeaveApproved(no=no, type=type, start=moment(start), end=interval_end(end)))

    def correction(self, no: str, on_day: str, session: str, mark: Literal["on", "off"]) -> UUID:
        return self.tell(CorrectionApproved(no=no, date=day(on_day), session=session, mark=mark))

    def outage(self, start: str, end: str, terminal: str = TERMINAL) -> UUID:
        return self.tell(OutageDeclared(terminal=terminal, start=moment(start), end=moment(end)))

    def pin(self, terminal: str, pin: str, no: str) -> UUID:
        return self.tell(PinAssigned(terminal=terminal, pin=pin, no=no))

    def stand_in(self, relief_no: str, window: str, start: str, end: str, regular_no: str = "") -> UUID:
        return self.tell(
            ReliefArranged(
                window=window,
                relief_no=relief_no,
                regular_no=regular_no,
                start=moment(start),
                end=interval_end(end),
            )
        )

    def finding(self, code: str, seen_at: str, no: str = "", window: str = "", number: str = "") -> UUID:
        number = number or f"{code} {seen_at} {no}{window}"
        return self.tell(FindingNoted(finding=number, seen_at=moment(seen_at), code=code, no=no, window=window))

    def withdraw(self, number: str) -> UUID:
        return self.tell(FindingWithdrawn(finding=number))

    def overturn(self, number: str) -> UUID:
        return self.tell(FindingOverturned(finding=number))

    def rating(
        self, level: str, on_day: str, no: str = "", window: str = "税务窗口", verified: Verified = "yes"
    ) -> UUID:
        return self.tell(RatingReceived(date=day(on_day), window=window, no=no, level=level, verified=verified))

    def review(
        self, kind: Literal["public", "peer"], score: str, no: str = "", window: str = "", samples: int = 10
    ) -> UUID:
        return self.tell(
            ReviewReceived(month=MARCH, kind=kind, no=no, window=window, score=Decimal(score), samples=samples)
        )

    def cases(self, unit: str, *, total: int = 0, overdue: int = 0) -> UUID:
        return self.tell(CasesReported(month=MARCH, unit=unit, total=total, overdue=overdue))

    def bonus(
        self, code: str, count: int, *windows: str, no: str = "", on_day: str = "03-31", ordinal: int = 1
    ) -> UUID:
        return self.tell(
            BonusClaimed(date=day(on_day), code=code, count=count, windows=windows, no=no, ordinal=ordinal)
        )

    def veto(self, no: str) -> UUID:
        return self.tell(VetoRaised(month=MARCH, no=no, trigger="corruption_verified"))

    def punches(self, no: str, on_day: str, clock: str) -> None:
        """Punches of a person at times of one day, ``+1`` behind a time of the next: ``08:55 12:00:30 01:10+1``."""
        for word in clock.split():
            hour, _, later = word.partition("+")
            at = datetime.combine(day(on_day), time.fromisoformat(hour)) + timedelta(days=int(later or 0))
            punch = self.book.id_of(Punched(terminal=TERMINAL, pin=no, at=at))
            self.punched.setdefault(no, {})[second_of(at)] = (punch,)

    def keeps(self, no: str, first: str = "03-01", last: str = "03-31", but: str = "") -> None:
        """A person punches in and out on time on every weekday from one day to another, but on the days given."""
        on_day = day(first)
        while on_day <= day(last):
            if on_day.isoweekday() < 6 and f"{on_day:%m-%d}" not in but.split():
                self.punches(no, on_day.isoformat(), "08:55 12:01 13:20 17:05")
            on_day += timedelta(days=1)

    def rules(self, month: str = MARCH, until: str = "") -> MonthRules:
        return MonthRules(self.book, month, self.policy, second_of(moment(until)) if until else inf)

    def person(self, no: str, month: str = MARCH, until: str = "") -> PersonMonth:
        return self.rules(month, until).person(no, Punches.of(self.punched.get(no, {})))

    def sheet(self, no: str, on_day: str, until: str = "") -> str:
        """The sessions of a day, each as ``symbol on off``: see `_session_text`. Empty when nothing was due."""
        wanted = day(on_day).toordinal()
        months = self.person(no, on_day[:7] if on_day[4:5] == "-" else f"2026-{on_day[:2]}", until).days
        return " | ".join(
            _session_text(one, wanted) for d in months if d.sheet.day == wanted for one in d.sheet.sessions
        )

    def unused(self, no: str, on_day: str) -> str:
        wanted = day(on_day).toordinal()
        found = [second for d in self.person(no).days if d.sheet.day == wanted for second in d.unused]
        return " ".join(_short(clock_text(second, wanted, seconds=True)) for second in found)

    def owed(self, no: str, on_day: str) -> str:
        """What was due on a day before anyone looked at punches: ``am 09:00–12:00 税务窗口 | …``."""
        wanted = day(on_day).toordinal()
        month = on_day[:7] if on_day[4:5] == "-" else f"2026-{on_day[:2]}"
        sessions = [
            one.due.session for d in self.person(no, month).days if d.sheet.day == wanted for one in d.sheet.sessions
        ]
        return " | ".join(
            f"{one.name} {clock_text(one.on, wanted, seconds=False)}–{clock_text(one.off, wanted, seconds=False)}"
            + ("" if one.window == "税务窗口" else f" {one.window}")
            for one in sessions
        )

    def month(self, until: str = "") -> MonthResult:
        rules = self.rules(until=until)
        return weigh(rules, [rules.person(no, Punches.of(self.punched.get(no, {}))).tally for no in rules.people()])

    def ranked(self, no: str) -> RankedPerson:
        return next(one for one in self.month().ranking if one.no == no)

    def ranked_window(self, window: str = "税务窗口") -> RankedWindow:
        return next(one for one in self.month().windows if one.window == window)

    def lines(self, no: str) -> list[str]:
        """A person's score lines, each as ``MM-DD rule points``."""
        return [f"{_date(one.day)} {one.rule} {_plain(one.points)}" for one in self.ranked(no).lines]

    def window_lines(self, window: str = "税务窗口") -> list[str]:
        return [f"{_date(one.day)} {one.rule} {_plain(one.window_points)}" for one in self.ranked_window(window).lines]

    def off_the_list(self, until: str = "") -> list[str]:
        """Each as ``no MM-DD session symbol``."""
        return [
            " ".join(filter(None, (one.no, _date(one.because.day), one.because.session, one.because.symbol)))
            for one in self.month(until).off_the_list
        ]

    def prizes(self) -> list[str]:
        return [f"{one.prize} {one.winner}" for one in self.month().prizes]

    def ranks(self) -> list[str]:
        return [f"{one.rank} {one.no}" for one in self.month().ranking]

    def unranked(self) -> list[str]:
        return [f"{one.no} {one.reason}" for one in self.month().unranked]

    def part(self, no: str, name: str) -> str | None:
        """The value of one part of a person's composite; None when the part does not exist."""
        return next((shown(part.value, 2) for part in self.ranked(no).sum.parts if part.name == name), None)


def _session_text(one: Judged, of_day: int) -> str:
    if one.excused:
        return one.symbol
    return f"{one.symbol} {_mark_text(one.on, of_day)} {_mark_text(one.off, of_day)}"


def _mark_text(mark: Mark | None, of_day: int) -> str:
    """The punch with its minutes in brackets, ``_`` for a missing punch, ``-`` for a mark that is not owed."""
    if mark is None:
        return "-"
    text = "_" if mark.punch is None else _short(clock_text(mark.punch, of_day, seconds=True))
    return f"{text}({mark.minutes})" if mark.minutes else text


def _short(clock: str) -> str:
    return (
        clock.replace(":00+", "+") if ":00+" in clock[5:] else clock.removesuffix(":00") if len(clock) == 8 else clock
    )


def _date(of_day: int) -> str:
    return date.fromordinal(of_day).isoformat()[5:]


def _plain(points: Decimal) -> str:
    return format(points.normalize(), "f")
