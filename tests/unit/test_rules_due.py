"""Who owes what on a day (scoring.md, Who owes what on a day)."""

from typing import Any

import pytest
from hall_builder import ToldHall

from attendance.facts import Refused
from attendance.rules.schedule import span

AM_PM = "am 09:00–12:00 | pm 13:30–17:00"


def staffed(**policy: Any) -> ToldHall:
    hall = ToldHall(**policy)
    hall.staff("1001")
    return hall


@pytest.mark.parametrize(
    ("on_day", "owed"),
    [
        ("03-02", AM_PM),
        ("03-07", ""),
        ("03-08", ""),
        ("2026-01-04", AM_PM),  # Sunday, an adjusted workday
        ("2026-01-01", ""),
        ("2026-02-14", AM_PM),  # Saturday before the Spring Festival
        ("2026-02-16", ""),  # Monday, Spring Festival
    ],
)
def test_workdays_are_the_calendars(on_day: str, owed: str) -> None:
    assert staffed().owed("1001", on_day) == owed


def test_the_halls_own_calendar_overrides_the_notice() -> None:
    hall = staffed()
    hall.calendar_day("03-02", workday=False)
    hall.calendar_day("03-07", workday=True)
    assert hall.owed("1001", "03-02") == ""
    assert hall.owed("1001", "03-07") == AM_PM


def test_a_year_without_a_notice_is_refused() -> None:
    with pytest.raises(Refused, match="calendar_year_unknown"):
        staffed().rules("2027-03")


def test_a_month_that_the_hall_told_day_by_day_needs_no_notice() -> None:
    hall = staffed()
    for number in range(1, 32):
        hall.calendar_day(f"2027-03-{number:02d}", workday=number == 1)
    assert hall.owed("1001", "2027-03-01") == AM_PM
    assert hall.owed("1001", "2027-03-06") == ""


# Of the timetable's groups that match, the best gives the day's sessions, whole.


def test_a_group_that_names_the_window_goes_before_one_that_names_the_weekday() -> None:
    hall = staffed()
    hall.session("窗口", "08:00", "16:00", window="税务窗口")
    hall.session("周一", "07:00", "15:00", weekday=1)
    assert hall.owed("1001", "03-02") == "窗口 08:00–16:00"


def test_a_group_that_names_the_weekday_goes_before_dates() -> None:
    hall = staffed()
    hall.session("三月", "08:00", "16:00", start="03-01", end="03-31")
    hall.session("周一", "07:00", "15:00", weekday=1)
    assert hall.owed("1001", "03-02") == "周一 07:00–15:00"
    assert hall.owed("1001", "03-03") == "三月 08:00–16:00"


def test_of_dates_the_later_start_goes_first_and_then_the_earlier_end() -> None:
    hall = staffed()
    hall.session("全年", "08:00", "16:00", start="01-01")
    hall.session("三月起", "08:10", "16:00", start="03-01")
    hall.session("三月", "08:20", "16:00", start="03-01", end="03-10")
    assert hall.owed("1001", "03-02") == "三月 08:20–16:00"
    assert hall.owed("1001", "03-11") == "三月起 08:10–16:00"
    assert hall.owed("1001", "02-26") == "全年 08:00–16:00"


def test_both_dates_of_a_group_are_included() -> None:
    hall = staffed()
    hall.session("活动", "08:00", "16:00", start="03-03", end="03-04")
    assert [hall.owed("1001", f"03-0{number}") for number in (2, 3, 4, 5)] == [
        AM_PM,
        "活动 08:00–16:00",
        "活动 08:00–16:00",
        AM_PM,
    ]


def test_a_group_of_another_window_is_no_ones_here() -> None:
    hall = staffed()
    hall.window("公安窗口")
    hall.session("夜", "18:00", "20:00", window="公安窗口")
    assert hall.owed("1001", "03-02") == AM_PM


def test_the_best_group_gives_all_its_sessions_in_order_of_start() -> None:
    hall = staffed()
    hall.session("下午", "14:00", "17:00", window="税务窗口")
    hall.session("上午", "08:00", "11:00", window="税务窗口")
    assert hall.owed("1001", "03-02") == "上午 08:00–11:00 | 下午 14:00–17:00"


def test_rows_that_name_a_weekday_do_not_apply_on_adjusted_workdays() -> None:
    hall = staffed()
    hall.session("周六", "09:00", "12:00", weekday=6, window="税务窗口")
    hall.session("周日", "09:00", "12:00", weekday=7)
    assert hall.owed("1001", "2026-02-14") == AM_PM
    assert hall.owed("1001", "2026-01-04") == AM_PM


def test_a_saturday_that_the_hall_itself_made_a_workday_is_an_adjusted_workday_too() -> None:
    hall = staffed()
    hall.session("周六", "09:00", "12:00", weekday=6, window="税务窗口")
    hall.calendar_day("03-07", workday=True)
    assert hall.owed("1001", "03-07") == AM_PM


