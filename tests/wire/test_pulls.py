"""Reconciliation by itself: what a push lost is fetched, a wrong password is never tried twice, none lies in clear."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from hikvisions import MORNING, PASSWORD, SERIAL, answering, listened_to
from wires import OpenDoor

from api.doors.contacts import contacts_of
from api.doors.ways import Way, Ways
from api.jobs.job import House
from api.jobs.pulls import is_time, pull_all, visits_of
from api.jobs.visits import EVERY, LONGEST_PAUSE, Visited, Visits
from api.jobs.watch import Watching, look
from api.settings import Settings
from attendance import watch
from attendance.facts import Refused
from attendance.watch import TerminalReturned
from projections.ledger import Ledger

NOW = datetime(2026, 10, 9, 2, tzinfo=UTC)


@pytest.fixture
def house(door: OpenDoor) -> Iterator[House]:
    yield House(door.hall, Ledger(door.hall), Settings(data=door.hall.folder.data), Event())


def give_way(door: OpenDoor, url: str, password: str = PASSWORD) -> None:
    Ways(door.hall).keep(SERIAL, Way(url, "admin", password))
    visits_of(door.hall).hope_again(SERIAL)


def visited(door: OpenDoor) -> Visited:
    return visits_of(door.hall).of(SERIAL)


def test_what_the_push_lost_is_fetched_and_nothing_is_fetched_twice(door: OpenDoor, house: House) -> None:
    terminal = listened_to(door)
    for minute in range(40):
        terminal.punch(f"{minute % 9 + 1:04d}", MORNING + timedelta(minutes=minute))
    with answering(terminal) as (url, served, _):
        shown = datetime.now(UTC) + timedelta(hours=8, seconds=-90)
        served.settings.time = f"{shown:%Y-%m-%dT%H:%M:%S}+08:00"
        give_way(door, url)
        assert pull_all(house) == {"visited": 1, "failed": 0, "brought": 40}
        assert pull_all(house) == {"visited": 0, "failed": 0, "brought": 0}
        terminal.punch("77", MORNING + timedelta(hours=3))
        visits_of(door.hall).want(SERIAL)
        assert pull_all(house)["brought"] == 1
    assert (len(door.punches()), visited(door).brought, visited(door).failures) == (41, 1, 0)
    behind = contacts_of(door.hall).of(SERIAL).clock_behind(datetime.now(UTC))  # type: ignore[union-attr]
    assert behind is not None and 85 <= behind.total_seconds() <= 115


def test_a_wrong_password_is_tried_once_and_waits_for_the_right_one(door: OpenDoor, house: House) -> None:
    terminal = listened_to(door)
    with answering(terminal) as (url, _, lock):
        give_way(door, url, "not-the-one")
        for _ in range(3):
            pull_all(house)
        assert (lock.wrong, visited(door).is_hopeless) == (1, True)
        give_way(door, url)
        assert pull_all(house)["visited"] == 1
    assert visited(door).code == ""


def test_a_terminal_that_cannot_be_reached_is_tried_more_and_more_rarely(door: OpenDoor, house: House) -> None:
    terminal = listened_to(door)
    with answering(terminal) as (url, _, _):
        pass
    give_way(door, url)
    assert pull_all(house) == {"visited": 0, "failed": 1, "brought": 0}
    assert (visited(door).code, visited(door).details["url"]) == ("terminal_unreachable", url)
    assert pull_all(house)["failed"] == 0
    assert [Visited(SERIAL, failures=n).pause for n in (0, 1, 2, 9)] == [EVERY, 2 * EVERY, LONGEST_PAUSE, LONGEST_PAUSE]


def test_neither_address_nor_password_lies_in_clear_anywhere(door: OpenDoor) -> None:
    door.accept(SERIAL, family="hikvision")
    give_way(door, "http://192.168.7.64")
    hall = door.hall
    kept = b"".join(file.read_bytes() for file in hall.folder.keys.rglob("*") if file.is_file()) + door.log_bytes()
    for secret in (PASSWORD, "192.168.7.64"):
        assert secret.encode() not in kept
        assert secret.encode("utf-16-le") not in kept
    way = Ways(hall).of(SERIAL)
    assert way == Way("http://192.168.7.64", "admin", PASSWORD)
    Ways(hall).forget(SERIAL)
    assert Ways(hall).of(SERIAL) is None
    with pytest.raises(Refused, match="no_way"):
        Ways(hall).line(SERIAL)


@pytest.mark.parametrize(
    ("sn", "way", "code"),
    [
        ("NOBODY", Way("http://10.0.0.1", "admin", "x"), "terminal_unknown"),
        (SERIAL, Way("ftp://10.0.0.1", "admin", "x"), "bad_url"),
        (SERIAL, Way("http://admin:x@10.0.0.1", "admin", "x"), "bad_url"),
        (SERIAL, Way("http://10.0.0.1", "admin", ""), "missing"),
    ],
)
def test_a_way_that_leads_nowhere_is_refused(door: OpenDoor, sn: str, way: Way, code: str) -> None:
    door.accept(SERIAL, family="hikvision")
    with pytest.raises(Refused) as refused:
        Ways(door.hall).keep(sn, way)
    assert refused.value.code == code


def test_a_terminal_that_is_back_is_visited_at_once(door: OpenDoor, house: House) -> None:
    terminal = listened_to(door)
    with answering(terminal) as (url, _, _):
        give_way(door, url)
        pull_all(house)
        terminal.punch("77", MORNING)
        local = datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=7)
        door.hall.decide(lambda draft: watch.note_silence(draft, sn=SERIAL, since=local), "job:watch")
        contact = contacts_of(door.hall).met(SERIAL, "127.0.0.1", datetime.now(UTC))
        contact.usual = timedelta(seconds=30)
        look(Watching(door.hall))
        assert len(door.facts(TerminalReturned)) == 1
        assert visited(door).wanted
        assert pull_all(house)["brought"] == 1


@pytest.mark.parametrize(
    ("hour", "wanted", "sends", "is_read"),
    [
        (9, False, True, False),
        (21, False, True, True),
        (3, False, True, True),
        (9, True, True, True),
        (9, False, False, True),
    ],
)
def test_a_zkteco_terminal_that_sends_by_itself_is_read_at_night_alone(
    door: OpenDoor, hour: int, wanted: bool, sends: bool, is_read: bool
) -> None:
    now = NOW.replace(hour=(hour - 8) % 24)
    if sends:
        contacts_of(door.hall).met("A001", "10.0.0.5", now).beats.append(now)
    terminal = door.hall.book().terminals.known("A001")
    assert terminal is not None
    last = now - timedelta(hours=13)
    before = Visited("A001", tried_at=last, good_at=last, wanted=wanted)
    assert is_time(door.hall, terminal, before, now) is is_read


def test_visits_are_kept_from_one_start_to_the_next(door: OpenDoor) -> None:
    folder = door.hall.folder.data / "jobs"
    Visits(folder).failed("H1", NOW, Refused("terminal_unreachable", url="http://h", problem="x"))
    Visits(folder).went_well("H2", NOW, 7)
    again = Visits(folder).all()
    assert (again["H1"].failures, again["H1"].tried_at, again["H2"].brought) == (1, NOW, 7)
