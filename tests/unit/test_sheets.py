"""CSV files as sheets of numbered rows."""

from pathlib import Path

import pytest

from api.imports.sheets import Sheet, read_csv
from attendance.facts import Refused


def read(path: Path, content: bytes) -> Sheet:
    file = path / "staff.csv"
    file.write_bytes(content)
    return read_csv(file, file.name)


@pytest.mark.parametrize(("encoding", "notes"), [("utf-8", []), ("utf-8-sig", []), ("gb18030", ["encoding"])])
def test_a_file_reads_alike_in_every_encoding_and_says_an_odd_one(tmp_path: Path, encoding: str, notes: list[str]):
    sheet = read(tmp_path, "no,姓名\r\n0101,钱桐雅\r\n".encode(encoding))
    assert (sheet.header, [row.cells for row in sheet.rows]) == (["no", "姓名"], [["0101", "钱桐雅"]])
    assert sheet.notes == notes


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("damage", [b"\xff", b"\0"])
def test_a_character_that_cannot_be_read_costs_its_own_row_alone(tmp_path: Path, encoding: str, damage: bytes):
    rows = [f"{number},钱桐雅".encode(encoding) for number in (1, 2, 3)]
    rows[1] += damage
    sheet = read(tmp_path, b"\n".join(["no,姓名".encode(encoding), *rows]))
    assert [(row.number, row.cells) for row in sheet.rows if not row.problem] == [
        (2, ["1", "钱桐雅"]),
        (4, ["3", "钱桐雅"]),
    ]
    assert [(row.number, row.problem.code) for row in sheet.rows if row.problem] == [(3, "row_not_text")]


def test_a_utf8_file_cut_within_a_character_is_not_taken_for_gb18030(tmp_path: Path):
    whole = "no,姓名\n1,钱桐雅\n2,郑一\n3,郑二".encode()
    sheet = read(tmp_path, whole[:-1])
    assert [row.cells for row in sheet.rows if not row.problem] == [["1", "钱桐雅"], ["2", "郑一"]]
    assert sheet.notes == []


def test_a_line_without_end_costs_its_own_row_alone(tmp_path: Path):
    sheet = read(tmp_path, b"no,note\n1,a\n2," + b"x" * 300_000 + b"\n3,c\n")
    assert [row.problem.code if row.problem else row.cells for row in sheet.rows] == [
        ["1", "a"],
        "cell_too_long",
        ["3", "c"],
    ]


@pytest.mark.parametrize("content", ["no,姓名\n".encode("utf-16"), b"\xff\xff\xff", b"PK\x03\x04\0\0"])
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes):
    with pytest.raises(Refused) as refused:
        read(tmp_path, content)
    assert refused.value.code == "encoding_unknown"


def test_rows_are_numbered_as_the_spreadsheet_shows_them(tmp_path: Path):
    sheet = read(tmp_path, b'no,note\n1,"two\nlines"\n\n,\n2,x\n')
    assert [(row.number, row.cells) for row in sheet.rows] == [(2, ["1", "two lines"]), (5, ["2", "x"])]


def test_a_missing_quote_costs_its_own_row_alone(tmp_path: Path):
    sheet = read(tmp_path, b'no,note\n1,"never closed\n2,x\n3,"y" z\n4,w\n')
    assert [(row.number, row.cells) for row in sheet.rows if not row.problem] == [(3, ["2", "x"]), (5, ["4", "w"])]
    assert [(row.number, row.problem.code) for row in sheet.rows if row.problem] == [
        (2, "row_unreadable"),
        (4, "row_unreadable"),
    ]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\n", b"no,name\n"])
def test_an_empty_file_has_no_rows(tmp_path: Path, content: bytes):
    assert read(tmp_path, content).rows == []


def test_a_formula_stays_text_but_for_the_one_that_keeps_zeros(tmp_path: Path):
    sheet = read(tmp_path, b'no,name\n"=""0012""",=1+1\n')
    assert sheet.rows[0].cells == ["0012", "=1+1"]


def test_control_characters_do_not_get_in(tmp_path: Path):
    assert read(tmp_path, b"no,name\n1\x1f2,a\tb\x07\n").rows[0].cells == ["1 2", "a b"]


def test_a_file_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(Refused) as refused:
        read_csv(tmp_path / "gone.csv", "gone.csv")
    assert refused.value.code == "file_unreadable"
