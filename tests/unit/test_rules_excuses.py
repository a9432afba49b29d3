"""What leave takes from a day, and what corrections and outages make good (scoring.md, Excuses)."""

from typing import Any

import pytest
from hall_builder import ToldHall


def staffed(**policy: Any) -> ToldHall:
    hall = ToldHall(**policy)
    hall.staff("1001")
    return hall


# Leave: what it covers is not owed.

LEAVES = {
    "the whole day": ([("sick", "03-02", "03-02")], "", "病 | 病"),
    "several days, the last included": ([("annual", "02-26", "03-02")], "", "年 | 年"),
    "the morning": ([("sick", "03-02 09:00", "03-02 12:00")], "13:30 17:00", "病 | √ 13:30 17:00"),
    "the lunch hour excuses nothing": (
        [("sick", "03-02 12:00", "03-02 13:30")],
        "09:00 12:00 13:30 17:00",
        "√ 09:00 12:00 | √ 13:30 17:00",
    ),
    "its end is excluded": (
        [("sick", "03-02 07:00", "03-02 09:00")],
        "09:01 12:00 13:30 17:00",
        "迟 09:01(1) 12:00 | √ 13:30 17:00",
    ),
    "the first hour": (
        [("official", "03-02 09:00", "03-02 10:00")],
        "10:00 12:00 13:30 17:00",
        "公 10:00 12:00 | √ 13:30 17:00",
    ),
    "the first hour, and late for the rest": (
        [("official", "03-02 09:00", "03-02 10:00")],
        "10:01 12:00 13:30 17:00",
        "迟 10:01(1) 12:00 | √ 13:30 17:00",
    ),
    "the last hour": (
        [("official", "03-02 16:00", "03-02 18:00")],
        "09:00 12:00 13:30 16:00",
        "√ 09:00 12:00 | 公 13:30 16:00",
    ),
    "the last hour, and gone before": (
        [("official", "03-02 16:00", "03-02 18:00")],
        "09:00 12:00 13:30 15:59",
        "√ 09:00 12:00 | 早 13:30 15:59(1)",
    ),
    "a hole in the middle is not checked": (
        [("trip_short", "03-02 10:00", "03-02 10:30")],
        "09:00 12:00 13:30 17:00",
        "外 09:00 12:00 | √ 13:30 17:00",
    ),
    "two holes leave the first start and the last end": (
        [("trip_short", "03-02 09:00", "03-02 09:30"), ("official", "03-02 11:00", "03-02 12:00")],
        "09:30 11:00 13:30 17:00",
        "公 09:30 11:00 | √ 13:30 17:00",
    ),
    "two leaves that together cover all": (
        [("official", "03-02 09:00", "03-02 10:00"), ("sick", "03-02 10:00", "03-02 12:00")],
        "13:30 17:00",
        "病 | √ 13:30 17:00",
    ),
    "of equal ones the earlier start": (
        [("sick", "03-02 10:30", "03-02 12:00"), ("official", "03-02 09:00", "03-02 10:30")],
        "13:30 17:00",
        "公 | √ 13:30 17:00",
    ),
    "of those that start together the one that covers more": (
        [("sick", "03-02 08:00", "03-02 11:00"), ("official", "03-02 08:00", "03-02 12:00")],
        "13:30 17:00",
        "公 | √ 13:30 17:00",
    ),
    "of equals the earlier row": (
        [("sick", "03-02 09:00", "03-02 12:00"), ("official", "03-02 09:00", "03-02 12:00")],
        "13:30 17:00",
        "病 | √ 13:30 17:00",
    ),
    "what a leave covers outside the session does not count": (
        [("sick", "03-01 09:00", "03-02 10:00"), ("official", "03-02 10:00", "03-02 12:00")],
        "13:30 17:00",
        "公 | √ 13:30 17:00",
    ),
}


@pytest.mark.parametrize(("leaves", "clock", "sheet"), LEAVES.values(), ids=LEAVES.keys())
def test_leave_of_a_day(leaves: list[tuple[str, str, str]], clock: str, sheet: str) -> None:
    hall = staffed()
    for leave in leaves:
        hall.leave("1001", *leave)
    hall.punches("1001", "03-02", clock)
    assert hall.sheet("1001", "03-02") == sheet


def test_the_excuse_names_the_leave_that_covers_most_also_where_only_a_part_is_covered() -> None:
    hall = staffed()
    hall.leave("1001", "trip_short", "03-02 09:00", "03-02 09:20")
    hall.leave("1001", "official", "03-02 11:00", "03-02 12:00")
    morning, afternoon = hall.person("1001").days[0].sheet.sessions
    assert (morning.due.excuse, afternoon.due.excuse) == ("official", None)


def test_without_the_morning_the_day_begins_with_the_afternoon() -> None:
    hall = staffed()
    hall.leave("1001", "sick", "03-02 09:00", "03-02 12:00")
    hall.punches("1001", "03-02", "10:30 13:40 17:00")
    assert hall.sheet("1001", "03-02") == "病 | √ 10:30 17:00"


def test_between_sessions_an_excused_one_does_not_count() -> None:
    hall = staffed()
    hall.duty("1001", "03-02", "晚", "18:00", "20:00")
    hall.leave("1001", "official", "03-02 13:00", "03-02 17:00")
    hall.punches("1001", "03-02", "09:00 12:00 14:50 20:00")
    assert hall.sheet("1001", "03-02") == "√ 09:00 12:00 | 公 | √ 14:50 20:00"


