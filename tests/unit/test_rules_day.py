"""Which punch serves which mark, and the symbol of each session (design.md, The day, derived; scoring.md)."""

from typing import Any

import pytest
from hall_builder import ToldHall

MONDAY = "03-02"


def office_hours(clock: str, **policy: Any) -> ToldHall:
    """1001 punches on Monday; morning 09:00–12:00, afternoon 13:30–17:00."""
    hall = ToldHall(**policy)
    hall.staff("1001")
    hall.punches("1001", MONDAY, clock)
    return hall


# Every sheet reads: symbol on off, minutes late or early in brackets, _ for a missing punch, - for a mark not owed.
PUNCHED = {
    "four punches in time": ("08:55 12:00 13:25 17:00", "√ 08:55 12:00 | √ 13:25 17:00"),
    "on the dot is in time": ("09:00 12:00 13:30 17:00", "√ 09:00 12:00 | √ 13:30 17:00"),
    "59 seconds are no minute": ("09:00:59 11:59:01 13:30:59 16:59:01", "√ 09:00:59 11:59:01 | √ 13:30:59 16:59:01"),
    "60 seconds are one minute": ("09:01 11:59 13:31 16:59", "迟早 09:01(1) 11:59(1) | 迟早 13:31(1) 16:59(1)"),
    "minutes are whole ones": ("09:02:59 12:00 13:30 16:57:01", "迟 09:02:59(2) 12:00 | 早 13:30 16:57:01(2)"),
    "the earliest punch before the start is the on": ("08:00 08:59 12:00 13:30 17:00", "√ 08:00 12:00 | √ 13:30 17:00"),
    "one in time beats a later one": ("08:58 09:20 12:00 13:30 17:00", "√ 08:58 12:00 | √ 13:30 17:00"),
    "the earliest late one counts": ("09:05 09:20 12:00 13:30 17:00", "迟 09:05(5) 12:00 | √ 13:30 17:00"),
    "the latest punch after the end is the off": ("09:00 12:00 13:30 17:00 18:40", "√ 09:00 12:00 | √ 13:30 18:40"),
    "the latest early one counts": ("09:00 12:00 13:30 16:40 16:50", "√ 09:00 12:00 | 早 13:30 16:50(10)"),
    "three hours before is soon enough": ("06:00 12:00 13:30 17:00", "√ 06:00 12:00 | √ 13:30 17:00"),
    "a second sooner is too soon": ("05:59:59 12:00 13:30 17:00", "缺 _ 12:00 | √ 13:30 17:00"),
    "four hours after is not too late": ("09:00 12:00 13:30 21:00", "√ 09:00 12:00 | √ 13:30 21:00"),
    "a second later is too late": ("09:00 12:00 13:30 21:00:01", "√ 09:00 12:00 | 缺 13:30 _"),
    "just before the middle is a late on": ("10:29:59 12:00 13:30 17:00", "旷 10:29:59(89) 12:00 | √ 13:30 17:00"),
    "the middle itself is no on": ("10:30 12:00 13:30 17:00", "缺 _ 12:00 | √ 13:30 17:00"),
    "the middle itself is an early off": ("09:00 10:30 13:30 17:00", "旷 09:00 10:30(90) | √ 13:30 17:00"),
    "just before the middle is no off": ("09:00 10:29:59 13:30 17:00", "缺 09:00 _ | √ 13:30 17:00"),
    "of the lunch hour first and last": ("09:00 12:10 12:40 13:29 17:00", "√ 09:00 12:10 | √ 13:29 17:00"),
    "the lunch hour includes both its ends": ("09:00 12:00 13:30 17:00", "√ 09:00 12:00 | √ 13:30 17:00"),
    "two punches 60 s apart are one": ("09:00 12:10 12:11 17:00", "√ 09:00 12:10 | 缺 _ 17:00"),
    "two punches 61 s apart are two": ("09:00 12:10 12:11:01 17:00", "√ 09:00 12:10 | √ 12:11:01 17:00"),
    "one nearer to the off is the off": ("09:00 12:44 17:00", "√ 09:00 12:44 | 缺 _ 17:00"),
    "a tie goes to the off": ("09:00 12:45 17:00", "√ 09:00 12:45 | 缺 _ 17:00"),
    "one nearer to the on is the on": ("09:00 12:45:01 17:00", "缺 09:00 _ | √ 12:45:01 17:00"),
    "the off left alone takes an early one": ("09:00 11:50 13:29 17:00", "早 09:00 11:50(10) | √ 13:29 17:00"),
    "the on left alone takes a late one": ("09:00 12:01 13:50 17:00", "√ 09:00 12:01 | 迟 13:50(20) 17:00"),
    "an empty lunch hour leaves early and late": ("09:00 11:58 13:33 17:00", "早 09:00 11:58(2) | 迟 13:33(3) 17:00"),
    "the early one is the latest, the late one the earliest": (
        "09:00 11:40 11:58 13:33 13:44 17:00",
        "早 09:00 11:58(2) | 迟 13:33(3) 17:00",
    ),
    "nothing in the afternoon": ("09:00 12:00", "√ 09:00 12:00 | 旷 _ _"),
    "nothing at all": ("", "旷 _ _ | 旷 _ _"),
    "one punch in all, the first on": ("09:00", "缺 09:00 _ | 旷 _ _"),
    "one punch in all, the last off": ("17:05", "旷 _ _ | 缺 _ 17:05"),
    "one punch in all, early": ("16:50", "旷 _ _ | 缺早 _ 16:50(10)"),
    "one punch in all, late": ("13:40", "旷 _ _ | 迟缺 13:40(10) _"),
    "late by the last tier": ("09:29:59 12:00 13:30 17:00", "迟 09:29:59(29) 12:00 | √ 13:30 17:00"),
    "late beyond the last tier": ("09:30 12:00 13:30 17:00", "旷 09:30(30) 12:00 | √ 13:30 17:00"),
    "early by the last tier": ("09:00 12:00 13:30 16:30:01", "√ 09:00 12:00 | 早 13:30 16:30:01(29)"),
    "early beyond the last tier": ("09:00 12:00 13:30 16:30", "√ 09:00 12:00 | 旷 13:30 16:30(30)"),
    "missing and early": ("11:55 13:30 17:00", "缺早 _ 11:55(5) | √ 13:30 17:00"),
    "late and missing": ("09:05 13:20 17:00", "迟缺 09:05(5) _ | √ 13:20 17:00"),
}


