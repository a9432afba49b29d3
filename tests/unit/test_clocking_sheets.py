"""Punches out of other systems' sheets: headers by their words, edited rows marked, bad rows by themselves."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from halls import do
from openpyxl import Workbook

from api.imports.attlog import Counts
from api.imports.clocking import import_sheet
from attendance import terminals
from attendance.facts import Fact, Refused
from attendance.hall import Hall
from attendance.punches import AttlogImported, Punched, ReadingQuarantined

Rows = list[list[Any]]
DINGTALK_HEAD = [
    *(
        "姓名",
        "考勤组",
        "部门",
        "工号",
        "职位",
        "UserId",
        "考勤日期",
        "考勤时间",
        "打卡时间",
        "打卡结果",
        "打卡地址",
        "打卡备注",
    ),
    *("异常打卡原因", "打卡图片1", "打卡设备", "管理员修改备注"),
]
WECOM_UPPER = [
    "时间",
    "姓名",
    "账号",
    "部门",
    "最早",
    "最晚",
    "打卡次数",
    "假勤统计",
    "",
    "上班1",
    "",
    "下班1",
    "",
    "打卡时间记录",
]
WECOM_LOWER = ["", "", "", "", "", "", "", "年假", "事假", "打卡时间", "打卡状态", "打卡时间", "打卡状态", ""]


def ding(no: str, at: str, result: str = "正常", note: str = "", user: str = "u-1") -> list:
    row = ["欧阳若棠", "大厅", "税务局", no, "", user, "26-09-28 星期一", "2026-09-28 09:00", at, result]
    return [*row, "某路1号", "", "", "", "", note]


def wecom(day: str, account: str, on: str, off: str, record: str = "", on_state: str = "正常") -> list:
    return [day, "欧阳若棠", account, "税务局", "08:50", "18:10", "2", "--", "--", on, on_state, off, "正常", record]


def book(path: Path, *sheets: Rows) -> Path:
    workbook = Workbook()
    workbook.remove(workbook.active)
    for number, rows in enumerate(sheets):
        sheet = workbook.create_sheet(f"表{number}")
        for row in rows:
            sheet.append(row)
    workbook.save(path)
    return path


def dingtalk_book(folder: Path, *rows: list) -> Path:
    return book(
        folder / "原始记录.xlsx",
        [["原始记录表 统计日期：2026-09-01 至 2026-09-30"], ["报表生成时间"], DINGTALK_HEAD, *rows],
    )


def wecom_book(folder: Path, *rows: list) -> Path:
    head: Rows = [["上下班打卡_日报"], ["统计时间 2026/09/01-2026/09/30"], WECOM_UPPER, WECOM_LOWER]
    details: Rows = [["打卡详情"], ["时间", "姓名", "账号", "打卡类型"], ["2026/09/28", "欧阳若棠", "7", "上班打卡"]]
    return book(folder / "日报.xlsx", [*head, *rows], details)


@pytest.fixture
def hall_with_sheets(hall: Hall) -> Hall:
    for sn, family in (("DT1", "dingtalk"), ("WX1", "wecom"), ("ZK1", "zktime"), ("A001", "zkteco")):
        do(hall, terminals.accept, sn=sn, family=family)
    return hall


def facts(hall: Hall, kind: type[Fact]) -> list[Any]:
    return [fact for row in hall.store.read(0, 100_000) if isinstance(fact := row.entry().fact, kind)]


def punches(hall: Hall) -> list[tuple[str, str, str, str]]:
    return [(punch.pin, str(punch.at), punch.status, punch.edited) for punch in facts(hall, Punched)]


def test_dingtalks_rows_are_punches_and_those_that_people_edited_are_marked(
    hall_with_sheets: Hall, tmp_path: Path
) -> None:
    file = dingtalk_book(
        tmp_path,
        ding("0101", "2026-09-28 08:55"),
        ding("0101", "2026-09-28 18:02:31", "早退"),
        ding("102", "", "缺卡"),
        ding("102", "2026-09-28 09:00", "补卡审批通过"),
        ding("102", "2026-09-28 18:00", "正常", note="忘记打卡"),
        ding("102", "2026-09-28 18:30", "管理员改为正常"),
        ding("", "2026-09-28 08:58", "外勤", user="manager7788"),
    )
    report = import_sheet(hall_with_sheets, file, "dt1")
    assert (report.form, report.counts, report.edited, report.empty) == ("dingtalk", Counts(6, 0, 0), 3, 1)
    assert punches(hall_with_sheets) == [
        ("101", "2026-09-28 08:55:00", "Normal", ""),
        ("101", "2026-09-28 18:02:31", "Early", ""),
        ("102", "2026-09-28 09:00:00", "", "approval"),
        ("102", "2026-09-28 18:00:00", "Normal", "admin"),
        ("102", "2026-09-28 18:30:00", "", "admin"),
        ("manager7788", "2026-09-28 08:58:00", "Outside", ""),
    ]
    assert {punch.road for punch in facts(hall_with_sheets, Punched)} == {"sheet"}


def test_wecoms_day_is_read_under_its_header_of_two_rows(hall_with_sheets: Hall, tmp_path: Path) -> None:
    file = wecom_book(
        tmp_path,
        wecom("2026/09/28 星期一", "0101", "08:55", "次日00:10", "08:55、12:01；次日 00:10"),
        wecom("2026/09/29 星期二", "0101", "--", "未打卡"),
        wecom("2026/09/28 星期一", "102", "09:00", "18:00", "09:00,18:00", on_state="正常(补卡)"),
    )
    report = import_sheet(hall_with_sheets, file, "WX1")
    assert (report.form, report.counts, report.edited) == ("wecom", Counts(7, 0, 0), 1)
    assert punches(hall_with_sheets) == [
        ("101", "2026-09-28 08:55:00", "Normal", ""),
        ("101", "2026-09-28 12:01:00", "", ""),
        ("101", "2026-09-29 00:10:00", "Normal", ""),
        ("101", "2026-09-29 08:50:00", "", ""),
        ("101", "2026-09-29 18:10:00", "", ""),
        ("102", "2026-09-28 09:00:00", "", "approval"),
        ("102", "2026-09-28 18:00:00", "Normal", ""),
    ]


def test_columns_that_move_and_grow_are_still_found(hall_with_sheets: Hall, tmp_path: Path) -> None:
    order = [13, 2, 0, 9, 10, 7, 8, 11, 12]
    upper = [WECOM_UPPER[place] for place in order]
    lower = [WECOM_LOWER[place] for place in order]
    row = [wecom("2026/09/28 星期一", "7", "08:55", "18:00")[place] for place in order]
    import_sheet(hall_with_sheets, book(tmp_path / "日报.xlsx", [upper, lower, row]), "WX1")
    assert [at for _, at, _, _ in punches(hall_with_sheets)] == ["2026-09-28 08:55:00", "2026-09-28 18:00:00"]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig"])
def test_zktimes_csv_is_read_in_its_encoding(hall_with_sheets: Hall, tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "记录.csv"
    lines = ["部门,姓名,考勤号码,日期时间,机器号,备注"]
    lines += ["税务局,欧阳若棠,0101,2026/9/28 8:55:03,1,", "公安局,司徒,102,2026-09-28 18:00,1,补签"]
    file.write_bytes("\r\n".join(lines).encode(encoding))
    report = import_sheet(hall_with_sheets, file, "ZK1")
    assert (report.form, report.counts) == ("zktime", Counts(2, 0, 0))
    assert punches(hall_with_sheets) == [
        ("101", "2026-09-28 08:55:03", "", ""),
        ("102", "2026-09-28 18:00:00", "", "approval"),
    ]


def test_a_punch_that_the_terminal_sent_and_the_old_program_exported_is_one(
    hall_with_sheets: Hall, tmp_path: Path
) -> None:
    at = datetime(2026, 9, 28, 8, 55, 3)
    hall_with_sheets.receive([Punched(terminal="A001", pin="101", at=at)], "terminal:A001")
    file = book(tmp_path / "记录.xlsx", [["部门", "姓名", "考勤号码", "日期时间"], ["税务局", "甲", "0101", at]])
    assert import_sheet(hall_with_sheets, file, "A001").counts == Counts(0, 1, 0)


def test_a_row_that_cannot_be_understood_is_refused_by_itself(hall_with_sheets: Hall, tmp_path: Path) -> None:
    file = dingtalk_book(
        tmp_path,
        ding("0101", "昨天"),
        ding("", "2026-09-28 08:58", user=""),
        ding("0101", "2026-02-30 08:58"),
        ding("0101", "25:01"),
        ding("0101", "08:59"),
    )
    report = import_sheet(hall_with_sheets, file, "DT1")
    assert [(row.row, row.problem.code, row.problem.column) for row in report.refused] == [
        (4, "not_a_moment", "打卡时间"),
        (5, "missing", "工号"),
        (6, "not_a_moment", "打卡时间"),
        (7, "not_a_moment", "打卡时间"),
    ]
    assert punches(hall_with_sheets) == [("101", "2026-09-28 08:59:00", "Normal", "")]
    assert "第 4 行" in report.refused[0].sentence("zh")
    assert "打卡时间" in report.refused[0].sentence("en")


@pytest.mark.parametrize(("at", "reason"), [("2001-01-01 08:00", "too_old"), ("2099-01-01 08:00", "in_future")])
def test_what_is_impossible_is_set_aside(hall_with_sheets: Hall, tmp_path: Path, at: str, reason: str) -> None:
    report = import_sheet(hall_with_sheets, dingtalk_book(tmp_path, ding("0101", at)), "DT1")
    assert report.counts == Counts(0, 0, 1)
    [left] = facts(hall_with_sheets, ReadingQuarantined)
    assert (left.reason, left.table, left.road) == (reason, "dingtalk", "sheet")


def test_the_same_sheet_again_adds_nothing_and_a_longer_one_the_rest(hall_with_sheets: Hall, tmp_path: Path) -> None:
    rows = [ding("0101", f"2026-09-{day:02d} 08:55") for day in range(1, 11)]
    assert import_sheet(hall_with_sheets, dingtalk_book(tmp_path, *rows[:6]), "DT1").counts == Counts(6, 0, 0)
    head = hall_with_sheets.store.head().position
    assert import_sheet(hall_with_sheets, dingtalk_book(tmp_path, *rows[:6]), "DT1").counts == Counts(0, 6, 0)
    assert len(facts(hall_with_sheets, Punched)) == 6
    assert hall_with_sheets.store.head().position - head <= 1
    assert import_sheet(hall_with_sheets, dingtalk_book(tmp_path, *rows), "DT1").counts == Counts(4, 6, 0)
    assert [note.accepted for note in facts(hall_with_sheets, AttlogImported)][-1] == 4


def test_names_places_and_remarks_stay_outside(hall_with_sheets: Hall, tmp_path: Path) -> None:
    import_sheet(hall_with_sheets, dingtalk_book(tmp_path, ding("0101", "2026-09-28 08:55", note="家里有事")), "DT1")
    for file in hall_with_sheets.folder.data.rglob("*"):
        if file.is_file():
            assert not any(text.encode() in file.read_bytes() for text in ("欧阳若棠", "某路1号", "家里有事"))


@pytest.mark.parametrize(("sn", "code"), [("B002", "terminal_unknown"), ("WX1", "sheet_of_other_family")])
def test_a_terminal_that_cannot_have_made_the_sheet_is_refused(
    hall_with_sheets: Hall, tmp_path: Path, sn: str, code: str
) -> None:
    head = hall_with_sheets.store.head()
    with pytest.raises(Refused) as refused:
        import_sheet(hall_with_sheets, dingtalk_book(tmp_path, ding("0101", "2026-09-28 08:55")), sn)
    assert refused.value.code == code
    assert hall_with_sheets.store.head() == head


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "sheet_not_known"),
        ("姓名,部门\n甲,乙\n".encode(), "sheet_not_known"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "workbook_old"),
        (b"PK\x03\x04" + b"x" * 500, "workbook_unreadable"),
        (bytes(range(256)) * 8, "encoding_unknown"),
    ],
)
def test_another_file_is_refused(hall_with_sheets: Hall, tmp_path: Path, content: bytes, code: str) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    with pytest.raises(Refused) as refused:
        import_sheet(hall_with_sheets, file, "DT1")
    assert refused.value.code == code
