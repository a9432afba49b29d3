"""Loading a hall folder: what goes in, what is refused and how, and that again is harmless."""

import csv
from datetime import date, datetime, time
from pathlib import Path

import pytest
from halls import POLICY
from openpyxl import Workbook

from api.imports.folder import load_folder
from api.imports.report import LoadReport
from attendance.facts import Refused
from attendance.hall import Hall

Sheets = dict[str, list[list[object]]]

GOOD: Sheets = {
    "calendar": [["date", "workday", "name"], [date(2026, 3, 9), 0, "本地停办"]],
    "windows": [
        ["window", "unit", "from", "to"],
        ["税务窗口", "税务局", "", ""],
        ["公安窗口", "公安局", date(2026, 1, 1), ""],
    ],
    "staff": [
        ["no", "name", "window", "unit", "category", "from", "to", "relief"],
        ["0101", "钱桐雅", "税务窗口", "税务局", "公务员", "", date(2026, 3, 15), 0],
        ["0101", "钱桐雅", "公安窗口", "公安局", "公务员", date(2026, 3, 16), "", 0],
        ["000102", "孙䶮岚", "公安窗口", "公安局", "聘用", "", "", 0],
        [9001, "李若茗", "税务窗口", "税务局", "替岗", "", "", 1],
    ],
    "terminals": [["sn", "family", "zone", "name"], ["A001", "zkteco", "+08:00", "东门"]],
    "pins": [["sn", "pin", "no", "from", "to"], ["A001", 5000, 101, "", ""]],
    "timetable": [
        ["from", "to", "weekday", "window", "session", "on", "off", "owes"],
        ["", "", "", "", "am", time(9), time(12), "both"],
        ["", "", 5, "公安窗口", "am", time(9, 30), time(12), "on"],
    ],
    "duty": [["no", "date", "session", "on", "off"], [102, date(2026, 3, 7), "duty", time(9), time(12)]],
    "leave": [
        ["no", "type", "start", "end", "reason"],
        [102, "sick", date(2026, 3, 4), date(2026, 3, 5), "发热三十九度"],
        [101, "事假", datetime(2026, 3, 6, 9), datetime(2026, 3, 6, 10, 30), ""],
    ],
    "corrections": [["no", "date", "session", "mark", "reason"], [102, date(2026, 3, 3), "am", "on", "忘记"]],
    "outages": [["sn", "start", "end", "reason"], ["A001", datetime(2026, 3, 10, 8), datetime(2026, 3, 10, 9), "停电"]],
    "relief": [
        ["window", "relief_no", "regular_no", "start", "end"],
        ["公安窗口", 9001, 102, date(2026, 3, 4), date(2026, 3, 5)],
    ],
    "findings": [
        ["seen_at", "window", "no", "code", "inspector", "note", "id"],
        [datetime(2026, 3, 3, 10, 20), "税务窗口", 101, "phone", "周督查", "看短视频", "f-1"],
        [datetime(2026, 3, 3, 10, 21), "公安窗口", "", "desk", "周督查", "", ""],
    ],
    "bonus": [
        ["date", "windows", "no", "code", "count", "evidence"],
        [date(2026, 3, 31), "税务窗口;公安窗口", "", "speed_up", 4, "台账"],
        [date(2026, 3, 31), "", 102, "lost_found", 1, "登记"],
        [date(2026, 3, 31), "", 102, "lost_found", 2, "登记"],
    ],
    "ratings": [
        ["date", "window", "no", "level", "verified"],
        [date(2026, 3, 5), "税务窗口", 101, "不满意", "yes"],
        [date(2026, 3, 5), "税务窗口", 101, "不满意", "pending"],
    ],
    "reviews": [["month", "kind", "no", "window", "score", "samples"], ["2026-03", "peer", 102, "", 92.5, ""]],
    "cases": [["month", "unit", "total", "overdue"], ["2026-03", "税务局", 1200, 1]],
    "vetoes": [["month", "no", "trigger", "note"], ["2026-03", 102, "proxy_punch", "替人刷脸"]],
}
TITLES = {
    "calendar": "日历",
    "windows": "窗口",
    "staff": "人员",
    "terminals": "终端",
    "pins": "PIN",
    "timetable": "作息",
    "duty": "值班",
    "leave": "请假",
    "corrections": "补卡",
    "outages": "停用",
    "relief": "替岗",
    "findings": "巡查",
    "bonus": "加分",
    "ratings": "评价",
    "reviews": "评议",
    "cases": "办件量",
    "vetoes": "一票否决",
}


