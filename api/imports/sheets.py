"""A sheet: a header and numbered rows of text, read from CSV. `workbook.py` makes the same of an Excel sheet."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from attendance.facts import Refused

LINES_LIMIT = 20
"""Lines that one quoted cell may span."""
CELL_LIMIT = 2_000
DAMAGED = "\N{REPLACEMENT CHARACTER}"


class Row(NamedTuple):
    """One row as the spreadsheet numbers it (header = 1); a `problem` stands in place of cells that cannot be read."""

    number: int
    cells: list[str]
    problem: Refused | None = None


@dataclass
class Sheet:
    """What was read, before anybody asked what it means."""

    source: str
    """The file as the office knows it, with the sheet's name for a workbook."""
    header: list[str]
    rows: list[Row]
    notes: list[str] = field(default_factory=list)
    """Keys of `load.note_…` sentences about the whole sheet."""


def read_csv(path: Path, source: str) -> Sheet:
    """Read a CSV file. Raises Refused for one that is no text."""
    try:
        text, notes = _decoded(path.read_bytes())
    except OSError as error:
        raise Refused("file_unreadable", problem=error.strerror) from error
    return sheet_of(source, _csv_rows(text), notes)


def sheet_of(source: str, rows: Iterable[Row], notes: list[str]) -> Sheet:
    """Put the first row above the others; rows without any text are left out."""
    filled = (row for row in rows if row.problem or any(row.cells))
    first = next(filled, Row(1, []))
    if first.problem:
        raise first.problem
    return Sheet(source, first.cells, list(filled), notes)


def clean(text: str) -> str:
    """A cell's text on one line, without control characters, and out of the `="0012"` with which exports keep zeros."""
    text = text.strip()
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1]
    if text.isprintable():
        return text.strip()
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _decoded(content: bytes) -> tuple[str, list[str]]:
    """The text in the encoding of most of its lines; a character that is damaged in it stays as `DAMAGED`.

    Raises Refused where the header is damaged: that is UTF-16, or no text at all.
    """
    telling = [line for line in content.splitlines() if not line.isascii()]
    odd = sum(not _is_utf8(line) for line in telling) * 2 > len(telling)
    text = content.decode("gb18030" if odd else "utf-8-sig", "replace")
    if _is_damaged(text.lstrip().partition("\n")[0]):
        raise Refused("encoding_unknown")
    return text, ["encoding"] if odd else []


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_damaged(text: str) -> bool:
    return DAMAGED in text or "\0" in text


def _csv_rows(text: str) -> Iterator[Row]:
    lines = list(io.StringIO(text, newline=""))
    at = number = 0
    while at < len(lines):
        number += 1
        record, taken = _record(lines, at)
        yield _csv_row(number, record)
        at += taken


def _record(lines: list[str], at: int) -> tuple[str, int]:
    """The lines of one record, and how many: a quoted cell may hold line breaks.

    When its quotes do not pair up within a few lines, one is missing: the line stands alone, and saves the next ones.
    """
    record = lines[at]
    for taken in range(1, LINES_LIMIT):
        if record.count('"') % 2 == 0:
            return record, taken
        if at + taken == len(lines):
            break
        record += lines[at + taken]
    return lines[at], 1


def _csv_row(number: int, record: str) -> Row:
    if _is_damaged(record):
        return Row(number, [], Refused("row_not_text"))
    if len(record) > csv.field_size_limit():
        return Row(number, [], Refused("cell_too_long", limit=CELL_LIMIT))
    try:
        cells = next(csv.reader(io.StringIO(record, newline=""), strict=True))
    except csv.Error:
        return Row(number, [], Refused("row_unreadable"))
    return Row(number, [clean(cell) for cell in cells])
