"""Hikvision's HTTP listening against the real door, in every shape that firmware posts."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hikvisions import MORNING, SERIAL, listened_to
from test_storage import full_disk
from wires import OpenDoor

from api.doors.contacts import contacts_of
from attendance.punches import Punched
from attendance.terminals import CLOCK_SET, TerminalCalled, TerminalOperated
from devices.exchange import NotAcknowledged
from devices.hikvision.simulator import JPEG, SimulatedTerminal

SHAPES = ["multipart", "event_log", "lying_boundary", "json", "doubled", "flat", "quoted", "xml"]


def post(terminal: SimulatedTerminal, message: object) -> int:
    return terminal.post(json.dumps(message).encode()).status


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_day_arrives_once_in_every_shape(door: OpenDoor, shape: str, encoding: str) -> None:
    terminal = listened_to(door, shape=shape, encoding=encoding)
    for pin in range(1, 11):
        terminal.punch(f"{pin:04d}", MORNING + timedelta(minutes=pin), name="欧阳\x01若棠")
    assert terminal.upload() == 10
    assert [punch.pin for punch in door.punches()] == [str(pin) for pin in range(1, 11)]
    assert door.quarantine() == []


def test_a_punch_keeps_what_matters_and_nothing_of_the_person(door: OpenDoor) -> None:
    terminal = listened_to(door)
    terminal.punch("0007", MORNING, name="欧阳若棠", attendanceStatus="checkIn")
    terminal.upload()
    [punch] = door.punches()
    assert (punch.terminal, punch.pin, punch.at, punch.zone) == (SERIAL, "7", MORNING, 480)
    assert (punch.verify, punch.status, punch.serial, punch.road) == ("cardOrFaceOrFp", "checkIn", 1, "push")
    kept = json.loads(punch.raw)
    assert (kept["time"], kept["minor"], kept["serialNo"]) == ("2026-09-28T08:30:00+08:00", 75, "1")
    stored = door.log_bytes()
    for withheld in ("欧阳若棠".encode(), b"8812345", b"36.6", JPEG):
        assert withheld not in stored


@pytest.mark.parametrize("label", ["text/plain", "image/jpeg", "multipart/form-data", "application/xml", "x"])
@pytest.mark.parametrize("shape", ["json", "xml", "multipart"])
def test_the_label_does_not_matter(door: OpenDoor, shape: str, label: str) -> None:
    terminal = listened_to(door, shape=shape, label=label)
    terminal.punch("7", MORNING)
    assert terminal.upload() == 1
    assert len(door.punches()) == 1


def test_the_same_event_again_and_its_replay_are_one_punch(door: OpenDoor) -> None:
    terminal = listened_to(door, forgetful=True)
    terminal.punch("7", MORNING)
    terminal.upload()
    terminal.mood.shape, terminal.mood.live = "xml", False
    terminal.upload()
    assert len(door.punches()) == 1


@pytest.mark.parametrize("offset", ["+08:30", "+00:00", "-04:00"])
def test_the_zone_of_the_register_counts_and_another_claim_is_shown(door: OpenDoor, offset: str) -> None:
    terminal = listened_to(door, offset=offset)
    terminal.punch("7", MORNING)
    terminal.upload()
    [punch] = door.punches()
    assert (punch.at, punch.zone) == (MORNING, 480)
    assert offset in punch.raw
    contact = contacts_of(door.hall).of(SERIAL)
    assert contact is not None
    assert contact.told["zoneoffset"] == offset


def test_a_time_in_utc_is_told_in_the_zone_of_the_register(door: OpenDoor) -> None:
    terminal = listened_to(door, zone="+05:30")
    terminal.log.append({"major": 5, "minor": 75, "time": "2026-09-28T03:00:00Z", "serialNo": 1})
    terminal.log[0]["employeeNoString"] = "7"
    terminal.upload()
    assert [(punch.at, punch.zone) for punch in door.punches()] == [(MORNING, 330)]


def test_failures_doors_and_strangers_are_no_punches(door: OpenDoor) -> None:
    terminal = listened_to(door)
    for minor in (9, 21, 22, 27, 76, 80, 151, 196):
        terminal.punch("7", MORNING, minor=minor)
    terminal.happen(1, 1028, MORNING)
    terminal.happen(2, 39, MORNING)
    assert terminal.upload() == 10
    assert (door.punches(), door.quarantine(), door.facts(TerminalOperated)) == ([], [], [])
    terminal.punch("7", MORNING, minor=196)
    terminal.upload()
    assert contacts_of(door.hall).of(SERIAL).told["unlisted"] == "5.196"  # type: ignore[union-attr]


@pytest.mark.parametrize("pin", ["", "null", "0"])
def test_a_success_that_names_nobody_is_put_before_a_person(door: OpenDoor, pin: str) -> None:
    terminal = listened_to(door)
    terminal.punch(pin, MORNING)
    terminal.upload()
    assert door.punches() == []
    assert [left.reason for left in door.quarantine()] == ["no_pin"]


def test_who_set_the_clock_is_kept_and_our_own_visits_are_not(door: OpenDoor) -> None:
    terminal = listened_to(door)
    terminal.happen(3, 1029, MORNING, remoteHostAddr="192.0.2.9")
    terminal.happen(3, 112, MORNING, remoteHostAddr="192.0.2.9")
    terminal.upload()
    [operated] = door.facts(TerminalOperated)
    assert (operated.kind, operated.at, operated.objects) == (CLOCK_SET, "2026-09-28 08:30:00", ("1", "192.0.2.9"))


def test_a_heartbeat_shows_the_clock_and_stores_nothing(door: OpenDoor) -> None:
    terminal = listened_to(door)
    before = door.hall.store.head().position
    shown = datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=8, minutes=-10)
    assert terminal.heartbeat(shown).status == 200
    assert door.hall.store.head().position == before
    contact = contacts_of(door.hall).of(SERIAL)
    assert contact is not None
    assert 598 <= contact.samples[-1].delay.total_seconds() <= 610
    assert contact.told["shortserialnumber"] == SERIAL


def test_one_heartbeat_of_a_clock_months_back_sets_aside_what_that_clock_makes(door: OpenDoor) -> None:
    terminal = listened_to(door)
    now = datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=8)
    terminal.punch("7", now - timedelta(days=3))
    terminal.mood.skew = timedelta(days=-200)
    terminal.heartbeat(now)
    terminal.punch("8", now)
    terminal.upload()
    assert [punch.pin for punch in door.punches()] == ["7"]
    assert [(left.pin, left.reason) for left in door.quarantine()] == [("8", "backwards")]


def test_a_message_that_may_have_waited_proves_no_clock_wrong(door: OpenDoor) -> None:
    terminal = listened_to(door)
    now = datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=8)
    waited = terminal._envelope("netBroken", terminal._time(now - timedelta(days=3)))
    terminal.post(json.dumps(waited).encode(), "application/json")
    terminal.punch("7", now - timedelta(days=3))
    terminal.upload()
    assert [punch.pin for punch in door.punches()] == ["7"]


def test_replayed_events_say_nothing_of_the_clock(door: OpenDoor) -> None:
    terminal = listened_to(door, live=False)
    for minutes in range(0, 12, 2):
        terminal.punch("7", MORNING + timedelta(minutes=minutes))
    terminal.upload()
    contact = contacts_of(door.hall).of(SERIAL)
    assert contact is not None
    assert len(contact.samples) > 2
    assert contact.clock_behind(datetime.now(UTC)) is None


@pytest.mark.parametrize(("skew", "reason"), [(400, "in_future"), (-20 * 365, "too_old")])
def test_a_wrong_clock_is_put_before_a_person(door: OpenDoor, skew: int, reason: str) -> None:
    terminal = listened_to(door, skew=timedelta(days=skew))
    terminal.punch("7", MORNING)
    terminal.upload()
    assert door.punches() == []
    assert [left.reason for left in door.quarantine()] == [reason]


def test_what_cannot_be_read_leaves_its_length_and_hash_and_is_not_repeated_forever(door: OpenDoor) -> None:
    terminal = listened_to(door)
    for body in (b"\x00\x01\x02 nonsense", b'{"eventType":"AccessControllerEvent"', b"<EventNotificationAlert>"):
        assert terminal.post(body).status == 200
    assert [(left.reason, left.raw) for left in door.quarantine()] == [("malformed", "")] * 3
    assert b"nonsense" not in door.log_bytes()


def test_an_empty_post_as_of_the_menus_test_button_is_answered(door: OpenDoor) -> None:
    terminal = listened_to(door)
    assert terminal.post(b"").status == 200
    assert door.get(terminal.path).status == 200
    assert door.quarantine() == []


def test_a_terminal_cannot_write_for_another(door: OpenDoor) -> None:
    own, other = listened_to(door, "ENF00000001"), listened_to(door, "ENF00000002")
    own.serial = other.serial
    own.punch("7", MORNING)
    own.upload()
    assert [punch.terminal for punch in door.punches()] == ["ENF00000001"]


@pytest.mark.parametrize("path", ["/hikvision/wrong", "/hikvision", "/hikvision/", "/hikvision/a/b", "/hikvision/%00"])
def test_an_unknown_secret_is_told_nothing(door: OpenDoor, path: str) -> None:
    reply = SimulatedTerminal(SERIAL, "127.0.0.1", door.port, path).post(b"{}")
    assert (reply.status, reply.text) == (404, "")
    assert door.facts(TerminalCalled) == []


def test_a_secret_opens_its_own_familys_door_alone(door: OpenDoor) -> None:
    terminal = listened_to(door)
    secret = terminal.path.rpartition("/")[2]
    assert door.get(f"/t/{secret}/iclock/cdata?SN={SERIAL}&options=all").status == 403
    own = door.secret_path("A001").split("/")[2]
    terminal.path = f"/hikvision/{own}"
    assert terminal.post(b"{}").status == 404


def test_a_full_disk_is_told_to_the_terminal_and_the_resend_lands(door: OpenDoor) -> None:
    terminal = listened_to(door)
    for pin in range(1, 6):
        terminal.punch(str(pin), MORNING)
    with full_disk():
        with pytest.raises(NotAcknowledged) as refused:
            terminal.upload()
        assert refused.value.reply.status == 500
    assert terminal.upload() == 5
    assert len(door.punches()) == 5


def test_a_post_that_breaks_off_stores_nothing_and_comes_again(door: OpenDoor) -> None:
    terminal = listened_to(door, cut_after=300)
    terminal.punch("7", MORNING)
    with pytest.raises(NotAcknowledged):
        terminal.upload()
    assert door.hall.store.head().position == _position_of_nothing(door)
    assert terminal.upload() == 1
    assert len(door.punches()) == 1


def _position_of_nothing(door: OpenDoor) -> int:
    """Where the log stands without a punch or a reading."""
    entries = [row.entry() for row in door.hall.store.read(0, 1_000)]
    assert not [entry for entry in entries if isinstance(entry.fact, Punched)]
    return len(entries)


def test_a_body_beyond_all_measure_is_refused(door: OpenDoor) -> None:
    terminal = listened_to(door)
    assert terminal.post(b"{" + b" " * (5 << 20)).status in (0, 413)
    assert door.quarantine() == []


def test_several_events_in_one_post_are_all_taken(door: OpenDoor) -> None:
    terminal = listened_to(door, shape="json")
    bodies = [terminal.body(terminal.punch(str(pin), MORNING))[0] for pin in range(1, 2501)]
    assert terminal.post(b"[" + b",".join(bodies[:1500]) + b"]").status == 200
    assert terminal.post(b"\r\n".join(bodies[1500:])).status == 200
    assert len(door.punches()) == 2500
