"""Sheets of punches from other systems: recognised by their header, the same punches as by any other road."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path

from api.imports.attlog import AT_ONCE, SHOWN_HASH, Counts, note, store
from api.imports.report import RefusedRow
from api.imports.sheets import Row as ReadRow
from api.imports.sheets import Sheet, read_csv
from api.imports.workbook import read_workbook
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


def import_sheet(hall: Hall, path: Path, terminal: str) -> SheetReport:
    """Take a sheet's punches into the log, as those of a terminal of that system's family.

    Raises Refused for a terminal nobody accepted or of another family, and for a sheet nobody knows.
    """
    accepted = _accepted(hall, terminal)
    digest, sheets = _digest(path), _sheets(path)
    found = [(form, heading, sheet) for sheet in sheets for form, heading in _recognised(sheet)]
    if not found:
        raise Refused("sheet_not_known", file=path.name)
    form = found[0][0]
    if accepted.family not in form.families:
        raise Refused("sheet_of_other_family", "terminal", sn=accepted.terminal, family=accepted.family, form=form.name)
    report = SheetReport(path.name, form.name)
    source = f"sha256:{digest[:SHOWN_HASH]}"
    origin = Origin(accepted.terminal, accepted.zone, "sheet", source, datetime.now(UTC), form.name)
    for kind, heading, sheet in found:
        if kind is form:
            _import(hall, list(_readings(form, heading, sheet, report)), origin, report)
    hall.receive([note(accepted.terminal, digest, report.counts)], "import")
    return report


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
    if start == OLD_EXCEL:
        raise Refused("workbook_old", file=path.name)
    if start == ZIPPED:
        return [sheet for _, sheet in read_workbook(path)]
    return [read_csv(path, path.name)]


def _rows(sheet: Sheet) -> list[ReadRow]:
    """Every row, the first one too: here the header may stand below a title."""
    return [ReadRow(0, sheet.header), *sheet.rows]


def _recognised(sheet: Sheet) -> list[tuple[Form, Heading]]:
    found = recognised([row.cells for row in _rows(sheet)])
    return [found] if found else []


def _readings(form: Form, heading: Heading, sheet: Sheet, report: SheetReport) -> Iterator[Reading]:
    """The punches of a sheet; a row that cannot be understood is refused by itself."""
    for number, cells, problem in _rows(sheet)[heading.below :]:
        try:
            if problem:
                raise problem
            punches = form.punches(Row(heading, cells))
        except Refused as refused:
            report.refused.append(RefusedRow(sheet.source, number, refused))
            continue
        report.empty += not punches
        report.edited += sum(bool(punch.edited) for punch in punches)
        yield from (punch.reading(number) for punch in punches)


def _import(hall: Hall, readings: list[Reading], origin: Origin, report: SheetReport) -> None:
    for first in range(0, len(readings), AT_ONCE):
        judged = judge_all(readings[first : first + AT_ONCE], origin)
        report.counts = report.counts.plus(store(hall, judged, "import"))
