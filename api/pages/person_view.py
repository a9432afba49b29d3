"""One person's month as its page shows it."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from api.pages.dates import day_text, weekday_text
from api.pages.month_view import anchor
from api.pages.words import Symbol, Words
from api.text import say
from attendance.localtime import month_days

Row = dict[str, Any]


class MarkRow(NamedTuple):
    """One mark as due and as punched."""

    due: str
    punch: str
    judged: str
    tone: str
    fact: str
    """The id of the fact behind the punch; empty without a punch."""


class SessionRow(NamedTuple):
    session: str
    window: str
    on: MarkRow | None
    off: MarkRow | None
    symbol: Symbol
    excuse: str


class UnusedPunch(NamedTuple):
    at: str
    fact: str


class DayRow(NamedTuple):
    anchor: str
    day: str
    sessions: list[SessionRow]
    unused: list[UnusedPunch]


class CalendarDay(NamedTuple):
    """A field of the person's calendar; `number` 0 pads the first week."""

    number: int
    anchor: str
    symbols: list[Symbol]
    works: bool


class PersonView:
    """A person's day sheets (contract 5.4) in one language, each punch with the fact behind it."""

    def __init__(self, sheets: list[Row], facts: dict[str, list[str]], words: Words) -> None:
        self._sheets, self._facts = sheets, facts
        self._words, self._language = words, words.language

    def days(self) -> list[DayRow]:
        """Each day with what was due at whatever window."""
        by_date: dict[str, list[Row]] = {}
        for sheet in self._sheets:
            by_date.setdefault(sheet["date"], []).append(sheet)
        return [
            DayRow(
                anchor(day),
                day_text(day, self._language),
                [self.session(session, sheet) for sheet in sheets for session in sheet["sessions"]],
                [UnusedPunch(at, self.fact(day, at)) for at in sheets[0]["unused"]],
            )
            for day, sheets in by_date.items()
        ]

    def session(self, session: Row, sheet: Row) -> SessionRow:
        excuse = session["excuse"]
        return SessionRow(
            self._words.session(session["session"]),
            sheet["window"],
            self.mark(session["on"], "late", sheet["date"]),
            self.mark(session["off"], "early", sheet["date"]),
            self._words.symbol(session["symbol"]),
            self._words.leave(excuse) if excuse else "",
        )

    def mark(self, mark: Row | None, fault: str, day: str) -> MarkRow | None:
        if mark is None:
            return None
        due, punch, minutes = mark["due"], mark["punch"], mark[f"{fault}_minutes"]
        if punch is None:
            return MarkRow(due, "", self._say("mark.missing"), "bad", "")
        if minutes:
            return MarkRow(due, punch, self._say(f"mark.{fault}", n=minutes), "late", self.fact(day, punch))
        return MarkRow(due, punch, self._say("mark.in_time"), "ok", self.fact(day, punch))

    def fact(self, day: str, clock: str) -> str:
        """The fact behind a punch shown as `HH:MM:SS` or, after midnight, `HH:MM:SS+1`."""
        at, _, later = clock.partition("+")
        moment = date.fromisoformat(day) + timedelta(days=int(later or 0))
        return next(iter(self._facts.get(f"{moment} {at}", [])), "")

    def calendar(self, month: str, workdays: set[str]) -> list[CalendarDay]:
        symbols: dict[str, list[Symbol]] = {}
        for sheet in self._sheets:
            own = [self._words.symbol(session["symbol"]) for session in sheet["sessions"]]
            symbols.setdefault(sheet["date"], []).extend(own)
        days = [date.fromordinal(ordinal) for ordinal in month_days(month)]
        padding = [CalendarDay(0, "", [], works=False)] * days[0].weekday()
        return padding + [
            CalendarDay(
                day.day,
                anchor(day.isoformat()) if day.isoformat() in symbols else "",
                symbols.get(day.isoformat(), []),
                works=day.isoformat() in workdays,
            )
            for day in days
        ]

    def weekdays(self) -> list[str]:
        """Monday to Sunday, for the head of the calendar."""
        monday = date(2020, 11, 2)
        return [weekday_text(monday + timedelta(days=number), self._language) for number in range(7)]

    def _say(self, key: str, **details: object) -> str:
        return say(f"page.{key}", self._language, **details)