@pytest.mark.parametrize(("clock", "sheet"), PUNCHED.values(), ids=PUNCHED.keys())
def test_punches_of_a_day(clock: str, sheet: str) -> None:
    assert office_hours(clock).sheet("1001", MONDAY) == sheet


def test_several_punches_within_the_dedupe_time_count_as_their_first() -> None:
    hall = office_hours("09:00 12:10 12:10:20 12:11 13:30 17:00")
    assert hall.sheet("1001", MONDAY) == "√ 09:00 12:10 | √ 13:30 17:00"
    assert hall.unused("1001", MONDAY) == "12:10:20 12:11"


def test_the_dedupe_time_is_the_policys() -> None:
    hall = office_hours("09:00 12:10 12:11 17:00", attendance__dedupe_seconds=59)
    assert hall.sheet("1001", MONDAY) == "√ 09:00 12:10 | √ 12:11 17:00"


def test_punches_that_serve_no_mark_stay_in_view() -> None:
    hall = office_hours("05:00 08:55 09:30 12:00 12:20 13:20 15:00 17:00 17:01 22:00")
    assert hall.sheet("1001", MONDAY) == "√ 08:55 12:00 | √ 13:20 17:01"
    assert hall.unused("1001", MONDAY) == "05:00 09:30 12:20 15:00 17:00 22:00"


GRACE = {
    "09:05:00": "√ 09:05(5) 12:00",
    "09:05:59": "√ 09:05:59(5) 12:00",
    "09:06:00": "迟 09:06(6) 12:00",
}


@pytest.mark.parametrize(("punch", "morning"), GRACE.items())
def test_five_minutes_of_grace_are_reported_in_full_and_forgiven(punch: str, morning: str) -> None:
    hall = office_hours(f"{punch} 12:00 13:30 17:00", attendance__grace_minutes=5)
    assert hall.sheet("1001", MONDAY).split(" | ")[0] == morning


