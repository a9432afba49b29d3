"""Workbooks: rows of text and numbers, laid out to be printed; nothing a person wrote is ever taken for a formula."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from types import MappingProxyType
from typing import Any, NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from api.documents.naming import printable

Cell = str | int | float
FORMULA_STARTS = ("=", "+", "-", "@")
A4 = 9
LONG = 40
"""Text longer than this runs over several lines of its cell, whose row must be told to be so high."""
LINE_POINTS = 13


class Look(NamedTuple):
    """How a cell is drawn."""

    bold: bool = False
    center: bool = False
    color: str = ""
    title: bool = False
    points: bool = False
    plain: bool = False
    """Beside the table rather than in it: no border."""
    wrap: bool = False


class Sheet(NamedTuple):
    """One table on one worksheet."""

    name: str
    title: str
    heads: list[list[Cell]]
    """One row of heads or two; repeated on every printed page."""
    rows: Iterable[Sequence[Cell]]
    widths: list[float]
    frozen: int
    """Columns that stay in view."""
    colors: Mapping[str, str] = MappingProxyType({})
    """A cell's colour by its text; colour never stands alone."""
    foot: tuple[str, ...] = ()
    centered: bool = False


class Book:
    """A workbook being written."""

    def __init__(self, out: BytesIO, properties: dict[str, str], footer: str) -> None:
        self.book = Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        about = "; ".join(f"{key}={value}" for key, value in properties.items())
        self.book.set_properties({"comments": about, "title": properties.get("month", "")})
        self.book.set_size(1600, 1000)
        self._footer = footer
        self._formats: dict[tuple[Look, bool], Format] = {}

    def add(self, sheet: Sheet) -> None:
        """A worksheet: title, heads, rows, foot; A4 across, as wide as one page, heads on every page."""
        page = self.book.add_worksheet(_sheet_name(sheet.name))
        for column, width in enumerate(sheet.widths):
            page.set_column(column, column, width)
        self.text(page, 0, 0, sheet.title, Look(title=True, plain=True))
        page.set_row(0, 26)
        for number, head in enumerate(sheet.heads, 1):
            self._row(page, number, head, {}, Look(bold=True, center=True))
        below = self._rows(page, sheet)
        for number, text in enumerate(sheet.foot, below + 1):
            self.text(page, number, 0, text, Look(plain=True))
        self._for_print(page, sheet)

    def _rows(self, page: Worksheet, sheet: Sheet) -> int:
        number = 1 + len(sheet.heads)
        for row in sheet.rows:
            self._row(page, number, row, sheet.colors, Look(center=sheet.centered))
            number += 1
        return number

    def _row(self, page: Worksheet, number: int, row: Sequence[Cell], colors: Mapping[str, str], look: Look) -> None:
        for column, value in enumerate(row):
            if isinstance(value, str):
                own = look._replace(color=colors.get(value, ""), wrap=len(value) > LONG)
                self.text(page, number, column, value, own)
            else:
                page.write_number(number, column, value, self._format(look._replace(points=isinstance(value, float))))

        lines = max((-(-len(value) // LONG) for value in row if isinstance(value, str)), default=1)
        if lines > 1:
            page.set_row(number, LINE_POINTS * (lines + 1))

    def text(self, page: Worksheet, row: int, column: int, value: str, look: Look) -> None:
        """Text, and nothing else. What begins like a formula is marked as text for good, also when it is edited."""
        shown = printable(value)
        if not shown:
            page.write_blank(row, column, None, self._format(look))
            return
        page.write_string(row, column, shown, self._format(look, quoted=shown.startswith(FORMULA_STARTS)))

    def _format(self, look: Look, *, quoted: bool = False) -> Format:
        key = (look, quoted)
        if key not in self._formats:
            self._formats[key] = self.book.add_format(_form(look, quoted=quoted))
        return self._formats[key]

    def _for_print(self, page: Worksheet, sheet: Sheet) -> None:
        page.set_landscape()
        page.set_paper(A4)
        page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0, len(sheet.heads))
        page.freeze_panes(1 + len(sheet.heads), sheet.frozen)
        page.set_footer(self._footer)


def _form(look: Look, *, quoted: bool) -> dict[str, Any]:
    form: dict[str, Any] = {"font_name": "宋体", "font_size": 14 if look.title else 10, "valign": "vcenter"}
    form |= {} if look.plain else {"border": 1}
    form |= {"text_wrap": True} if look.wrap else {}
    form |= {"bold": True} if look.bold or look.title else {}
    form |= {"align": "center"} if look.center else {}
    form |= {"font_color": look.color} if look.color else {}
    form |= {"num_format": "0.00"} if look.points else {}
    return form | ({"quote_prefix": True} if quoted else {})


def _sheet_name(name: str) -> str:
    """A worksheet's name: 31 characters, none of those Excel refuses."""
    return "".join("_" if char in "[]:*?/\\'" else char for char in printable(name))[:31] or "_"


@contextmanager
def workbook(properties: dict[str, str], footer: str) -> Iterator[tuple[Book, BytesIO]]:
    """A workbook to add sheets to; its bytes are in the buffer once the block is left."""
    out = BytesIO()
    book = Book(out, properties, footer)
    yield book, out
    book.book.close()
