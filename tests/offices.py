"""What an office's folder may hold: one with every kind of sheet, and everything that can be wrong in it."""

import csv
from datetime import date, datetime, time
from pathlib import Path

from openpyxl import Workbook

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


GOOD_ROWS = sum(len(rows) - 1 for rows in GOOD.values())
"""Rows without the headers."""

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
"""Rows to refuse, each with the column and the code of its refusal, when they follow those of GOOD."""
