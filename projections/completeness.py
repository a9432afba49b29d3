"""Is everything in that a month rests on? What may be missing is said before anything is published."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlite_utils

from attendance.book import Book
from attendance.calendar import built_in
from attendance.localtime import DAY, moment_of, month_days
from projections.facts import NEWEST
from projections.questions import open_questions, utc_text

Json = dict[str, Any]
NOVEMBER = 11
NOTICES = frozenset({"calendar_missing", "terminal_waiting"})
"""What is worth knowing but leaves nothing of the month in doubt: it needs no reason to publish over."""


def completeness(db: sqlite_utils.Database, book: Book, month: str, today: date) -> list[Json]:
    """Everything unsettled about a month (kind, subject, since, detail), the contract's open questions included."""
    return [
        *silent_terminals(db, book, month),
        *open_questions(db, book, month, NEWEST),
        *open_objections(book, month),
        *calendar_missing(today),
    ]


def in_doubt(items: Iterable[Json]) -> list[str]:
    """The kinds of question that publishing would pass over."""
    return [item["kind"] for item in items if item["kind"] not in NOTICES]


def silent_terminals(db: sqlite_utils.Database, book: Book, month: str) -> list[Json]:
    """Accepted terminals that sent nothing on workdays, though they usually do: since when, and what may be missing."""
    workdays = [day for day in month_days(month) if book.calendar.is_workday(date.fromordinal(day))]
    punched = _punches_by_day(db, month)
    found = []
    for entry in book.terminals.accepted:
        by_day = punched.get(entry.fact.terminal, Counter())
        found += _silences(db, entry.fact.terminal, by_day, workdays)
    return found


def _punches_by_day(db: sqlite_utils.Database, month: str) -> dict[str, Counter[int]]:
    days = month_days(month)
    query = f"""
        SELECT terminal, second / {DAY}, count(*) FROM punches JOIN credentials ON id = credential
        WHERE second >= ? AND second < ? GROUP BY 1, 2
    """  # noqa: S608 - a constant
    found: dict[str, Counter[int]] = {}
    for terminal, day, punches in db.conn.execute(query, (days.start * DAY, days.stop * DAY)):
        found.setdefault(terminal, Counter())[day] = punches
    return found


def _silences(db: sqlite_utils.Database, terminal: str, by_day: Counter[int], workdays: list[int]) -> list[Json]:
    """Runs of workdays without a punch, for a terminal that is used on most workdays of the month."""
    used = [day for day in workdays if by_day[day]]
    if len(used) * 2 <= len(workdays):
        return []
    usual = sorted(by_day[day] for day in used)[len(used) // 2]
    return [
        {
            "kind": "terminal_silent",
            "subject": terminal,
            "since": _last_before(db, terminal, run[0]),
            "detail": {
                "terminal": terminal,
                "first_day": date.fromordinal(run[0]).isoformat(),
                "last_day": date.fromordinal(run[-1]).isoformat(),
                "workdays": len(run),
                "may_be_missing": usual * len(run),
            },
        }
        for run in _runs([day for day in workdays if not by_day[day]], workdays)
    ]


def _runs(silent: Iterable[int], workdays: list[int]) -> list[list[int]]:
    """Silent workdays that follow one another."""
    runs: list[list[int]] = []
    for day in silent:
        follows = runs and workdays.index(day) == workdays.index(runs[-1][-1]) + 1
        if follows:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def _last_before(db: sqlite_utils.Database, terminal: str, day: int) -> str | None:
    """When the terminal's last punch before a day was made."""
    query = """
        SELECT max((SELECT max(second) FROM punches WHERE credential = id AND second < ?))
        FROM credentials WHERE terminal = ?
    """
    (second,) = db.conn.execute(query, (day * DAY, terminal)).fetchone()
    return None if second is None else moment_of(second).isoformat(" ")


def open_objections(book: Book, month: str) -> list[Json]:
    return [
        {
            "kind": "objection_open",
            "subject": entry.fact.no,
            "since": utc_text(entry.recorded_at),
            "detail": {"objection": entry.fact.objection, "no": entry.fact.no, "about": entry.fact.about},
        }
        for entry in book.months.open_objections(month)
    ]


def calendar_missing(today: date) -> list[Json]:
    """From November on, next year's holidays ought to be known."""
    following = today.year + 1
    if today.month < NOVEMBER or following in built_in():
        return []
    return [{"kind": "calendar_missing", "subject": str(following), "since": None, "detail": {"year": following}}]
