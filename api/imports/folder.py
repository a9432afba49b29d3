"""Loading a hall folder (contract 5.3): every sheet through the same commands as the pages use."""

from collections.abc import Iterator
from pathlib import Path

from api.imports.attlog import import_attlog
from api.imports.cells import plain
from api.imports.report import AttlogReport, FileReport, LoadReport
from api.imports.sheets import Sheet, read_csv
from api.imports.table import Heading, Table, Told
from api.imports.tables import TABLES
from attendance import policy
from attendance.facts import Refused
from attendance.hall import Draft, Hall
from attendance.terminals import serial

ACTOR = "import"
POLICY = "policy.toml"
SHEETS = (".csv", ".xlsx")
OTHER_WORKBOOKS = (".xls", ".xlsm", ".xlsb", ".et", ".ods", ".numbers")
MAKES_ROOM = frozenset({"posting_overlaps", "window_overlaps", "pin_overlaps", "relief_overlaps", "session_overlaps"})
"""Refusals that a later row of the sheet may lift, by ending earlier what is in the way."""


def load_folder(hall: Hall, path: Path) -> LoadReport:
    """Load a folder, or a workbook alone. What cannot be taken is in the report; all else is stored when this returns.

    Raises Refused when there is nothing to read at all, StorageFailed when the disk does not take it.
    """
    if not path.exists():
        raise Refused("folder_missing", folder=path)
    report = LoadReport()
    _load_policy(hall, path / POLICY, report)
    sheets = _by_table(_sheets(path, report), report)
    for table in TABLES:
        if sheet := sheets.get(table.name):
            _load_sheet(hall, table, sheet, report)
    _load_attlogs(hall, path / "attlog", report)
    if not (sheets or report.attlogs or any(told.outcomes or told.refused for told in report.files)):
        raise Refused("nothing_to_load", folder=path)
    return report


def _load_policy(hall: Hall, path: Path, report: LoadReport) -> None:
    if not path.is_file():
        return
    told = report.file(path.name)
    try:
        text = path.read_text(encoding="utf-8-sig")
        told.outcomes[hall.decide(lambda draft: policy.put_in_force(draft, text=text), ACTOR)] += 1
    except OSError as error:
        told.refuse(Refused("file_unreadable", problem=error.strerror))
    except UnicodeDecodeError:
        told.refuse(Refused("policy_encoding"))
    except Refused as problem:
        told.refuse(problem)


def _sheets(path: Path, report: LoadReport) -> Iterator[tuple[str, Sheet]]:
    """Every sheet with its title: the folder's CSV files, then its workbooks."""
    paths = sorted(path.iterdir()) if path.is_dir() else [path]
    for named in (one for one in paths if _is_named_as_sheet(one) and not one.is_file()):
        report.file(named.name).refuse(Refused("not_a_file"))
    files = [file for file in paths if file.is_file() and not file.name.startswith((".", "~$"))]  # ~$: Excel's locks
    for file in (file for file in files if file.suffix.lower() == ".csv"):
        yield from _csv(file, report)
    for file in (file for file in files if file.suffix.lower() == ".xlsx"):
        yield from _workbook(file, report)
    for file in files:
        _tell_unread(file, report)


def _is_named_as_sheet(path: Path) -> bool:
    return path.name == POLICY or path.suffix.lower() in SHEETS


def _tell_unread(file: Path, report: LoadReport) -> None:
    """A spreadsheet that cannot be read is refused, for somebody meant it to be; any other file is only noted."""
    if file.suffix.lower() in OTHER_WORKBOOKS:
        report.file(file.name).refuse(Refused("workbook_other"))
    elif not _is_named_as_sheet(file):
        report.file(file.name).notes.append(("file", []))


def _csv(file: Path, report: LoadReport) -> Iterator[tuple[str, Sheet]]:
    try:
        yield file.stem, read_csv(file, file.name)
    except Refused as problem:
        report.file(file.name).refuse(problem)


