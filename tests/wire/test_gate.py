"""Who may come in: strangers wait, accepted terminals are bound to an address, a secret opens from anywhere."""

from datetime import UTC, datetime, timedelta

import pytest
from wires import OpenDoor

from api.doors.contacts import contacts_of
from api.doors.secrets import TerminalSecrets
from attendance import terminals
from attendance.terminals import MOST_WAITING, TerminalBound, TerminalCalled
from devices.exchange import NotAcknowledged

MONDAY = datetime(2026, 9, 28, 8, 30)


def test_a_stranger_is_refused_at_the_handshake_and_waits(door: OpenDoor) -> None:
    stranger = door.terminal("b002")
    assert stranger.handshake().status == 403
    [called] = door.facts(TerminalCalled)
    assert (called.terminal, called.family, called.address) == ("B002", "zkteco", "127.0.0.1")
    assert "devicetype=att" in called.words
    assert [entry.fact.terminal for entry in door.hall.book().terminals.waiting()] == ["B002"]


def test_what_a_stranger_kept_arrives_once_it_is_accepted(door: OpenDoor) -> None:
    stranger = door.terminal("B002")
    for minute in range(30):
        stranger.punch(str(minute + 1), MONDAY + timedelta(minutes=minute))
    stranger.handshake()
    with pytest.raises(NotAcknowledged):
        stranger.upload()
    assert door.punches() == []

    door.accept("B002")
    assert stranger.handshake().status == 200
    assert stranger.upload() == 30
    assert {punch.pin for punch in door.punches()} == {str(pin) for pin in range(1, 31)}


def test_a_stranger_that_calls_often_is_noted_once(door: OpenDoor) -> None:
    stranger = door.terminal("B002")
    for _ in range(5):
        stranger.handshake()
        stranger.poll()
    assert len(door.facts(TerminalCalled)) == 1


def test_invented_serial_numbers_do_not_fill_the_list(door: OpenDoor) -> None:
    for number in range(MOST_WAITING + 5):
        assert door.get(f"/iclock/cdata?SN=X{number}&options=all").status == 403
    assert len(door.hall.book().terminals.waiting()) == MOST_WAITING
    assert contacts_of(door.hall).of(f"X{MOST_WAITING + 4}").refused == "waiting_list_full"  # type: ignore[union-attr]


@pytest.mark.parametrize("sn", ["", "%00", "../../etc", "a" * 41, "%E7%BB%88", "A 1"])
def test_what_is_no_serial_number_is_refused(door: OpenDoor, sn: str) -> None:
    assert door.get(f"/iclock/cdata?SN={sn}&options=all").status == 400
    assert door.facts(TerminalCalled) == []


def test_the_first_call_after_acceptance_binds_the_address(door: OpenDoor) -> None:
    door.terminal().handshake()
    door.terminal().poll()
    [bound] = door.facts(TerminalBound)
    assert (bound.terminal, bound.address) == ("A001", "127.0.0.1")


def test_another_address_is_refused_with_a_reason_and_nothing_of_it_stored(door: OpenDoor) -> None:
    door.hall.decide(lambda draft: terminals.bind(draft, sn="A001", address="10.9.8.7"), "office")
    assert door.post(b"7\t2026-09-28 08:30:00\t0\t15\n").status == 403
    assert door.punches() == []
    contact = contacts_of(door.hall).of("A001")
    assert contact is not None
    assert (contact.refused, contact.address) == ("address", "127.0.0.1")


def test_binding_a_terminal_anew_lets_it_in_at_once(door: OpenDoor) -> None:
    door.hall.decide(lambda draft: terminals.bind(draft, sn="A001", address="10.9.8.7"), "office")
    assert door.terminal().handshake().status == 403
    door.hall.decide(lambda draft: terminals.bind(draft, sn="A001", address="127.0.0.1"), "office")
    assert door.terminal().handshake().status == 200


def test_a_secret_opens_from_any_address_for_its_own_terminal_alone(door: OpenDoor) -> None:
    door.accept("A002")
    door.hall.decide(lambda draft: terminals.bind(draft, sn="A001", address="10.9.8.7"), "office")
    secret = TerminalSecrets(door.hall.folder.keys, door.hall.id).renew("A001")
    own, other = door.terminal("A001"), door.terminal("A002")
    own.prefix = other.prefix = f"/t/{secret}"
    own.punch("7", MONDAY)
    assert own.handshake().status == 200
    assert own.upload() == 1
    assert other.handshake().status == 403
    assert door.get("/t/wrong/iclock/cdata?SN=A001&options=all").status == 403


def test_a_new_secret_ends_the_old_one_and_neither_lies_on_disk(door: OpenDoor) -> None:
    secrets = TerminalSecrets(door.hall.folder.keys, door.hall.id)
    old, new = secrets.renew("A001"), secrets.renew("A001")
    assert (secrets.owner(old), secrets.owner(new)) == (None, "A001")
    kept = [file.read_bytes() for file in door.hall.folder.keys.rglob("*") if file.is_file()]
    assert not any(new.encode() in content for content in [*kept, door.log_bytes()])


def test_a_terminal_of_another_family_is_refused(door: OpenDoor) -> None:
    door.accept("H001", family="hikvision")
    assert door.terminal("H001").handshake().status == 403


def test_contacts_show_when_a_terminal_called_and_what_it_said(door: OpenDoor) -> None:
    door.get("/iclock/getrequest?SN=A001&INFO=Ver%208.0.4.2,41,80,1234,192.168.1.20,10,7")
    contact = contacts_of(door.hall).of("A001")
    assert contact is not None
    assert contact.told == {"fwversion": "Ver 8.0.4.2", "usercount": "41", "fpcount": "80", "attlogcount": "1234"}
    assert contact.refused == ""


def test_a_single_punch_shows_how_far_the_clock_is_off(door: OpenDoor) -> None:
    shown = datetime.now(UTC) + timedelta(hours=8, minutes=-10)
    door.post(f"7\t{shown:%Y-%m-%d %H:%M:%S}\t0\t15\n".encode())
    contact = contacts_of(door.hall).of("A001")
    assert contact is not None
    assert 598 <= contact.samples[-1].delay.total_seconds() <= 610
