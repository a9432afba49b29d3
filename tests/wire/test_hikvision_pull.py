"""Reading a Hikvision terminal's own log: nothing lost, nothing twice, and its password never in the clear."""

from datetime import timedelta
from typing import Any

import pytest
from hikvisions import MORNING, PASSWORD, SERIAL, answering, line_to, listened_to
from wires import OpenDoor

from api.doors.visiting import Pulled, pull
from attendance.facts import Refused
from attendance.visits import TerminalPulled
from devices.hikvision.simulator import SimulatedTerminal


def with_punches(door: OpenDoor, punches: int, **mood: Any) -> SimulatedTerminal:
    """A terminal that has not posted anything yet; a door opens after each punch."""
    terminal = listened_to(door, **mood)
    for minute in range(punches):
        terminal.punch(f"{minute % 9 + 1:04d}", MORNING + timedelta(minutes=minute))
        terminal.happen(5, 21, MORNING + timedelta(minutes=minute))
    return terminal


def refusal(door: OpenDoor, url: str, password: str = PASSWORD) -> Refused:
    with pytest.raises(Refused) as refused:
        pull(door.hall, SERIAL, line_to(url, password))
    return refused.value


@pytest.mark.parametrize("newest_first", [False, True])
def test_everything_is_read_page_by_page_and_the_next_visit_reads_on(door: OpenDoor, newest_first: bool) -> None:
    terminal = with_punches(door, 100)
    with answering(terminal) as (url, served, _):
        served.settings.newest_first = newest_first
        assert pull(door.hall, SERIAL, line_to(url)) == Pulled(records=200, stored=100, repeated=0, quarantined=0)
        terminal.punch("77", MORNING + timedelta(hours=5))
        served.settings.asked.clear()
        assert pull(door.hall, SERIAL, line_to(url)).stored == 1
        assert len(served.settings.asked) <= 4
    assert len(door.punches()) == 101
    assert [(mark.serial, mark.at) for mark in door.facts(TerminalPulled)][-1] == (201, "2026-09-28 13:30:00")


@pytest.mark.parametrize("push_first", [True, False])
@pytest.mark.parametrize("shape", ["multipart", "xml"])
def test_a_punch_by_push_and_by_pull_is_one_punch(door: OpenDoor, push_first: bool, shape: str) -> None:
    terminal = with_punches(door, 20, shape=shape)
    with answering(terminal) as (url, _, _):
        if push_first:
            terminal.upload()
        pulled = pull(door.hall, SERIAL, line_to(url))
    terminal.upload()
    assert (pulled.stored, pulled.repeated) == ((0, 20) if push_first else (20, 0))
    assert len(door.punches()) == 20


def test_a_reading_put_before_a_person_is_one_by_both_roads(door: OpenDoor) -> None:
    terminal = listened_to(door, skew=timedelta(days=400))
    terminal.punch("7", MORNING)
    terminal.upload()
    with answering(terminal) as (url, _, _):
        assert pull(door.hall, SERIAL, line_to(url)) == Pulled(records=1, stored=0, repeated=1, quarantined=1)
    assert len(door.quarantine()) == 1


def test_what_the_listener_lost_after_a_reboot_is_found(door: OpenDoor) -> None:
    terminal = with_punches(door, 30)
    terminal.upload()
    lost = terminal.punch("7", MORNING + timedelta(hours=3))
    terminal.sent = lost["serialNo"]
    with answering(terminal) as (url, _, _):
        assert pull(door.hall, SERIAL, line_to(url)).stored == 1


def test_a_terminal_without_events_has_no_match(door: OpenDoor) -> None:
    with answering(listened_to(door)) as (url, _, _):
        assert pull(door.hall, SERIAL, line_to(url)) == Pulled(0, 0, 0, 0)
    assert door.facts(TerminalPulled) == []


