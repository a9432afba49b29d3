"""Excel workbooks as sheets of text."""

import re
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import MAC_EPOCH

from api.imports.workbook import read_workbook
from attendance.facts import Refused

Rows = list[list[object]]


def written(path: Path, **sheets: Rows) -> Path:
    """A workbook of these sheets."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    file = path / "大厅.xlsx"
    book.save(file)
    return file


def test_cells_read_as_the_csv_would_have_them(tmp_path: Path):
    typed = [
        (101, "101"),
        (101.0, "101"),
        (0.5, "0.5"),
        (True, "1"),
        ("0101", "0101"),
        (date(2026, 3, 2), "2026-03-02"),
        (datetime(2026, 3, 2), "2026-03-02"),
        (datetime(2026, 3, 2, 9, 5), "2026-03-02 09:05:00"),
        (time(9, 5), "09:05:00"),
        (timedelta(hours=9, minutes=5), "09:05:00"),
        (None, ""),
        (" 空格 ", "空格"),
    ]
    file = written(tmp_path, 人员=[["x"] * len(typed), [value for value, _ in typed]])
    [(title, sheet)] = read_workbook(file)
    assert (title, sheet.source) == ("人员", "大厅.xlsx/人员")
    assert sheet.rows[0].cells == [text for _, text in typed]


def test_rows_are_numbered_as_excel_shows_them(tmp_path: Path):
    [(_, sheet)] = read_workbook(written(tmp_path, staff=[["no"], [], [1], [], [2]]))
    assert [row.number for row in sheet.rows] == [3, 5]


def test_a_formula_without_a_result_is_refused_and_the_other_rows_stay(tmp_path: Path):
    [(_, sheet)] = read_workbook(written(tmp_path, staff=[["no", "name"], [1, "=A1&B1"], [2, "钱"]]))
    assert (sheet.rows[0].problem.code, sheet.rows[0].problem.column) == ("cell_formula", "B")
    assert sheet.rows[1].cells == ["2", "钱"]


def test_a_formulas_result_is_what_counts(tmp_path: Path):
    file = written(tmp_path, staff=[["no"], ["=100+1"]])
    _rewrite(file, "xl/worksheets/sheet1.xml", rb"<f>100\+1</f><v */?>(</v>)?", b"<f>100+1</f><v>101</v>")
    [(_, sheet)] = read_workbook(file)
    assert sheet.rows[0].cells == ["101"]


def test_a_formula_that_gives_nothing_is_an_empty_cell(tmp_path: Path):
    file = written(tmp_path, staff=[["no", "to"], ["7", '=""']])
    _rewrite(
        file, "xl/worksheets/sheet1.xml", rb'<c r="B2"><f>""</f><v */?>(</v>)?', b'<c r="B2" t="str"><f>""</f><v></v>'
    )
    [(_, sheet)] = read_workbook(file)
    assert (sheet.rows[0].problem, sheet.rows[0].cells) == (None, ["7", ""])


def test_a_number_longer_than_excel_can_keep_is_refused(tmp_path: Path):
    [(_, sheet)] = read_workbook(written(tmp_path, staff=[["no"], [4.2000019800101e17], [123456789012345.0]]))
    assert (sheet.rows[0].problem.code, sheet.rows[0].problem.column) == ("number_rounded", "A")
    assert sheet.rows[1].cells == ["123456789012345"]


def test_an_error_of_excel_is_refused(tmp_path: Path):
    [(_, sheet)] = read_workbook(written(tmp_path, staff=[["no"], ["#N/A"]]))
    assert sheet.rows[0].problem.code == "cell_error"


def test_a_hidden_sheet_is_not_read(tmp_path: Path):
    book = Workbook()
    book.active.append(["no"])
    book.create_sheet("old").sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    assert [title for title, _ in read_workbook(tmp_path / "a.xlsx")] == ["Sheet"]


def test_a_workbook_that_counts_from_1904_is_refused(tmp_path: Path):
    book = Workbook()
    book.epoch = MAC_EPOCH
    book.save(tmp_path / "mac.xlsx")
    assert _refused(tmp_path / "mac.xlsx") == "workbook_1904"


@pytest.mark.parametrize("content", [b"", b"no,name\n", b"\xd0\xcf\x11\xe0 an old .xls"])
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes):
    (tmp_path / "a.xlsx").write_bytes(content)
    assert _refused(tmp_path / "a.xlsx") == "workbook_unreadable"


def test_a_zip_of_something_else_is_refused(tmp_path: Path):
    with ZipFile(tmp_path / "a.xlsx", "w") as parts:
        parts.writestr("letter.txt", "not a workbook")
    assert _refused(tmp_path / "a.xlsx") == "workbook_unreadable"


def test_a_workbook_that_unpacks_to_too_much_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("api.imports.workbook.UNPACKED_LIMIT", 1)
    with ZipFile(tmp_path / "a.xlsx", "w", ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", bytes(3 << 20))
    assert _refused(tmp_path / "a.xlsx") == "workbook_too_large"


def _refused(file: Path) -> str:
    with pytest.raises(Refused) as refused:
        read_workbook(file)
    return refused.value.code


def _rewrite(file: Path, part: str, pattern: bytes, new: bytes) -> None:
    """Write a cached result into a formula, as Excel does and openpyxl does not."""
    with ZipFile(file) as parts:
        contents = {name: parts.read(name) for name in parts.namelist()}
    contents[part], found = re.subn(pattern, new, contents[part])
    assert found
    with ZipFile(file, "w") as parts:
        for name, content in contents.items():
            parts.writestr(name, content)


def test_a_workbook_with_a_damaged_sheet_is_refused(tmp_path: Path):
    file = written(tmp_path, staff=[["no"], [1]])
    _rewrite(file, "xl/worksheets/sheet1.xml", b"</row>", b"</wor>")
    assert _refused(file) == "workbook_unreadable"
