"""Day sheets: kept as numbers, shown as the contract says (design.md 5.4)."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import msgspec

from attendance.localtime import clock_text
from attendance.rules.day import Judged, Mark
from attendance.rules.person_month import Day

Json = dict[str, Any]
MarkKept = tuple[int, int | None, int]
"""Due and punch in hall-local seconds, and minutes late or early."""


class SessionKept(msgspec.Struct, frozen=True, array_like=True):
    """A judged session as the table keeps it."""

    session: str
    window: str
    symbol: str
    on: MarkKept | None
    off: MarkKept | None
    excuse: str | None


class DayKept(msgspec.Struct, frozen=True, array_like=True):
    """A judged day as the table keeps it. `day` is the date's ordinal, `unused` are hall-local seconds."""

    day: int
    sessions: list[SessionKept]
    unused: list[int]


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(list[DayKept]).decode


def kept(days: Iterable[Day]) -> bytes:
    """A person's judged days as the table keeps them."""
    return _encode([DayKept(one.sheet.day, [_session(s) for s in one.sheet.sessions], one.unused) for one in days])


def _session(judged: Judged) -> SessionKept:
    session = judged.due.session
    on, off = _mark(judged.on), _mark(judged.off)
    return SessionKept(session.name, session.window, judged.symbol, on, off, judged.due.excuse)


def _mark(mark: Mark | None) -> MarkKept | None:
    return None if mark is None else (mark.due, mark.punch, mark.minutes)


def sheets(people: Iterable[tuple[str, bytes | str]], names: dict[str, str]) -> list[Json]:
    """Everybody's day sheets by date, then staff number, from each number's kept days."""
    found = [sheet for no, body in people for sheet in _sheets_of(no, names.get(no, ""), body)]
    return sorted(found, key=lambda sheet: (sheet["date"], sheet["no"]))


def _sheets_of(no: str, name: str, body: bytes | str) -> Iterator[Json]:
    """A sheet for each day and window served: who served two has two, which share one list of unused punches."""
    for kept_day in _decode(body):
        day = kept_day.day
        on_date = date.fromordinal(day).isoformat()
        left = [clock_text(second, day, seconds=True) for second in kept_day.unused]
        by_window: dict[str, list[Json]] = {}
        for one in kept_day.sessions:
            by_window.setdefault(one.window, []).append(_session_shown(day, one))
        for window, shown in by_window.items():
            yield {"no": no, "name": name, "window": window, "date": on_date, "sessions": shown, "unused": left}


def _session_shown(day: int, one: SessionKept) -> Json:
    return {
        "session": one.session,
        "symbol": one.symbol,
        "on": _mark_shown(day, one.on, "late_minutes"),
        "off": _mark_shown(day, one.off, "early_minutes"),
        "excuse": one.excuse,
    }


def _mark_shown(day: int, mark: MarkKept | None, minutes_are: str) -> Json | None:
    if mark is None:
        return None
    due, punch, minutes = mark
    return {
        "due": clock_text(due, day, seconds=False),
        "punch": None if punch is None else clock_text(punch, day, seconds=True),
        minutes_are: minutes,
    }
