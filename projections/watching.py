"""What the watch over terminals leaves open, and how many punches a silence may have kept back."""

from datetime import date
from statistics import median_low
from typing import Any

import sqlite_utils

from attendance.book import Book
from attendance.localtime import DAY, month_days, second_of
from attendance.watch import TerminalClockStrayed, TerminalFellSilent

Json = dict[str, Any]
REMEMBERED = 60
"""Days before a silence that show how the terminal is usually used."""
DATE = len("2026-10-09")
ALIKE = 10
"""Of them, the last so many workdays on which it was used."""


def watch_questions(db: sqlite_utils.Database, book: Book, month: str, now: int) -> list[Json]:
    """Terminals that are silent now and those whose clock went astray, as far as a month is concerned; `now` in the
    hall's seconds."""
    return [*_silences(db, book, month, now), *_strays(book, month, now)]


def _silences(db: sqlite_utils.Database, book: Book, month: str, now: int) -> list[Json]:
    """Those that may keep punches of the month back: a silent Sunday leaves nothing in doubt."""
    days = month_days(month)
    accepted = [entry.fact.terminal for entry in book.terminals.accepted]
    silences = [silence.fact for terminal in accepted if (silence := book.watch.silence(terminal))]
    found = [
        _silence(db, book, one, days, now)
        for one in silences
        if second_of(one.since) < min(now, days.stop * DAY) and now >= days.start * DAY
    ]
    return [one for one in found if one["detail"]["may_be_missing"]]


def _silence(db: sqlite_utils.Database, book: Book, silence: TerminalFellSilent, days: range, now: int) -> Json:
    start, end = max(second_of(silence.since), days.start * DAY), min(now, days.stop * DAY)
    return {
        "kind": "terminal_offline",
        "subject": silence.terminal,
        "since": silence.since.isoformat(" "),
        "detail": {
            "terminal": silence.terminal,
            "may_be_missing": usually_between(db, book, silence.terminal, start, end),
        },
    }


def usually_between(db: sqlite_utils.Database, book: Book, terminal: str, start: int, end: int) -> int:
    """About how many punches a terminal brings in a span of hall-local seconds, by the same hours of the workdays
    before it: for each day the lower median, so that the guess is not too high."""
    seconds = _seconds_before(db, terminal, start)
    used = sorted({second // DAY for second in seconds if _is_workday(book, second // DAY)})[-ALIKE:]
    if not used:
        return 0
    found = 0
    for day in range(start // DAY, (end - 1) // DAY + 1):
        if _is_workday(book, day):
            first, last = max(start, day * DAY) - day * DAY, min(end, (day + 1) * DAY) - day * DAY
            found += median_low([sum(first <= second - past * DAY < last for second in seconds) for past in used])
    return found


def _seconds_before(db: sqlite_utils.Database, terminal: str, start: int) -> list[int]:
    query = """
        SELECT second FROM credentials JOIN punches ON credential = id
        WHERE terminal = ? AND second >= ? AND second < ?
    """
    return [second for (second,) in db.conn.execute(query, (terminal, start - REMEMBERED * DAY, start))]


def _is_workday(book: Book, day: int) -> bool:
    on = date.fromordinal(day)
    return book.calendar.is_known(on) and book.calendar.is_workday(on)


def _strays(book: Book, month: str, now: int) -> list[Json]:
    days = month_days(month)
    return [
        _stray(book, entry.fact)
        for entry in book.watch.strayed
        if not book.watch.is_settled(entry.fact) and _touches(book, entry.fact, days, now)
    ]


def _touches(book: Book, stray: TerminalClockStrayed, days: range, now: int) -> bool:
    end = book.watch.end_of(stray)
    last = second_of(end) if end else now
    return second_of(stray.since) < days.stop * DAY and last >= days.start * DAY


def _stray(book: Book, stray: TerminalClockStrayed) -> Json:
    end = book.watch.end_of(stray)
    return {
        "kind": "clock_behind" if stray.seconds > 0 else "clock_ahead",
        "subject": stray.terminal,
        "since": stray.since.isoformat(" "),
        "detail": {
            "terminal": stray.terminal,
            "seconds": abs(stray.seconds),
            "until": end.isoformat(" ") if end else None,
        },
    }


def covered(silent: list[Json], offline: list[Json]) -> list[Json]:
    """Silences told by their days, without those that a silence going on now tells more exactly."""
    since = {one["subject"]: one["since"][:DATE] for one in offline if one["kind"] == "terminal_offline"}
    return [one for one in silent if one["detail"]["first_day"] < since.get(one["subject"], "9999")]
