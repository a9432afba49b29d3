"""Clients other people wrote against other servers, at our door: what they take for granted must hold here."""

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from time import sleep, time_ns
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
import pyzk2
from fingerprint_attendance.testing import ADMSDeviceSimulator
from halls import do
from wires import OpenDoor, head_of

from api.jobs.carriage import keep_up
from attendance import people, questions, windows
from attendance.questions import TerminalAnswered
from attendance.terminals import TerminalOperated, accepted
from attendance.visits import PersonCarried
from devices.zkteco.served import PortMood, ServedTerminal
from devices.zkteco.served_port import datagrams_served, port_served

MORNING = datetime(2026, 9, 28, 8, 30)
FIRMWARE = ("legacy", "push2", "biodata")


class DjangoClient:
    """Requests as the simulator makes them of Django's test client, over a real socket to our door."""

    def __init__(self, door: OpenDoor) -> None:
        self._door = door

    def get(self, path: str, params: dict[str, Any], **_: Any) -> SimpleNamespace:
        return self._told(self._door.get(f"{path}?{urlencode(params)}"))

    def post(self, path: str, data: bytes, **_: Any) -> SimpleNamespace:
        return self._told(self._door.send(head_of(path, f"Content-Length: {len(data)}\r\n") + data))

    def _told(self, reply: Any) -> SimpleNamespace:
        return SimpleNamespace(status_code=reply.status, content=reply.text.encode())


def simulator(door: OpenDoor, firmware: str = "push2", **more: Any) -> ADMSDeviceSimulator:
    return ADMSDeviceSimulator(DjangoClient(door), serial="A001", firmware=firmware, **more)


def until(done: Callable[[], Any]) -> Any:
    """What a terminal is asked reaches it within a second."""
    for _ in range(60):
        if found := done():
            return found
        sleep(0.03)
    raise AssertionError("nothing came of it")


