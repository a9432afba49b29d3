"""Dahua's automatic upload through the real door: every shape, every lie about it, and whose punch it is."""

import json
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from dahuas import dahua
from test_storage import full_disk
from wires import OpenDoor

from api.doors.contacts import contacts_of
from attendance.terminals import TerminalOperated
from devices.exchange import NotAcknowledged, Reply

MORNING = datetime(2026, 9, 28, 8, 0)
SHAPES = ("single", "list", "text", "lines")
WRAPPINGS = ("", "mixed", "form-data", "x-mixed-replace")
PACKINGS = ("", "zlib", "raw", "lie")


def answered(reply: Reply) -> Any:
    assert reply.status == 200
    assert reply.headers["content-type"] == "application/json"
    return json.loads(reply.text)


@pytest.mark.parametrize(("shape", "wrapping", "packing"), list(product(SHAPES, WRAPPINGS, PACKINGS)))
def test_whatever_the_shape_a_punch_arrives_once(
    shared_door: OpenDoor, shape: str, wrapping: str, packing: str
) -> None:
    sn = f"D-{shape}-{wrapping}-{packing}".upper()
    terminal = dahua(shared_door, sn, shape=shape, wrapping=wrapping, packing=packing, forgetful=True)
    for minute in range(3):
        terminal.punch(f"00{minute + 1}", MORNING + timedelta(minutes=minute))
    assert terminal.upload() == terminal.upload() == 3
    punches = [punch for punch in shared_door.punches() if punch.terminal == sn]
    assert [(punch.pin, punch.at) for punch in punches] == [
        (str(minute + 1), MORNING + timedelta(minutes=minute)) for minute in range(3)
    ]
    assert {(punch.verify, punch.status, punch.road) for punch in punches} == {("15", "Entry", "push")}
    assert [punch.serial for punch in punches] == [record["RecNo"] for record in terminal.records]
    assert [left for left in shared_door.quarantine() if left.terminal == sn] == []


@pytest.mark.parametrize("zone", ["+08:00", "+05:30", "-03:00"])
@pytest.mark.parametrize("clocks", [("RealUTC", "UTC"), ("UTC",), ("CreateTime",)])
def test_seconds_since_1970_become_the_terminals_wall_clock(
    shared_door: OpenDoor, zone: str, clocks: tuple[str, ...]
) -> None:
    sn = f"Z{zone.strip('+').replace(':', '')}-{'-'.join(clocks)}".upper().replace("Z-", "ZM")
    terminal = dahua(shared_door, sn, zone=zone, clocks=clocks)
    terminal.punch("7", MORNING)
    terminal.upload()
    assert [punch.at for punch in shared_door.punches() if punch.terminal == sn] == [MORNING]


def test_the_real_clock_counts_before_the_others(door: OpenDoor) -> None:
    terminal = dahua(door)
    event = terminal.event(terminal.punch("7", MORNING))
    event["Data"] |= {"UTC": event["Data"]["UTC"] + 28_800, "CreateTime": 1}
    terminal.post(json.dumps(event).encode())
    assert [punch.at for punch in door.punches()] == [MORNING]


@pytest.mark.parametrize(
    ("fields", "punches"),
    [
        ({"ErrorCode": 0, "Status": 1}, 1),
        ({"ErrorCode": 0, "Status": 0}, 1),
        ({"ErrorCode": 16, "Status": 1}, 0),
        ({"ErrorCode": None, "Status": 1}, 1),
        ({"ErrorCode": None, "Status": 0}, 0),
        ({"ErrorCode": None, "Status": "Open"}, 0),
        ({"UserID": ""}, 0),
        ({"UserID": None}, 0),
    ],
)
def test_only_somebody_who_was_let_in_punched(door: OpenDoor, fields: dict[str, Any], punches: int) -> None:
    terminal = dahua(door)
    event = terminal.event(terminal.punch("7", MORNING))
    event["Data"] |= fields
    event["Data"] = {name: value for name, value in event["Data"].items() if value is not None}
    assert answered(terminal.post(json.dumps(event).encode())) == {"code": 0, "message": "success"}
    assert len(door.punches()) == punches
    assert door.quarantine() == []


def test_a_record_without_any_verdict_is_left_for_a_person(door: OpenDoor) -> None:
    terminal = dahua(door)
    event = terminal.event(terminal.punch("7", MORNING))
    del event["Data"]["ErrorCode"], event["Data"]["Status"]
    terminal.post(json.dumps(event).encode())
    assert door.punches() == []
    assert [left.reason for left in door.quarantine()] == ["malformed"]


def test_an_event_sent_again_as_offline_is_a_repeat(door: OpenDoor) -> None:
    terminal = dahua(door, cut_after=150)
    terminal.punch("7", MORNING)
    with pytest.raises(NotAcknowledged):
        terminal.upload()
    assert door.punches() == []
    assert terminal.upload() == 1
    terminal.sent = 0
    assert terminal.upload() == 1
    assert len(door.punches()) == 1


@pytest.mark.parametrize("path", ["/PictureHttpUpload/keepalive", "/EventHttpUpload/keepalive"])
def test_a_heartbeat_is_answered_with_and_without_the_secret(door: OpenDoor, path: str) -> None:
    terminal = dahua(door)
    assert answered(door.get(path)) == {"result": True}
    assert contacts_of(door.hall).of("D001") is None
    assert answered(terminal.keepalive()) == {"result": True}
    assert contacts_of(door.hall).of("D001") is not None


