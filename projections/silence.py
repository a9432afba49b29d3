"""Terminals that fell silent: since when, and about how many punches may be missing."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from statistics import median_low
from typing import Any, NamedTuple

import sqlite_utils

from attendance.book import Book
from attendance.localtime import DAY, moment_of, month_days, second_of

Json = dict[str, Any]
LOOKBACK = 31
"""Days before the month that show whether a terminal was in daily use: it may have died on the month's first day."""
BUSY = 20
"""Punches a day from which half of the usual number is a sign of an outage, and not of somebody's leave."""


def silent_terminals(db: sqlite_utils.Database, book: Book, month: str, until: int) -> list[Json]:
    """Accepted terminals in daily use that sent nothing, or too little, on workdays of the month before `until`."""
    days = month_days(month)
    workdays = [day for day in range(days.start, min(days.stop, until)) if book.calendar.is_workday(_date(day))]
    if not workdays:
        return []
    punched = _punches_by_day(db, range(days.start - LOOKBACK, days.stop))
    found = []
    for entry in book.terminals.accepted:
        terminal = entry.fact.terminal
        by_day = punched.get(terminal, Counter())
        rhythm = rhythm_of(book, by_day)
        if rhythm is None:
            continue
        owed = [day for day in workdays if day > rhythm.first and not _explained(book, terminal, day)]
        thin = [day for day in owed if rhythm.too_few(by_day[day])]
        found += [_silence(db, terminal, run, by_day, rhythm.usual) for run in runs(thin, workdays)]
    return found


def _date(day: int) -> date:
    return date.fromordinal(day)


def _punches_by_day(db: sqlite_utils.Database, days: range) -> dict[str, Counter[int]]:
    query = f"""
        SELECT terminal, second / {DAY}, count(*) FROM punches JOIN credentials ON id = credential
        WHERE second >= ? AND second < ? GROUP BY 1, 2
    """  # noqa: S608 - a constant
    found: dict[str, Counter[int]] = {}
    for terminal, day, punches in db.conn.execute(query, (days.start * DAY, days.stop * DAY)):
        found.setdefault(terminal, Counter())[day] = punches
    return found


def _explained(book: Book, terminal: str, day: int) -> bool:
    """Whether another terminal stands in its place by then, or a declared outage covers the day's middle: somebody
    knows already, and its marks are satisfied."""
    replaced = book.terminals.replacement(terminal)
    if replaced and replaced.fact.start.toordinal() <= day:
        return True
    noon = day * DAY + DAY // 2
    outages = book.outages.find("terminal", terminal)
    return any(second_of(entry.fact.start) <= noon <= second_of(entry.fact.end) for entry in outages)


class Rhythm(NamedTuple):
    """How a terminal in daily use is used."""

    first: int
    """The first day of its use that we look at."""
    usual: int
    """Punches on a usual workday: the lower median, so that the guess is not too high."""

    def too_few(self, punches: int) -> bool:
        return punches == 0 or (self.usual >= BUSY and punches * 2 < self.usual)


def rhythm_of(book: Book, by_day: Counter[int]) -> Rhythm | None:
    """None for a terminal that was not used on most workdays between its first and its last."""
    used = sorted(day for day in by_day if _is_workday(book, day))
    if len(used) < 2 or len(used) * 2 <= sum(_is_workday(book, day) for day in range(used[0], used[-1] + 1)):
        return None
    return Rhythm(used[0], median_low([by_day[day] for day in used]))


def _is_workday(book: Book, day: int) -> bool:
    return book.calendar.is_known(_date(day)) and book.calendar.is_workday(_date(day))


def runs(silent: Iterable[int], workdays: list[int]) -> list[list[int]]:
    """Silent workdays that follow one another."""
    place = {day: number for number, day in enumerate(workdays)}
    found: list[list[int]] = []
    for day in silent:
        if found and place[day] == place[found[-1][-1]] + 1:
            found[-1].append(day)
        else:
            found.append([day])
    return found


def _silence(db: sqlite_utils.Database, terminal: str, run: list[int], by_day: Counter[int], usual: int) -> Json:
    without_any = next((day for day in run if not by_day[day]), run[-1] + 1)
    return {
        "kind": "terminal_silent",
        "subject": terminal,
        "since": _last_before(db, terminal, without_any),
        "detail": {
            "terminal": terminal,
            "first_day": _date(run[0]).isoformat(),
            "last_day": _date(run[-1]).isoformat(),
            "workdays": len(run),
            "may_be_missing": sum(usual - by_day[day] for day in run),
        },
    }


def _last_before(db: sqlite_utils.Database, terminal: str, day: int) -> str | None:
    """When the terminal's last punch before a day was made."""
    query = """
        SELECT max((SELECT max(second) FROM punches WHERE credential = id AND second < ?))
        FROM credentials WHERE terminal = ?
    """
    (second,) = db.conn.execute(query, (day * DAY, terminal)).fetchone()
    return None if second is None else moment_of(second).isoformat(" ")