class TestSimulatorOfDjangoFingerprintAttendance:
    @pytest.mark.parametrize("firmware", FIRMWARE)
    def test_a_day_with_an_outage_arrives_once(self, door: OpenDoor, firmware: str) -> None:
        device = simulator(door, firmware)
        device.handshake()
        device.punch("1001", MORNING)
        device.go_offline()
        for hour in range(1, 9):
            device.punch("1001", MORNING + timedelta(hours=hour))
        assert [reply.status for reply in device.go_online()] == [200]
        device.go_online()
        assert len(device.pending()) == 0
        assert [punch.at.hour for punch in door.punches()] == list(range(8, 17))
        assert door.quarantine() == []

    def test_a_corrupt_line_does_not_hold_the_rest_up(self, door: OpenDoor) -> None:
        device = simulator(door, realtime=False)
        device.handshake()
        for minute in range(10):
            device.punch("7", MORNING + timedelta(minutes=minute))
        [reply] = device.upload_pending(corrupt_line=4)
        assert (reply.status, reply.text) == (200, "OK: 10")
        assert len(door.punches()) == 9
        assert [left.reason for left in door.quarantine()] == ["malformed"]

    @pytest.mark.parametrize("firmware", FIRMWARE)
    def test_templates_and_names_are_acknowledged_and_not_let_in(self, door: OpenDoor, firmware: str) -> None:
        device = simulator(door, firmware)
        device.handshake()
        assert device.push_user("7", "Ouyang Ruotang").status == 200
        assert device.enroll_at_device("7", 1, b"a template of a finger" * 20).text.startswith("OK")
        log = door.log_bytes()
        assert b"Ouyang" not in log
        assert b"YSB0ZW1wbGF0ZSBvZi" not in log
        assert all(done.kind == 6 for done in door.facts(TerminalOperated))

    def test_what_it_is_asked_it_does_and_answers(self, door: OpenDoor) -> None:
        device = simulator(door, realtime=False)
        device.handshake()
        device.punch("7", MORNING)
        for matter in ("info", "attlog"):
            self.ask(door, matter)
        assert until(device.run_commands) == [
            "INFO",
            "DATA QUERY ATTLOG StartTime=2026-09-28 00:00:00\tEndTime=2026-09-29 00:00:00",
        ]
        device.upload_pending()
        assert [(answer.number, answer.code) for answer in door.facts(TerminalAnswered)] == [(1, 0), (2, 0)]
        assert len(door.punches()) == 1

    def ask(self, door: OpenDoor, matter: str) -> None:
        day = MORNING.replace(hour=0, minute=0)
        span = {"start": day, "end": day + timedelta(days=1)} if matter == "attlog" else {}
        asked = {"sn": "A001", "matter": matter, "now": time_ns() // 1000, **span}
        door.hall.decide(lambda draft: questions.ask(draft, **asked), "office")

    def test_people_are_carried_to_it_with_receipts(self, door: OpenDoor) -> None:
        device = simulator(door)
        device.handshake()
        order_one_person(door)
        until(device.run_commands)
        assert device.users == {"1001": {"name": "钱桐雅", "privilege": 0}}
        assert [(one.pin, one.applied) for one in door.facts(PersonCarried)] == [("1001", True)]


def order_one_person(door: OpenDoor) -> None:
    do(door.hall, windows.register, window="税务窗口", unit="税务局")
    do(door.hall, people.post, no="1001", name="钱桐雅", window="税务窗口")
    keep_up(door.hall, accepted(door.hall.book().terminals, "A001"))


@contextmanager
def connected(terminal: ServedTerminal, serves: Callable[..., Any]) -> Iterator[pyzk2.ZK]:
    """The library between us and our own simulated terminal: it holds the terminal to what a third party expects."""
    with serves(terminal) as url:
        speaks_udp = url.startswith("udp:")
        zk = pyzk2.ZK("127.0.0.1", int(url.rpartition(":")[2]), 5, terminal.key, force_udp=speaks_udp, ommit_ping=True)
        zk.connect()
        yield zk
        zk.disconnect()
    del zk
    gc.collect()


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("serves", [port_served, datagrams_served])
class TestPyzkAtTheSimulatedTerminal:
    @pytest.mark.parametrize("size", [8, 16, 40])
    @pytest.mark.parametrize("count", [10, 3_000])
    def test_it_reads_every_record(self, serves: Callable[..., Any], size: int, count: int) -> None:
        terminal = ServedTerminal("A001", key=77, mood=PortMood(size=size, old_users=size < 40))
        terminal.enrol(1, "1001")
        for minute in range(count):
            terminal.punch("1001", MORNING + timedelta(minutes=minute))
        with connected(terminal, serves) as zk:
            zk.disable_device()
            assert terminal.is_locked
            assert [(one.user_id, one.timestamp) for one in zk.get_attendance()] == [
                ("1001", MORNING + timedelta(minutes=minute)) for minute in range(count)
            ]
            zk.enable_device()
        assert not terminal.is_locked

    def test_it_carries_people_and_the_time(self, serves: Callable[..., Any]) -> None:
        terminal = ServedTerminal("A001", key=77)
        terminal.enrol(1, "1001", b"Ouyang", privilege=14)
        with connected(terminal, serves) as zk:
            assert zk.get_serialnumber() == "A001"
            assert [(one.user_id, one.name, one.privilege) for one in zk.get_users()] == [("1001", "Ouyang", 14)]
            zk.set_user(uid=2, name="Qian", user_id="1002")
            zk.delete_user(uid=1)
            zk.set_time(MORNING)
            assert zk.get_time() - MORNING < timedelta(seconds=5)
        assert terminal.names() == {"1002": b"Qian"}


@pytest.fixture
def agent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """The agent's modules, with `pyzk2` for the `pyzk` it names: the same library, of which there is a wheel.

    Before it connects it pings; a machine that tests may have no ping, so one that always answers stands first.
    """
    ping = tmp_path / "ping"
    ping.write_text("#!/bin/sh\nexit 0\n")
    ping.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setitem(sys.modules, "zk", pyzk2)
    from zkteco_lan_agent import attendance, config, device_worker, server_client

    yield SimpleNamespace(attendance=attendance, config=config, worker=device_worker, client=server_client)
    gc.collect()


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.skipif(sys.platform == "win32", reason="the ping that stands in is a shell script")
class TestZktecoLanAgent:
    @pytest.fixture
    def terminal(self) -> ServedTerminal:
        terminal = ServedTerminal("A001", key=77)
        for minute in range(40):
            terminal.punch("1001", MORNING + timedelta(minutes=minute))
        return terminal

    @pytest.fixture
    def worker(self, agent: Any, door: OpenDoor, terminal: ServedTerminal, tmp_path: Path) -> Iterator[Any]:
        """The agent between a terminal that answers on port 4370 and our door."""
        with port_served(terminal) as url:
            device = {"name": "x", "device_ip": "127.0.0.1", "device_port": int(url.rpartition(":")[2])}
            told = {
                "server_url": f"http://127.0.0.1:{door.port}",
                "devices": [device | {"device_sn": "A001", "comm_password": 77}],
                "state_dir": str(tmp_path / "state"),
            }
            configured = agent.config.parse_config(told)
            client = agent.client.ServerClient(configured.server_url)
            yield agent.worker.DeviceWorker(configured, configured.devices[0], client)
            client.session.close()

    def test_what_it_reads_from_a_terminal_arrives_once(self, door: OpenDoor, worker: Any) -> None:
        worker.poll_attendance()
        worker.poll_attendance()
        assert [punch.at for punch in door.punches()] == [MORNING + timedelta(minutes=minute) for minute in range(40)]
        assert {punch.pin for punch in door.punches()} == {"1001"}
        assert door.quarantine() == []

    def test_its_heartbeat_is_answered(self, worker: Any) -> None:
        assert worker.server.heartbeat("A001")
        assert not worker.server.heartbeat("NOBODY")

    def test_the_people_it_tells_of_are_not_let_in(self, door: OpenDoor, worker: Any, terminal: ServedTerminal) -> None:
        terminal.enrol(1, "1001", b"Ouyang Ruotang")
        worker.sync_userinfo()
        assert b"Ouyang" not in door.log_bytes()
        assert door.quarantine() == []

    def test_an_order_travels_through_it_to_the_terminal_and_its_answer_back(
        self, door: OpenDoor, worker: Any, terminal: ServedTerminal
    ) -> None:
        worker.server.heartbeat("A001")
        order_one_person(door)

        def carried() -> list[Any]:
            worker.poll_commands()
            return door.facts(PersonCarried)

        assert [(one.pin, one.deed, one.applied) for one in until(carried)] == [("1001", "put", True)]
        assert {pin: name.decode() for pin, name in terminal.names().items()} == {"1001": "钱桐雅"}
