"""The terminal made of software, in all its moods, against the real door."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from wires import OpenDoor

MORNING = datetime(2026, 9, 28, 8, 0)
MOODS: dict[str, dict[str, Any]] = {
    "by the book": {},
    "sends everything again": {"forgetful": True},
    "chunked": {"length": "chunked"},
    "CRLF": {"line_end": "\r\n"},
    "old firmware's path": {"path": "/iclock/{place}.aspx", "serial_key": "sn"},
    "shouting": {"path": "/ICLOCK/{place}/"},
    "GBK": {"encoding": "gb18030"},
}


@pytest.mark.parametrize("mood", list(MOODS.values()), ids=MOODS)
def test_whatever_its_mood_a_day_arrives_once(door: OpenDoor, mood: dict[str, Any]) -> None:
    terminal = door.terminal(**mood)
    terminal.batch = 25
    terminal.enrol("7", "欧阳若棠", password="sw0rdfish")
    assert terminal.handshake().status == 200
    for minute in range(60):
        terminal.punch(str(minute % 20 + 1), MORNING + timedelta(minutes=minute))
        if minute % 20 == 0:
            terminal.upload()
    terminal.upload()
    assert len(door.punches()) == 60
    assert "欧阳若棠".encode() not in door.log_bytes()


@pytest.mark.parametrize("length", ["missing", "too_small"])
def test_a_length_that_is_wrong_loses_no_line(door: OpenDoor, length: str) -> None:
    terminal = door.terminal(length=length)
    for pin in range(1, 41):
        terminal.punch(str(pin), MORNING)
    assert terminal.upload() == 40
    assert len(door.punches()) == 40


def test_days_offline_come_as_batches(door: OpenDoor) -> None:
    terminal = door.terminal()
    for hour in range(24 * 3):
        for pin in range(1, 6):
            terminal.punch(str(pin), MORNING - timedelta(days=4) + timedelta(hours=hour, seconds=pin))
    terminal.handshake()
    assert terminal.upload() == 360
    assert len(door.punches()) == 360


def test_a_terminal_that_breaks_off_and_connects_anew_loses_nothing(door: OpenDoor) -> None:
    terminal = door.terminal(cut_after=333)
    for pin in range(1, 101):
        terminal.punch(str(pin), MORNING)
    with pytest.raises(Exception, match="0 "):
        terminal.upload()
    terminal.handshake()
    assert terminal.upload() == 100
    assert len(door.punches()) == 100


def test_a_clock_that_runs_ahead_is_set_aside_until_it_is_right(door: OpenDoor) -> None:
    terminal = door.terminal(skew=timedelta(days=400))
    terminal.punch("7", MORNING)
    terminal.mood.skew = timedelta()
    terminal.punch("7", MORNING)
    terminal.upload()
    assert [punch.at for punch in door.punches()] == [MORNING]
    assert [left.reason for left in door.quarantine()] == ["in_future"]


def test_a_photo_is_taken_and_not_kept(door: OpenDoor) -> None:
    terminal = door.terminal()
    assert terminal.photo("20260928080000-7.jpg", b"\xff\xd8not a face\xff\xd9").text == "OK"
    assert b"not a face" not in door.log_bytes()
