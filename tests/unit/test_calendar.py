"""The work calendar of 2017–2026, day by day, against an independent table of the State Council's notices."""

from datetime import date, timedelta
from uuid import UUID

import chinese_calendar
import pytest

from attendance.calendar import Calendar, CalendarDaySet, built_in
from attendance.facts import Entry, Refused

YEARS = range(2017, 2027)


def days_of(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(days=number) for number in range(366 if year % 4 == 0 else 365)]


def calendar_with(*own: CalendarDaySet) -> Calendar:
    calendar = Calendar()
    for number, fact in enumerate(own):
        calendar.put(Entry(UUID(int=number), 1, number, 0, "office", fact))
    return calendar


@pytest.mark.parametrize("year", YEARS)
def test_every_day_is_a_workday_where_the_other_table_has_one(year: int) -> None:
    calendar = Calendar()
    differing = [day for day in days_of(year) if calendar.is_workday(day) != chinese_calendar.is_workday(day)]
    assert differing == []


@pytest.mark.parametrize("year", YEARS)
def test_adjusted_workdays_and_holidays_are_the_other_tables(year: int) -> None:
    calendar, days = Calendar(), days_of(year)
    adjusted = {day for day in days if chinese_calendar.is_workday(day) and day.isoweekday() > 5}
    named = {day for day in days if chinese_calendar.get_holiday_detail(day)[1] and chinese_calendar.is_holiday(day)}
    assert {day for day in days if calendar.is_adjusted_workday(day)} == adjusted
    assert {day for day in days if calendar.is_holiday(day)} == named


def test_the_years_are_those_of_the_notices() -> None:
    assert set(built_in()) == set(YEARS)


@pytest.mark.parametrize("day", [date(2016, 12, 31), date(2027, 1, 1), date(2035, 6, 1)])
def test_a_year_without_a_notice_is_refused_never_guessed(day: date) -> None:
    calendar = Calendar()
    assert not calendar.is_known(day)
    for question in (calendar.is_workday, calendar.is_holiday, calendar.is_adjusted_workday):
        if question == calendar.is_adjusted_workday and day.isoweekday() < 6:
            continue
        with pytest.raises(Refused, match="calendar_year_unknown"):
            question(day)


def test_what_the_hall_says_of_a_date_holds_whatever_the_notice_says() -> None:
    new_year, monday, saturday = date(2026, 1, 1), date(2026, 3, 2), date(2027, 3, 6)
    calendar = calendar_with(
        CalendarDaySet(date=new_year, workday=True),
        CalendarDaySet(date=monday, workday=False),
        CalendarDaySet(date=saturday, workday=True),
    )
    assert [calendar.is_workday(day) for day in (new_year, monday, saturday)] == [True, False, True]
    assert [calendar.is_adjusted_workday(day) for day in (new_year, monday, saturday)] == [False, False, True]
    assert calendar.is_known(saturday)
