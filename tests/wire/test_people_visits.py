"""People carried by the server itself: orders every minute, and visits to terminals that fetch none."""

from collections.abc import Iterator
from datetime import date, timedelta
from threading import Event

import pytest
from dahuas import PASSWORD as DAHUA_PASSWORD
from dahuas import answering_dahua, dahua
from halls import do
from hikvisions import PASSWORD, SERIAL, answering, listened_to
from wires import OpenDoor

from api.doors.ways import Way, Ways
from api.jobs import carriage, people_visits
from api.jobs.job import House
from api.jobs.pulls import visits_of
from api.settings import Settings
from attendance import people, register, windows
from attendance.visits import PersonCarried
from projections.ledger import Ledger

AGO = date.today() - timedelta(days=3)


@pytest.fixture
def house(door: OpenDoor) -> Iterator[House]:
    """0101 and 102 in post; the ZKTeco terminal A001 keeps its people by hand, to be out of the way."""
    do(door.hall, windows.register, window="税务窗口", unit="税务局")
    do(door.hall, people.post, no="0101", name="钱桐雅", window="税务窗口")
    do(door.hall, people.post, no="102", name="孙可岚", window="税务窗口")
    do(door.hall, register.place, sn="A001", by_hand=True)
    people_visits._looked.clear()
    yield House(door.hall, Ledger(door.hall), Settings(data=door.hall.folder.data), Event())


def states(door: OpenDoor, sn: str) -> list[str]:
    return [order.state for order in door.hall.book().carriage.of(sn)]


def leaves(door: OpenDoor, no: str, name: str) -> None:
    do(door.hall, people.post, no=no, name=name, window="税务窗口", end=AGO)


def test_a_terminal_that_is_called_is_ordered_nothing_until_somebody_gives_the_way_to_it(
    door: OpenDoor, house: House
) -> None:
    listened_to(door)
    assert carriage.order_people(house) == {"terminals": 0, "ordered": 0, "dropped": 0}
    Ways(door.hall).keep(SERIAL, Way("http://192.0.2.7", "admin", PASSWORD))
    assert carriage.order_people(house) == {"terminals": 1, "ordered": 2, "dropped": 0}
    assert carriage.order_people(house) == {"terminals": 1, "ordered": 0, "dropped": 0}


def test_a_visit_carries_out_what_is_due_and_the_next_finds_nothing_to_do(door: OpenDoor, house: House) -> None:
    with answering(listened_to(door)) as (url, served, _):
        Ways(door.hall).keep(SERIAL, Way(url, "admin", PASSWORD))
        carriage.order_people(house)
        assert people_visits.visit_people(house) == {"applied": 2, "refused": 0, "failed": 0}
        assert sorted(served.settings.people) == ["0101", "102"]
        asked = len(served.settings.asked)
        assert people_visits.visit_people(house) == {"applied": 0, "refused": 0, "failed": 0}
        assert len(served.settings.asked) == asked, "not even called"
        served.settings.faces = {"102"}
        leaves(door, "102", "孙可岚")
        carriage.order_people(house)
        assert people_visits.visit_people(house) == {"applied": 1, "refused": 0, "failed": 0}
        assert (sorted(served.settings.people), served.settings.faces) == (["0101"], set())
    assert states(door, SERIAL) == ["applied"] * 3


def test_who_was_deleted_at_the_terminal_itself_is_put_there_again_at_the_daily_look(
    door: OpenDoor, house: House
) -> None:
    with answering(listened_to(door)) as (url, served, _):
        Ways(door.hall).keep(SERIAL, Way(url, "admin", PASSWORD))
        carriage.order_people(house)
        people_visits.visit_people(house)
        del served.settings.people["102"]
        assert people_visits.visit_people(house)["applied"] == 0
        people_visits._looked.clear()
        assert people_visits.visit_people(house)["applied"] == 1
        assert sorted(served.settings.people) == ["0101", "102"]


def test_a_dahua_terminal_is_visited_the_same_way(door: OpenDoor, house: House) -> None:
    with answering_dahua(dahua(door)) as (call, cgi, _):
        Ways(door.hall).keep("D001", Way(call().url, "admin", DAHUA_PASSWORD))
        carriage.order_people(house)
        assert people_visits.visit_people(house) == {"applied": 2, "refused": 0, "failed": 0}
        assert sorted(cgi.terminal.people) == ["0101", "102"]
        leaves(door, "0101", "钱桐雅")
        carriage.order_people(house)
        people_visits.visit_people(house)
        assert sorted(cgi.terminal.people) == ["102"]
    assert {(fact.pin, fact.deed, fact.applied) for fact in door.facts(PersonCarried)} == {
        ("101", "put", True),
        ("102", "put", True),
        ("101", "removed", True),
    }


def test_a_terminal_that_cannot_be_reached_keeps_its_orders_and_holds_up_no_other(door: OpenDoor, house: House) -> None:
    listened_to(door, "GONE1")
    Ways(door.hall).keep("GONE1", Way("http://127.0.0.1:1", "admin", PASSWORD))
    with answering(listened_to(door)) as (url, served, _):
        Ways(door.hall).keep(SERIAL, Way(url, "admin", PASSWORD))
        carriage.order_people(house)
        assert people_visits.visit_people(house) == {"applied": 2, "refused": 0, "failed": 1}
        assert len(served.settings.people) == 2
    assert states(door, "GONE1") == ["given", "given"]


def test_a_wrong_password_is_tried_once_and_never_again_until_it_is_given_anew(door: OpenDoor, house: House) -> None:
    with answering(listened_to(door)) as (url, _, lock):
        Ways(door.hall).keep(SERIAL, Way(url, "admin", "wrong"))
        carriage.order_people(house)
        assert people_visits.visit_people(house)["failed"] == 1
        assert people_visits.visit_people(house) == {"applied": 0, "refused": 0, "failed": 0}
        assert lock.wrong == 1
        visits_of(door.hall).hope_again(SERIAL)
        Ways(door.hall).keep(SERIAL, Way(url, "admin", PASSWORD))
        assert people_visits.visit_people(house)["applied"] == 2


def test_a_refusal_is_kept_with_the_terminals_word_and_tried_again_later(door: OpenDoor, house: House) -> None:
    with answering(listened_to(door)) as (url, served, _):
        Ways(door.hall).keep(SERIAL, Way(url, "admin", PASSWORD))
        served.settings.refuses_people = "deviceBusy"
        carriage.order_people(house)
        assert people_visits.visit_people(house) == {"applied": 0, "refused": 2, "failed": 0}
        assert people_visits.visit_people(house)["refused"] == 0, "it is given a minute"
    assert states(door, SERIAL) == ["retried", "retried"]
    assert {fact.answer for fact in door.facts(PersonCarried)} == {"deviceBusy"}


def test_a_suspended_terminal_is_neither_ordered_nor_visited(door: OpenDoor, house: House) -> None:
    with answering(listened_to(door)) as (url, served, _):
        Ways(door.hall).keep(SERIAL, Way(url, "admin", PASSWORD))
        do(door.hall, register.suspend, sn=SERIAL, reason="装修")
        assert carriage.order_people(house)["terminals"] == 0
        people_visits.visit_people(house)
        assert served.settings.asked == []