def test_grace_holds_for_leaving_alike() -> None:
    hall = office_hours("09:00 11:55 13:30 16:54", attendance__grace_minutes=5)
    assert hall.sheet("1001", MONDAY) == "√ 09:00 11:55(5) | 早 13:30 16:54(6)"


REACH = {
    "opens later": (
        "08:29:59 12:00 13:30 17:00",
        {"attendance__open_before_minutes": 30},
        "缺 _ 12:00 | √ 13:30 17:00",
    ),
    "opens just then": (
        "08:30 12:00 13:30 17:00",
        {"attendance__open_before_minutes": 30},
        "√ 08:30 12:00 | √ 13:30 17:00",
    ),
    "closes just then": (
        "09:00 12:00 13:30 17:15",
        {"attendance__close_after_minutes": 15},
        "√ 09:00 12:00 | √ 13:30 17:15",
    ),
    "closes sooner": (
        "09:00 12:00 13:30 17:15:01",
        {"attendance__close_after_minutes": 15},
        "√ 09:00 12:00 | 缺 13:30 _",
    ),
}


@pytest.mark.parametrize(("clock", "policy", "sheet"), REACH.values(), ids=REACH.keys())
def test_how_far_a_day_reaches_is_the_policys(clock: str, policy: dict[str, int], sheet: str) -> None:
    assert office_hours(clock, **policy).sheet("1001", MONDAY) == sheet


def test_beyond_the_last_tier_may_stay_mere_lateness() -> None:
    hall = office_hours("10:15 12:00 13:30 15:30", attendance__late_over_is="late", attendance__early_over_is="early")
    assert hall.sheet("1001", MONDAY) == "迟 10:15(75) 12:00 | 早 13:30 15:30(90)"


# A night shift: 20:00 to 08:00 of the next morning, owed on every workday.

NIGHTS = {
    "kept": ("19:50 08:05+1", "√ 19:50 08:05+1"),
    "late and early": ("20:10 07:50+1", "迟早 20:10(10) 07:50+1(10)"),
    "off at midnight is far too early": ("20:00 02:00+1", "旷 20:00 02:00+1(360)"),
    "exactly between two shifts is still the earlier one's off": ("19:50 14:00+1", "√ 19:50 14:00+1"),
    "a second after that belongs to the next": ("19:50 14:00:01+1", "缺 19:50 _"),
}


def night_hall(clock: str) -> ToldHall:
    hall = ToldHall(sessions=False, attendance__open_before_minutes=600, attendance__close_after_minutes=600)
    hall.session("night", "20:00", "08:00")
    hall.staff("1001")
    hall.punches("1001", MONDAY, clock)
    return hall


@pytest.mark.parametrize(("clock", "sheet"), NIGHTS.values(), ids=NIGHTS.keys())
def test_a_session_may_cross_midnight_and_belongs_to_the_day_it_begins(clock: str, sheet: str) -> None:
    assert night_hall(clock).sheet("1001", MONDAY) == sheet


def test_what_lies_beyond_the_middle_is_the_next_days_on() -> None:
    hall = night_hall("19:50 14:00:01+1")
    assert hall.sheet("1001", "03-03") == "缺 14:00:01 _"
    assert night_hall("19:50 14:00+1").sheet("1001", "03-03") == "旷 _ _"


def test_a_punch_of_the_month_before_may_end_on_the_first() -> None:
    hall = ToldHall(sessions=False)
    hall.session("night", "20:00", "08:00")
    hall.staff("1001")
    hall.punches("1001", "03-31", "19:55 08:01+1")
    assert hall.sheet("1001", "03-31") == "√ 19:55 08:01+1"
    assert [d.unused for d in hall.person("1001", "2026-04").days][:1] == [[]]


def test_the_middle_holds_even_where_the_policy_would_reach_less_far() -> None:
    hall = ToldHall(sessions=False)
    hall.session("late", "14:00", "23:00", weekday=1)
    hall.session("early", "05:00", "12:00", weekday=2)
    hall.staff("1001")
    hall.punches("1001", MONDAY, "13:55 02:00+1 02:00:01+1 12:00+1")
    assert hall.sheet("1001", MONDAY) == "√ 13:55 02:00+1"
    assert hall.sheet("1001", "03-03") == "√ 02:00:01 12:00"


# A timetable may demand only some marks.

