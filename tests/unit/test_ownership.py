"""Whose a punch is, and when it was on the hall's own clock."""

from datetime import date, datetime
from uuid import UUID

import pytest
from deeds import push
from halls import do

from attendance import people, pins, terminals, windows
from attendance.book import Book
from attendance.facts import Entry, Fact, Sealed
from attendance.hall import Hall
from attendance.localtime import second_of
from attendance.people import StaffPosted
from attendance.terminals import PinAssigned
from projections.facts import hall_shift
from projections.ledger import Ledger
from projections.ownership import owner

MONDAY = date(2026, 3, 2)


def book_of(*facts: Fact) -> Book:
    book = Book(UUID(int=1))
    book.fold(Entry(book.id_of(fact), 1, number, 0, "office", fact) for number, fact in enumerate(facts, 1))
    return book


def staff(no: str) -> StaffPosted:
    return StaffPosted(no=no, name=Sealed(subject="", box=b""), window="税务窗口", unit="税务局")


def pin(
    number: str, no: str, start: date | None = None, end: date | None = None, terminal: str = "A001"
) -> PinAssigned:
    return PinAssigned(terminal=terminal, pin=number, no=no, start=start, end=end)


OWNERS = {
    "a PIN is the staff number": ([staff("1001")], "1001"),
    "but for leading zeros": ([staff("01001")], "01001"),
    "of numbers that differ in zeros alone the one without any": ([staff("01001"), staff("1001")], "1001"),
    "of two with zeros neither": ([staff("01001"), staff("001001")], None),
    "nobody's number": ([staff("1002")], None),
    "a row says whose it is": ([staff("1001"), staff("1002"), pin("1001", "1002")], "1002"),
    "a row's own zeros count nothing": ([staff("1002"), pin("01001", "1002")], "1002"),
    "a row of another terminal says nothing here": ([staff("1001"), pin("1001", "1002", terminal="B001")], "1001"),
    "on the row's first day": ([staff("1002"), pin("1001", "1002", start=MONDAY)], "1002"),
    "on the row's last day": ([staff("1002"), pin("1001", "1002", end=MONDAY)], "1002"),
    "before the row": ([staff("1001"), staff("1002"), pin("1001", "1002", start=date(2026, 3, 3))], None),
    "after the row": ([staff("1001"), staff("1002"), pin("1001", "1002", end=date(2026, 3, 1))], None),
    "of two rows the one that holds": (
        [pin("1001", "1002", end=date(2026, 3, 1)), pin("1001", "1003", start=MONDAY)],
        "1003",
    ),
}


@pytest.mark.parametrize(("facts", "no"), OWNERS.values(), ids=OWNERS.keys())
def test_whose_a_pin_is(facts: list[Fact], no: str | None) -> None:
    assert owner(book_of(*facts), "A001", "1001", MONDAY.toordinal()) == no


@pytest.mark.parametrize(
    ("hall_zone", "terminal_minutes", "shift"),
    [
        ("Asia/Shanghai", 480, 0),
        ("Asia/Shanghai", 540, -3600),
        ("Asia/Shanghai", 0, 8 * 3600),
        ("Asia/Shanghai", 330, 9000),
        ("Asia/Urumqi", 480, -7200),
    ],
)
def test_a_terminals_wall_clock_on_the_halls(hall_zone: str, terminal_minutes: int, shift: int) -> None:
    assert hall_shift(hall_zone, MONDAY.toordinal(), terminal_minutes) == shift


@pytest.fixture
def furnished(empty_hall: Hall) -> Hall:
    do(empty_hall, windows.register, window="税务窗口", unit="税务局")
    do(empty_hall, people.post, no="1001", name="周宁", window="税务窗口")
    do(empty_hall, terminals.accept, sn="A001")
    do(empty_hall, terminals.accept, sn="B001")
    return empty_hall


def test_two_terminals_that_saw_somebody_at_once_are_both_evidence(furnished: Hall) -> None:
    for terminal in ("A001", "B001"):
        push(furnished, terminal, "1001", {MONDAY: ("09:05:00",)})
    ledger = Ledger(furnished)
    seen = ledger.punches("2026-03", "1001")["2026-03-02 09:05:00"]
    assert {ledger.evidence(event)[0]["fields"]["terminal"] for event in seen} == {"A001", "B001"}
    assert ledger.month("2026-03")["lateness"][0]["evidence"] == seen


def test_a_terminal_in_another_zone_counts_by_the_halls_clock(furnished: Hall) -> None:
    do(furnished, terminals.accept, sn="B001", zone="+09:00")
    push(furnished, "B001", "1001", {MONDAY: ("10:05:00",)}, zone=540)
    assert list(Ledger(furnished).punches("2026-03", "1001")) == ["2026-03-02 09:05:00"]


def test_punches_stay_in_order_when_a_terminals_zone_was_set_right_between_them(furnished: Hall) -> None:
    push(furnished, "A001", "1001", {MONDAY: ("09:30:00", "10:00:00")}, zone=540)
    push(furnished, "A001", "1001", {MONDAY: ("08:45:00", "12:00:00")})
    punches = list(Ledger(furnished).punches("2026-03", "1001"))
    assert punches == [f"2026-03-02 {clock}" for clock in ("08:30:00", "08:45:00", "09:00:00", "12:00:00")]


def test_a_pin_that_changes_hands_at_midnight(furnished: Hall) -> None:
    do(furnished, people.post, no="1002", name="许念", window="税务窗口")
    do(furnished, pins.assign, terminal="A001", pin="7", no="1001", end=MONDAY)
    do(furnished, pins.assign, terminal="A001", pin="7", no="1002", start=date(2026, 3, 3))
    push(furnished, "A001", "7", {MONDAY: ("23:59:59",), date(2026, 3, 3): ("00:00:00",)})
    ledger = Ledger(furnished)
    assert list(ledger.punches("2026-03", "1001")) == ["2026-03-02 23:59:59"]
    assert list(ledger.punches("2026-03", "1002")) == ["2026-03-03 00:00:00"]
    assert second_of(datetime(2026, 3, 3)) - second_of(datetime(2026, 3, 2, 23, 59, 59)) == 1
