"""What became of an import: counts, notes and refusals per file."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from api.text import refusal, say
from attendance.facts import Refused
from attendance.hall import Outcome


@dataclass(frozen=True)
class RefusedRow:
    """Something that was not taken: a row, or with row None the whole file."""

    file: str
    row: int | None
    problem: Refused

    def sentence(self, language: str) -> str:
        """File, row as the spreadsheet numbers it, column, reason."""
        reason = refusal(self.problem, language)
        if self.row is None:
            return say("load.file_only", language, file=self.file, reason=reason)
        if not self.problem.column:
            return say("load.row_only", language, file=self.file, row=self.row, reason=reason)
        column = column_name(self.problem.column, language)
        return say("load.row", language, file=self.file, row=self.row, column=column, reason=reason)


def column_name(column: str, language: str) -> str:
    """A column as people call it; one outside 5.3 is called as it is."""
    name = say(f"column.{column}", language)
    return column if name.startswith("column.") else name


@dataclass
class FileReport:
    """What became of one sheet or file."""

    file: str
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    refused: list[RefusedRow] = field(default_factory=list)
    notes: list[tuple[str, list[str]]] = field(default_factory=list)
    """Keys of `load.note_…` sentences, each with the columns it is about."""

    def refuse(self, problem: Refused, row: int | None = None) -> None:
        self.refused.append(RefusedRow(self.file, row, problem))

    def json(self, language: str) -> dict[str, object]:
        return {
            "file": self.file,
            "new": self.outcomes["new"],
            "changed": self.outcomes["changed"],
            "repeated": self.outcomes["repeated"],
            "refused": [_refused_json(row, language) for row in self.refused],
            "notes": [_note(self.file, note, language) for note in self.notes],
        }


@dataclass(frozen=True)
class AttlogReport:
    """What became of one terminal's exported file."""

    file: str
    terminal: str
    accepted: int
    repeated: int
    quarantined: int

    def json(self) -> dict[str, object]:
        return {
            "file": self.file,
            "terminal": self.terminal,
            "accepted": self.accepted,
            "repeated": self.repeated,
            "quarantined": self.quarantined,
        }


@dataclass
class LoadReport:
    """What became of a hall folder."""

    files: list[FileReport] = field(default_factory=list)
    attlogs: list[AttlogReport] = field(default_factory=list)

    def file(self, name: str) -> FileReport:
        """The report of a file, begun when it is first named."""
        found = next((report for report in self.files if report.file == name), None)
        if found is None:
            found = FileReport(name)
            self.files.append(found)
        return found

    def refused(self) -> Iterator[RefusedRow]:
        for report in self.files:
            yield from report.refused

    def notes(self, language: str) -> Iterator[str]:
        for report in self.files:
            yield from (_note(report.file, note, language) for note in report.notes)

    def changes(self) -> int:
        """How many facts the import added."""
        stored = sum(report.outcomes["new"] + report.outcomes["changed"] for report in self.files)
        return stored + sum(report.accepted for report in self.attlogs)

    def json(self, language: str) -> dict[str, object]:
        return {
            "files": [report.json(language) for report in self.files],
            "attlog": [report.json() for report in self.attlogs],
            "refused": sum(1 for _ in self.refused()),
        }


def _refused_json(row: RefusedRow, language: str) -> dict[str, object]:
    return {
        "row": row.row,
        "column": row.problem.column,
        "code": row.problem.code,
        "message": row.sentence(language),
    }


def _note(file: str, note: tuple[str, list[str]], language: str) -> str:
    key, columns = note
    return say(f"load.note_{key}", language, file=file, columns=columns)
