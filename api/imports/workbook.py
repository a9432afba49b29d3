"""An Excel workbook as sheets of text, each cell written as the CSV would have it."""

import warnings
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import MAC_EPOCH

from api.imports.sheets import Row, Sheet, clean, sheet_of
from attendance.facts import Refused

Cells = tuple[object, ...]
EXACT_BELOW = 10**15
"""Excel keeps fifteen digits of a number and turns the others into zeros."""
MEGABYTE = 1 << 20
UNPACKED_LIMIT = 512
"""Megabytes of XML. A hundred thousand rows take some 60; a small file that unpacks to more is an attack."""


def read_workbook(path: Path) -> list[tuple[str, Sheet]]:
    """Every visible sheet of a workbook with its name. Raises Refused for a file that is none."""
    try:
        has_formulas = _has_formulas(path)
        with warnings.catch_warnings(action="ignore"):  # openpyxl's, about features of Excel that hold no cells
            return _sheets(path, has_formulas=has_formulas)
    except Refused:
        raise
    except Exception as error:  # openpyxl raises whatever the damaged part made of it
        raise Refused("workbook_unreadable", problem=error) from error


def _has_formulas(path: Path) -> bool:
    """Whether any cell is a formula: only then is the file read twice, for results and for formulas without one."""
    with ZipFile(path) as parts:
        size = sum(part.file_size for part in parts.infolist()) // MEGABYTE
        if size > UNPACKED_LIMIT:
            raise Refused("workbook_too_large", size=size, limit=UNPACKED_LIMIT)
        return any(b"<f" in parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/"))


def _sheets(path: Path, *, has_formulas: bool) -> list[tuple[str, Sheet]]:
    with closing(load_workbook(path, read_only=True, data_only=True)) as results:
        if results.epoch == MAC_EPOCH:
            raise Refused("workbook_1904")
        if not has_formulas:
            return [(name, _sheet(path, name, results, None)) for name in _visible(results)]
        with closing(load_workbook(path, read_only=True)) as formulas:
            return [(name, _sheet(path, name, results, formulas)) for name in _visible(results)]


def _visible(workbook: Any) -> list[str]:
    return [sheet.title for sheet in workbook.worksheets if sheet.sheet_state == "visible"]


def _sheet(path: Path, name: str, results: Any, formulas: Any) -> Sheet:
    if formulas:
        rows = _rows(zip(_results(results[name]), _values(formulas[name]), strict=True))
    else:
        rows = _rows((row, row) for row in _values(results[name]))
    return sheet_of(f"{path.name}/{name}", rows, [])


def _rows(rows: Iterable[tuple[Cells, Cells]]) -> Iterator[Row]:
    for number, (cells, formulas) in enumerate(rows, 1):
        try:
            yield Row(
                number, [cell_text(*cell) for cell in zip(cells, formulas, range(1, len(cells) + 1), strict=True)]
            )
        except Refused as problem:
            yield Row(number, [], problem)


def _values(sheet: Any) -> Iterator[Cells]:
    sheet.reset_dimensions()  # other programs write wrong ones, and rows would be cut off
    rows: Iterator[Cells] = sheet.iter_rows(values_only=True)
    return rows


def _results(sheet: Any) -> Iterator[Cells]:
    """Values beside formulas: a formula whose result is the empty text has one, though openpyxl gives none."""
    sheet.reset_dimensions()
    for row in sheet.iter_rows():
        yield tuple("" if cell.value is None and cell.data_type == "str" else cell.value for cell in row)


def cell_text(value: object, written: object, column: int) -> str:
    """A cell's value as text. Raises Refused for a formula whose result the file does not hold, and for an error."""
    if value is None:
        if written is not None:
            raise Refused("cell_formula", get_column_letter(column))
        return ""
    if isinstance(value, str):
        if value in ERROR_CODES:
            raise Refused("cell_error", get_column_letter(column), value=value)
        return clean(value)
    if isinstance(value, float) and abs(value) >= EXACT_BELOW:
        raise Refused("number_rounded", get_column_letter(column), value=f"{value:.0f}")
    return _plain(value)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, timedelta):  # a time in the format [h]:mm
        return _moment(datetime(1900, 1, 1) + value).partition(" ")[2]
    if isinstance(value, time):
        return value.replace(microsecond=0).isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _moment(value: datetime) -> str:
    """A date alone at midnight; to the nearest second, since Excel's fractions of a day are never exact."""
    value = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
    return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M:%S}"
