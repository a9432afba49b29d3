"""`docs/sheets.md`, written from the tables themselves: ``python -m api.imports.document > docs/sheets.md``."""

import sys
from collections.abc import Iterable, Iterator, Mapping

from api.imports import tables
from api.imports.headers import ALIASES
from api.imports.table import Table

INTRODUCTION = """\
# The sheets of a hall folder

`manqin load FOLDER` reads the files below; each may be missing. A sheet is `<name>.csv` (UTF-8, or GB18030,
which is said), or a sheet of one `.xlsx` under its English or Chinese name. The first row is the header, in
English or Chinese; the order of columns does not matter, and columns nobody knows are named and left. A
column marked * must be there.

A row that cannot be taken is refused with file, row, column and reason, and all the others go in. Loading
again changes nothing: a row is known by what it is about (a posting by number and first day, a leave by
number, type and start, …); the same row with other contents counts as changed, and the older version stays in
the log. Taking a row out of a sheet does not take it out of the hall.

Dates are `2026-03-02` (also `2026/3/2`, `2026年3月2日`, and what Excel makes of them), times `09:00` or
`09:00:00`, both joined by a space. `start` and `end` may be dates alone: whole days, the last one included.
Staff numbers may have lost their leading zeros.

Beside the sheets: `policy.toml` (see [policy.md](policy.md)), adopted when it differs, and `attlog/<serial
number>.dat`, the USB exports of terminals that `terminals` lists.

Sheets of punches are none of these: DingTalk's original records, WeCom's daily report, ZKTime's export (`.xlsx`,
`.xls`, CSV in UTF-8 or GB18030) and USB exports go in on the page `/uploads` or with `manqin import`, as
[terminals.md](terminals.md) tells. The page shows first what each column was taken for by the text of its header, which
rows people edited in the other system, which rows are refused with their numbers, and what is set aside; nothing is
taken in before that is confirmed.
"""
WORDS: Mapping[str, Mapping[str, object]] = {
    "workday": tables.WORKDAY,
    "relief": tables.YES_NO,
    "owes": tables.OWES,
    "mark": tables.MARK,
    "verified": tables.VERIFIED,
    "kind": tables.KIND,
}


def document() -> str:
    """The whole page."""
    return INTRODUCTION + "".join(_section(table) for table in tables.TABLES) + _words()


def _section(table: Table) -> str:
    rows = (
        f"| `{column}`{'*' if column in table.needed else ''} | {'、'.join(ALIASES[column])} |"
        for column in table.columns
    )
    return _lines(["", f"## {table.name} · {'、'.join(table.titles)}", "", "| column | or |", "| --- | --- |", *rows])


def _words() -> str:
    rows = (f"| `{column}` | {_meanings(words)} |" for column, words in WORDS.items())
    return _lines(["", "## Words", "", "| column | may say |", "| --- | --- |", *rows])


def _meanings(words: Mapping[str, object]) -> str:
    return " · ".join(_by_meaning(words))


def _by_meaning(words: Mapping[str, object]) -> Iterator[str]:
    for meaning in dict.fromkeys(words.values()):
        yield " ".join(f"`{word}`" if word else "(empty)" for word, means in words.items() if means == meaning)


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


if __name__ == "__main__":
    sys.stdout.write(document())
