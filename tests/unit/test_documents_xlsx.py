"""The workbook, opened again: what its sheets hold, how they print, and that no text in it is a formula."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from time import monotonic
from typing import Any

import pytest
from bulletin_halls import MONTH, UNPRAISED, matter_with, opened, publish
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from api.documents.matter import Matter
from api.documents.source import matter_of
from api.documents.workbook import xlsx

FIGURE = 5.0
"""Seconds for 2,000 staff (issue 3, Figures)."""


@pytest.fixture(scope="module")
def matter(tmp_path_factory: pytest.TempPathFactory) -> Matter:
    with opened(tmp_path_factory.mktemp("xlsx")) as ledger:
        publish(ledger.hall, ledger)
        return matter_of(ledger, MONTH)


def read(content: bytes) -> Workbook:
    return load_workbook(BytesIO(content))


@pytest.fixture(scope="module")
def book(matter: Matter) -> Workbook:
    return read(xlsx(matter))


def row_of(sheet: Worksheet, no: str) -> list[Any]:
    return next([cell.value for cell in row] for row in sheet.iter_rows() if row[0].value == no)


def texts(book: Workbook) -> str:
    return "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value)


def test_there_is_a_sheet_for_each_thing(book: Workbook):
    assert book.sheetnames == ["汇总", "明细", "考勤月历", "排名", "窗口", "办件量"]
    assert book["汇总"]["A1"].value == "2026年3月考勤汇总表"


def test_the_summary_counts_each_sign_and_says_what_became_of_it(book: Workbook):
    sheet = book["汇总"]
    head = [cell.value for cell in sheet[2]]
    told = dict(zip(head, row_of(sheet, "0103"), strict=True))
    assert (told["应到班次"], told["√"], told["迟"], told["满勤"], told["派驻单位"]) == (44, 41, 3, None, "公安局")
    assert (told["名次"], told["扣分"], told["得分"]) == (9, 5, 95)
    assert dict(zip(head, row_of(sheet, "0106"), strict=True))["病"] == 2
    assert dict(zip(head, row_of(sheet, "9001"), strict=True))["名次"] == "不参加排名"
    assert row_of(sheet, "0101")[head.index("满勤")] == "是"


def test_people_stand_in_the_office_s_order_of_windows(book: Workbook):
    numbers = [row[0].value for row in book["汇总"].iter_rows(min_row=3) if str(row[0].value or "").isdecimal()]
    assert numbers == ["0101", "0102", "0103", "0104", "9001", "0105", "0106", "0107", "0108", "0109"]


def test_every_deduction_names_the_facts_behind_it(matter: Matter, book: Workbook):
    rows = [[cell.value for cell in row] for row in book["明细"].iter_rows(min_row=3) if row[0].value]
    lines = [line for person in matter.edition["ranking"] for line in person["lines"]]
    assert len(rows) == len(lines) == 8
    assert [row[5] for row in rows] == [" ".join(line["evidence"]) for line in lines]
    assert ["2026-03-03", "公安窗口", "冯〇一", "迟到", 1] in [row[:5] for row in rows]


def test_the_month_stands_day_by_day_with_weekdays_and_a_legend(book: Workbook):
    sheet = book["考勤月历"]
    assert [cell.value for cell in sheet[2]][3:6] == [1, 2, 3]
    assert [cell.value for cell in sheet[3]][3:6] == ["日", "一", "二"]
    late = row_of(sheet, "0103")
    assert late[2 + 3] == "迟/√"
    assert late[2 + 7] is None
    assert "迟 迟到" in texts(book)
    assert sheet.cell(row=4 + 2, column=3 + 3).font.color.rgb.endswith("C55A11")


def test_tables_print_on_a4_across_with_their_heads_on_every_page(book: Workbook):
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert int(sheet.page_setup.paperSize) == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToWidth in (None, 1)
        assert int(sheet.page_setup.fitToHeight) == 0
        assert sheet.print_title_rows
        assert sheet.freeze_panes
        assert "第" in sheet.oddFooter.center.text
    assert book["考勤月历"].freeze_panes == "D4"


def test_a_name_that_begins_like_a_formula_is_text_for_good(book: Workbook):
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=")]
    assert len(cells) >= 4
    assert all(cell.quotePrefix for cell in cells)


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0"])
def test_no_formula_is_stored_whatever_a_name_begins_with(matter: Matter, name):
    from zipfile import ZipFile

    content = xlsx(replace(matter, names={**matter.names, "0101": name}))
    with ZipFile(BytesIO(content)) as archive:
        sheets = [archive.read(part).decode() for part in archive.namelist() if "worksheets/" in part]
    assert sheets
    assert not any("<f>" in sheet for sheet in sheets)


def test_a_unit_s_workbook_holds_that_unit_alone(matter: Matter):
    book = read(xlsx(matter, "公安局"))
    assert book.sheetnames == ["汇总", "明细", "考勤月历"]
    told = texts(book)
    assert "冯〇一" in told
    assert not [name for name in ("钱桐雅", "杨濛", "周可") if name in told]


def test_the_public_workbook_names_nobody_but_the_praised(matter: Matter):
    told = texts(read(xlsx(replace(matter, public=True))))
    assert "杨濛" in told
    assert not [name for name in UNPRAISED if name in told]


def test_two_thousand_people_are_written_within_the_figure(matter: Matter):
    numbers = [f"{n:05d}" for n in range(2000)]
    days = {date(2026, 3, day).isoformat(): ["√", "迟"] for day in range(1, 32)}
    person = matter.edition["ranking"][-1]
    big = matter_with(
        matter,
        staff={no: {"window": "税务窗口", "unit": "税务局", "category": "", "relief": False} for no in numbers},
        matrix=dict.fromkeys(numbers, days),
        ranking=[{**person, "no": no} for no in numbers],
    )
    started = monotonic()
    content = xlsx(replace(big, names=dict.fromkeys(numbers, "杨濛")))
    assert monotonic() - started < 3 * FIGURE
    assert len(content) > 100_000
