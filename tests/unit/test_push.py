"""The words of ZKTeco's push, taken apart and put together."""

import pytest

from devices.readings import lines_of, text_lines_of, text_of
from devices.zkteco.operlog import read_operation, read_operlog
from devices.zkteco.push import Call, about, options_of, query_of, results_of, told_by_poll


@pytest.mark.parametrize(
    ("raw", "query"),
    [
        (b"SN=A001&table=ATTLOG", {"sn": "A001", "table": "ATTLOG"}),
        (b"sn=A%30%301&Stamp=", {"sn": "A001", "stamp": ""}),
        (b"INFO=Ver+8%2E0,1", {"info": "Ver 8.0,1"}),
        (b"SN=1&SN=2&&=x&flag", {"sn": "2", "flag": ""}),
        (b"", {}),
        ("n=终端".encode(), {"n": "终端"}),
        (b"n=%D6%D0", {"n": "\ufffd\ufffd"}),
    ],
)
def test_queries(raw: bytes, query: dict[str, str]) -> None:
    assert query_of(raw) == query


@pytest.mark.parametrize(
    ("raw", "text"), [("张".encode(), "张"), ("张".encode("gb18030"), "张"), (b"abc", "abc"), (b"\xff\xff\x81", None)]
)
def test_text_is_utf8_or_else_gb18030(raw: bytes, text: str | None) -> None:
    assert text_of(raw) == text


@pytest.mark.parametrize("body", [b"a\nb\n", b"a\r\nb", b"\n\na\n \t \nb\n\n", b"a\rb", b"\xef\xbb\xbfa\nb"])
def test_lines_whatever_their_ends(body: bytes) -> None:
    assert lines_of(body) == [b"a", b"b"]
    assert text_lines_of(body) == ["a", "b"]


def test_a_line_of_no_encoding_stays_bytes() -> None:
    assert text_lines_of(b"\xff\xff\x81\n\xe5\xbc\xa0\n") == [b"\xff\xff\x81", "张"]


@pytest.mark.parametrize(
    ("query", "body", "results", "told"),
    [
        ({}, b"ID=1&Return=0&CMD=DATA", {1: 0}, {}),
        ({}, b"ID=1&Return=0&CMD=DATA\nID=2&Return=-1002&CMD=CHECK\n", {1: 0, 2: -1002}, {}),
        ({}, b"ID=3&Return=0&CMD=INFO\r\n~DeviceName=F18\r\n", {3: 0}, {"~devicename": "F18"}),
        ({"id": "4", "return": "0"}, b"", {4: 0}, {}),
        ({}, b"ID=x&Return=0", {}, {"id": "x", "return": "0"}),
        ({}, b"ID=99999999999&Return=0", {}, {"id": "99999999999", "return": "0"}),
    ],
)
def test_results(query: dict[str, str], body: bytes, results: dict[int, int], told: dict[str, str]) -> None:
    assert results_of(Call("POST", "devicecmd", query, body)) == (results, told)


def test_options_with_commas_or_lines() -> None:
    assert options_of(b"~DeviceName=F18,FirmVer=Ver 8.0\nMAC=00:17") == {
        "~devicename": "F18",
        "firmver": "Ver 8.0",
        "mac": "00:17",
    }


def test_of_itself_a_terminal_may_tell_only_what_is_allowed() -> None:
    told = about({"~devicename": "F18", "comkey": "123456", "firmver": "x" * 200, "pushver": ""})
    assert told == {"devicename": "F18", "firmver": "x" * 60}


def test_a_poll_tells_of_users_and_records() -> None:
    assert told_by_poll("Ver 8.0,41,,1234,10.0.0.9") == {
        "fwversion": "Ver 8.0",
        "usercount": "41",
        "attlogcount": "1234",
    }


@pytest.mark.parametrize(
    ("line", "kind", "operator", "at", "objects"),
    [
        (b"OPLOG 21\t7\t2026-09-28 08:30:00\t1\t2\t3\t4", 21, "7", "2026-09-28 08:30:00", ("1", "2", "3", "4")),
        (b"OPLOG\t23\t0\t2026-09-28 08:30:00\t0", 23, "0", "2026-09-28 08:30:00", ("0",)),
        (b"OPLOG 9\tname with blanks\tnot a time\tx y", 9, "", "", ("",)),
    ],
)
def test_operations(line: bytes, kind: int, operator: str, at: str, objects: tuple[str, ...]) -> None:
    operation = read_operation(line, "A001")
    assert operation is not None
    assert (operation.kind, operation.operator, operation.at, operation.objects) == (kind, operator, at, objects)


@pytest.mark.parametrize("line", [b"OPLOG", b"OPLOG x\ty\tz", b"OPLOG 1", b"OPLOG 12345\t0\t0"])
def test_no_operations(line: bytes) -> None:
    assert read_operation(line, "A001") is None


def test_a_template_over_several_lines_is_one_record() -> None:
    operlog = read_operlog([b"FP PIN=1\tTMP=abc", b"def", b"ghi==", b"USER PIN=1\tPasswd=x", b"stray"], "A001")
    assert operlog.records == 3
    assert operlog.withheld == {"FP": 1, "USER": 1}
    assert len(operlog.unreadable) == 1
