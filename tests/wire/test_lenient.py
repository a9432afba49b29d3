"""HTTP as terminals speak it: lengths missing, wrong or chunked, lines that break, paths in any case."""

import socket
import time

import pytest
from wires import LOCALHOST, OpenDoor, head_of

from api.doors.lenient import SILENCE, announced, is_cut, plain_head

LINE = b"7\t2026-09-28 08:59:30\t0\t15\t0\t0\t0\n"
TWO = LINE + LINE.replace(b"7", b"8", 1)
TARGET = "/iclock/cdata?SN=A001&table=ATTLOG"


def pins(door: OpenDoor) -> list[str]:
    return sorted(punch.pin for punch in door.punches())


@pytest.mark.parametrize(
    "path",
    [
        "/iclock/cdata",
        "/iclock/cdata/",
        "/iclock/cdata.aspx",
        "/ICLOCK/CDATA",
        "/iClock/cdata.ASPX",
        "//iclock//cdata",
    ],
)
@pytest.mark.parametrize("key", ["SN", "sn", "Sn"])
def test_the_path_is_found_in_any_form(shared_door: OpenDoor, path: str, key: str) -> None:
    assert shared_door.post(LINE, f"{key}=a001&table=attlog&Stamp=1", path).text == "OK: 1"


@pytest.mark.parametrize("kind", ["text/plain", "application/push", "application/x-www-form-urlencoded", "x"])
def test_the_content_type_does_not_matter(shared_door: OpenDoor, kind: str) -> None:
    lengths = f"Content-Type: {kind}\r\nContent-Length: {len(LINE)}\r\n"
    assert shared_door.send(head_of(TARGET, lengths) + LINE).text == "OK: 1"


def test_a_length_too_small_cuts_nothing_off(door: OpenDoor) -> None:
    assert door.send(head_of(TARGET, "Content-Length: 26\r\n") + TWO).text == "OK: 2"
    assert pins(door) == ["7", "8"]


def test_a_length_that_ends_inside_a_line_waits_for_its_rest(door: OpenDoor) -> None:
    with socket.create_connection((LOCALHOST, door.port), timeout=10) as line:
        line.sendall(head_of(TARGET, "Content-Length: 20\r\n") + TWO[:20])
        time.sleep(0.2)
        line.sendall(TWO[20:])
        assert line.recv(4096).endswith(b"OK: 2")
    assert pins(door) == ["7", "8"]


def test_a_missing_length_takes_what_comes(door: OpenDoor) -> None:
    with socket.create_connection((LOCALHOST, door.port), timeout=10) as line:
        line.sendall(head_of(TARGET) + TWO[:50])
        time.sleep(SILENCE / 2)
        line.sendall(TWO[50:])
        assert line.recv(4096).endswith(b"OK: 2")
    assert pins(door) == ["7", "8"]


@pytest.mark.parametrize("lengths", ["", "Content-Length: 9999\r\n", "Content-Length: none\r\n"])
def test_a_sender_that_closes_its_side_has_said_all(door: OpenDoor, lengths: str) -> None:
    with socket.create_connection((LOCALHOST, door.port), timeout=10) as line:
        line.sendall(head_of(TARGET, lengths) + TWO)
        line.shutdown(socket.SHUT_WR)
        assert line.recv(4096).endswith(b"OK: 2")


def test_chunks_are_one_body(door: OpenDoor) -> None:
    body = b"a\r\n" + TWO[:10] + b"\r\n" + b"%x\r\n" % len(TWO[10:]) + TWO[10:] + b"\r\n0\r\n\r\n"
    assert door.send(head_of(TARGET, "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n") + body).text == "OK: 2"


