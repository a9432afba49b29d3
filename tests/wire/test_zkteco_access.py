"""Access control terminals (security push 3.x) at the real door: they register, and who is let in has punched."""

import re
from datetime import UTC, datetime, timedelta
from functools import partial
from time import sleep, time_ns
from typing import Any
from urllib.parse import urlsplit

import pytest
from halls import do
from sites import Site
from wires import LOCALHOST, OpenDoor

from api.doors.contacts import contacts_of
from api.jobs.remembering import recall, remember
from attendance import questions, terminals
from attendance.terminals import TerminalOperated
from devices.exchange import NotAcknowledged
from devices.zkteco import clock
from devices.zkteco.access_simulator import SimulatedAccess
from devices.zkteco.simulator import Mood

MORNING = datetime(2026, 9, 28, 8, 30)


def access(door: OpenDoor, sn: str = "A001", **mood: Any) -> SimulatedAccess:
    return SimulatedAccess(sn, LOCALHOST, door.port, mood=Mood(**mood))


def spelled(terminal: SimulatedAccess, **more: Any) -> SimulatedAccess:
    for name, value in more.items():
        setattr(terminal, name, value)
    return terminal


class TestRegistration:
    def test_a_terminal_registers_and_takes_its_settings(self, door: OpenDoor) -> None:
        assert door.get("/iclock/cdata?SN=A001&options=all&pushver=3.1.2&DeviceType=acc").text == "OK"
        registered = door.post(b"~DeviceName=SpeedFace,FirmVer=Ver 8,MACAddress=00:17", "SN=A001", "/iclock/registry")
        assert re.fullmatch("RegistryCode=[0-9a-f]{1,32}", registered.text)
        settings = door.post(b"", "SN=A001", "/iclock/push").text
        assert re.search(r"^SessionID=[0-9a-f]{32}$", settings, re.MULTILINE)
        assert not settings.startswith("registry")
        block = door.get("/iclock/cdata?SN=A001&options=all&pushver=3.1.2&DeviceType=acc").text
        assert block.startswith(f"registry=ok\n{registered.text}\nServerVersion=3.1.2\nServerName=ADMS\n")
        assert block.endswith(settings)
        assert "\r" not in block

    def test_the_code_stays_the_same_and_is_each_terminals_own(self, door: OpenDoor) -> None:
        door.accept("B001")
        codes = [door.post(b"", f"SN={sn}", "/iclock/registry").text for sn in ("A001", "A001", "B001")]
        assert codes[0] == codes[1] != codes[2]

    def test_the_settings_may_be_asked_for_either_way(self, door: OpenDoor) -> None:
        assert door.get("/iclock/push?SN=A001").text == door.post(b"", "SN=A001", "/iclock/push").text

    def test_a_device_type_decides_and_not_the_version(self, door: OpenDoor) -> None:
        block = door.get("/iclock/cdata?SN=A001&options=all&pushver=3.1.2&DeviceType=att").text
        assert block.startswith("GET OPTION FROM: A001\n")

    def test_a_terminal_set_back_to_attendance_is_spoken_to_as_one(self, door: OpenDoor) -> None:
        access(door).handshake()
        assert door.terminal().handshake().text.startswith("GET OPTION FROM")
        assert door.get("/iclock/cdata?SN=A001&options=all&DeviceType=acc").text == "OK"

    def test_the_dialect_is_known_again_after_a_restart(self, door: OpenDoor) -> None:
        door.hall.decide(partial(questions.ask, sn="A001", matter="info", now=time_ns() // 1000), "office")
        access(door).handshake()
        remember(door.hall)
        contacts_of(door.hall).of("A001").told.clear()  # type: ignore[union-attr]
        recall(door.hall)
        assert "C:1:GET OPTIONS " in door.get("/iclock/getrequest?SN=A001").text

    def test_an_unknown_terminal_waits_and_says_that_it_is_one_for_access(self, door: OpenDoor) -> None:
        for place in ("cdata?options=all&DeviceType=acc&pushver=3.1.2&", "registry?", "push?", "rtdata?type=time&"):
            assert door.get(f"/iclock/{place}SN=NEW1").status == 403
        [entry] = door.hall.book().terminals.waiting()
        assert "devicetype=acc" in entry.fact.words

    def test_behind_a_secret_path_and_nowhere_else(self, door: OpenDoor) -> None:
        terminal = access(door)
        terminal.prefix = door.secret_path("A001").removesuffix("/iclock")
        assert terminal.handshake().status == 200
        terminal.serial = "B001"
        door.accept("B001")
        assert terminal.handshake().status == 403

    def test_what_a_terminal_tells_of_itself_passes_an_allow_list(self, door: OpenDoor) -> None:
        door.post(
            b"~DeviceName=SpeedFace,FirmVer=Ver 8,ComPwd=sw0rdfish,IPAddress=10.0.0.9", "SN=A001", "/iclock/registry"
        )
        contact = contacts_of(door.hall).of("A001")
        assert contact is not None
        assert contact.told == {"devicename": "SpeedFace", "firmver": "Ver 8", "dialect": "acc"}


class TestEvents:
    @pytest.mark.parametrize("spelling", SimulatedAccess.SEPARATORS)
    @pytest.mark.parametrize("road", ["rtlog", "ATTLOG"])
    def test_who_is_let_in_has_punched(self, door: OpenDoor, spelling: str, road: str) -> None:
        terminal = spelled(access(door), spelling=spelling, road=road)
        terminal.handshake()
        terminal.punch("7", MORNING, status=1)
        terminal.happen(27, MORNING)
        assert terminal.upload() == 2
        [punch] = door.punches()
        assert (punch.pin, punch.at, punch.status, punch.verify, punch.serial) == ("7", MORNING, "1", "15", 1)
        assert door.quarantine() == []

    def test_a_table_of_events_is_acknowledged_by_its_name(self, door: OpenDoor) -> None:
        terminal = spelled(access(door), road="transaction")
        for minute in range(5):
            terminal.punch("7", MORNING + timedelta(minutes=minute))
        assert terminal.upload() == 5
        assert [punch.at.minute for punch in door.punches()] == [30, 31, 32, 33, 34]

    def test_the_same_event_by_every_road_is_one_punch(self, door: OpenDoor) -> None:
        for road in ("rtlog", "ATTLOG", "transaction"):
            terminal = spelled(access(door), road=road)
            terminal.punch("7", MORNING)
            terminal.upload()
        attendance = door.terminal()
        attendance.punch("007", MORNING)
        attendance.upload()
        assert len(door.punches()) == 1

    def test_an_index_that_is_always_zero_keeps_people_apart(self, door: OpenDoor) -> None:
        lines = [f"time=2026-09-28 08:30:00\tpin={pin}\tevent=0\tindex=0\n" for pin in (1, 2, 3)]
        door.post("".join(lines).encode(), "SN=A001&table=rtlog")
        assert sorted(punch.pin for punch in door.punches()) == ["1", "2", "3"]

    def test_alarms_and_refused_people_are_kept_as_operations_and_doors_are_counted(self, door: OpenDoor) -> None:
        terminal = access(door)
        terminal.happen(102, MORNING)
        terminal.happen(22, MORNING, pin="7")
        for _ in range(3):
            terminal.happen(202, MORNING)
        terminal.happen(27, MORNING)
        terminal.upload()
        kept = [(done.kind, done.operator, done.at) for done in door.facts(TerminalOperated)]
        assert kept == [(10102, "", str(MORNING)), (10022, "7", str(MORNING))]
        assert door.punches() == door.quarantine() == []
        contact = contacts_of(door.hall).of("A001")
        assert contact is not None
        assert contact.told["leftout"] == "202: 3, 27: 1"

    def test_what_was_left_out_is_shown_beside_the_terminal(self, own_site: Site) -> None:
        address = urlsplit(own_site.server.terminals_address)
        do(own_site.hall, terminals.accept, sn="ACC1")
        terminal = SimulatedAccess("ACC1", address.hostname or "", address.port or 0)
        terminal.happen(202, MORNING)
        assert terminal.upload() == 1
        with own_site.browser() as browser:
            assert "202: 1" in browser.get("/terminals").text

    def test_an_event_nobody_can_read_is_set_aside_and_acknowledged(self, door: OpenDoor) -> None:
        assert door.post(b"time=2026-09-28 08:30:00\tpin=7\tevent=hunter2\n", "SN=A001&table=rtlog").text == "OK"
        [left] = door.quarantine()
        assert (left.table, left.reason, left.raw) == ("RTLOG", "malformed", "")
        assert b"hunter2" not in door.log_bytes()

    def test_a_wrong_clock_is_set_aside_with_its_line(self, door: OpenDoor) -> None:
        terminal = access(door, skew=timedelta(days=-9999))
        terminal.punch("7", MORNING)
        terminal.upload()
        [left] = door.quarantine()
        assert (left.reason, "pin=7" in left.raw) == ("too_old", True)

    def test_cards_and_health_stay_outside(self, door: OpenDoor) -> None:
        line = b"time=2026-09-28 08:30:00\tpin=7\tevent=0\tcardno=88123457\ttemperature=36.61\tconvtemperature=97.89\n"
        door.post(line, "SN=A001&table=rtlog")
        assert len(door.punches()) == 1
        assert not any(word in door.log_bytes() for word in (b"88123457", b"36.61", b"97.89"))


class TestTables:
    USERS = (
        b"user uid=1\tcardno=88123457\tpin=1\tpassword=sw0rdfish\tname=\xe6\xac\xa7\xe9\x98\xb3\tprivilege=14\n"
        b"user uid=2\tcardno=\tpin=2\tpassword=\tgroup=1\tname=x\tprivilege=0\n"
    )

    @pytest.mark.parametrize(
        ("place", "query"),
        [
            ("cdata", "table=tabledata&tablename=user&count=2"),
            ("cdata", "table=tabledata&tablename=user"),
            ("querydata", "type=tabledata&cmdid=3&tablename=user&count=2&packcnt=2&packidx=1"),
        ],
    )
    def test_people_are_acknowledged_by_number_and_not_let_in(self, door: OpenDoor, place: str, query: str) -> None:
        assert door.post(self.USERS, f"SN=A001&{query}", f"/iclock/{place}").text == "user=2"
        assert not any(word in door.log_bytes() for word in (b"sw0rdfish", b"88123457", "欧阳".encode()))

    @pytest.mark.parametrize("table", ["biophoto", "templatev10", "identitycard", "userauthorize"])
    def test_templates_and_photos_are_acknowledged_and_forgotten(self, door: OpenDoor, table: str) -> None:
        body = f"{table} pin=1\ttemplate=".encode() + b"not to be kept" * 5000
        query = f"SN=A001&table=tabledata&tablename={table}&count=1"
        assert door.post(body, query).text == f"{table}=1"
        assert b"not to be kept" not in door.log_bytes()

    @pytest.mark.parametrize(("table", "told"), [("user", {"usercount": "41"}), ("transaction", {})])
    def test_counts_are_acknowledged_and_that_of_all_events_is_no_measure(
        self, door: OpenDoor, table: str, told: dict[str, str]
    ) -> None:
        query = f"SN=A001&type=count&cmdid=3&tablename={table}&count=41"
        assert door.post(f"{table}=41".encode(), query, "/iclock/querydata").text == f"{table}=41"
        contact = contacts_of(door.hall).of("A001")
        assert contact is not None
        assert contact.told == {"dialect": "acc", **told}

    def test_a_name_that_is_none_is_not_echoed(self, door: OpenDoor) -> None:
        reply = door.post(b"x", "SN=A001&table=tabledata&tablename=%3Cscript%3E&count=1")
        assert reply.text == "OK"

    def test_the_time_is_told_in_utc_with_the_zone_beside_it(self, door: OpenDoor) -> None:
        door.accept("B001", zone="+05:30")
        told = re.fullmatch(r"DateTime=(\d+),ServerTZ=([+-]\d{4})", door.get("/iclock/rtdata?SN=B001&type=time").text)
        assert told is not None
        assert told[2] == "+0530"
        shown = datetime.fromisoformat(clock.text_of(int(told[1])))
        assert abs(datetime.now(UTC).replace(tzinfo=None) - shown) < timedelta(seconds=3)

    def test_the_state_of_the_door_shows_the_terminals_clock(self, door: OpenDoor) -> None:
        now = datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=8)
        assert access(door, skew=timedelta(minutes=-7)).state(now).text == "OK"
        contact = contacts_of(door.hall).of("A001")
        assert contact is not None
        assert 7 * 60 - 2 <= contact.samples[-1].delay.total_seconds() <= 7 * 60 + 3

    def test_one_state_of_a_clock_months_back_sets_aside_what_that_clock_makes(self, door: OpenDoor) -> None:
        now = datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=8)
        terminal = access(door)
        terminal.punch("7", now - timedelta(days=3))
        terminal.mood.skew = timedelta(days=-200)
        terminal.state(now)
        terminal.punch("8", now)
        terminal.upload()
        assert [punch.pin for punch in door.punches()] == ["7"]
        assert [(left.pin, left.reason) for left in door.quarantine()] == [("8", "backwards")]


