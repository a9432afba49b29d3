"""A disk that takes nothing: the terminal hears 500, and what it sends again lands."""

from datetime import datetime

import pytest
from disks import full_disk
from wires import OpenDoor

from devices.exchange import NotAcknowledged

MORNING = datetime(2026, 9, 28, 8, 30)


def test_a_full_disk_is_told_to_the_terminal_and_the_resend_lands(door: OpenDoor) -> None:
    terminal = door.terminal()
    terminal.handshake()
    for pin in range(1, 151):
        terminal.punch(str(pin), MORNING)
    with full_disk():
        with pytest.raises(NotAcknowledged) as refused:
            terminal.upload()
        assert refused.value.reply.status == 500
        assert not refused.value.reply.text.startswith("OK")
    assert door.punches() == []
    assert terminal.upload() == 150
    assert len(door.punches()) == 150


def test_a_stranger_that_calls_on_a_full_disk_waits_once_there_is_room(door: OpenDoor) -> None:
    stranger = door.terminal("B002")
    with full_disk():
        assert stranger.handshake().status == 500
    assert stranger.handshake().status == 403
    assert [entry.fact.terminal for entry in door.hall.book().terminals.waiting()] == ["B002"]


def test_what_the_log_already_has_is_acknowledged_even_then(door: OpenDoor) -> None:
    terminal = door.terminal()
    terminal.batch = 40
    for pin in range(1, 101):
        terminal.punch(str(pin), MORNING)
    assert terminal.post("ATTLOG", terminal.log[:60]).is_ack
    with full_disk(), pytest.raises(NotAcknowledged):
        terminal.upload()
    assert terminal.sent["ATTLOG"] == 40
    assert terminal.upload() == 60
    assert len(door.punches()) == 100