def test_a_leave_of_a_type_that_the_policy_no_longer_lists_still_excuses() -> None:
    hall = staffed(leave__types=[{"id": "sick", "name": "病假", "symbol": "病"}])
    hall.leave("1001", "official", "03-02", "03-02")
    hall.leave("1001", "siesta", "03-03", "03-03")
    assert hall.sheet("1001", "03-02") == "公 | 公"
    assert hall.sheet("1001", "03-03") == "假 | 假"


# Corrections and outages satisfy marks; the punch beneath stays in view.

SATISFIED = {
    "a late on": ([("am", "on")], "", "09:05 12:00 13:30 17:00", "补 09:05(5) 12:00 | √ 13:30 17:00"),
    "a late on beyond the last tier": (
        [("am", "on")],
        "",
        "09:45 12:00 13:30 17:00",
        "补 09:45(45) 12:00 | √ 13:30 17:00",
    ),
    "an early off": ([("pm", "off")], "", "09:00 12:00 13:30 16:50", "√ 09:00 12:00 | 补 13:30 16:50(10)"),
    "a missing on": ([("am", "on")], "", "12:00 13:30 17:00", "补 _ 12:00 | √ 13:30 17:00"),
    "a mark in time changes nothing": ([("am", "on")], "", "09:00 12:00 13:30 17:00", "√ 09:00 12:00 | √ 13:30 17:00"),
    "one of two marks": ([("am", "on")], "", "09:05 11:50 13:30 17:00", "早 09:05(5) 11:50(10) | √ 13:30 17:00"),
    "one of two missing marks": ([("am", "on")], "", "13:30 17:00", "缺 _ _ | √ 13:30 17:00"),
    "another session's mark": ([("pm", "on")], "", "09:05 12:00 13:30 17:00", "迟 09:05(5) 12:00 | √ 13:30 17:00"),
    "one mark of a day without a punch": ([("am", "on")], "", "", "缺 _ _ | 旷 _ _"),
    "an outage over a missing on": ([], "09:00 09:00", "12:00 13:30 17:00", "补 _ 12:00 | √ 13:30 17:00"),
    "an outage just before": ([], "08:00 08:59", "12:00 13:30 17:00", "缺 _ 12:00 | √ 13:30 17:00"),
    "an outage just after": ([], "09:01 10:00", "12:00 13:30 17:00", "缺 _ 12:00 | √ 13:30 17:00"),
    "an outage until the off": ([], "10:00 12:00", "09:00 13:30 17:00", "补 09:00 _ | √ 13:30 17:00"),
    "an outage over a late on": ([], "08:00 10:00", "09:05 12:00 13:30 17:00", "迟 09:05(5) 12:00 | √ 13:30 17:00"),
    "an outage over an early off": ([], "11:00 12:30", "09:00 11:50 13:30 17:00", "早 09:00 11:50(10) | √ 13:30 17:00"),
    "an outage all day": ([], "08:00 18:00", "", "补 _ _ | 补 _ _"),
}


@pytest.mark.parametrize(("marks", "outage", "clock", "sheet"), SATISFIED.values(), ids=SATISFIED.keys())
def test_a_satisfied_mark(marks: list[tuple[str, str]], outage: str, clock: str, sheet: str) -> None:
    hall = staffed()
    for session, mark in marks:
        hall.correction("1001", "03-02", session, mark)  # type: ignore[arg-type]
    if outage:
        start, end = outage.split()
        hall.outage(f"03-02 {start}", f"03-02 {end}")
    hall.punches("1001", "03-02", clock)
    assert hall.sheet("1001", "03-02") == sheet


def test_where_both_apply_the_outage_satisfies_the_mark() -> None:
    hall = staffed()
    hall.correction("1001", "03-02", "am", "on")
    hall.outage("03-02 08:00", "03-02 10:00")
    hall.keeps("1001", but="03-02")
    hall.punches("1001", "03-02", "12:00 13:30 17:00")
    assert hall.person("1001").days[0].sheet.sessions[0].on.state == "outage"  # type: ignore[union-attr]
    assert hall.month().full_attendance == ["1001"]


def test_a_correction_shows_before_a_partial_excuse() -> None:
    hall = staffed()
    hall.leave("1001", "official", "03-02 09:00", "03-02 10:00")
    hall.correction("1001", "03-02", "am", "on")
    hall.punches("1001", "03-02", "10:05 12:00 13:30 17:00")
    assert hall.sheet("1001", "03-02") == "补 10:05(5) 12:00 | √ 13:30 17:00"


def test_an_outage_covers_the_marks_that_leave_moved() -> None:
    hall = staffed()
    hall.leave("1001", "official", "03-02 09:00", "03-02 10:00")
    hall.outage("03-02 10:00", "03-02 10:10")
    hall.punches("1001", "03-02", "12:00 13:30 17:00")
    assert hall.sheet("1001", "03-02") == "补 _ 12:00 | √ 13:30 17:00"


PINS = {
    "no rows of their own": ([], "补"),
    "a row for this terminal": ([("GATE1", "7")], "补"),
    "rows for this and another": ([("GATE1", "7"), ("GATE2", "7")], "补"),
    "rows for others alone": ([("GATE2", "7"), ("GATE3", "7")], "缺"),
}


@pytest.mark.parametrize(("rows", "symbol"), PINS.values(), ids=PINS.keys())
def test_an_outage_is_for_everyone_who_might_have_punched_there(rows: list[tuple[str, str]], symbol: str) -> None:
    hall = staffed()
    for terminal, pin in rows:
        hall.pin(terminal, pin, "1001")
    hall.outage("03-02 08:00", "03-02 10:00")
    hall.punches("1001", "03-02", "12:00 13:30 17:00")
    assert hall.sheet("1001", "03-02").split()[0] == symbol