class TestMoods:
    MOODS: dict[str, dict[str, Any]] = {  # noqa: RUF012
        "sends everything again": {"forgetful": True},
        "chunked": {"length": "chunked"},
        "no length": {"length": "missing"},
        "too small a length": {"length": "too_small"},
        "CRLF": {"line_end": "\r\n"},
    }

    @pytest.mark.parametrize("mood", MOODS.values(), ids=MOODS)
    def test_whatever_its_mood_three_days_offline_arrive_once(self, door: OpenDoor, mood: dict[str, Any]) -> None:
        terminal = access(door)
        for hour in range(24 * 3):
            terminal.punch(str(hour % 20 + 1), MORNING - timedelta(days=3) + timedelta(hours=hour))
        terminal.handshake()
        terminal.mood = Mood(**mood)
        assert terminal.upload() == 72
        terminal.upload()
        assert len(door.punches()) == 72
        assert door.quarantine() == []

    @pytest.mark.parametrize("cut_after", [1, 50, 333, 470])
    def test_a_line_cut_inside_an_event_loses_and_invents_nothing(self, door: OpenDoor, cut_after: int) -> None:
        terminal = access(door, cut_after=cut_after)
        for pin in range(1001, 1031):
            terminal.punch(str(pin), MORNING)
        with pytest.raises(NotAcknowledged):
            terminal.upload()
        terminal.handshake()
        assert terminal.upload() == 30
        assert sorted(punch.pin for punch in door.punches()) == [str(pin) for pin in range(1001, 1031)]
        assert door.quarantine() == []

    def test_a_gap_is_mended_by_asking_for_the_table_of_events(self, door: OpenDoor) -> None:
        terminal = spelled(access(door), road="transaction")
        terminal.punch("7", MORNING)
        terminal.handshake()
        span = {"start": MORNING, "end": MORNING + timedelta(hours=1), "now": time_ns() // 1000}
        door.hall.decide(lambda draft: questions.ask(draft, sn="A001", matter="attlog", **span), "office")
        for _ in range(40):
            if terminal.poll():
                break
            sleep(0.05)
        assert [punch.pin for punch in door.punches()] == ["7"]
