"""A ZKTeco terminal visited on its port 4370, over real sockets: read whole, locked for moments, always unlocked."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from click.testing import CliRunner
from wires import OpenDoor

from api.cli import main
from api.commands.visiting import PASSWORD
from api.doors.visiting import Pulled, pull, set_clock, visiting
from attendance.facts import Refused
from attendance.visits import TerminalClockSet, TerminalPulled
from devices.calling import Line
from devices.ports import Person
from devices.zkteco import clock, session
from devices.zkteco.commands import Command
from devices.zkteco.records import SIZES
from devices.zkteco.served import PortMood, ServedTerminal
from devices.zkteco.served_port import port_served

MORNING = datetime(2026, 9, 28, 8, 30)
KEY = 123456
CLEARING = {14, 15, 20}
"""Commands that delete data of the whole terminal."""


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "PAUSES", (0.0, 0.01, 0.05))


def stored(count: int, **mood: Any) -> ServedTerminal:
    terminal = ServedTerminal("A001", key=KEY, mood=PortMood(**mood))
    for row in range(1, 8):
        terminal.enrol(row, str(100 + row), "钱桐雅".encode("gb18030"), b"sw0rdfish"[:5])
    for number in range(count):
        terminal.punch(str(101 + number % 7), MORNING + timedelta(seconds=61 * number))
    return terminal


@pytest.fixture
def small() -> Iterator[tuple[ServedTerminal, str]]:
    terminal = stored(5)
    with port_served(terminal) as url:
        yield terminal, url


def line(url: str, key: str = str(KEY)) -> Line:
    return Line(url, "", key, patience=2)


def refusal(door: OpenDoor, url: str, key: str = str(KEY)) -> str:
    with pytest.raises(Refused) as refused:
        pull(door.hall, "A001", line(url, key))
    return refused.value.code


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("count", "pieces"), [(5, 1), (2_500, 1), (2_500, 3)])
def test_a_log_of_any_record_is_read_whole(door: OpenDoor, size: int, count: int, pieces: int) -> None:
    terminal = stored(count, size=size, pieces=pieces, junk=count == 5)
    with port_served(terminal) as url:
        assert pull(door.hall, "A001", line(url)) == Pulled(count, stored=count, repeated=0, quarantined=0)
    first = min(door.punches(), key=lambda punch: punch.at)
    assert (first.pin, first.at, first.verify, first.status, first.road) == ("101", MORNING, "15", "0", "pull")
    assert [(mark.serial, mark.at) for mark in door.facts(TerminalPulled)] == [
        (count, str(MORNING + timedelta(seconds=61 * (count - 1))))
    ]


def test_the_terminal_is_locked_while_it_is_read_and_never_cleared(
    door: OpenDoor, small: tuple[ServedTerminal, str]
) -> None:
    terminal, url = small
    pull(door.hall, "A001", line(url))
    assert not terminal.is_locked
    assert terminal.asked.index(Command.LOCK) < len(terminal.asked) - terminal.asked[::-1].index(Command.UNLOCK) - 1
    assert terminal.asked[-1] == Command.EXIT
    assert not CLEARING & set(terminal.asked)
    assert terminal.most_clients == 1
    assert len(terminal.log) == 5


def test_the_second_visit_takes_what_is_new(door: OpenDoor) -> None:
    terminal = stored(1_000)
    with port_served(terminal) as url:
        pull(door.hall, "A001", line(url))
        terminal.punch("107", MORNING + timedelta(days=1))
        assert pull(door.hall, "A001", line(url)) == Pulled(201, stored=1, repeated=200, quarantined=0)


def test_a_log_that_was_cleared_at_the_terminal_is_read_from_its_first_record(door: OpenDoor) -> None:
    terminal = stored(20)
    with port_served(terminal) as url:
        pull(door.hall, "A001", line(url))
        terminal.log.clear()
        for number in range(30):
            terminal.punch("107", MORNING + timedelta(days=1, minutes=number))
        assert pull(door.hall, "A001", line(url)).stored == 30


def test_a_punch_by_push_and_by_port_is_one(door: OpenDoor) -> None:
    terminal, pushing = stored(0), door.terminal()
    for number in range(10):
        terminal.punch("101", MORNING + timedelta(minutes=number))
        pushing.punch("0101", MORNING + timedelta(minutes=number))
    pushing.upload()
    with port_served(terminal) as url:
        assert pull(door.hall, "A001", line(url)) == Pulled(10, stored=0, repeated=10, quarantined=0)


def test_bad_times_are_set_aside_one_by_one_and_are_the_same_by_both_roads(door: OpenDoor) -> None:
    terminal, pushing = stored(3), door.terminal()
    terminal.store("101", clock.number_of(datetime(2026, 3, 1)) - 86_400)
    terminal.store("102", 0)
    terminal.store("103", 2**32 - 1)
    pushing.log.append("102\t2000-01-01 00:00:00\t0\t15\t0\t0\t0")
    pushing.upload()
    with port_served(terminal) as url:
        assert pull(door.hall, "A001", line(url)) == Pulled(6, stored=5, repeated=1, quarantined=3)
    assert sorted(left.reason for left in door.quarantine()) == ["impossible_time", "in_future", "too_old"]


@pytest.mark.parametrize("cut_after", [0, 5, 20, 30_000, 65_000])
def test_a_line_cut_in_the_middle_leaves_the_terminal_unlocked_and_nothing_half_read(
    door: OpenDoor, cut_after: int
) -> None:
    terminal = stored(2_500, cut_after=cut_after)
    with port_served(terminal) as url:
        assert refusal(door, url) == "terminal_unreachable"
        assert not terminal.is_locked
        assert door.punches() == door.facts(TerminalPulled) == []
        assert pull(door.hall, "A001", line(url)).stored == 2_500


def test_a_terminal_left_locked_by_a_dead_visitor_is_unlocked_at_the_next_contact(
    door: OpenDoor, small: tuple[ServedTerminal, str]
) -> None:
    terminal, url = small
    terminal.is_locked = True
    with visiting(door.hall, "A001", line(url)) as (_, visit):
        visit.clock()
    assert not terminal.is_locked


@pytest.mark.parametrize("key", ["1", "0", ""])
def test_a_wrong_key_is_told_and_not_tried_again(door: OpenDoor, small: tuple[ServedTerminal, str], key: str) -> None:
    terminal, url = small
    assert refusal(door, url, key) == "terminal_comm_key"
    assert len(terminal.asked) == 2


@pytest.mark.parametrize("key", ["admin", "-1", "4294967296", "１２"])
def test_a_key_is_a_number(door: OpenDoor, key: str) -> None:
    assert refusal(door, "tcp://127.0.0.1:1", key) == "comm_key_no_number"


def test_a_terminal_without_a_key_takes_none(door: OpenDoor) -> None:
    terminal = stored(3)
    terminal.key = 0
    with port_served(terminal) as url:
        assert pull(door.hall, "A001", line(url, "")).stored == 3


def test_another_terminal_at_the_address_is_not_read(door: OpenDoor) -> None:
    with port_served(stored(3, says_serial="B777")) as url:
        assert refusal(door, url) == "terminal_is_another"
    assert door.punches() == []


@pytest.mark.parametrize("url", ["tcp://127.0.0.1:1", "udp://127.0.0.1:1", "tcp://" + 64 * "a", "udp://a..b"])
def test_nobody_at_the_address_is_told(door: OpenDoor, url: str) -> None:
    assert refusal(door, url) == "terminal_unreachable"


@pytest.mark.parametrize("claims", [2**32 - 1, 10**6, 999])
def test_a_length_that_lies_takes_no_memory_and_brings_no_half(door: OpenDoor, claims: int) -> None:
    with port_served(stored(5, claims=claims)) as url:
        assert refusal(door, url) == "pull_broken"
    assert door.punches() == []


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (b"", "terminal_unreachable"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "terminal_garbled"),
        (b"\x50\x50\x82\x7d\xff\xff\xff\xff", "terminal_garbled"),
        (b"\x50\x50\x82\x7d\x04\0\0\0" + bytes(4), "terminal_garbled"),
        (b"\x50\x50\x82\x7d\x08\0\0\0" + bytes(8), "terminal_said"),
    ],
)
def test_whatever_else_answers_there_ends_in_a_sentence(door: OpenDoor, said: bytes, told: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        answering = Thread(target=_answer_with, args=(listening, said), daemon=True)
        answering.start()
        try:
            assert refusal(door, f"tcp://127.0.0.1:{listening.getsockname()[1]}") == told
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            answering.join()


def _answer_with(listening: socket.socket, said: bytes) -> None:
    try:
        while True:
            client, _ = listening.accept()
            with client:
                client.recv(1024)
                client.sendall(said)
    except OSError:
        return


def test_one_visitor_at_a_time(
    door: OpenDoor, small: tuple[ServedTerminal, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.doors.visiting.PATIENCE", 0.05)
    terminal, url = small
    with visiting(door.hall, "A001", line(url)):
        assert refusal(door, url) == "terminal_busy"
    assert pull(door.hall, "A001", line(url)).stored == 5
    assert terminal.most_clients == 1


def test_the_clock_is_read_and_set(door: OpenDoor, small: tuple[ServedTerminal, str]) -> None:
    terminal, url = small
    terminal.skew = timedelta(hours=-3)
    before, after = set_clock(door.hall, "A001", line(url))
    now = datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=8)
    assert abs(now - datetime.fromisoformat(before) - timedelta(hours=3)) < timedelta(seconds=5)
    assert abs(now - datetime.fromisoformat(after)) < timedelta(seconds=5)
    assert len(door.facts(TerminalClockSet)) == 1


class TestPeople:
    @pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
    @pytest.mark.parametrize("old_users", [False, True])
    def test_names_change_and_passwords_stay(self, door: OpenDoor, encoding: str, old_users: bool) -> None:
        terminal = ServedTerminal("A001", mood=PortMood(old_users=old_users))
        terminal.enrol(4, "101", "孙可".encode(encoding), b"1234", privilege=14)
        with port_served(terminal) as url, visiting(door.hall, "A001", line(url, "0")) as (_, visit):
            assert visit.present() == {"101": "孙可"}
            receipts = list(visit.put([Person("0101", "钱雅"), Person("102", "李茗")]))
        assert [(receipt.pin, receipt.applied) for receipt in receipts] == [("0101", True), ("102", True)]
        assert {pin: name.decode(encoding) for pin, name in terminal.names().items()} == {"101": "钱雅", "102": "李茗"}
        assert terminal.passwords() == {"101": b"1234", "102": b""}
        assert terminal.users[4][2] == 14
        assert not terminal.is_locked

    def test_who_leaves_is_deleted_and_looked_for_afterwards(
        self, door: OpenDoor, small: tuple[ServedTerminal, str]
    ) -> None:
        terminal, url = small
        with visiting(door.hall, "A001", line(url)) as (_, visit):
            assert [tuple(one) for one in visit.remove(["103", "900"])] == [
                ("103", True, "2000"),
                ("900", True, "not there"),
            ]
        assert "103" not in terminal.names()
        assert len(terminal.names()) == 6

    def test_a_refusal_of_the_terminal_is_its_receipt(self, door: OpenDoor) -> None:
        terminal = stored(0, refuses=frozenset({Command.DELETE_USER}))
        with port_served(terminal) as url, visiting(door.hall, "A001", line(url)) as (_, visit):
            assert [tuple(one) for one in visit.remove(["103"])] == [("103", False, "2001")]
        assert "103" in terminal.names()

    def test_a_password_there_reaches_nothing_that_is_kept(
        self, door: OpenDoor, small: tuple[ServedTerminal, str]
    ) -> None:
        pull(door.hall, "A001", line(small[1]))
        assert b"sw0rd" not in door.log_bytes()


def test_the_command_reads_a_terminal_and_prints_json_alone(
    door: OpenDoor, small: tuple[ServedTerminal, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD, str(KEY))
    command = ["--data", str(door.hall.folder.data), "terminals", "pull", "A001", "--url", small[1], "--json"]
    told = CliRunner().invoke(main, command)
    assert (
        told.stdout.strip().replace("\n", "").replace(" ", "")
        == '{"records":5,"stored":5,"repeated":0,"quarantined":0}'
    )
