"""Open questions: what a person has to settle before a month can be trusted."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import sqlite_utils

from attendance.book import Book
from attendance.localtime import DAY, moment_of, month_days, month_of
from projections.facts import NEWEST
from projections.ownership import owner

Json = dict[str, Any]


def unknown_pins(db: sqlite_utils.Database, book: Book, days: range | None = None, upto: int = NEWEST) -> list[Json]:
    """PINs used at a terminal on days when they were nobody's, with how often and when, as of a position."""
    found = [_unknown(book, *one) for one in _unowned(db, book, days, upto)]
    return sorted(found, key=lambda one: (one["terminal"], one["pin"]))


def unknown_punches(db: sqlite_utils.Database, book: Book, terminal: str) -> list[Json]:
    """The same of one terminal, with the moments by date."""
    return [
        {**_unknown(book, terminal, pin, seconds), "days": _by_date(seconds)}
        for _, pin, seconds in sorted(_unowned(db, book, None, NEWEST, terminal))
    ]


def _by_date(seconds: list[int]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for moment in map(moment_of, seconds):
        found.setdefault(moment.date().isoformat(), []).append(moment.time().isoformat())
    return found


def _unowned(
    db: sqlite_utils.Database, book: Book, days: range | None, upto: int, only: str = ""
) -> Iterator[tuple[str, str, list[int]]]:
    """Terminal, PIN and the seconds at which it was used while it was nobody's."""
    for number, terminal, pin in db.conn.execute("SELECT id, terminal, pin FROM credentials").fetchall():
        if (only and terminal != only) or (not book.pins.rows(terminal, pin) and book.people.resolve(pin)):
            continue
        used = (second for (second,) in _seconds(db, number, days, upto))
        seconds = [second for second in used if owner(book, terminal, pin, second // DAY) is None]
        if seconds:
            yield terminal, pin, seconds


def _seconds(db: sqlite_utils.Database, credential: int, days: range | None, upto: int) -> list[tuple[int]]:
    first, last = (days.start * DAY, days.stop * DAY) if days else (0, 2**62)
    query = """
        SELECT second FROM punches WHERE credential = ? AND second >= ? AND second < ? AND position <= ? ORDER BY second
    """
    rows: list[tuple[int]] = db.conn.execute(query, (credential, first, last, upto)).fetchall()
    return rows


def _unknown(book: Book, terminal: str, pin: str, seconds: list[int]) -> Json:
    return {
        "terminal": terminal,
        "pin": pin,
        "first_at": moment_of(seconds[0]).isoformat(" "),
        "last_at": moment_of(seconds[-1]).isoformat(" "),
        "punches": len(seconds),
        "assigned_on_other_dates": bool(book.pins.rows(terminal, pin)),
    }


def quarantine(book: Book) -> list[Json]:
    """Readings that could not be punches."""
    return [
        {
            "id": str(entry.id),
            "terminal": entry.fact.terminal,
            "reason": entry.fact.reason,
            "raw": entry.fact.raw,
            "table": entry.fact.table,
            "length": entry.fact.length,
            "sha256": entry.fact.sha256,
            "recorded_at": utc_text(entry.recorded_at),
        }
        for entry in book.quarantine
    ]


def open_questions(db: sqlite_utils.Database, book: Book, month: str, upto: int) -> list[Json]:
    """What is unsettled about a month as of a position, in the words of the contract (design.md 5.5)."""
    return [*_pin_questions(db, book, month, upto), *_quarantine_questions(book), *_terminal_questions(book)]


def _pin_questions(db: sqlite_utils.Database, book: Book, month: str, upto: int) -> list[Json]:
    return [
        {
            "kind": "pin_out_of_dates" if one["assigned_on_other_dates"] else "unknown_pin",
            "subject": f"{one['terminal']}/{one['pin']}",
            "since": one["first_at"],
            "detail": {key: one[key] for key in ("terminal", "pin", "punches", "first_at", "last_at")},
        }
        for one in unknown_pins(db, book, month_days(month), upto)
    ]


def _quarantine_questions(book: Book) -> list[Json]:
    """Readings set aside: their time is what is wrong, so no month can claim or disown them, and each shows all."""
    counts: dict[tuple[str, str], list[int]] = {}
    for entry in book.undecided():
        counts.setdefault((entry.fact.terminal, entry.fact.reason), []).append(entry.recorded_at)
    return [
        {
            "kind": "quarantined",
            "subject": terminal,
            "since": utc_text(min(times)),
            "detail": {"terminal": terminal, "reason": reason, "readings": len(times)},
        }
        for (terminal, reason), times in sorted(counts.items())
    ]


def _terminal_questions(book: Book) -> list[Json]:
    return [
        {
            "kind": "terminal_waiting",
            "subject": entry.fact.terminal,
            "since": utc_text(entry.recorded_at),
            "detail": {"terminal": entry.fact.terminal, "address": entry.fact.address},
        }
        for entry in book.terminals.waiting()
    ]


def utc_text(recorded_at: int) -> str:
    """Microseconds since 1970 as ISO 8601 in UTC."""
    return datetime.fromtimestamp(recorded_at / 1_000_000, UTC).isoformat()


def months_of_facts(book: Book) -> set[str]:
    """Months that dated facts besides punches speak of."""
    dates: set[date] = {entry.fact.start for entry in book.leaves} | {entry.fact.date for entry in book.duties}
    dates |= {entry.fact.date for entry in book.corrections} | {entry.fact.start for entry in book.reliefs}
    months = {month_of(day.toordinal()) for day in dates}
    for index in (book.patrol.findings, book.bonuses, book.ratings, book.reviews, book.cases, book.vetoes):
        months |= {str(month) for month in index.keys("month")}
    return months
