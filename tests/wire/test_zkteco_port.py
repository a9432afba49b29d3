"""What a terminal on port 4370 may do to a visitor: be slow, chatty, late, lying, of another session. Nothing half is
taken, nothing waits for ever, and the terminal is unlocked."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest

from attendance.facts import Refused
from devices.calling import Line
from devices.ports import Mark, Person
from devices.zkteco import session, wire
from devices.zkteco.commands import Command
from devices.zkteco.served import PortMood, ServedTerminal
from devices.zkteco.served_port import datagrams_served, port_served
from devices.zkteco.visit import Visit

MORNING = datetime(2026, 9, 28, 8, 30)
KEY = 123456
LARGE = 300
"""Records that do not fit into one answer."""


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "PAUSES", (0.0, 0.0, 0.0))


def stored(count: int, **mood: Any) -> ServedTerminal:
    terminal = ServedTerminal("A001", key=KEY, mood=PortMood(**mood))
    for row in range(1, 31):
        terminal.enrol(row, str(100 + row), "钱桐雅".encode("gb18030"))
    for number in range(count):
        terminal.punch(str(101 + number % 30), MORNING + timedelta(seconds=61 * number))
    return terminal


@contextmanager
def visited(url: str, patience: float = 5) -> Iterator[Visit]:
    with Line(url, "", str(KEY), patience) as line:
        yield Visit(line, 480)


def read(url: str, patience: float = 5) -> int:
    """How many records a visitor reads."""
    with visited(url, patience) as visit:
        visit.check_identity("A001")
        reconciliation = visit.reconciliation(Mark())
        return sum(map(len, reconciliation.batches()))


def refusal(url: str, patience: float = 5) -> str:
    with pytest.raises(Refused) as refused:
        read(url, patience)
    return refused.value.code


@pytest.mark.parametrize(
    ("count", "mood"),
    [
        (5, {"drip": 1}),
        (LARGE, {"drip": 100}),
        (LARGE, {"joins": True}),
        (LARGE, {"joins": True, "drip": 1_000, "pieces": 3}),
        (5, {"late": True, "eventful": True}),
        (LARGE, {"late": True, "joins": True}),
        (LARGE, {"eventful": True}),
        (5, {"streams": True}),
        (LARGE, {"streams": True, "pieces": 4, "eventful": True}),
    ],
    ids=str,
)
def test_however_it_talks_its_log_is_read_whole(count: int, mood: dict[str, Any]) -> None:
    terminal = stored(count, **mood)
    with port_served(terminal) as url:
        assert read(url) == count
    assert not terminal.is_locked
    assert terminal.asked[-1] == Command.EXIT


def test_answers_in_another_session_are_not_taken() -> None:
    terminal = stored(5, stranger=True)
    with port_served(terminal) as url:
        assert refusal(url) == "terminal_garbled"


@pytest.mark.parametrize("keeps", [0, 3, wire.MOST_BYTES + 1, 2**32 - 1])
def test_a_table_of_a_size_no_terminal_has_is_not_asked_for(keeps: int) -> None:
    terminal = stored(LARGE, keeps=keeps)
    with port_served(terminal) as url:
        assert refusal(url) == "terminal_garbled"
        assert Command.READ_BUFFER not in terminal.asked
    assert not terminal.is_locked


def test_a_table_that_ends_before_its_announced_size_is_not_taken() -> None:
    terminal = stored(LARGE, keeps=50_000)
    with port_served(terminal) as url:
        assert refusal(url) == "terminal_unreachable"
    assert not terminal.is_locked


def test_a_table_longer_than_announced_is_not_taken() -> None:
    with port_served(stored(LARGE, swells=True)) as url:
        assert refusal(url) == "terminal_garbled"


@pytest.mark.parametrize("command", [Command.COUNTS, Command.PREPARE_BUFFER])
def test_an_answer_too_short_to_be_one_is_not_taken(command: Command) -> None:
    terminal = stored(5, brief=frozenset({command}))
    with port_served(terminal) as url:
        assert refusal(url) == "terminal_garbled"
    assert not terminal.is_locked


def test_a_time_too_short_to_be_one_is_not_taken() -> None:
    with port_served(stored(0, brief=frozenset({Command.GET_TIME}))) as url, visited(url) as visit:
        with pytest.raises(Refused) as refused:
            visit.clock()
        assert refused.value.code == "terminal_garbled"


def test_what_was_kept_ready_is_freed_and_what_was_written_taken_over() -> None:
    terminal = stored(LARGE)
    with port_served(terminal) as url, visited(url) as visit:
        assert next(iter(visit.put([Person("900", "李茗")]))).applied
        visit.set_clock(MORNING)
    told = list(map(Command, terminal.asked))
    assert told[told.index(Command.READ_BUFFER) + 1] == Command.FREE_BUFFER
    assert told[told.index(Command.WRITE_USER) + 1] == Command.REFRESH
    assert told[told.index(Command.SET_TIME) + 1] == Command.REFRESH


def test_a_terminal_that_never_stops_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MOST_BYTES", 20_000)
    with port_served(stored(2_000)) as url:
        assert refusal(url) == "terminal_garbled"


def test_a_terminal_that_takes_for_ever_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "LONGEST_VISIT", 0.0)
    with port_served(stored(5)) as url:
        assert refusal(url) == "terminal_unreachable"


@pytest.mark.parametrize("command", [Command.LOCK, Command.COUNTS, Command.OPTION, Command.READ_BUFFER])
def test_an_error_is_told_with_its_number_and_the_terminal_unlocked(command: Command) -> None:
    terminal = stored(LARGE, refuses=frozenset({command}))
    with port_served(terminal) as url:
        with pytest.raises(Refused) as refused:
            read(url)
        assert (refused.value.code, refused.value.details["answer"]) == ("terminal_said", 2001)
    assert not terminal.is_locked
    assert terminal.asked[-1] == Command.EXIT


@pytest.mark.parametrize(("command", "patience"), [(Command.CONNECT, 0.1), (Command.COUNTS, 1.5)])
def test_silence_is_not_waited_on_for_ever(command: Command, patience: float) -> None:
    terminal = stored(5, silent=frozenset({command}))
    with port_served(terminal) as url:
        assert refusal(url, patience) == "terminal_unreachable"
    assert not terminal.is_locked


class TestDatagrams:
    @pytest.mark.parametrize(("count", "loses"), [(LARGE, 0), (70, 5), (70, 6)])
    def test_what_is_lost_on_the_way_is_asked_for_again(self, count: int, loses: int) -> None:
        terminal = stored(count, loses=loses, size=16, old_users=True)
        with datagrams_served(terminal) as url:
            assert read(url, patience=1.5) == count
        assert not terminal.is_locked

    def test_the_oldest_sends_its_log_in_one_stream(self) -> None:
        with datagrams_served(stored(LARGE, streams=True, size=16, old_users=True, pieces=8)) as url:
            assert read(url) == LARGE

    def test_a_stream_with_a_hole_is_not_taken(self) -> None:
        with datagrams_served(stored(LARGE, streams=True, size=16, old_users=True, pieces=8, loses=9)) as url:
            assert refusal(url, patience=0.6) == "terminal_unreachable"

    def test_people_are_carried_and_the_clock_is_set(self) -> None:
        terminal = stored(0, old_users=True)
        terminal.skew = timedelta(hours=-2)
        with datagrams_served(terminal) as url, visited(url) as visit:
            assert [tuple(one) for one in visit.put([Person("131", "李茗")])] == [("131", True, "2000")]
            visit.set_clock(MORNING)
            assert visit.clock() in (MORNING, MORNING + timedelta(seconds=1))
        assert terminal.names()["131"].decode("gb18030") == "李茗"

    def test_nobody_there_is_told(self) -> None:
        with datagrams_served(stored(0, silent=frozenset({Command.CONNECT}))) as url:
            assert refusal(url, patience=0.2) == "terminal_unreachable"
