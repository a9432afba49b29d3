"""The month calendar (考勤月历): people by window down, days across, one cell a person and day."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import quote

from markupsafe import Markup, escape

from api.pages.dates import weekday_text
from api.pages.month_view import anchor, shown
from api.pages.words import Words
from attendance.book import Book
from attendance.localtime import month_days

COUNTED = ("迟", "早", "缺", "旷", "补")
GRAVE = ("bad", "late", "excused", "ok")
"""The tones, the gravest first: a cell of two sessions takes the graver one's."""


class Column(NamedTuple):
    """One day's column."""

    day: int
    weekday: str
    kind: str
    """work, rest, or adjusted: a weekend day that is a workday."""


class PersonRow(NamedTuple):
    no: str
    name: str
    cells: Markup
    due: int
    counts: list[int]
    excused: int
    exceptional: bool


def calendar_content(
    month: str, sheets: list[dict[str, Any]], book: Book, words: Words, window: str
) -> dict[str, object]:
    """Everything the template asks for; `window` empty is every window."""
    days = [date.fromordinal(ordinal) for ordinal in month_days(month)]
    columns = [_column(day, book, words) for day in days]
    people = _by_person(sheet for sheet in sheets if not window or sheet["window"] == window)
    cells = _Cells(columns, words)
    groups: dict[str, list[PersonRow]] = {}
    for (own_window, _), own in sorted(people.items(), key=lambda item: (_place(book, item[0][0]), item[0][1])):
        groups.setdefault(own_window, []).append(cells.row(own))
    return {
        "columns": columns,
        "groups": list(groups.items()),
        "legend": words.legend(),
        "windows": sorted({sheet["window"] for sheet in sheets}, key=lambda name: _place(book, name)),
        "window": window,
        "counted": [words.symbol(sign) for sign in COUNTED],
    }


def _column(day: date, book: Book, words: Words) -> Column:
    works = book.calendar.is_known(day) and book.calendar.is_workday(day)
    kind = "rest" if not works else "adjusted" if book.calendar.is_adjusted_workday(day) else "work"
    return Column(day.day, weekday_text(day, words.language), kind)


def _by_person(sheets: Iterable[dict[str, Any]]) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """The sheets of each person at each window served."""
    people: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for sheet in sheets:
        people.setdefault((sheet["window"], sheet["no"]), []).append(sheet)
    return people


def _place(book: Book, window: str) -> tuple[int, str]:
    """Windows stand in the office's own order (机构排序), not in that of their sounds."""
    rows = book.windows.find("window", window)
    return (rows[0].position if rows else 2**62, window)


class _Cells:
    """Cells as ready HTML: a large hall has tens of thousands of them, and few kinds."""

    def __init__(self, columns: list[Column], words: Words) -> None:
        self._words = words
        self._empty = [
            "<td></td>" if column.kind == "work" else f'<td class="{column.kind}"></td>' for column in columns
        ]
        self._kinds: dict[tuple[str, ...], tuple[str, str]] = {}

    def row(self, sheets: list[dict[str, Any]]) -> PersonRow:
        cells = list(self._empty)
        link = f"people/{quote(sheets[0]['no'])}"
        signs: list[str] = []
        for sheet in sheets:
            own = tuple(session["symbol"] for session in sheet["sessions"])
            signs += own
            head, tail = self._kind(own)
            cells[int(sheet["date"][8:]) - 1] = f"{head}{link}#{anchor(sheet['date'])}{tail}"
        counts = [sum(letter in sign for sign in signs) for letter in COUNTED]
        excused = sum(self._words.symbol(sign).tone == "excused" and sign not in COUNTED for sign in signs)
        wrong = any(self._words.symbol(sign).tone != "ok" for sign in signs)
        # Every part of a cell was escaped, or made here.
        html = Markup("".join(cells))  # noqa: S704
        return PersonRow(sheets[0]["no"], shown(sheets[0]), html, len(signs), counts, excused, exceptional=wrong)

    def _kind(self, signs: tuple[str, ...]) -> tuple[str, str]:
        """The HTML before and after a cell's link, by the day's symbols."""
        if signs not in self._kinds:
            symbols = [self._words.symbol(sign) for sign in signs]
            tone = min((symbol.tone for symbol in symbols), key=GRAVE.index)
            text = escape(signs[0] if len(set(signs)) == 1 else "/".join(signs))
            meaning = escape(" / ".join(symbol.meaning for symbol in symbols))
            title = "" if tone == "ok" else f' title="{meaning}"'
            self._kinds[signs] = (f'<td class="{tone}"{title}><a href="', f'">{text}</a></td>')
        return self._kinds[signs]
