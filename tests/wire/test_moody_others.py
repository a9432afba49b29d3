"""Hikvision and Dahua terminals in their moods: offline for days, sending all again, with a wrong clock, cut off."""

import time
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from dahuas import dahua
from hikvisions import MORNING, SERIAL, listened_to
from wires import OpenDoor

from api.doors.contacts import contacts_of
from attendance.log.database import sqlite3
from devices.dahua.simulator import SimulatedTerminal as DahuaTerminal
from devices.exchange import NotAcknowledged
from devices.hikvision.simulator import SimulatedTerminal as HikvisionTerminal

Terminal = HikvisionTerminal | DahuaTerminal
DAY = timedelta(days=1)


@pytest.fixture(params=["hikvision", "dahua"])
def terminal(request: pytest.FixtureRequest, door: OpenDoor) -> Terminal:
    return listened_to(door) if request.param == "hikvision" else dahua(door)


def upload_until_calm(terminal: Terminal) -> int:
    """Go on until everything was acknowledged; returns how often the line broke."""
    for broken in range(50):
        try:
            terminal.upload()
        except NotAcknowledged as refused:
            assert refused.reply.status == 0
        else:
            return broken
    raise AssertionError("never calm")


def seen(door: OpenDoor) -> list[tuple[str, str]]:
    return sorted((punch.pin, str(punch.at)) for punch in door.punches())


def test_three_days_offline_arrive_whole_and_say_nothing_of_the_clock(door: OpenDoor, terminal: Terminal) -> None:
    terminal.mood.offline = True
    moments = [MORNING + n * DAY + timedelta(hours=hour) for n in range(3) for hour in (0, 4, 6, 9)]
    for at in moments:
        terminal.punch("7", at)
        assert terminal.upload() == 0
    assert door.punches() == []
    terminal.mood.offline = False
    assert terminal.upload() == len(moments)
    assert seen(door) == [("7", str(at)) for at in moments]
    contact = contacts_of(door.hall).of(terminal.serial)
    assert contact is not None
    assert contact.clock_behind(datetime.now(UTC)) is None


def test_everything_again_and_again_counts_once(door: OpenDoor, terminal: Terminal) -> None:
    terminal.mood.forgetful = True
    for pin in range(1, 6):
        terminal.punch(str(pin), MORNING)
        terminal.upload()
    assert len(seen(door)) == 5


def test_lines_cut_in_the_middle_lose_and_double_nothing(door: OpenDoor, terminal: Terminal) -> None:
    broken = 0
    for pin in range(1, 21):
        terminal.punch(str(pin), MORNING)
        terminal.mood.cut_after = pin * 23 % 400 if pin % 2 else None
        broken += upload_until_calm(terminal)
    assert broken == 10
    assert [pin for pin, _ in sorted(seen(door), key=lambda one: int(one[0]))] == [str(pin) for pin in range(1, 21)]


def test_a_clock_that_lost_its_battery_is_put_before_a_person(door: OpenDoor, terminal: Terminal) -> None:
    terminal.mood.skew = datetime(2000, 1, 1) - MORNING
    terminal.punch("7", MORNING)
    terminal.upload()
    terminal.mood.skew = 400 * DAY
    terminal.punch("7", MORNING + timedelta(days=100))
    terminal.upload()
    assert door.punches() == []
    assert {fact.reason for fact in door.quarantine()} == {"too_old", "in_future"}


def test_a_clock_that_runs_wrong_is_measured_by_what_happens_now(door: OpenDoor) -> None:
    terminal = listened_to(door)
    now = datetime.now().astimezone().replace(tzinfo=None) - datetime.now().astimezone().utcoffset()  # type: ignore[operator]
    terminal.mood.skew = timedelta(minutes=-4)
    terminal.punch("7", now + timedelta(hours=8))
    terminal.upload()
    contact = contacts_of(door.hall).of(SERIAL)
    assert contact is not None
    assert 235 <= contact.samples[-1].delay.total_seconds() <= 260


def test_an_answer_that_comes_too_late_is_made_good_by_the_same_event_again(door: OpenDoor) -> None:
    """The terminal hangs up after its patience and keeps the event; the hall stores the first telling when it can, and
    the second is the same punch."""
    terminal = dahua(door)
    terminal.mood.patience = 0.3
    terminal.punch("7", MORNING)
    slow = sqlite3.connect(str(door.hall.folder.log), isolation_level=None)
    slow.execute("BEGIN IMMEDIATE")
    begun = time.monotonic()
    with pytest.raises(NotAcknowledged):
        terminal.upload()
    assert 0.3 <= time.monotonic() - begun < 3
    slow.execute("ROLLBACK")
    slow.close()
    terminal.mood.patience = 3.0
    assert terminal.upload() == 1
    assert terminal.tried == 1
    assert seen(door) == [("7", str(MORNING))]


def test_two_makes_at_once_in_changing_moods_lose_and_double_nothing(door: OpenDoor) -> None:
    terminals: list[Terminal] = [listened_to(door), dahua(door)]

    def live(one: Terminal) -> None:
        for step in range(30):
            one.mood.offline = step % 7 in (2, 3)
            one.mood.cut_after = step * 31 % 300 if step % 5 == 1 else None
            one.punch(str(step % 9 + 1), MORNING + timedelta(minutes=step))
            upload_until_calm(one)
        one.mood.offline, one.mood.cut_after = False, None
        one.upload()

    lives = [Thread(target=live, args=[one]) for one in terminals]
    for life in lives:
        life.start()
    for life in lives:
        life.join()
    kept = [(punch.terminal, punch.pin, punch.at) for punch in door.punches()]
    assert len(kept) == len(set(kept)) == 60
    assert door.quarantine() == []
