"""The old binary .xls, as ZKTime exports it: the same sheets of text that a new workbook gives."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import xlrd
from xlrd.sheet import Cell
from xlrd.sheet import Sheet as OldSheet

from api.imports.sheets import Row, Sheet, sheet_of
from api.imports.workbook import cell_text
from attendance.facts import Refused

VISIBLE = 0
SINCE_1904 = 1


def read_old_workbook(path: Path) -> list[Sheet]:
    """Every visible sheet. Raises Refused for a file that is none."""
    try:
        book = xlrd.open_workbook(path, logfile=StringIO(), ragged_rows=True)
    except Exception as error:  # xlrd raises whatever the damaged part made of it
        raise Refused("workbook_old", file=path.name) from error
    if book.datemode == SINCE_1904:
        raise Refused("workbook_1904")
    return [
        sheet_of(f"{path.name}/{sheet.name}", _rows(sheet), [])
        for sheet in book.sheets()
        if sheet.visibility == VISIBLE
    ]


def _rows(sheet: OldSheet) -> Iterator[Row]:
    for number in range(sheet.nrows):
        try:
            yield Row(number + 1, [_text(cell, at) for at, cell in enumerate(sheet.row(number), 1)])
        except Refused as problem:
            yield Row(number + 1, [], problem)


def _text(cell: Cell, column: int) -> str:
    """A cell as a new workbook would have it. A formula holds its last result here."""
    value: object = cell.value
    if cell.ctype == xlrd.XL_CELL_DATE:
        value = _moment(float(cell.value))
    elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
        value = bool(cell.value)
    elif cell.ctype == xlrd.XL_CELL_ERROR:
        value = xlrd.error_text_from_code.get(cell.value, "#N/A")
    return cell_text(value, value, column)


def _moment(days: float) -> object:
    """Below one day it is a time; what is no date stays the number it is, and is refused where a date is needed."""
    try:
        at = xlrd.xldate_as_datetime(days, 0)
    except (ValueError, OverflowError):
        return days
    return at.time() if days < 1 else at
