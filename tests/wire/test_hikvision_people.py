"""People, the clock and the listener of a Hikvision terminal, set over its own interface."""

from datetime import UTC, date, datetime, timedelta

import pytest
from halls import do
from hikvisions import MORNING, SERIAL, answering, line_to, listened_to
from wires import OpenDoor

from api.doors.carrying import carry_people
from api.doors.listening import let_post, mend_silence, post_again
from api.doors.visiting import set_clock
from attendance import people, pins, windows
from attendance.facts import Refused
from attendance.visits import PersonCarried, TerminalClockSet

LEFT = date.today() - timedelta(days=3)


@pytest.fixture
def staffed(door: OpenDoor) -> OpenDoor:
    """0101 and 102 in post, 103 to come, 104 gone, and 105 with a PIN of another terminal alone."""
    do(door.hall, windows.register, window="税务窗口", unit="税务局")
    names = {"0101": "钱桐雅", "102": "孙可岚", "103": "李若茗", "104": "周予安", "105": "吴知夏"}
    for no, name in names.items():
        start = LEFT + timedelta(days=30) if no == "103" else None
        do(door.hall, people.post, no=no, name=name, window="税务窗口", start=start, end=LEFT if no == "104" else None)
    do(door.hall, pins.assign, terminal="A001", pin="9", no="105")
    return door


def test_people_in_post_are_carried_and_those_who_left_are_removed_with_their_faces(staffed: OpenDoor) -> None:
    terminal = listened_to(staffed)
    with answering(terminal) as (url, served, _):
        there = served.settings.people
        for no in ("101", "103", "104", "900"):
            there[no] = {"employeeNo": no, "name": "旧名"}
        served.settings.faces = {"101", "103", "104", "900"}
        carried = carry_people(staffed.hall, SERIAL, line_to(url))
        assert {(c.receipt.pin, c.deed, c.receipt.applied) for c in carried} == {
            ("101", "put", True),
            ("102", "put", True),
            ("104", "removed", True),
        }
        assert {no: person["name"] for no, person in there.items()} == {
            "101": "钱桐雅",
            "102": "孙可岚",
            "103": "旧名",
            "900": "旧名",
        }
        assert served.settings.faces == {"101", "103", "900"}
        assert carry_people(staffed.hall, SERIAL, line_to(url)) == []
    facts = staffed.facts(PersonCarried)
    assert sorted((fact.pin, fact.deed, fact.applied, fact.answer) for fact in facts) == [
        ("101", "put", True, "ok"),
        ("102", "put", True, "ok"),
        ("104", "removed", True, "ok"),
    ]
    assert "孙可岚".encode() not in staffed.log_bytes()


def test_no_face_ever_travels(staffed: OpenDoor) -> None:
    with answering(listened_to(staffed)) as (url, served, _):
        carry_people(staffed.hall, SERIAL, line_to(url))
        assert not [asked for asked in served.settings.asked if "FDLib" in asked or "face" in asked.lower()]


def test_a_refusal_of_the_terminal_is_a_fact_with_its_word(staffed: OpenDoor) -> None:
    with answering(listened_to(staffed)) as (url, served, _):
        served.settings.refuses_people = "theNumberOfPeopleReachedTheUpperLimit"
        carried = carry_people(staffed.hall, SERIAL, line_to(url))
    assert [receipt.applied for deed, receipt in carried if deed == "put"] == [False, False]
    answers = {(fact.deed, fact.answer) for fact in staffed.facts(PersonCarried)}
    assert answers == {("put", "theNumberOfPeopleReachedTheUpperLimit"), ("removed", "not there")}


def test_half_a_list_of_people_removes_nobody(staffed: OpenDoor) -> None:
    with answering(listened_to(staffed)) as (url, served, _):
        for no in range(1000, 1060):
            served.settings.people[str(no)] = {"employeeNo": str(no), "name": "访客"}
        served.settings.people["104"] = {"employeeNo": "104", "name": "周予安"}
        served.settings.breaks_at = 30
        with pytest.raises(Refused, match="pull_broken"):
            carry_people(staffed.hall, SERIAL, line_to(url))
        assert "104" in served.settings.people


