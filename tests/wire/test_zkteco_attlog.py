"""Every quirk of an attendance upload that protocols of real terminals show, over a real socket."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from wires import OpenDoor

WHEN = "2026-09-28 08:59:30"
LINES = {
    "seven fields": "{pin}\t{when}\t0\t15\t0\t0\t0\n",
    "four fields": "{pin}\t{when}\t0\t15\n",
    "an empty workcode": "{pin}\t{when}\t0\t15\t\t0\t0\n",
    "a trailing tab": "{pin}\t{when}\t0\t15\t\t0\t0\t\n",
    "CRLF": "{pin}\t{when}\t0\t15\t0\t0\t0\r\n",
    "no line end": "{pin}\t{when}\t0\t15\t0\t0\t0",
    "blank lines around": "\n\n{pin}\t{when}\t0\t15\t0\t0\t0\n\n",
    "an eighth field 2": "{pin}\t{when}\t0\t15\t0\t0\t0\t2\n",
    "ten fields with temperature": "{pin}\t{when}\t0\t15\t0\t0\t0\t1\t36.4\t0\n",
    "twelve fields with offset and extension": "{pin}\t{when}\t0\t15\t0\t0\t0\t0\t0\t0\t+28800\teyJnIjoxfQ==\n",
    "the table's name before it": "ATTLOG\t{pin}\t{when}\t0\t15\t0\t0\t0\n",
    "the table's name and a row number before it": "ATTLOG\t17\t{pin}\t{when}\t0\t15\t0\t0\t0\n",
    "zeros before the PIN": "000{pin}\t{when}\t0\t15\t0\t0\t0\n",
    "blanks around the PIN": "   {pin} \t{when}\t0\t15\t0\t0\t0\n",
    "a byte order mark": "\ufeff{pin}\t{when}\t0\t15\t0\t0\t0\n",
    "another status and verify code": "{pin}\t{when}\t255\t200\t0\t0\t0\n",
    "an unpadded time": "{pin}\t2026-9-28 8:59:30\t0\t15\t0\t0\t0\n",
}


@pytest.mark.parametrize(("number", "line"), list(enumerate(LINES.values())), ids=LINES)
def test_the_line_is_one_punch(shared_door: OpenDoor, number: int, line: str) -> None:
    pin = str(5000 + number)
    reply = shared_door.post(line.format(pin=pin, when=WHEN).encode())
    assert (reply.status, reply.text) == (200, "OK: 1")
    [punch] = [punch for punch in shared_door.punches() if punch.pin == pin]
    assert (punch.terminal, punch.at, punch.zone, punch.road) == ("A001", datetime(2026, 9, 28, 8, 59, 30), 480, "push")
    assert punch.source == "127.0.0.1"


def test_a_pin_with_an_underscore_is_kept_as_it_is(shared_door: OpenDoor) -> None:
    assert shared_door.post(f"5_4968\t{WHEN}\t0\t15\t0\n".encode()).text == "OK: 1"
    assert "5_4968" in {punch.pin for punch in shared_door.punches()}


def test_status_verify_and_workcode_are_those_of_the_first_sighting(door: OpenDoor) -> None:
    door.post(f"7\t{WHEN}\t4\t15\t88\t0\t0\n".encode())
    door.post(f"7\t{WHEN}\t0\t1\t0\t0\t0\n".encode())
    [punch] = door.punches()
    assert (punch.status, punch.verify, punch.workcode) == ("4", "15", "88")


def test_temperature_does_not_enter_the_log(door: OpenDoor) -> None:
    door.post(f"7\t{WHEN}\t0\t15\t0\t0\t0\t1\t36.412\t97.533\n".encode())
    [punch] = door.punches()
    assert punch.raw == f"7\t{WHEN}\t0\t15\t0\t0\t0\t1\t\t"
    assert b"36.412" not in door.log_bytes()
    assert b"97.533" not in door.log_bytes()


def test_the_acknowledgement_counts_the_lines_received(door: OpenDoor) -> None:
    lines = [f"{pin}\t{WHEN}\t0\t15\t0\t0\t0\n" for pin in range(1, 251)]
    assert door.post("".join(lines).encode()).text == "OK: 250"
    assert len(door.punches()) == 250


def test_the_same_upload_again_is_acknowledged_and_stored_once(door: OpenDoor) -> None:
    body = "".join(f"{pin}\t{WHEN}\t0\t15\t0\t0\t0\n" for pin in range(1, 21)).encode()
    assert [door.post(body).text for _ in range(3)] == ["OK: 20"] * 3
    assert len(door.punches()) == 20


def test_an_empty_upload_is_acknowledged(door: OpenDoor) -> None:
    assert door.post(b"").text == "OK: 0"


def ahead(minutes: float) -> str:
    """A terminal's wall clock so far ahead of ours, in China's zone."""
    return f"{datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=8, minutes=minutes):%Y-%m-%d %H:%M:%S}"


BAD = {
    "impossible_time": "7\t2026-02-30 08:00:00\t0\t15\t0\t0\t0",
    "too_old": "7\t2000-01-01 00:00:07\t0\t15\t0\t0\t0",
    "in_future": f"7\t{ahead(24 * 60)}\t0\t15\t0\t0\t0",
    "no_pin": f"\t{WHEN}\t0\t15\t0\t0\t0",
    "malformed": "an upload of something else",
    "too_long": f"7\t{WHEN}\t0\t15\t0\t0\t0\t0\t0\t0\t+28800\t" + "A" * 5000,
}


@pytest.mark.parametrize(("reason", "line"), list(BAD.items()), ids=BAD)
def test_a_bad_line_is_set_aside_and_acknowledged_and_the_rest_goes_through(
    door: OpenDoor, reason: str, line: str
) -> None:
    body = f"8\t{WHEN}\t0\t15\t0\t0\t0\n{line}\n9\t{WHEN}\t0\t15\t0\t0\t0\n"
    assert door.post(body.encode()).text == "OK: 3"
    assert [punch.pin for punch in door.punches()] == ["8", "9"]
    [left] = door.quarantine()
    assert (left.reason, left.terminal, left.table) == (reason, "A001", "ATTLOG")
    assert left.length > 0
    assert len(left.sha256) == 64
    assert left.raw == ("" if reason in ("malformed", "too_long") else line)


def test_a_clock_up_to_five_minutes_ahead_is_a_punch(door: OpenDoor) -> None:
    door.post(f"7\t{ahead(4)}\t0\t15\t0\n".encode())
    assert [punch.pin for punch in door.punches()] == ["7"]


def test_a_line_that_breaks_off_inside_its_time_is_no_punch(door: OpenDoor) -> None:
    assert door.post(b"7\t2026-09-28 08:59:3\n8\t2026-09-28 08:59:30\n").text == "OK: 2"
    assert [punch.pin for punch in door.punches()] == ["8"]


def test_pin_zero_is_nobody(door: OpenDoor) -> None:
    door.post(f"0\t{WHEN}\t0\t15\t0\n000\t{WHEN}\t0\t15\t0\n".encode())
    assert door.punches() == []
    assert {left.reason for left in door.quarantine()} == {"no_pin"}


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_name_in_an_attendance_line_does_not_enter_the_log(door: OpenDoor, encoding: str) -> None:
    name = "欧阳若棠"
    body = f"7\t{WHEN}\t0\t15\t{name}\t0\t0\n8\t{WHEN}\t0\t15\t0\t0\t0\n{name}\t{WHEN}\t0\t15\n".encode(encoding)
    assert door.post(body).text == "OK: 3"
    assert [punch.pin for punch in door.punches()] == ["7", "8"]
    for form in (name.encode("utf-8"), name.encode("gb18030"), name.encode("unicode_escape")):
        assert form not in door.log_bytes()


def test_a_line_of_no_encoding_spoils_no_other(door: OpenDoor) -> None:
    door.post(b"\xff\xff\x81\xff\n" + f"7\t{WHEN}\t0\t15\t0\n".encode())
    assert [punch.pin for punch in door.punches()] == ["7"]
    assert [left.reason for left in door.quarantine()] == ["malformed"]


def test_a_persons_record_sent_as_attendance_leaves_no_password(door: OpenDoor) -> None:
    secret = b64encode(b"swordfish-77").decode()
    assert door.post(f"USER PIN=7\tName=x\tPri=0\tPasswd={secret}\n".encode()).text == "OK: 1"
    assert secret.encode() not in door.log_bytes()


def test_two_halves_of_a_log_in_either_order_are_the_same_punches(door: OpenDoor) -> None:
    lines = [f"{pin}\t2026-09-28 08:{pin:02d}:00\t0\t15\t0\t0\t0\n" for pin in range(1, 41)]
    door.post("".join(lines[20:]).encode())
    door.post("".join(lines).encode())
    assert {punch.pin for punch in door.punches()} == {str(pin) for pin in range(1, 41)}
    assert len(door.punches()) == 40