@pytest.mark.parametrize("path", ["/dahua/nobodys", "/dahua/", "/dahua", "/dahua/%00", "/dahua/../../etc/passwd"])
def test_whoever_knows_no_secret_is_told_nothing(door: OpenDoor, path: str) -> None:
    dahua(door)
    reply = door.send(f"POST {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{{}}".encode())
    assert (reply.status, reply.text) == (404, "")


def test_a_secret_of_another_family_does_not_open(door: OpenDoor) -> None:
    terminal = dahua(door)
    door.accept("D001", family="zkteco")
    terminal.punch("7", MORNING)
    with pytest.raises(NotAcknowledged, match="404"):
        terminal.upload()
    assert door.punches() == []


def test_whose_punch_it_is_the_secret_says_and_not_the_body(door: OpenDoor) -> None:
    dahua(door, "D002")
    terminal = dahua(door, "D001")
    event = terminal.event(terminal.punch("7", MORNING))
    event["Data"]["SN"] = event["SN"] = "D002"
    terminal.post(json.dumps(event).encode())
    assert [punch.terminal for punch in door.punches()] == ["D001"]


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_names_and_pictures_stay_outside(door: OpenDoor, wrapping: str) -> None:
    terminal = dahua(door, wrapping=wrapping)
    event = terminal.event(terminal.punch("7", MORNING))
    event["Data"] |= {"ImageEncode": "aGlkZGVuIGZhY2U", "CardNo": "12EA3004", "CitizenIDNo": "110101199003070000"}
    terminal.post(json.dumps(event).encode())
    assert len(door.punches()) == 1
    kept = door.log_bytes()
    for secret in ("欧阳若棠", "aGlkZGVuIGZhY2U", "12EA3004", "110101199003070000", "not a face", terminal.secret):
        assert secret.encode() not in kept


@pytest.mark.parametrize(
    ("skew", "reason"),
    [(timedelta(days=400), "in_future"), (MORNING - datetime(2000, 1, 1, 8), "too_old")],
)
def test_a_clock_that_is_wrong_sets_a_punch_aside(door: OpenDoor, skew: timedelta, reason: str) -> None:
    terminal = dahua(door, skew=skew if reason == "in_future" else -skew)
    terminal.punch("7", MORNING)
    assert terminal.upload() == 1
    assert door.punches() == []
    [left] = door.quarantine()
    assert left.reason == reason
    assert "UserID=7" in left.raw
    assert "欧阳" not in left.raw


@pytest.mark.parametrize("code", ["DoorStatus", "BreakIn", "Duress", "Button", "NetworkChange"])
def test_what_the_door_does_by_itself_is_acknowledged_and_not_kept(door: OpenDoor, code: str) -> None:
    terminal = dahua(door)
    head = door.hall.store.head()
    assert answered(terminal.post(json.dumps({"Code": code, "Data": {"UserID": "7", "UTC": 1}}).encode()))["code"] == 0
    assert door.hall.store.head() == head


def test_a_changed_clock_is_kept_for_the_audit(door: OpenDoor) -> None:
    terminal = dahua(door)
    event = {"Code": "TimeChange", "Action": "Pulse", "Data": {"UTC": terminal.seconds(MORNING), "User": "admin"}}
    terminal.post(json.dumps({"Events": [event]}).encode())
    [operated] = door.facts(TerminalOperated)
    assert (operated.terminal, operated.kind, operated.at) == ("D001", 21, str(MORNING))


def test_a_broken_body_is_acknowledged_and_leaves_its_hash_beside_what_could_be_read(door: OpenDoor) -> None:
    terminal = dahua(door)
    whole = json.dumps(terminal.event(terminal.punch("7", MORNING))).encode()
    assert answered(terminal.post(whole + b'{"Code":"AccessControl","Data":{"CardName":"x"'))["code"] == 0
    assert [punch.pin for punch in door.punches()] == ["7"]
    [left] = door.quarantine()
    assert (left.reason, left.table, left.raw, left.length > 40) == ("malformed", "EVENT", "", True)


def test_an_event_nobody_knows_is_one_question_however_often_it_comes(door: OpenDoor) -> None:
    terminal = dahua(door)
    for second in range(5):
        terminal.post(json.dumps({"Code": "LiftControl", "Data": {"UTC": second}}).encode())
    assert [(left.reason, left.table) for left in door.quarantine()] == [("unknown_table", "LiftControl")]


def test_a_full_disk_is_told_and_the_resend_lands(door: OpenDoor) -> None:
    terminal = dahua(door, shape="list")
    terminal.keepalive()
    for pin in range(1, 31):
        terminal.punch(str(pin), MORNING)
    with full_disk(), pytest.raises(NotAcknowledged, match="500"):
        terminal.upload()
    assert door.punches() == []
    assert terminal.upload() == 30
    assert len(door.punches()) == 30


def test_a_live_event_shows_how_far_the_clock_is_off(door: OpenDoor) -> None:
    terminal = dahua(door, skew=-timedelta(minutes=10))
    terminal.punch("7", datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=8))
    terminal.upload()
    contact = contacts_of(door.hall).of("D001")
    assert contact is not None
    assert 598 <= contact.samples[-1].delay.total_seconds() <= 610
