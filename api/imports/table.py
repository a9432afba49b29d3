"""One kind of sheet: its columns, and the command that each row becomes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import TypeVar

from api.imports import cells
from api.imports.headers import column_of
from api.imports.sheets import CELL_LIMIT, Row, Sheet
from attendance.facts import Refused
from attendance.hall import Draft, Outcome

W = TypeVar("W")


class Told:
    """What one row says, by column. Each reader refuses what it cannot read, naming the column."""

    def __init__(self, texts: dict[str, str], numbers: frozenset[str] = frozenset()) -> None:
        self._texts = texts
        self.numbers = numbers
        """Every staff number of the sheet, as written."""

    def text(self, column: str) -> str:
        return self._texts.get(column, "")

    def _given(self, column: str) -> str:
        text = self.text(column)
        if not text:
            raise Refused("missing", column)
        return text

    def day(self, column: str) -> date:
        return cells.as_date(self._given(column), column)

    def maybe_day(self, column: str) -> date | None:
        return self.day(column) if self.text(column) else None

    def clock(self, column: str) -> time:
        return cells.as_time(self._given(column), column)

    def moment(self, column: str) -> datetime:
        return cells.as_moment(self._given(column), column)

    def start(self, column: str = "start") -> datetime:
        return cells.as_start(self._given(column), column)

    def end(self, column: str = "end") -> datetime:
        return cells.as_end(self._given(column), column)

    def month(self, column: str = "month") -> str:
        return cells.as_month(self._given(column), column)

    def count(self, column: str) -> int:
        return cells.as_count(self._given(column), column)

    def maybe_count(self, column: str) -> int:
        return self.count(column) if self.text(column) else 0

    def number(self, column: str) -> Decimal:
        return cells.as_number(self._given(column), column)

    def word(self, column: str, words: Mapping[str, W]) -> W:
        """One of some words; an empty cell is the word "", where that is one of them."""
        text = self.text(column) if "" in words else self._given(column)
        return cells.as_word(text, column, words)


Command = Callable[[Draft, Told], Outcome]


@dataclass(frozen=True)
class Table:
    """A kind of sheet, as 5.3 names it."""

    name: str
    titles: tuple[str, ...]
    """What else a sheet or file of this kind may be called."""
    columns: tuple[str, ...]
    needed: frozenset[str]
    command: Command

    def read(self, sheet: Sheet) -> "Heading":
        """Which cell of a row is which column. Raises Refused when a needed one is missing or one comes twice."""
        found = [column_of(cell, self.columns) if cell else None for cell in sheet.header]
        for column in self.columns:
            if found.count(column) > 1:
                raise Refused("column_repeated", column)
        absent = [column for column in self.columns if column not in found]
        for column in absent:
            if column in self.needed:
                raise Refused("column_missing", column, header=[cell for cell in sheet.header if cell])
        strange = [cell for cell, column in zip(sheet.header, found, strict=True) if cell and column is None]
        return Heading(found, absent, strange)


@dataclass(frozen=True)
class Heading:
    """A sheet's header, understood."""

    columns: list[str | None]
    absent: list[str]
    strange: list[str]

    def texts(self, row: Row) -> dict[str, str]:
        """A row's text by column. Raises Refused for a row that could not be read or is longer than the header."""
        if row.problem:
            raise row.problem
        if beyond := next((cell for cell in row.cells[len(self.columns) :] if cell), ""):
            raise Refused("row_too_long", value=beyond)
        for cell, column in zip(row.cells, self.columns, strict=False):
            if len(cell) > CELL_LIMIT:
                raise Refused("cell_too_long", column or "", limit=CELL_LIMIT)
        return {column: cell for column, cell in zip(self.columns, row.cells, strict=False) if column}
