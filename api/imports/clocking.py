"""Sheets of punches from other systems: recognised by their header, the same punches as by any other road."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path
from typing import NamedTuple

from api.imports.attlog import AT_ONCE, SHOWN_HASH, Counts, note, store
from api.imports.report import RefusedRow
from api.imports.sheets import Row as ReadRow
from api.imports.sheets import Sheet, read_csv
from attendance import known
from attendance.facts import Refused
from attendance.hall import Hall
from attendance.punches import Origin, Reading, judge_all
from attendance.terminals import TerminalAccepted
from devices.sheets.forms import Form, Heading, Row
from devices.sheets.known import recognised

NOTHING = Counts(0, 0, 0)
ZIPPED, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass
class SheetReport:
    """What became of a file's rows."""

    file: str
    form: str = ""
    """dingtalk, wecom or zktime"""
    counts: Counts = NOTHING
    edited: int = 0
    """Punches that a person made or changed in the other system, of all that were understood."""
    empty: int = 0
    """Rows that say that there was no punch."""
    refused: list[RefusedRow] = field(default_factory=list)

    def json(self, language: str) -> dict[str, object]:
        return {
            "form": self.form,
            **self.counts._asdict(),
            "edited": self.edited,
            "without_punch": self.empty,
            "refused": [
                {"row": row.row, "column": row.problem.column, "message": row.sentence(language)}
                for row in self.refused
            ],
        }


class Found(NamedTuple):
    """A sheet of a file, recognised."""

    form: Form
    heading: Heading
    sheet: Sheet


def import_sheet(hall: Hall, path: Path, terminal: str, actor: str = "import") -> SheetReport:
    """Take a sheet's punches into the log, as those of a terminal of that system's family.

    Raises Refused for a terminal nobody accepted or of another family, and for a sheet nobody knows.
    """
    accepted = _accepted(hall, terminal)
    digest, found = _digest(path), found_in(path)
    form = form_for(accepted, found)
    report = SheetReport(path.name, form.name)
    source = f"sha256:{digest[:SHOWN_HASH]}"
    origin = Origin(accepted.terminal, accepted.zone, "sheet", source, datetime.now(UTC), form.name)
    for one in found:
        if one.form is form:
            _import(hall, list(readings_of(one, report)), origin, report)
    hall.receive([note(accepted.terminal, digest, report.counts)], actor)
    return report


def found_in(path: Path) -> list[Found]:
    """The sheets of a file that are known here. Raises Refused when there is none."""
    found = [Found(*known_as, sheet) for sheet in _sheets(path) if (known_as := recognised(_cells(sheet)))]
    if not found:
        raise Refused("sheet_not_known", file=path.name)
    return found


def form_for(terminal: TerminalAccepted, found: Sequence[Found]) -> Form:
    """The form whose punches are taken, that of the first sheet. Raises Refused when it is not of the terminal's
    family."""
    form = found[0].form
    if terminal.family not in form.families:
        raise Refused("sheet_of_other_family", "terminal", sn=terminal.terminal, family=terminal.family, form=form.name)
    return form


def _accepted(hall: Hall, terminal: str) -> TerminalAccepted:
    book = hall.book()
    accepted = book.terminals.known(known.terminal(book, terminal))
    assert accepted is not None
    return accepted


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise Refused("file_unreadable", problem=error.strerror or str(error)) from error


def _sheets(path: Path) -> list[Sheet]:
    with path.open("rb") as file:
        start = file.read(4)
    # The readers of Excel's files are imported where there is one: they take a third of a second.
    if start == OLD_EXCEL:
        from api.imports.old_workbook import read_old_workbook

        return read_old_workbook(path)
    if start == ZIPPED:
        from api.imports.workbook import read_workbook

        return [sheet for _, sheet in read_workbook(path)]
    return [read_csv(path, path.name)]


def _rows(sheet: Sheet) -> list[ReadRow]:
    """Every row, the first one too: here the header may stand below a title."""
    return [ReadRow(0, sheet.header), *sheet.rows]


def _cells(sheet: Sheet) -> list[Sequence[str]]:
    return [row.cells for row in _rows(sheet)]


def readings_of(found: Found, report: SheetReport) -> Iterator[Reading]:
    """The punches of a sheet; a row that cannot be understood is refused by itself."""
    for number, cells, problem in _rows(found.sheet)[found.heading.below :]:
        try:
            if problem:
                raise problem
            punches = found.form.punches(Row(found.heading, cells))
        except Refused as refused:
            report.refused.append(RefusedRow(found.sheet.source, number, refused))
            continue
        report.empty += not punches
        report.edited += sum(bool(punch.edited) for punch in punches)
        yield from (punch.reading(number) for punch in punches)


def _import(hall: Hall, readings: list[Reading], origin: Origin, report: SheetReport) -> None:
    for first in range(0, len(readings), AT_ONCE):
        judged = judge_all(readings[first : first + AT_ONCE], origin)
        report.counts = report.counts.plus(store(hall, judged, "import"))