def test_a_sender_that_asks_before_it_sends_is_told_to_go_on(door: OpenDoor) -> None:
    with socket.create_connection((LOCALHOST, door.port), timeout=10) as line:
        line.sendall(head_of(TARGET, f"Expect: 100-continue\r\nContent-Length: {len(TWO)}\r\n"))
        assert line.recv(4096).startswith(b"HTTP/1.1 100")
        line.sendall(TWO)
        assert line.recv(4096).endswith(b"OK: 2")


def test_an_upload_that_breaks_off_stores_nothing_and_comes_again(door: OpenDoor) -> None:
    head = head_of(TARGET, f"Content-Length: {len(TWO)}\r\n")
    door.send(head + TWO[: len(LINE) + 12], hangs_up=True)
    time.sleep(0.1)
    assert door.punches() == []
    assert door.quarantine() == []
    assert door.send(head + TWO).text == "OK: 2"
    assert pins(door) == ["7", "8"]


def test_a_short_body_is_not_acknowledged_while_the_line_is_open(door: OpenDoor) -> None:
    with socket.create_connection((LOCALHOST, door.port), timeout=SILENCE * 2) as line:
        line.sendall(head_of(TARGET, f"Content-Length: {len(TWO)}\r\n") + LINE)
        with pytest.raises(TimeoutError):
            line.recv(4096)
    assert door.punches() == []


def test_a_request_may_come_byte_by_byte(door: OpenDoor) -> None:
    with socket.create_connection((LOCALHOST, door.port), timeout=10) as line:
        for byte in head_of(TARGET, f"Content-Length: {len(LINE)}\r\n") + LINE:
            line.sendall(bytes([byte]))
        assert line.recv(4096).endswith(b"OK: 1")


def test_two_uploads_on_one_line_are_answered_in_turn(door: OpenDoor) -> None:
    request = head_of(TARGET, f"Content-Length: {len(LINE)}\r\n").replace(b"Connection: close\r\n", b"") + LINE
    with socket.create_connection((LOCALHOST, door.port), timeout=10) as line:
        line.sendall(request + request)
        received = b""
        while received.count(b"OK: 1") < 2:
            part = line.recv(4096)
            assert part, received
            received += part


def test_blanks_and_chinese_in_the_address_line_are_read(door: OpenDoor) -> None:
    raw = "GET /iclock/getrequest?SN=A001&INFO=Ver 8.0 中文,1,2 HTTP/1.1\r\nConnection: close\r\n\r\n"
    assert door.send(raw.encode("gb18030")).text == "OK"


def test_a_body_too_large_is_not_acknowledged(door: OpenDoor) -> None:
    body = LINE * (5 * 1024 * 1024 // len(LINE))
    assert door.send(head_of(TARGET, f"Content-Length: {len(body)}\r\n") + body).status in (413, 0)
    assert door.punches() == []
    assert door.post(LINE).text == "OK: 1"


@pytest.mark.parametrize(
    ("head", "length"),
    [
        (b"POST / HTTP/1.1\r\nContent-Length: 26", 26),
        (b"POST / HTTP/1.1\r\nHost: x", None),
        (b"\r\ncontent-length:x", None),
    ],
)
def test_announced_length(head: bytes, length: int | None) -> None:
    assert announced(head) == length


@pytest.mark.parametrize(
    ("table", "body", "cut"),
    [
        ("ATTLOG", LINE, False),
        ("attlog", LINE[:-1], False),
        ("ATTLOG", LINE[:20], True),
        ("ATTLOG", LINE + b"10", True),
        ("ATTLOG", b"", False),
        ("options", b"FirmVer=8", False),
        ("ATTPHOTO", b"\xff\xd8\tand so on", False),
    ],
)
def test_where_an_upload_ends_inside_a_line(table: str, body: bytes, cut: bool) -> None:
    assert is_cut(head_of(f"/iclock/cdata?SN=A001&table={table}"), body) is cut


def test_other_requests_keep_their_head() -> None:
    head = b"GET /months/2026-09?x=a%20b HTTP/1.1\r\nHost: hall"
    assert plain_head(head) == head