def as_csv(folder: Path, sheets: Sheets, encoding: str = "utf-8") -> Path:
    folder.mkdir(exist_ok=True)
    for name, rows in sheets.items():
        with (folder / f"{name}.csv").open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows(rows)
    return folder


def as_workbook(folder: Path, sheets: Sheets) -> Path:
    folder.mkdir(exist_ok=True)
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(TITLES[name])
        for row in rows:
            sheet.append(row)
    book.save(folder / "大厅.xlsx")
    return folder


def totals(report: LoadReport) -> dict[str, int]:
    counts = {
        outcome: sum(told.outcomes[outcome] for told in report.files) for outcome in ("new", "changed", "repeated")
    }
    return counts | {"refused": len(list(report.refused()))}


def refusals(report: LoadReport) -> list[tuple[str, int | None, str | None, str]]:
    return [(row.file, row.row, row.problem.column, row.problem.code) for row in report.refused()]


def facts_of(hall: Hall) -> set[tuple[str, bytes]]:
    """Every fact but the hall's founding, without its seals: those differ from hall to hall."""
    rows = hall.store.read(1, 1_000)
    return {(row.topic, _unsealed(hall, row.entry().fact)) for row in rows}


def _unsealed(hall: Hall, fact: object) -> bytes:
    fields = {name: getattr(fact, name) for name in fact.__struct_fields__}
    return repr(
        {name: hall.opened(value) if hasattr(value, "box") else value for name, value in fields.items()}
    ).encode()


GOOD_ROWS = sum(len(rows) - 1 for rows in GOOD.values())


def test_a_whole_folder_goes_in_and_again_changes_nothing(empty_hall: Hall, tmp_path: Path):
    folder = as_csv(tmp_path / "office", GOOD)
    report = load_folder(empty_hall, folder)
    assert refusals(report) == []
    assert totals(report)["new"] == GOOD_ROWS
    position = empty_hall.store.head().position
    again = load_folder(empty_hall, folder)
    assert (totals(again)["new"], totals(again)["changed"], totals(again)["repeated"]) == (0, 0, GOOD_ROWS)
    assert empty_hall.store.head().position == position


def test_a_workbook_with_chinese_titles_gives_the_same_facts_as_the_csv_files(tmp_path: Path):
    halls = [Hall.found(tmp_path / f"hall{number}", POLICY) for number in (1, 2)]
    for hall, folder in zip(halls, (as_csv(tmp_path / "a", GOOD), as_workbook(tmp_path / "b", GOOD)), strict=True):
        assert refusals(load_folder(hall, folder)) == []
    assert facts_of(halls[0]) == facts_of(halls[1])
    for hall in halls:
        hall.close()


def test_a_workbook_after_the_csv_files_changes_nothing_though_it_lost_the_zeros(empty_hall: Hall, tmp_path: Path):
    load_folder(empty_hall, as_csv(tmp_path / "a", GOOD))
    lost = {**GOOD, "staff": [[int(cell) if str(cell).isdecimal() else cell for cell in row] for row in GOOD["staff"]]}
    report = load_folder(empty_hall, as_workbook(tmp_path / "b", lost))
    assert (totals(report)["new"], totals(report)["changed"], refusals(report)) == (0, 0, [])
    assert empty_hall.book().people.numbers() == ["000102", "0101", "9001"]


def test_two_numbers_that_differ_in_zeros_alone_are_two_people_when_one_sheet_has_both(
    empty_hall: Hall, tmp_path: Path
):
    header = GOOD["staff"][0]
    people = [[no, "钱桐雅", "税务窗口", "", "", "", "", ""] for no in ("007", "7")]
    sheets = {"windows": GOOD["windows"], "staff": [header, *people]}
    for _ in range(2):
        assert refusals(load_folder(empty_hall, as_csv(tmp_path / "a", sheets))) == []
    assert empty_hall.book().people.numbers() == ["007", "7"]


def test_one_workbook_may_be_loaded_without_a_folder(empty_hall: Hall, tmp_path: Path):
    as_workbook(tmp_path, GOOD)
    assert totals(load_folder(empty_hall, tmp_path / "大厅.xlsx"))["new"] == GOOD_ROWS


