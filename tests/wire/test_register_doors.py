"""What the register decides about a terminal, as its door carries it out: for each family that posts."""

from datetime import date, datetime, timedelta
from time import sleep
from typing import Any

import pytest
from dahuas import dahua
from halls import do
from hikvisions import listened_to
from wires import OpenDoor

from api.doors.contacts import contacts_of
from api.doors.secrets import TerminalSecrets
from attendance import pins, register, terminals, windows
from attendance.people import post
from devices.exchange import NotAcknowledged

MONDAY = datetime(2026, 9, 28, 8, 30)
FAMILIES = ("zkteco", "hikvision", "dahua")
STALE = 1.1
"""Seconds after which a door knows for certain what was decided elsewhere."""


def posting(door: OpenDoor, family: str, sn: str) -> Any:
    """An accepted terminal behind its secret path, with three punches to send."""
    if family == "zkteco":
        door.accept(sn)
        terminal: Any = door.terminal(sn)
        terminal.prefix = door.secret_path(sn).removesuffix("/iclock")
    else:
        terminal = listened_to(door, sn) if family == "hikvision" else dahua(door, sn)
    for minute in range(3):
        terminal.punch("7", MONDAY + timedelta(minutes=minute))
    return terminal


def give_path(door: OpenDoor, terminal: Any, family: str) -> None:
    """Type a new secret path into a terminal."""
    path = door.secret_path(terminal.serial)
    if family == "zkteco":
        terminal.prefix = path.removesuffix("/iclock")
    elif family == "hikvision":
        terminal.path = path
    else:
        terminal.secret = path.removeprefix("/dahua/")


@pytest.mark.parametrize("family", FAMILIES)
def test_a_suspended_terminal_keeps_its_records_and_they_arrive_once_it_is_resumed(door: OpenDoor, family: str) -> None:
    terminal = posting(door, family, "T001")
    do(door.hall, register.suspend, sn="T001", reason="查清楚再说")
    with pytest.raises(NotAcknowledged):
        terminal.upload()
    assert door.punches() == []
    contact = contacts_of(door.hall).of("T001")
    assert contact is not None
    assert contact.refused == "suspended"
    do(door.hall, register.resume, sn="T001")
    assert terminal.upload() == 3
    assert len(door.punches()) == 3


@pytest.mark.parametrize("family", FAMILIES)
def test_suspending_takes_hold_of_a_terminal_that_is_just_sending(door: OpenDoor, family: str) -> None:
    terminal = posting(door, family, "T001")
    assert terminal.upload() == 3
    do(door.hall, register.suspend, sn="T001", reason="查清楚再说")
    sleep(STALE)
    terminal.punch("7", MONDAY + timedelta(hours=4))
    with pytest.raises(NotAcknowledged):
        terminal.upload()
    assert len(door.punches()) == 3


@pytest.mark.parametrize("family", FAMILIES)
def test_behind_its_secret_path_a_terminal_cannot_write_for_another(door: OpenDoor, family: str) -> None:
    """Whatever serial number it claims: what comes counts for the owner of the path, or is refused."""
    own, other = posting(door, family, "T001"), posting(door, family, "T002")
    own.serial = other.serial
    try:
        own.upload()
    except NotAcknowledged:
        assert family == "zkteco"
    assert {punch.terminal for punch in door.punches()} <= {"T001"}


@pytest.mark.parametrize("family", FAMILIES)
def test_a_renewed_path_opens_and_the_old_one_opens_nothing(door: OpenDoor, family: str) -> None:
    terminal, old = posting(door, family, "T001"), posting(door, family, "T002")
    old.serial = terminal.serial
    for field in ("prefix", "path", "secret"):
        if hasattr(terminal, field):
            setattr(old, field, getattr(terminal, field))
    give_path(door, terminal, family)
    with pytest.raises(NotAcknowledged):
        old.upload()
    assert terminal.upload() == 3


def test_what_a_replaced_terminal_still_holds_comes_in_and_stays_its_own(door: OpenDoor) -> None:
    do(door.hall, windows.register, window="税务窗口", unit="税务局")
    do(door.hall, post, no="102", name="孙可岚", window="税务窗口")
    do(door.hall, pins.assign, terminal="A001", pin="17", no="102")
    old = door.terminal("A001")
    old.punch("17", MONDAY)
    do(door.hall, register.replace, sn="A001", successor="N002", start=date(2026, 9, 29))
    assert old.upload() == 1
    new = door.terminal("N002")
    new.punch("17", MONDAY + timedelta(days=1))
    assert new.upload() == 1
    assert [(punch.terminal, punch.at.date()) for punch in door.punches()] == [
        ("A001", date(2026, 9, 28)),
        ("N002", date(2026, 9, 29)),
    ]


def test_an_address_bound_anew_by_the_administrator_lets_one_terminal_in_alone(door: OpenDoor) -> None:
    door.accept("A002")
    do(door.hall, terminals.bind, sn="A001", address="127.0.0.1")
    do(door.hall, terminals.bind, sn="A002", address="10.0.0.9")
    assert door.post(b"7\t2026-09-28 08:30:00\t0\t15\n", query="SN=A002&table=ATTLOG").status == 403
    assert door.post(b"7\t2026-09-28 08:30:00\t0\t15\n").status == 200
    assert [punch.terminal for punch in door.punches()] == ["A001"]


def test_secrets_do_not_lie_in_the_log(door: OpenDoor) -> None:
    secret = TerminalSecrets(door.hall.folder.keys, door.hall.id).renew("A001")
    assert secret.encode() not in door.log_bytes()