OWES = {
    "on alone": ("on", "both", "08:55 13:20 17:00", "√ 08:55 - | √ 13:20 17:00"),
    "off alone": ("off", "both", "12:05 13:20 17:00", "√ - 12:05 | √ 13:20 17:00"),
    "the off owed alone takes the first of the lunch hour": (
        "both",
        "off",
        "08:55 12:05 13:20 17:00",
        "√ 08:55 12:05 | √ - 17:00",
    ),
    "the on owed alone takes the last of the lunch hour": (
        "on",
        "both",
        "08:55 12:05 13:20 17:00",
        "√ 08:55 - | √ 13:20 17:00",
    ),
    "an on far from its start still is the on when no off is owed": (
        "on",
        "both",
        "08:55 12:05 17:00",
        "√ 08:55 - | √ 12:05 17:00",
    ),
    "an off far from its end still is the off when no on is owed": (
        "both",
        "off",
        "08:55 13:25 17:00",
        "√ 08:55 13:25 | √ - 17:00",
    ),
    "first in and last out": ("on", "off", "08:55 12:05 13:20 17:00", "√ 08:55 - | √ - 17:00"),
    "late and early": ("on", "off", "09:05 16:50", "迟 09:05(5) - | 早 - 16:50(10)"),
    "one mark of two missing is a missing punch": ("on", "off", "08:55", "√ 08:55 - | 缺 - _"),
    "every mark of the day missing is absence": ("on", "off", "", "旷 _ - | 旷 - _"),
}


@pytest.mark.parametrize(("am", "pm", "clock", "sheet"), OWES.values(), ids=OWES.keys())
def test_a_mark_that_is_not_owed_takes_no_punch(am: str, pm: str, clock: str, sheet: str) -> None:
    hall = ToldHall(sessions=False)
    hall.session("am", "09:00", "12:00", owes=am)  # type: ignore[arg-type]
    hall.session("pm", "13:30", "17:00", owes=pm)  # type: ignore[arg-type]
    hall.staff("1001")
    hall.punches("1001", MONDAY, clock)
    assert hall.sheet("1001", MONDAY) == sheet


def test_the_only_mark_of_a_day_missing_is_a_missing_punch() -> None:
    hall = ToldHall(sessions=False)
    hall.session("am", "09:00", "12:00", owes="on")
    hall.staff("1001")
    assert hall.sheet("1001", MONDAY) == "缺 _ -"


# A month not yet over: what cannot be judged yet is pending (待).

MOMENTS = {
    "before the first start nothing is shown": ("08:55", "08:59:59", ""),
    "at the start the session is there": ("", "09:00", "待 _ _"),
    "until the middle an on may still come": ("", "10:29:59", "待 _ _"),
    "at the middle the on is missing": ("", "10:30", "缺 _ _"),
    "the off may come until the afternoon starts": ("08:55", "13:29:59", "待 08:55 _"),
    "lateness is seen at once": ("09:05", "09:10", "迟 09:05(5) _"),
    "an early off may be mended by a later one": ("08:55 11:50", "13:29:59", "待 08:55 11:50(10)"),
    "when the afternoon starts the off is missing": ("08:55", "13:30", "缺 08:55 _ | 待 _ _"),
    "and the early one is early": ("08:55 11:50", "13:30", "早 08:55 11:50(10) | 待 _ _"),
    "the last off may come for four hours": ("08:55 12:00 13:20", "20:59:59", "√ 08:55 12:00 | 待 13:20 _"),
    "then it is missing": ("08:55 12:00 13:20", "21:00", "√ 08:55 12:00 | 缺 13:20 _"),
    "a day without a punch is absence only at its end": ("", "20:59:59", "旷 _ _ | 缺 _ _"),
    "and then it is absence": ("", "21:00", "旷 _ _ | 旷 _ _"),
    "kept is kept at once": ("08:55 12:00 13:20 17:00", "17:00", "√ 08:55 12:00 | √ 13:20 17:00"),
}


@pytest.mark.parametrize(("clock", "now", "sheet"), MOMENTS.values(), ids=MOMENTS.keys())
def test_a_day_that_is_not_over(clock: str, now: str, sheet: str) -> None:
    hall = office_hours(clock)
    assert hall.sheet("1001", MONDAY, until=f"{MONDAY} {now}") == sheet
