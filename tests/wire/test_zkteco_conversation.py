"""The rest of the conversation: handshake, operations, photos, polls and their results."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from time import sleep, time_ns

import pytest
from wires import OpenDoor

from api.doors.contacts import contacts_of
from attendance import questions
from attendance.facts import Refused
from attendance.questions import TerminalAnswered, TerminalCounted
from attendance.terminals import TerminalOperated
from devices.zkteco.simulator import SimulatedTerminal

MORNING = datetime(2026, 9, 28, 8, 30)


def ask(door: OpenDoor, matter: str, **span: datetime) -> int:
    now = time_ns() // 1000
    return door.hall.decide(lambda draft: questions.ask(draft, sn="A001", matter=matter, now=now, **span), "office")


def poll_until_told(terminal: SimulatedTerminal, command: str) -> None:
    """The register of questions is read anew each second."""
    for _ in range(40):
        if terminal.poll() == [command]:
            return
        sleep(0.05)
    raise AssertionError(f"never told {command}")


def test_the_handshake_gives_the_options(door: OpenDoor) -> None:
    reply = door.get("/iclock/cdata?SN=a001&options=all&pushver=2.4.1&language=83")
    lines = reply.text.split("\n")
    assert reply.status == 200
    assert reply.headers["content-type"].startswith("text/plain")
    assert lines[0] == "GET OPTION FROM: a001"
    assert {"ATTLOGStamp=None", "OPERLOGStamp=0", "Realtime=1", "TimeZone=8", "Encrypt=None"} <= set(lines)
    assert "\r" not in reply.text


def test_the_handshake_asks_for_no_photos_and_no_biometrics(door: OpenDoor) -> None:
    [flags] = [line for line in door.terminal().handshake().text.split("\n") if line.startswith("TransFlag=")]
    assert flags == "TransFlag=TransData AttLog\tOpLog"


@pytest.mark.parametrize(
    ("zone", "told"), [("+08:00", "8"), ("Asia/Shanghai", "8"), ("+05:30", "330"), ("480min", "480"), ("-3", "-3")]
)
def test_each_terminal_is_told_its_own_zone(door: OpenDoor, zone: str, told: str) -> None:
    door.accept("Z001", zone=zone)
    assert f"TimeZone={told}" in door.terminal("Z001").handshake().text.split("\n")


def test_the_date_header_is_right_since_terminals_set_their_clock_by_it(door: OpenDoor) -> None:
    shown = parsedate_to_datetime(door.terminal().handshake().headers["date"])
    assert abs(datetime.now(UTC) - shown) < timedelta(seconds=3)


def test_ping_is_answered(door: OpenDoor) -> None:
    assert door.terminal().ping().text == "OK"


def test_encryption_is_declined(door: OpenDoor) -> None:
    assert door.post(b"PublicKey=x", "SN=A001&type=publickey", "/iclock/exchange").status == 404


@pytest.mark.parametrize(("place", "table"), [("fdata", "ATTPHOTO"), ("cdata", "ATTPHOTO"), ("cdata", "BIODATA")])
def test_photos_and_templates_are_acknowledged_and_forgotten(door: OpenDoor, place: str, table: str) -> None:
    picture = b"\xff\xd8 a face, not to be kept \xff\xd9" * 9000
    reply = door.post(picture, f"SN=A001&table={table}", f"/iclock/{place}")
    assert (reply.status, reply.text) == (200, "OK")
    assert b"not to be kept" not in door.log_bytes()


OPERLOG = (
    "OPLOG 21\t7\t2026-09-28 08:30:00\t0\t0\t0\t0\n"
    "USER PIN=7\tName=欧阳若棠\tPri=14\tPasswd=sw0rdfish\tCard=[15CD5B07]\tGrp=1\tTZ=0\tVerify=0\n"
    "FP PIN=7\tFID=0\tSize=1368\tValid=1\tTMP=TXlUZW1wbGF0ZQ\n"
    "Q29udGludWVzSGVyZQ==\n"
    "USERPIC PIN=7\tFileName=7.jpg\tSize=4\tContent=UElDVFVSRQ==\n"
    "BIOPHOTO PIN=7\tFileName=7.jpg\tType=9\tNo=0\tIndex=0\tSize=4\tContent=UElDVFVSRQ==\n"
    "OPLOG 23\t0\t2026-09-28 08:31:00\t0\t0\t0\t0\n"
    "OPLOG 4\t0\t2026-09-28 08:32:00\t0\t0\t0\t0\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_of_the_operations_only_what_was_done_at_the_terminal_is_kept(door: OpenDoor, encoding: str) -> None:
    reply = door.post(OPERLOG.encode(encoding), "SN=A001&table=OPERLOG&OpStamp=9999")
    assert reply.text == "OK: 7"
    assert [(done.kind, done.operator, done.at) for done in door.facts(TerminalOperated)] == [
        (21, "7", "2026-09-28 08:30:00"),
        (23, "0", "2026-09-28 08:31:00"),
    ]
    assert door.quarantine() == []
    log = door.log_bytes()
    for secret in ("欧阳若棠", "sw0rdfish", "15CD5B07", "TXlUZW1wbGF0ZQ", "Q29udGludWVz", "UElDVFVSRQ"):
        assert secret.encode() not in log
        assert secret.encode("gb18030") not in log


def test_operations_again_are_stored_once(door: OpenDoor) -> None:
    for _ in range(3):
        door.post(OPERLOG.encode(), "SN=A001&table=OPERLOG")
    assert len(door.facts(TerminalOperated)) == 2


def test_an_unreadable_operation_leaves_length_and_hash_alone(door: OpenDoor) -> None:
    door.post(b"OPLOG what\tever\nsecret=hunter2\n", "SN=A001&table=OPERLOG")
    assert [(left.table, left.reason, left.raw) for left in door.quarantine()] == [("OPERLOG", "malformed", "")] * 2
    assert b"hunter2" not in door.log_bytes()


def test_a_table_nobody_knows_is_acknowledged_and_shown(door: OpenDoor) -> None:
    assert door.post(b"a=1\tb=hunter2\n", "SN=A001&table=NEWTABLE").text == "OK"
    [left] = door.quarantine()
    assert (left.table, left.reason, left.raw) == ("NEWTABLE", "unknown_table", "")
    assert b"hunter2" not in door.log_bytes()


def test_of_the_options_only_an_allowed_few_are_looked_at(door: OpenDoor) -> None:
    body = b"~DeviceName=SpeedFace-V5L,FirmVer=Ver 8.0.4,Comkey=123456,IPAddress=10.0.0.9,UserCount=12"
    assert door.post(body, "SN=A001&table=options").text == "OK"
    contact = contacts_of(door.hall).of("A001")
    assert contact is not None
    assert contact.told == {"devicename": "SpeedFace-V5L", "firmver": "Ver 8.0.4", "usercount": "12"}
    assert b"123456" not in door.log_bytes()


def test_a_poll_without_questions_is_answered_ok(door: OpenDoor) -> None:
    assert door.get("/iclock/getrequest?SN=A001").text == "OK"


def test_a_question_is_delivered_answered_and_then_no_more(door: OpenDoor) -> None:
    terminal = door.terminal()
    terminal.handshake()
    ask(door, "info")
    assert door.get("/iclock/getrequest?SN=A002").status == 403
    poll_until_told(terminal, "C:1:INFO")
    assert [(fact.number, fact.code) for fact in door.facts(TerminalAnswered)] == [(1, 0)]
    assert contacts_of(door.hall).of("A001").told["fwversion"] == "Ver 8.0.4"  # type: ignore[union-attr]
    assert terminal.poll() == []


def test_a_gap_is_mended_by_asking_for_the_punches_of_a_span(door: OpenDoor) -> None:
    terminal = door.terminal()
    for minute in range(10):
        terminal.punch(str(minute + 1), MORNING + timedelta(minutes=minute))
    ask(door, "attlog", start=MORNING + timedelta(minutes=2), end=MORNING + timedelta(minutes=4))
    poll_until_told(terminal, "C:1:DATA QUERY ATTLOG StartTime=2026-09-28 08:32:00\tEndTime=2026-09-28 08:34:00")
    assert sorted(punch.pin for punch in door.punches()) == ["3", "4", "5"]


def test_a_terminal_counts_a_span_and_says_how_many_it_holds(door: OpenDoor) -> None:
    terminal = door.terminal()
    for minute in range(10):
        terminal.punch("7", MORNING + timedelta(minutes=minute))
    span = {"start": MORNING + timedelta(minutes=2), "end": MORNING + timedelta(minutes=4)}
    ask(door, "count", **span)
    poll_until_told(terminal, "C:1:VERIFY SUM ATTLOG StartTime=2026-09-28 08:32:00\tEndTime=2026-09-28 08:34:00")
    [counted] = door.facts(TerminalCounted)
    assert (counted.number, counted.start, counted.end, counted.records) == (1, span["start"], span["end"], 3)
    assert [fact.code for fact in door.facts(TerminalAnswered)] == [0]


@pytest.mark.parametrize(
    "body",
    [
        b"ID=1&Return=0&CMD=VERIFY SUM&StartTime=2026-09-28 00:00:00&EndTime=2026-09-28 23:59:59&AttlogSum=41",
        b"ID=1&Return=0&CMD=VERIFY SUM\nAttlogSum=41\n",
        b"ID=2&Return=0&CMD=CHECK\nID=1&Return=0&AttlogSum=41\n",
    ],
)
def test_a_count_is_told_on_the_line_of_its_result_or_the_next(door: OpenDoor, body: bytes) -> None:
    ask(door, "count", start=MORNING, end=MORNING + timedelta(days=1))
    ask(door, "check")
    door.post(body, "SN=A001", "/iclock/devicecmd")
    assert [(fact.number, fact.records) for fact in door.facts(TerminalCounted)] == [(1, 41)]


@pytest.mark.parametrize(
    "body",
    [b"ID=2&Return=0&AttlogSum=41", b"ID=7&Return=0&AttlogSum=41", b"ID=1&Return=0&AttlogSum=-1"],
)
def test_a_count_nobody_asked_for_is_not_kept(door: OpenDoor, body: bytes) -> None:
    ask(door, "count", start=MORNING, end=MORNING + timedelta(days=1))
    ask(door, "info")
    assert door.post(body, "SN=A001", "/iclock/devicecmd").text == "OK"
    assert door.facts(TerminalCounted) == []


def test_results_may_come_together_or_in_the_address(door: OpenDoor) -> None:
    for _ in range(4):
        ask(door, "check")
    door.post(b"ID=1&Return=0&CMD=CHECK\nID=2&Return=-1002&CMD=CHECK\n", "SN=A001", "/iclock/devicecmd")
    door.post(b"", "SN=A001&ID=3&Return=0&CMD=CHECK", "/iclock/devicecmd")
    door.post(b"ID=77&Return=0&CMD=NEVER-ASKED\n", "SN=A001", "/iclock/devicecmd")
    door.post(b"ID=many&Return=0\n\xff\xfe", "SN=A001", "/iclock/devicecmd")
    answers = sorted((fact.number, fact.code) for fact in door.facts(TerminalAnswered))
    assert answers == [(1, 0), (2, -1002), (3, 0)]


def test_an_unanswered_question_is_not_repeated_at_once_nor_asked_forever(door: OpenDoor) -> None:
    ask(door, "check")
    first = door.get("/iclock/getrequest?SN=A001").text
    assert first == "C:1:CHECK\n"
    assert door.get("/iclock/getrequest?SN=A001").text == "OK"
    tomorrow = time_ns() // 1000 + 25 * 3600 * 1_000_000
    assert door.hall.book().questions.open("A001", tomorrow) == []


@pytest.mark.parametrize("matter", ["CLEAR LOG", "CLEAR DATA", "REBOOT", "SHELL", "AC_UNLOCK", "SET OPTION x=1"])
def test_nothing_that_destroys_or_opens_can_be_asked(door: OpenDoor, matter: str) -> None:
    with pytest.raises(Refused, match="unknown_matter"):
        ask(door, matter)
