"""Day sheets: one row for every person, day and window served (design.md 5.4)."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import msgspec
import sqlite_utils

from attendance.localtime import clock_text
from attendance.rules.day import Judged, Mark
from attendance.rules.person_month import Day

DayRow = tuple[str, str, str, str, bytes, bytes]
"""month, no, date, window, sessions, unused"""

_encode = msgspec.json.Encoder().encode


def day_rows(month: str, no: str, days: Iterable[Day]) -> Iterator[DayRow]:
    """The rows of a person's month: who served two windows on a day has two rows, with one list of unused punches."""
    for one in days:
        day = one.sheet.day
        on_date = date.fromordinal(day).isoformat()
        unused = _encode([clock_text(second, day, seconds=True) for second in one.unused])
        by_window: dict[str, list[dict[str, Any]]] = {}
        for judged in one.sheet.sessions:
            by_window.setdefault(judged.due.session.window, []).append(_session(day, judged))
        for window, sessions in by_window.items():
            yield month, no, on_date, window, _encode(sessions), unused


def _session(day: int, judged: Judged) -> dict[str, Any]:
    return {
        "session": judged.due.session.name,
        "symbol": judged.symbol,
        "on": _mark(day, judged.on, "late_minutes"),
        "off": _mark(day, judged.off, "early_minutes"),
        "excuse": judged.due.excuse,
    }


def _mark(day: int, mark: Mark | None, minutes: str) -> dict[str, Any] | None:
    if mark is None:
        return None
    return {
        "due": clock_text(mark.due, day, seconds=False),
        "punch": None if mark.punch is None else clock_text(mark.punch, day, seconds=True),
        minutes: mark.minutes,
    }


def write_days(db: sqlite_utils.Database, month: str, no: str, rows: Iterable[DayRow]) -> None:
    """Replace a person's month."""
    db.conn.execute("DELETE FROM days WHERE month = ? AND no = ?", (month, no))
    db.conn.executemany("INSERT INTO days VALUES (?, ?, ?, ?, ?, ?)", rows)


def read_days(db: sqlite_utils.Database, month: str, no: str | None = None) -> list[DayRow]:
    where, values = ("month = ?", [month]) if no is None else ("month = ? AND no = ?", [month, no])
    return list(db.conn.execute(f"SELECT * FROM days WHERE {where}", values))  # noqa: S608


def sheets(rows: Iterable[DayRow], names: dict[str, str]) -> list[dict[str, Any]]:
    """Day sheets as the contract shows them, by date, then staff number."""
    found = [
        {
            "no": no,
            "name": names.get(no, ""),
            "window": window,
            "date": on_date,
            "sessions": msgspec.json.decode(sessions),
            "unused": msgspec.json.decode(unused),
        }
        for _, no, on_date, window, sessions, unused in rows
    ]
    return sorted(found, key=lambda sheet: (sheet["date"], sheet["no"]))