def test_a_group_that_names_window_and_weekend_opens_the_window_on_it() -> None:
    hall = staffed()
    hall.session("周六", "09:00", "12:00", weekday=6, window="税务窗口")
    assert hall.owed("1001", "03-07") == "周六 09:00–12:00"
    assert hall.owed("1001", "03-08") == ""


def test_a_weekend_group_without_a_window_opens_nothing() -> None:
    hall = staffed()
    hall.session("周六", "09:00", "12:00", weekday=6)
    assert hall.owed("1001", "03-07") == ""


def test_a_windows_group_without_a_weekday_opens_no_weekend() -> None:
    hall = staffed()
    hall.session("窗口", "09:00", "12:00", window="税务窗口")
    assert hall.owed("1001", "03-06") == "窗口 09:00–12:00"
    assert hall.owed("1001", "03-07") == ""


def test_a_holiday_on_a_weekend_opens_nothing() -> None:
    hall = staffed()
    hall.session("周六", "09:00", "12:00", weekday=6, window="税务窗口")
    assert hall.owed("1001", "2026-01-03") == ""


def test_a_weekend_that_the_hall_closed_stays_closed() -> None:
    hall = staffed()
    hall.session("周六", "09:00", "12:00", weekday=6, window="税务窗口")
    hall.calendar_day("03-07", workday=False)
    assert hall.owed("1001", "03-07") == ""


def test_a_weekday_on_which_the_hall_rests_opens_nothing() -> None:
    hall = staffed()
    hall.session("周一", "09:00", "12:00", weekday=1, window="税务窗口")
    hall.calendar_day("03-02", workday=False)
    assert hall.owed("1001", "03-02") == ""


@pytest.mark.parametrize(("on", "off", "hours"), [("20:00", "08:00", 12), ("09:00", "12:00", 3), ("22:00", "00:00", 2)])
def test_a_session_that_ends_no_later_than_it_starts_crosses_midnight(on: str, off: str, hours: int) -> None:
    hall = ToldHall(sessions=False)
    hall.session("one", on, off)
    row = next(iter(hall.book.timetable)).fact
    start, end = span(10, row.on, row.off)
    assert end - start == hours * 3600


# Without a timetable, the policy's own schedule.

SCHEDULED = [
    ("03-02", {}, AM_PM),
    ("04-30", {}, AM_PM),
    ("05-06", {}, "am 08:30–12:00 | pm 14:30–18:00"),
    ("09-30", {}, "am 08:30–12:00 | pm 14:30–18:00"),
    ("05-06", {"schedule__summer__from": "05-06"}, "am 08:30–12:00 | pm 14:30–18:00"),
    ("05-06", {"schedule__summer__from": "05-07"}, AM_PM),
    ("10-08", {}, AM_PM),
    ("03-06", {}, AM_PM),
    ("03-06", {"schedule__friday__enabled": True}, "am 09:00–12:00 | pm 13:30–16:30"),
    ("03-05", {"schedule__friday__enabled": True}, AM_PM),
    ("07-03", {"schedule__friday__enabled": True}, "am 08:30–12:00 | pm 14:30–17:30"),
    ("03-07", {}, ""),
    ("2026-01-04", {}, AM_PM),
]


@pytest.mark.parametrize(("on_day", "policy", "owed"), SCHEDULED)
def test_without_a_timetable_the_policys_schedule_holds(on_day: str, policy: dict[str, object], owed: str) -> None:
    hall = ToldHall(sessions=False, **policy)
    hall.staff("1001")
    assert hall.owed("1001", on_day) == owed


def test_summer_may_span_the_turn_of_the_year() -> None:
    hall = ToldHall(sessions=False, schedule__summer__from="11-01", schedule__summer__to="03-02")
    hall.staff("1001")
    assert hall.owed("1001", "03-02") == "am 08:30–12:00 | pm 14:30–18:00"
    assert hall.owed("1001", "03-03") == AM_PM
    assert hall.owed("1001", "2026-01-05") == "am 08:30–12:00 | pm 14:30–18:00"


def test_one_row_of_a_timetable_replaces_the_schedule_wholly() -> None:
    hall = ToldHall(sessions=False)
    hall.staff("1001")
    hall.session("三月", "08:00", "16:00", start="03-01")
    assert hall.owed("1001", "02-26") == ""


# Postings.


def test_the_dates_of_a_posting_are_included_and_nothing_is_owed_outside_them() -> None:
    hall = ToldHall()
    hall.staff("1001", start="03-03", end="03-04")
    assert [hall.owed("1001", f"03-0{number}") for number in (2, 3, 4, 5)] == ["", AM_PM, AM_PM, ""]


def test_a_transfer_owes_each_windows_own_hours() -> None:
    hall = ToldHall()
    hall.window("公安窗口")
    hall.session("全天", "08:00", "16:00", window="公安窗口")
    hall.staff("1001", end="03-03")
    hall.staff("1001", "公安窗口", start="03-04")
    assert hall.owed("1001", "03-03") == AM_PM
    assert hall.owed("1001", "03-04") == "全天 08:00–16:00 公安窗口"