def test_dates_alone_cover_whole_days_to_the_end_of_the_last(empty_hall: Hall, tmp_path: Path):
    load_folder(empty_hall, as_csv(tmp_path / "a", GOOD))
    sick = next(iter(empty_hall.book().leaves)).fact
    assert (sick.start, sick.end) == (datetime(2026, 3, 4), datetime(2026, 3, 6))


def test_a_folder_with_everything_wrong_still_loads_its_good_rows(empty_hall: Hall, tmp_path: Path):
    folder = as_csv(tmp_path / "a", GOOD)
    for name, bad in BAD.items():
        with (folder / f"{name}.csv").open("a", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([cells for cells, _, _ in bad])
    (folder / "attlog").mkdir()
    (folder / "attlog" / "ZZ99.dat").write_bytes(b"      101\t2026-03-03 09:00:00\t1\t0\t1\t0\r\n")
    (folder / "policy.toml").write_text("[meta", encoding="utf-8")
    report = load_folder(empty_hall, folder)
    assert totals(report)["new"] == GOOD_ROWS
    expected = [
        (f"{name}.csv", len(GOOD[name]) + number, column, code)
        for name, bad in BAD.items()
        for number, (_, column, code) in enumerate(bad, 1)
    ]
    told = [row for row in refusals(report) if row[1] is not None]
    assert sorted(told, key=str) == sorted(expected, key=str)
    assert [row for row in refusals(report) if row[1] is None] == [
        ("policy.toml", None, None, "policy_not_toml"),
        ("attlog/ZZ99.dat", None, None, "terminal_unlisted"),
    ]


BAD: dict[str, list[tuple[list[object], str | None, str]]] = {
    "calendar": [
        (["2026-02-30", 1, ""], "date", "not_a_date"),
        (["", 1, ""], "date", "missing"),
        (["2026-03-10", "maybe", ""], "workday", "not_listed"),
        (["2026-03-09", 1, ""], None, "said_otherwise"),
    ],
    "windows": [
        (["", "税务局", "", ""], "window", "missing"),
        (["医保窗口", "", "", ""], "unit", "missing"),
        (["医保窗口", "医保局", "2026-02-01", "2026-01-01"], "to", "ends_before_start"),
        (["税务窗口", "税务局", "2026-02-01", ""], "from", "window_overlaps"),
    ],
    "staff": [
        (["103", "周宁", "海关窗口", "", "", "", "", ""], "window", "window_unknown"),
        (["103", "周宁", "税务窗口", "海关", "", "", "", ""], "unit", "unit_unknown"),
        (["103", "", "税务窗口", "", "", "", "", ""], "name", "missing"),
        (["", "周宁", "税务窗口", "", "", "", "", ""], "no", "missing"),
        (["103", "周宁", "税务窗口", "", "", "", "", "2"], "relief", "not_listed"),
        (["0101", "钱桐雅", "税务窗口", "", "", "2026-03-10", "", ""], "from", "posting_overlaps"),
        (["103", "周宁", "税务窗口", "", "", "", "", "", "多出来的"], None, "row_too_long"),
    ],
    "terminals": [
        (["B002", "abacus", "", ""], "family", "unknown_family"),
        (["B002", "", "noon", ""], "zone", "unknown_zone"),
    ],
    "pins": [
        (["Z9", "1", "101", "", ""], "sn", "terminal_unknown"),
        (["A001", "05000", "102", "2026-04-01", ""], "from", "pin_overlaps"),
        (["A001", "1", "777", "", ""], "no", "person_unknown"),
    ],
    "timetable": [
        (["", "", "8", "", "am", "09:00", "12:00", ""], "weekday", "weekday_wrong"),
        (["", "", "", "", "noon", "11:00", "13:00", ""], "on", "session_overlaps"),
        (["", "", "", "", "am", "09:00", "12:30", ""], None, "said_otherwise"),
        (["", "", "", "", "pm", "25:00", "17:00", ""], "on", "not_a_time"),
        (["", "", "", "", "pm", "13:00", "17:00", "none"], "owes", "not_listed"),
    ],
    "duty": [(["777", "2026-03-07", "duty", "09:00", "12:00"], "no", "person_unknown")],
    "leave": [
        (["102", "siesta", "2026-03-04", "2026-03-05", ""], "type", "leave_type_unknown"),
        (["102", "sick", "2026-03-05", "2026-03-03", ""], "end", "ends_before_start"),
        (["102", "sick", "", "2026-03-03", ""], "start", "missing"),
    ],
    "corrections": [
        (["102", "2026-03-03", "am", "both", ""], "mark", "not_listed"),
        (["102", "2026-03-03", "evening", "on", ""], "session", "session_unknown"),
    ],
    "outages": [(["A001", "2026-03-10 09:00", "2026-03-10 08:00", ""], "end", "ends_before_start")],
    "relief": [
        (["税务窗口", "9001", "101", "2026-03-05", "2026-03-06"], "start", "relief_overlaps"),
        (["税务窗口", "9001", "777", "2026-03-08", "2026-03-08"], "regular_no", "person_unknown"),
    ],
    "findings": [
        (["2026-03-03", "税务窗口", "", "phone", "", "", "f-2"], "seen_at", "not_a_moment"),
        (["2026-03-03 10:00", "", "", "phone", "", "", "f-3"], "window", "nobody_named"),
        (["2026-03-03 10:00", "税务窗口", "", "yawn", "", "", "f-4"], "code", "finding_code_unknown"),
        (["2026-03-03 11:20", "税务窗口", "101", "phone", "", "", "f-1"], None, "said_otherwise"),
    ],
    "bonus": [
        (["2026-03-31", "税务窗口", "", "door", "0", ""], "count", "not_positive"),
        (["2026-03-31", "税务窗口", "", "door", "1.5", ""], "count", "not_a_count"),
        (["2026-03-31", "税务窗口;海关窗口", "", "door", "1", ""], "windows", "window_unknown"),
        (["2026-03-31", "", "", "door", "1", ""], "windows", "nobody_named"),
    ],
    "ratings": [(["2026-03-05", "税务窗口", "", "差劲", "yes"], "level", "level_unknown")],
    "reviews": [
        (["2026-03", "peer", "102", "", "92.5", ""], "kind", "review_repeated"),
        (["2026-03", "peer", "", "", "90", ""], "no", "person_or_window"),
        (["2026-03", "peer", "101", "", "101", ""], "score", "score_out_of_range"),
        (["March", "peer", "101", "", "90", ""], "month", "not_a_month"),
    ],
    "cases": [
        (["2026-03", "海关", "1", "0"], "unit", "unit_unknown"),
        (["2026-03", "税务局", "-1", "0"], "total", "not_a_count"),
    ],
    "vetoes": [(["2026-03", "102", "bad_luck", ""], "trigger", "trigger_unknown")],
}


def test_every_row_of_everything_wrong_has_a_chinese_and_an_english_sentence(empty_hall: Hall, tmp_path: Path):
    sheets = {name: [GOOD[name][0], *[cells for cells, _, _ in bad]] for name, bad in BAD.items()}
    report = load_folder(empty_hall, as_csv(tmp_path / "a", sheets))
    for row in report.refused():
        for language in ("zh", "en"):
            sentence = row.sentence(language)
            assert "refused." not in sentence
            assert "{" not in sentence
    first = next(row for row in report.refused() if row.file == "staff.csv")
    assert first.sentence("zh").startswith("staff.csv 第 2 行 「窗口」：没有登记“海关窗口”")
    assert first.sentence("en").startswith("staff.csv row 2 “window”: No window is called “海关窗口”")


def test_a_later_row_may_make_room_for_an_earlier_one(empty_hall: Hall, tmp_path: Path):
    header = GOOD["staff"][0]
    before = {"windows": GOOD["windows"], "staff": [header, ["5", "周宁", "税务窗口", "", "", "", "", ""]]}
    load_folder(empty_hall, as_csv(tmp_path / "a", before))
    transfer = [
        ["5", "周宁", "公安窗口", "", "", "2026-04-01", "", ""],
        ["5", "周宁", "税务窗口", "", "", "", "2026-03-31", ""],
    ]
    report = load_folder(empty_hall, as_csv(tmp_path / "b", {"staff": [header, *transfer]}))
    assert totals(report) == {"new": 1, "changed": 1, "repeated": 0, "refused": 0}


@pytest.mark.parametrize(
    ("header", "column", "code"),
    [
        ("no,window", "name", "column_missing"),
        ("no,name,window,工号", "no", "column_repeated"),
        ("一,二", "no", "column_missing"),
    ],
)
def test_a_header_that_will_not_do_refuses_the_sheet(empty_hall: Hall, tmp_path: Path, header, column, code):
    (tmp_path / "staff.csv").write_text(f"{header}\n1,2,3,4\n", encoding="utf-8")
    report = load_folder(empty_hall, tmp_path)
    assert refusals(report) == [("staff.csv", 1, column, code)]


def test_chinese_headers_strange_columns_and_absent_ones_are_understood_and_said(empty_hall: Hall, tmp_path: Path):
    (tmp_path / "windows.csv").write_text("窗口名称,派驻单位,电话\n税务窗口,税务局,110\n", encoding="gb18030")
    report = load_folder(empty_hall, tmp_path)
    assert totals(report)["new"] == 1
    assert list(report.notes("zh")) == [
        "windows.csv：不是 UTF-8，按 GB18030 读的",
        "windows.csv：不认识这些列，没有读：电话",
        "windows.csv：没有这些列，按空白处理：from、to",
    ]


def test_files_and_sheets_nobody_knows_are_said_and_one_that_comes_twice_is_refused(empty_hall: Hall, tmp_path: Path):
    as_csv(tmp_path, {"windows": GOOD["windows"]})
    as_workbook(tmp_path, {"windows": GOOD["windows"]})
    (tmp_path / "menu.csv").write_text("soup,price\n", encoding="utf-8")
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf")
    (tmp_path / "~$大厅.xlsx").write_bytes(b"lock")
    report = load_folder(empty_hall, tmp_path)
    assert refusals(report) == [("大厅.xlsx/窗口", None, None, "sheet_twice")]
    assert sorted(report.notes("en")) == [
        "menu.csv: a sheet nobody knows, not read",
        "old.xls: a file nobody knows, not read",
    ]


def test_a_policy_in_the_folder_is_adopted_when_it_differs(empty_hall: Hall, tmp_path: Path):
    file = tmp_path / "policy.toml"
    outcomes = []
    for text in (POLICY, POLICY.replace("missing_punch_points = 2.0", "missing_punch_points = 3.0")):
        file.write_text(text, encoding="utf-8")
        outcomes.append(dict(load_folder(empty_hall, tmp_path).file("policy.toml").outcomes))
    assert outcomes == [{"repeated": 1}, {"changed": 1}]
    assert empty_hall.book().policies.in_force("2026-03").attendance.missing_punch_points == 3


def test_exports_of_terminals_go_in_once(empty_hall: Hall, tmp_path: Path):
    as_csv(tmp_path, {"terminals": GOOD["terminals"]})
    (tmp_path / "attlog").mkdir()
    (tmp_path / "attlog" / "A001.dat").write_bytes(b"      101\t2026-03-03 09:00:00\t1\t0\t1\t0\r\n" * 2)
    counts = [load_folder(empty_hall, tmp_path).attlogs[0] for _ in range(2)]
    assert [(count.accepted, count.repeated, count.quarantined) for count in counts] == [(1, 1, 0), (0, 2, 0)]


@pytest.mark.parametrize("content", [{}, {"notes.txt": b"hello"}])
def test_a_folder_without_anything_to_load_is_refused(empty_hall: Hall, tmp_path: Path, content: dict[str, bytes]):
    folder = tmp_path / "office"
    with pytest.raises(Refused, match="folder_missing"):
        load_folder(empty_hall, folder)
    folder.mkdir()
    for name, data in content.items():
        (folder / name).write_bytes(data)
    with pytest.raises(Refused, match="nothing_to_load"):
        load_folder(empty_hall, folder)


def test_empty_files_are_harmless(empty_hall: Hall, tmp_path: Path):
    for name, rows in GOOD.items():
        (tmp_path / f"{name}.csv").write_text("" if name < "m" else ",".join(map(str, rows[0])), encoding="utf-8")
    report = load_folder(empty_hall, tmp_path)
    assert (refusals(report), totals(report)["new"]) == ([], 0)


def test_no_name_and_no_free_text_given_on_import_lies_in_the_data_folder(empty_hall: Hall, tmp_path: Path):
    load_folder(empty_hall, as_csv(tmp_path / "office", GOOD))
    for file in (file for file in (tmp_path / "hall").rglob("*") if file.is_file()):
        content = file.read_bytes()
        for text in ("钱桐雅", "孙䶮岚", "李若茗", "周督查", "发热三十九度", "看短视频", "替人刷脸"):
            assert text.encode() not in content, file
            assert text.encode("unicode_escape") not in content, file
