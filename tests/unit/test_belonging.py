"""Whom a terminal should hold on a day, and whom it should forget."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from halls import do

from attendance import consent, people, pins, register, relief, terminals, windows
from attendance.belonging import belonging, departed
from attendance.hall import Hall

MONDAY = date(2026, 3, 2)
YESTERDAY, TOMORROW = MONDAY - timedelta(days=1), MONDAY + timedelta(days=1)


@pytest.fixture
def staffed(empty_hall: Hall) -> Hall:
    """0101 and 102 at 税务窗口, 103 at 公安窗口, 9001 to stand in; terminals A001 and B002."""
    for window in ("税务窗口", "公安窗口"):
        do(empty_hall, windows.register, window=window, unit=window[:2])
    for no, window in (("0101", "税务窗口"), ("102", "税务窗口"), ("103", "公安窗口")):
        do(empty_hall, people.post, no=no, name=f"某{no}", window=window)
    do(empty_hall, people.post, no="9001", name="替岗", window="公安窗口", relief=True)
    for sn in ("A001", "B002"):
        do(empty_hall, terminals.accept, sn=sn)
    return empty_hall


def on_terminal(hall: Hall, day: date = MONDAY, sn: str = "A001") -> dict[str, str]:
    return {pin: who.no for pin, who in belonging(hall.book(), sn, day).items()}


def off_terminal(hall: Hall, day: date = MONDAY, sn: str = "A001") -> dict[str, str]:
    return departed(hall.book(), sn, day)


def consented(hall: Hall, no: str, day: date = YESTERDAY) -> None:
    at = datetime.combine(day, datetime.min.time())
    do(hall, consent.give, no=no, kind="face", at=at, text="1", signature="签")


def took_back(hall: Hall, no: str) -> None:
    at = datetime.combine(MONDAY, datetime.min.time())
    hall.decide(lambda draft: consent.withdraw(draft, no=no, kind="face", at=at), "office")


def place(hall: Hall, **details: Any) -> None:
    do(hall, register.place, sn="A001", **details)


def test_everybody_in_service_is_on_a_terminal_under_the_bare_staff_number(staffed: Hall) -> None:
    assert on_terminal(staffed) == {"101": "0101", "102": "102", "103": "103", "9001": "9001"}
    assert off_terminal(staffed) == {}


def test_who_has_a_pin_row_is_there_under_it_and_on_no_other_terminal(staffed: Hall) -> None:
    do(staffed, pins.assign, terminal="B002", pin="017", no="102", start=MONDAY)
    assert "102" not in on_terminal(staffed)
    assert on_terminal(staffed, sn="B002")["17"] == "102"
    assert "17" not in on_terminal(staffed, YESTERDAY, "B002")


def test_a_number_that_a_row_gives_to_another_is_nobody_elses(staffed: Hall) -> None:
    do(staffed, pins.assign, terminal="A001", pin="102", no="0101")
    assert on_terminal(staffed) == {"102": "0101", "103": "103", "9001": "9001"}


def test_numbers_that_differ_in_zeros_alone_do_not_share_a_pin(staffed: Hall) -> None:
    do(staffed, people.post, no="0102", name="零", window="税务窗口")
    assert on_terminal(staffed)["102"] == "102"


@pytest.mark.parametrize(
    ("start", "end", "is_on"), [(TOMORROW, None, False), (None, YESTERDAY, False), (MONDAY, MONDAY, True)]
)
def test_only_who_serves_on_the_day(staffed: Hall, start: date | None, end: date | None, is_on: bool) -> None:
    do(staffed, people.post, no="104", name="新", window="税务窗口", start=start, end=end)
    assert ("104" in on_terminal(staffed)) is is_on


def test_who_left_is_to_be_forgotten_and_who_comes_back_is_not(staffed: Hall) -> None:
    do(staffed, people.post, no="104", name="走", window="税务窗口", end=YESTERDAY)
    do(staffed, people.post, no="105", name="回", window="税务窗口", end=YESTERDAY)
    do(staffed, people.post, no="105", name="回", window="公安窗口", start=TOMORROW)
    assert off_terminal(staffed) == {"104": "104"}
    assert on_terminal(staffed, TOMORROW)["105"] == "105"


def test_a_row_that_ended_leaves_a_pin_to_be_forgotten(staffed: Hall) -> None:
    do(staffed, pins.assign, terminal="A001", pin="17", no="102", end=YESTERDAY)
    do(staffed, pins.assign, terminal="A001", pin="18", no="102", start=MONDAY)
    assert off_terminal(staffed) == {"17": "102"}
    assert on_terminal(staffed)["18"] == "102"
    assert off_terminal(staffed, YESTERDAY) == {}


def test_a_row_given_to_the_next_person_in_time_forgets_nobody(staffed: Hall) -> None:
    do(staffed, pins.assign, terminal="A001", pin="17", no="102", end=YESTERDAY)
    do(staffed, pins.assign, terminal="A001", pin="17", no="103", start=TOMORROW)
    assert off_terminal(staffed) == {}


def test_a_terminal_for_some_windows_holds_their_people_and_who_stands_in_there(staffed: Hall) -> None:
    place(staffed, windows=("税务窗口",))
    assert set(on_terminal(staffed)) == {"101", "102"}
    day = datetime.combine(TOMORROW, datetime.min.time())
    do(staffed, relief.arrange, window="税务窗口", relief_no="9001", start=day, end=day + timedelta(days=1))
    assert "9001" not in on_terminal(staffed, YESTERDAY)
    assert "9001" in on_terminal(staffed, MONDAY), "the day before, to be enrolled in time"
    assert "9001" in on_terminal(staffed, TOMORROW)
    assert "9001" not in on_terminal(staffed, TOMORROW + timedelta(days=2))
    assert off_terminal(staffed) == {}


@pytest.mark.parametrize(
    ("rule", "on", "off"),
    [
        ("heeded", {"0101", "103", "9001"}, {"102"}),
        ("required", {"0101"}, {"102", "103", "9001"}),
        ("none", {"0101", "102", "103", "9001"}, set()),
    ],
)
def test_consent_as_the_terminal_asks_for_it(staffed: Hall, rule: str, on: set[str], off: set[str]) -> None:
    """0101 consented, 102 took it back, 103 and 9001 were never asked."""
    consented(staffed, "0101")
    consented(staffed, "102")
    took_back(staffed, "102")
    place(staffed, consent_rule=rule)
    assert set(on_terminal(staffed).values()) == on
    assert set(off_terminal(staffed).values()) == off


def test_who_consents_anew_is_carried_again(staffed: Hall) -> None:
    consented(staffed, "102")
    took_back(staffed, "102")
    consented(staffed, "102", MONDAY)
    assert "102" in on_terminal(staffed, TOMORROW)


def test_numbers_the_hall_never_heard_of_are_not_its_to_judge(staffed: Hall) -> None:
    assert "777" not in off_terminal(staffed)