@pytest.mark.parametrize(
    ("zone", "posix", "written"), [("+08:00", "CST-8:00:00", "+08:00"), ("-04:30", "CST+4:30:00", "-04:30")]
)
def test_the_clock_is_set_in_the_zone_of_the_register(door: OpenDoor, zone: str, posix: str, written: str) -> None:
    terminal = listened_to(door, zone=zone)
    with answering(terminal) as (url, served, _):
        before, after = set_clock(door.hall, SERIAL, line_to(url))
        assert served.settings.zone == posix
        assert served.settings.time.endswith(written)
    assert before == "2026-09-28 08:59:30"
    [fact] = door.facts(TerminalClockSet)
    assert (fact.before, fact.after) == (before, after)
    assert abs(datetime.fromisoformat(after + written).timestamp() - datetime.now(UTC).timestamp()) < 30


def test_the_terminal_is_told_where_to_post_and_what_it_posts_arrives(door: OpenDoor) -> None:
    terminal = listened_to(door)
    with answering(terminal) as (url, served, _):
        other = {"url": "/api/v1/alt", "ipAddress": "192.0.2.7", "portNo": "5457"}
        served.settings.hosts[0] = other
        assert let_post(door.hall, SERIAL, line_to(url), f"http://127.0.0.1:{door.port}") == "2"
        assert served.settings.hosts[0] == other
        first = terminal.path
        terminal.path = served.settings.hosts[1]["url"]
        terminal.punch("7", MORNING)
        assert terminal.upload() == 1
        assert let_post(door.hall, SERIAL, line_to(url), f"http://127.0.0.1:{door.port}") == "2"
    assert len(door.punches()) == 1
    for old in (first, terminal.path):
        terminal.path = old
        assert terminal.post(b"{}").status == 404


def test_a_slot_of_another_system_is_never_taken(door: OpenDoor) -> None:
    terminal = listened_to(door)
    with answering(terminal) as (url, served, _):
        full = [{"url": f"/other/{n}", "ipAddress": "192.0.2.7", "portNo": "80"} for n in (1, 2)]
        served.settings.hosts[:] = full
        with pytest.raises(Refused, match="no_free_slot"):
            let_post(door.hall, SERIAL, line_to(url), f"http://127.0.0.1:{door.port}")
        assert served.settings.hosts == full
    assert terminal.post(b"").status == 200


@pytest.mark.parametrize("here", ["", "10.0.0.5:8080", "https://10.0.0.5", "http://10.0.0.5/x", "http://10.0.0.5:x"])
def test_an_address_the_terminal_could_not_use_is_refused(door: OpenDoor, here: str) -> None:
    terminal = listened_to(door)
    with answering(terminal) as (url, _, _), pytest.raises(Refused, match="bad_here"):
        let_post(door.hall, SERIAL, line_to(url), here)
    assert terminal.post(b"").status == 200


def test_a_terminal_that_fell_silent_after_a_restart_is_told_once_more(door: OpenDoor) -> None:
    terminal = listened_to(door)
    with answering(terminal) as (url, served, _):
        let_post(door.hall, SERIAL, line_to(url), f"http://127.0.0.1:{door.port}")
        before, puts = dict(served.settings.hosts[0]), served.settings.asked.count("PUT Event/notification/httpHosts/1")
        terminal.path = before["url"]
        assert terminal.heartbeat(MORNING).status == 200
        now = datetime.now(UTC)
        assert mend_silence(door.hall, SERIAL, line_to(url), now) == ""
        assert mend_silence(door.hall, SERIAL, line_to(url), now + timedelta(minutes=2)) == "1"
        assert served.settings.asked.count("PUT Event/notification/httpHosts/1") == puts + 1
        assert served.settings.hosts[0] == before
    assert terminal.heartbeat(MORNING).status == 200


def test_a_slot_that_somebody_took_meanwhile_is_left_to_them(door: OpenDoor) -> None:
    terminal = listened_to(door)
    with answering(terminal) as (url, served, _):
        other = {"url": "/api/v1/alt", "ipAddress": "192.0.2.7", "portNo": "5457"}
        served.settings.hosts[0] = other
        with pytest.raises(Refused, match="not_told_to_post"):
            post_again(door.hall, SERIAL, line_to(url))
        assert served.settings.hosts[0] == other