def test_numbers_that_started_anew_are_read_from_the_first(door: OpenDoor) -> None:
    terminal = with_punches(door, 60)
    with answering(terminal) as (url, _, _):
        pull(door.hall, SERIAL, line_to(url))
        terminal.log.clear()
        for minute in range(80):
            terminal.punch("5", MORNING + timedelta(days=1, minutes=minute))
        assert pull(door.hall, SERIAL, line_to(url)).stored == 80
    assert door.facts(TerminalPulled)[-1].serial == 80


def test_a_visit_that_breaks_off_keeps_what_it_read_and_the_next_reads_on(door: OpenDoor) -> None:
    terminal = with_punches(door, 100)
    with answering(terminal) as (url, served, _):
        served.settings.breaks_at = 90
        refused = refusal(door, url)
        assert (refused.code, refused.details["read"], refused.details["total"]) == ("pull_broken", 90, 200)
        assert len(door.punches()) == 45
        assert door.facts(TerminalPulled)[-1].serial == 90
        served.settings.breaks_at = None
        assert pull(door.hall, SERIAL, line_to(url)).stored == 55


def test_a_broken_visit_in_disorder_moves_no_mark(door: OpenDoor) -> None:
    terminal = with_punches(door, 100)
    with answering(terminal) as (url, served, _):
        served.settings.newest_first, served.settings.breaks_at = True, 90
        refusal(door, url)
        assert door.facts(TerminalPulled) == []
        served.settings.breaks_at = None
        assert pull(door.hall, SERIAL, line_to(url)).stored == 55


def test_every_request_has_a_challenge_of_its_own_and_none_shows_the_password(door: OpenDoor) -> None:
    terminal = with_punches(door, 100)
    with answering(terminal) as (url, served, lock):
        pull(door.hall, SERIAL, line_to(url))
        assert lock.challenges == len(served.settings.asked) == 8
        assert lock.shown_in_clear == 0


def test_a_wrong_password_is_tried_once_and_a_lock_is_told(door: OpenDoor) -> None:
    with answering(with_punches(door, 1)) as (url, _, lock):
        assert refusal(door, url, "guess").code == "terminal_sign_in"
        assert lock.wrong == 1
        lock.wrong = 99
        refused = refusal(door, url)
        assert (refused.code, refused.details["seconds"]) == ("terminal_locked", "1740")


def test_another_terminal_at_the_address_is_not_read(door: OpenDoor) -> None:
    listened_to(door)
    other = SimulatedTerminal("ENF99999999")
    other.punch("7", MORNING)
    with answering(other) as (url, _, _):
        assert refusal(door, url).code == "terminal_is_another"
    assert door.punches() == []


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://127.0.0.1:1/"])
def test_nobody_at_the_address_is_told(door: OpenDoor, url: str) -> None:
    listened_to(door)
    assert refusal(door, url).code == "terminal_unreachable"


@pytest.mark.parametrize(
    "url",
    ["", "192.168.1.64", "ftp://x", "http://", "http://a:b@c", "http://x/path", "http://x?y", "http://x:99999999"],
)
def test_what_is_no_address_is_refused(door: OpenDoor, url: str) -> None:
    listened_to(door)
    assert refusal(door, url).code == "bad_url"


def test_a_family_that_comes_as_sheets_cannot_be_called(door: OpenDoor) -> None:
    door.accept("DING1", family="dingtalk")
    with pytest.raises(Refused) as refused:
        pull(door.hall, "DING1", line_to("http://127.0.0.1:1"))
    assert refused.value.code == "not_callable"


def test_the_password_stays_out_of_everything_kept(door: OpenDoor) -> None:
    with answering(with_punches(door, 3)) as (url, _, _):
        pull(door.hall, SERIAL, line_to(url))
    keys = b"".join(file.read_bytes() for file in door.hall.folder.keys.rglob("*") if file.is_file())
    assert PASSWORD.encode() not in door.log_bytes() + keys
