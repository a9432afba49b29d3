"""The work calendar: State Council holidays and adjusted workdays, and the hall's own exceptions to them."""

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import msgspec

from attendance.facts import Fact, Refused, topic
from attendance.shelf import Shelf

if TYPE_CHECKING:
    from attendance.hall import Draft, Outcome

SATURDAY = 6


class Year(msgspec.Struct, frozen=True):
    """One year of the State Council's notice (国务院办公厅关于节假日安排的通知)."""

    holidays: frozenset[date]
    adjusted_workdays: frozenset[date]


@cache
def built_in() -> dict[int, Year]:
    """The notices that come with Manqin, by year."""
    text = files("attendance").joinpath("defaults/calendar.toml").read_text(encoding="utf-8")
    years = tomllib.loads(text)["year"]
    return {int(year): msgspec.convert(notice, Year) for year, notice in years.items()}


@topic("calendar.day_set")
class CalendarDaySet(Fact, frozen=True, kw_only=True):
    """The hall works, or rests, on a date, whatever the built-in calendar says."""

    date: date
    workday: bool
    name: str = ""

    def key(self) -> tuple[str, ...]:
        return (str(self.date),)


class Calendar(Shelf[CalendarDaySet]):
    """The built-in notices with the hall's own days over them."""

    def __init__(self) -> None:
        super().__init__(date=lambda fact: fact.date)

    def own(self, day: date) -> bool | None:
        """What the hall itself set for a date, if anything."""
        rows = self.find("date", day)
        return rows[0].fact.workday if rows else None

    def notice(self, day: date) -> Year:
        """The notice of a date's year. Raises Refused for a year without data: it is never guessed."""
        year = built_in().get(day.year)
        if year is None:
            raise Refused("calendar_year_unknown", "date", year=day.year)
        return year

    def is_holiday(self, day: date) -> bool:
        return day in self.notice(day).holidays

    def is_workday(self, day: date) -> bool:
        """Whether the hall works on a date. Raises Refused for a year without data."""
        own = self.own(day)
        if own is not None:
            return own
        year = self.notice(day)
        return day not in year.holidays and (day in year.adjusted_workdays or day.isoweekday() < SATURDAY)

    def is_adjusted_workday(self, day: date) -> bool:
        """A Saturday or Sunday that is a workday (调休上班日)."""
        return day.isoweekday() >= SATURDAY and self.is_workday(day)

    def is_known(self, day: date) -> bool:
        return self.own(day) is not None or day.year in built_in()


def set_day(draft: "Draft", *, date: date, workday: bool, name: str = "") -> "Outcome":
    """The hall works or rests on a date, whatever the State Council's notice says."""
    return draft.record(CalendarDaySet(date=date, workday=workday, name=name))
