"""Dates as an office writes them."""

from datetime import UTC, datetime

import pytest

from api.pages.dates import day_text, days_text, moment_text, month_text, recorded_moment


def test_a_run_of_days_names_its_month_once():
    days = ["2020-11-04", "2020-11-12", "2020-11-25"]
    assert days_text(days, "zh") == ["11月4日", "12日", "25日"]
    assert days_text(days, "en") == ["4 Nov", "12", "25"]
    assert days_text(["2020-11-30", "2020-12-01"], "zh") == ["11月30日", "12月1日"]


def test_a_day_names_its_weekday():
    assert day_text("2026-10-09", "zh") == "10月9日（周五）"
    assert day_text("2026-10-09", "en") == "Fri 9 Oct"
    assert month_text("2026-01", "zh") == "2026年1月"
    assert month_text("2026-12", "en") == "December 2026"


@pytest.mark.parametrize("recorded", [1_605_139_201_000_000, "2020-11-12T00:00:01+00:00"])
def test_what_was_recorded_is_shown_on_the_halls_own_clock(recorded: object):
    moment = recorded_moment(recorded)
    assert moment == datetime(2020, 11, 12, 0, 0, 1, tzinfo=UTC)
    assert moment_text(moment, "zh", "Asia/Shanghai") == "2020年11月12日 08:00:01"
    assert moment_text(moment, "en", "Asia/Urumqi") == "12 November 2020, 06:00:01"


def test_nothing_recorded_is_no_moment():
    assert recorded_moment(None) is None
    assert recorded_moment("") is None
