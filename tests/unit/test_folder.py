"""Loading a hall folder: what goes in, what is refused and how, and that again is harmless."""

import csv
from datetime import datetime
from pathlib import Path

import pytest
from halls import POLICY
from offices import BAD, GOOD, GOOD_ROWS, as_csv, as_workbook

from api.imports.folder import load_folder
from api.imports.report import LoadReport
from attendance.facts import Refused
from attendance.hall import Hall


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
    (tmp_path / "notes.txt").write_text("call back", encoding="utf-8")
    (tmp_path / "~$大厅.xlsx").write_bytes(b"lock")
    report = load_folder(empty_hall, tmp_path)
    assert refusals(report) == [
        ("大厅.xlsx/窗口", None, None, "sheet_twice"),
        ("old.xls", None, None, "workbook_other"),
    ]
    assert sorted(report.notes("en")) == [
        "menu.csv: a sheet nobody knows, not read",
        "notes.txt: a file nobody knows, not read",
    ]


def test_what_is_named_as_a_sheet_and_is_no_file_is_refused_and_the_others_go_in(empty_hall: Hall, tmp_path: Path):
    folder = as_csv(tmp_path / "office", {"windows": GOOD["windows"]})
    for name in ("leave.csv", "policy.toml"):
        (folder / name).mkdir()
    (folder / "staff.xlsx").symlink_to(tmp_path / "gone")
    report = load_folder(empty_hall, folder)
    assert {(file, code) for file, _, _, code in refusals(report)} == {
        (name, "not_a_file") for name in ("leave.csv", "policy.toml", "staff.xlsx")
    }
    assert totals(report)["new"] > 0


def test_a_cell_with_a_whole_book_in_it_is_refused_by_name(empty_hall: Hall, tmp_path: Path):
    rows = [["window", "unit"], ["综合窗口", "税务局" * 1_000], ["税务窗口", "税务局"]]
    report = load_folder(empty_hall, as_csv(tmp_path / "office", {"windows": rows}))
    assert refusals(report) == [("windows.csv", 2, "unit", "cell_too_long")]
    assert totals(report)["new"] == 1


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