def _workbook(file: Path, report: LoadReport) -> Iterator[tuple[str, Sheet]]:
    from api.imports.workbook import read_workbook  # a third of a second, which a folder of CSV files need not wait for

    try:
        yield from read_workbook(file)
    except Refused as problem:
        report.file(file.name).refuse(problem)


def _by_table(sheets: Iterator[tuple[str, Sheet]], report: LoadReport) -> dict[str, Sheet]:
    """The sheets by the table they belong to; one that nobody knows, or that is there twice, is said."""
    found: dict[str, Sheet] = {}
    for title, sheet in sheets:
        table = _table_of(title)
        if table is None:
            if sheet.header:
                report.file(sheet.source).notes.append(("sheet", []))
        elif table.name in found:
            report.file(sheet.source).refuse(Refused("sheet_twice", earlier=found[table.name].source))
        else:
            found[table.name] = sheet
    return found


def _table_of(title: str) -> Table | None:
    name = plain(title).lower()
    return next((table for table in TABLES if name == table.name or name in table.titles), None)


def _load_sheet(hall: Hall, table: Table, sheet: Sheet, report: LoadReport) -> None:
    told = report.file(sheet.source)
    told.notes += [(note, []) for note in sheet.notes]
    if not sheet.header:
        return
    try:
        heading = table.read(sheet)
    except Refused as problem:
        told.refuse(problem, row=1)
        return
    told.notes += [(key, names) for key, names in (("columns", heading.strange), ("absent", heading.absent)) if names]
    taken = hall.decide(lambda draft: _take(draft, table, heading, sheet), ACTOR)
    told.outcomes, told.refused = taken.outcomes, taken.refused


def _take(draft: Draft, table: Table, heading: Heading, sheet: Sheet) -> FileReport:
    """Take every row that can be taken. Starts anew whenever the hall takes the decision again."""
    told = FileReport(sheet.source)
    rows = _told(heading, sheet, told)
    tried_again = _take_rows(draft, table, rows, told)
    if told.outcomes["changed"]:
        mended = {number for number, _ in tried_again}
        told.refused = [row for row in told.refused if row.row not in mended]
        _take_rows(draft, table, tried_again, told)
    told.refused.sort(key=lambda row: row.row or 0)
    return told


def _told(heading: Heading, sheet: Sheet, told: FileReport) -> list[tuple[int, Told]]:
    texts: list[tuple[int, dict[str, str]]] = []
    for row in sheet.rows:
        try:
            texts.append((row.number, heading.texts(row)))
        except Refused as problem:
            told.refuse(problem, row.number)
    numbers = frozenset(text.get("no", "") for _, text in texts)
    return [(number, Told(text, numbers)) for number, text in texts]


def _take_rows(draft: Draft, table: Table, rows: list[tuple[int, Told]], told: FileReport) -> list[tuple[int, Told]]:
    """Take rows; returns those worth another try after the others."""
    again = []
    for number, row in rows:
        draft.row = number
        try:
            told.outcomes[table.command(draft, row)] += 1
        except Refused as problem:
            told.refuse(problem, number)
            if problem.code in MAKES_ROOM:
                again.append((number, row))
    return again


def _load_attlogs(hall: Hall, folder: Path, report: LoadReport) -> None:
    """The USB exports, each named after its terminal. A file of an unlisted terminal is left as it is."""
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    for file in (file for file in files if file.suffix.lower() == ".dat"):
        name = f"{folder.name}/{file.name}"
        try:
            terminal = serial(file.stem)
            if hall.book().terminals.known(terminal) is None:
                raise Refused("terminal_unlisted", sn=terminal)
            counts = import_attlog(hall, file, terminal)
            report.attlogs.append(AttlogReport(name, terminal, counts.accepted, counts.repeated, counts.quarantined))
        except Refused as problem:
            report.file(name).refuse(problem)
