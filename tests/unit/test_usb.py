"""USB exports with the defects that real ones have."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance.punches import Reading, Unreadable
from devices.zkteco.usb import PIECE, read_export, read_line

WHEN = "2026-09-28 08:59:30"


@pytest.mark.parametrize(
    ("line", "pin", "time", "status", "verify", "workcode"),
    [
        (f"        7\t{WHEN}\t1\t0\t15\t0", "7", WHEN, "0", "15", "0"),
        (f"    7\t{WHEN}\t1\t4\t1\t88\r", "7", WHEN, "4", "1", "88"),
        (f"7\t{WHEN}\t1\t255\t15", "7", WHEN, "255", "15", ""),
        ("7\t2026-9-28 8:59:30\t1", "7", "2026-9-28 8:59:30", "", "", ""),
        (f"00000007\t{WHEN}\t1\t0\t15\t0", "00000007", WHEN, "0", "15", "0"),
        (f"7\t欧阳若棠\t{WHEN}\t1\t0\t15\t0", "7", WHEN, "0", "15", "0"),
        (f"7\tLi Ruoming\t{WHEN}\t1\t0\t15\t0", "7", WHEN, "0", "15", "0"),
        ("7\t1971--10--29 -23:-59:-53\t1\t0\t15\t0", "7", "1971--10--29 -23:-59:-53", "0", "15", "0"),
        ("7\t1990-00--8 -16:-29:-40\t1\t0\t15\t0", "7", "1990-00--8 -16:-29:-40", "0", "15", "0"),
        ("7\t2000-01-01 00:04:11\t1\t0\t15\t0", "7", "2000-01-01 00:04:11", "0", "15", "0"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_lines(line: str, pin: str, time: str, status: str, verify: str, workcode: str, encoding: str) -> None:
    reading = read_line(line.encode(encoding))
    assert isinstance(reading, Reading)
    assert reading[:5] == (pin, time, status, verify, workcode)


@pytest.mark.parametrize("name", ["欧阳若棠", "Li Ruoming"])
def test_a_name_column_does_not_stay_in_the_raw_line(name: str) -> None:
    reading = read_line(f"7\t{name}\t{WHEN}\t1\t0\t15\t0".encode())
    assert isinstance(reading, Reading)
    assert reading.raw == f"7\t{WHEN}\t1\t0\t15\t0"


@pytest.mark.parametrize(
    "line", [b"7\t2026-09-28 08:59:3", b"no tabs at all", b"7", b"7\tx\ty", b"\xff\xfe\xff", b"\t\t\t", b"A" * 5000]
)
def test_what_is_no_attendance_line_is_unreadable(line: bytes) -> None:
    assert isinstance(read_line(line), Unreadable)


def test_a_nul_block_splits_lines_and_is_no_line() -> None:
    newer = f"        7\t{WHEN}\t1\t0\t15\t0\r\n".encode()
    older = b"        8\t2020-01-02 08:00:00\t1\t0\t15\t0\r\n"
    readings = list(read_export(BytesIO(newer + b"\0" * 3000 + older)))
    assert [(reading.pin, reading.place) for reading in readings if isinstance(reading, Reading)] == [
        ("7", "#1"),
        ("8", "#2"),
    ]
    assert len(readings) == 2


def test_a_record_cut_by_the_block_spoils_only_itself() -> None:
    file = BytesIO(b"        7\t2026-09" + b"\0" * (PIECE * 2 + 5) + f"        8\t{WHEN}\t1\t0\t15\t0\n".encode())
    cut, whole = read_export(file)
    assert isinstance(cut, Unreadable)
    assert isinstance(whole, Reading)
    assert whole.pin == "8"


def test_nul_padding_of_a_field_is_no_block() -> None:
    [reading] = read_export(BytesIO(b"7\0\0\0\0\0\0\0\0\t" + f"{WHEN}\t1\t0\t15\t0\n".encode()))
    assert isinstance(reading, Reading)
    assert reading.pin == "7"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_numbers_are_those_an_editor_shows(end: str) -> None:
    text = end.join([f"7\t{WHEN}\t1\t0\t15", "", "junk", f"8\t{WHEN}\t1\t0\t15"])
    assert [reading.place for reading in read_export(BytesIO(text.encode()))] == ["#1", "#3", "#4"]


@given(st.binary(max_size=2000))
def test_any_bytes_are_read(content: bytes) -> None:
    for reading in read_export(BytesIO(content)):
        assert isinstance(reading, Reading | Unreadable)
