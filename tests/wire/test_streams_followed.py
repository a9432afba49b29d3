"""Terminals that cannot post: the hall stays on their line, over real sockets, and calls again when it breaks."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from dahuas import answering_dahua, dahua
from hikvisions import MORNING, SERIAL, answering, line_to, listened_to
from wires import OpenDoor

from api.doors import following
from api.doors.following import Following
from attendance.facts import Refused
from devices.calling import Line

Told = list[tuple[str, dict[str, object]]]
PATIENCE = 10.0


@contextmanager
def followed(door: OpenDoor, sn: str, line: Callable[[], Line]) -> Iterator[Told]:
    """The terminal is followed while the block runs; gives what was told of the line."""
    told: Told = []
    loop = asyncio.new_event_loop()
    task = loop.create_task(Following(door.hall, sn, line, lambda *what: told.append(what)).run())

    def run() -> None:
        with suppress(asyncio.CancelledError):
            loop.run_until_complete(task)

    thread = Thread(target=run)
    thread.start()
    try:
        yield told
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join()
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


def soon(door: OpenDoor, punches: int) -> None:
    """Wait until so many punches are in the log."""
    deadline = time.monotonic() + PATIENCE
    while len(door.punches()) < punches:
        assert time.monotonic() < deadline, len(door.punches())
        time.sleep(0.02)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "FIRST_PAUSE", 0.05)


def test_a_hikvision_terminal_replays_its_log_and_goes_on(door: OpenDoor) -> None:
    terminal = listened_to(door)
    for pin in range(1, 41):
        terminal.punch(str(pin), MORNING + timedelta(seconds=pin))
    with answering(terminal) as (url, served, _), followed(door, SERIAL, lambda: line_to(url)) as told:
        soon(door, 40)
        terminal.punch("41", MORNING + timedelta(hours=1))
        soon(door, 41)
        served.settings.hangs_up = True
    assert {punch.road for punch in door.punches()} == {"stream"}
    assert told[0][0] == "connected"
    assert not door.quarantine()


def test_a_line_that_breaks_is_taken_up_again_and_nothing_counts_twice(door: OpenDoor) -> None:
    terminal = listened_to(door)
    terminal.punch("1", MORNING)
    with answering(terminal) as (url, served, _), followed(door, SERIAL, lambda: line_to(url)) as told:
        soon(door, 1)
        served.settings.hangs_up = True
        while not any(what == "broken" for what, _ in told):
            time.sleep(0.01)
        terminal.punch("2", MORNING)
        served.settings.hangs_up = False
        soon(door, 2)
        served.settings.hangs_up = True
    assert [punch.pin for punch in door.punches()] == ["1", "2"]


def test_what_was_posted_is_known_when_it_comes_by_the_line(door: OpenDoor) -> None:
    terminal = listened_to(door)
    terminal.punch("1", MORNING)
    terminal.upload()
    terminal.punch("2", MORNING)
    with answering(terminal) as (url, served, _), followed(door, SERIAL, lambda: line_to(url)):
        soon(door, 2)
        served.settings.hangs_up = True
    assert [(punch.pin, punch.road) for punch in door.punches()] == [("1", "push"), ("2", "stream")]


def test_a_dahua_terminal_is_read_first_and_then_followed(door: OpenDoor) -> None:
    terminal = dahua(door)
    terminal.punch("1", MORNING)
    with answering_dahua(terminal) as (call, cgi, _), followed(door, "D001", call):
        soon(door, 1)
        while not any("eventManager" in target for target in cgi.asked):
            time.sleep(0.01)
        terminal.punch("2", datetime.now(UTC).replace(tzinfo=None, microsecond=0) + timedelta(hours=8))
        soon(door, 2)
        cgi.mood.hangs_up = True
    assert [(punch.pin, punch.road) for punch in door.punches()] == [("1", "pull"), ("2", "stream")]


def test_a_wrong_password_ends_it_after_one_try(door: OpenDoor) -> None:
    with answering(listened_to(door)) as (url, _, lock):
        with pytest.raises(Refused, match="terminal_sign_in"):
            asyncio.run(Following(door.hall, SERIAL, lambda: line_to(url, "guess"), lambda *_: None).run())
        assert lock.wrong == 1


def test_another_terminal_at_the_address_ends_it(door: OpenDoor) -> None:
    terminal = listened_to(door)
    with answering(terminal) as (url, _, _):
        terminal.serial = "ENF87654321"
        with pytest.raises(Refused, match="terminal_is_another"):
            asyncio.run(Following(door.hall, SERIAL, lambda: line_to(url), lambda *_: None).run())


def test_a_family_without_a_stream_is_refused(door: OpenDoor) -> None:
    with pytest.raises(Refused, match="no_stream"):
        Following(door.hall, "A001", lambda: Line("http://127.0.0.1", "", ""), lambda *_: None)