def test_a_closed_window_owes_nothing() -> None:
    hall = ToldHall()
    hall.window("公安窗口", start="03-03", end="03-04")
    hall.staff("1001", "公安窗口")
    assert [bool(hall.owed("1001", f"03-0{number}")) for number in (2, 3, 4, 5)] == [False, True, True, False]


def test_a_stand_in_owes_nothing_of_their_own() -> None:
    hall = ToldHall()
    hall.staff("9001", relief=True)
    assert hall.owed("9001", "03-02") == ""


# Rota duties.


def test_a_duty_adds_its_session_on_a_workday_and_on_a_day_of_rest() -> None:
    hall = staffed()
    hall.duty("1001", "03-02", "值班", "17:30", "19:00")
    hall.duty("1001", "03-07", "值班", "09:00", "12:00")
    assert hall.owed("1001", "03-02") == AM_PM + " | 值班 17:30–19:00"
    assert hall.owed("1001", "03-07") == "值班 09:00–12:00"


def test_a_duty_between_two_sessions_stands_in_its_place() -> None:
    hall = staffed()
    hall.duty("1001", "03-02", "午间", "12:00", "13:30")
    assert hall.owed("1001", "03-02") == "am 09:00–12:00 | 午间 12:00–13:30 | pm 13:30–17:00"


def test_a_duty_owes_nothing_outside_the_persons_posting() -> None:
    hall = ToldHall()
    hall.staff("1001", start="03-03")
    hall.duty("1001", "03-02", "值班", "17:30", "19:00")
    assert hall.owed("1001", "03-02") == ""


def test_a_stand_ins_duty_is_owed() -> None:
    hall = ToldHall()
    hall.staff("9001", relief=True)
    hall.duty("9001", "03-07", "值班", "09:00", "12:00")
    assert hall.owed("9001", "03-07") == "值班 09:00–12:00"


# Relief.


def hall_with_relief() -> ToldHall:
    hall = ToldHall()
    hall.window("公安窗口")
    hall.staff("1001")
    hall.staff("2001", "公安窗口")
    hall.staff("9001", relief=True)
    return hall


def test_whole_days_of_relief_include_the_last_one() -> None:
    hall = hall_with_relief()
    hall.stand_in("9001", "公安窗口", "03-03", "03-04")
    served = "am 09:00–12:00 公安窗口 | pm 13:30–17:00 公安窗口"
    assert [hall.owed("9001", f"03-0{number}") for number in (2, 3, 4, 5)] == ["", served, served, ""]


def test_relief_owes_the_windows_sessions_cut_to_the_arrangement() -> None:
    hall = hall_with_relief()
    hall.stand_in("9001", "公安窗口", "03-02 10:00", "03-02 15:00")
    assert hall.owed("9001", "03-02") == "am 10:00–12:00 公安窗口 | pm 13:30–15:00 公安窗口"


def test_relief_of_no_length_within_a_session_owes_nothing() -> None:
    hall = hall_with_relief()
    hall.stand_in("9001", "公安窗口", "03-02 12:00", "03-02 13:30")
    assert hall.owed("9001", "03-02") == ""


def test_a_regular_who_stands_in_owes_it_instead_of_their_own() -> None:
    hall = hall_with_relief()
    hall.stand_in("1001", "公安窗口", "03-02 13:00", "03-02 18:00")
    assert hall.owed("1001", "03-02") == "am 09:00–12:00 | pm 13:30–17:00 公安窗口"


def test_an_own_session_split_by_relief_becomes_two_of_that_name() -> None:
    hall = hall_with_relief()
    hall.stand_in("1001", "公安窗口", "03-02 10:00", "03-02 11:00")
    assert hall.owed("1001", "03-02") == "am 09:00–10:00 | am 10:00–11:00 公安窗口 | am 11:00–12:00 | pm 13:30–17:00"
    hall.punches("1001", "03-02", "08:55 10:00 11:00 12:00 13:30 17:00")
    assert hall.sheet("1001", "03-02") == "√ 08:55 10:00 | 缺 _ 11:00 | 缺 _ 12:00 | √ 13:30 17:00"


def test_relief_owes_nothing_outside_the_persons_own_posting() -> None:
    hall = ToldHall()
    hall.staff("9001", start="03-04", relief=True)
    hall.stand_in("9001", "税务窗口", "03-02", "03-04")
    assert hall.owed("9001", "03-03") == ""
    assert hall.owed("9001", "03-04") == AM_PM


def test_relief_of_a_closed_window_owes_nothing() -> None:
    hall = ToldHall()
    hall.window("公安窗口", end="03-02")
    hall.staff("9001", relief=True)
    hall.stand_in("9001", "公安窗口", "03-03", "03-03")
    assert hall.owed("9001", "03-03") == ""
