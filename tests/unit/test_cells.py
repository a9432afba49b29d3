"""One cell's text as a date, a time, a number or a word."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.imports import cells
from attendance.facts import Refused


def code_of(read, text: str) -> str:
    with pytest.raises(Refused) as refused:
        read(text, "here")
    assert refused.value.column == "here"
    return refused.value.code


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02",
        "2026/3/2",
        "2026.03.2",
        "2026年3月2日",
        "20260302",
        " ２０２６-03-02 ",
        "2026-03-02 00:00:00",
        "46083",
    ],
)
def test_a_date_in_every_way_a_spreadsheet_writes_it(text: str):
    assert cells.as_date(text, "date") == date(2026, 3, 2)


@pytest.mark.parametrize(
    "text", ["2026-02-30", "02-03-2026", "3月2日", "yesterday", "2026-03-02 09:00", "2026", "99999"]
)
def test_what_is_no_date_is_refused(text: str):
    assert code_of(cells.as_date, text) == "not_a_date"


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02 09:05",
        "2026-03-02T09:05:00",
        "2026/3/2 9:05",
        "2026年3月2日 9：05",
        "46083.378472222",
        "20260302 09:05",
    ],
)
def test_a_moment_in_every_way_a_spreadsheet_writes_it(text: str):
    assert cells.as_moment(text, "seen_at") == datetime(2026, 3, 2, 9, 5)


@pytest.mark.parametrize(
    "text", ["2026-03-02", "2026-03-02 24:00", "2026-03-02 9", "2026-03-02 09:60", "09:05", "46083"]
)
def test_what_is_no_moment_is_refused(text: str):
    assert code_of(cells.as_moment, text) == "not_a_moment"


def test_dates_alone_mean_whole_days_with_the_last_one_included():
    assert cells.as_start("2026-03-02", "start") == datetime(2026, 3, 2)
    assert cells.as_end("2026-03-02", "end") == datetime(2026, 3, 3)
    assert cells.as_end("2026-03-02 00:00", "end") == datetime(2026, 3, 2)


@pytest.mark.parametrize("text", ["9:05", "09:05:00", "９：０５", "0.378472222"])
def test_a_time_in_every_way_a_spreadsheet_writes_it(text: str):
    assert cells.as_time(text, "on") == time(9, 5)


@pytest.mark.parametrize("text", ["24:00", "9", "9:5", "nine", "09:00-12:00", "1.5"])
def test_what_is_no_time_is_refused(text: str):
    assert code_of(cells.as_time, text) == "not_a_time"


@pytest.mark.parametrize("text", ["2026-03", "2026/3", "2026年3月", "2026-03-01", "46082"])
def test_a_month_in_every_way_a_spreadsheet_writes_it(text: str):
    assert cells.as_month(text, "month") == "2026-03"


@pytest.mark.parametrize("text", ["2026-13", "2026-03-02", "March", "3"])
def test_what_is_no_month_is_refused(text: str):
    assert code_of(cells.as_month, text) == "not_a_month"


def test_numbers_are_exact_and_finite():
    assert cells.as_number("90.5", "score") == Decimal("90.5")
    assert cells.as_count("3.0", "count") == 3
    assert [code_of(cells.as_number, text) for text in ("ninety", "NaN", "Infinity")] == ["not_a_number"] * 3
    assert [code_of(cells.as_count, text) for text in ("1.5", "-1")] == ["not_a_count"] * 2


def test_a_word_is_one_of_those_listed():
    assert cells.as_word(" ＹＥＳ ", "verified", {"yes": True}) is True
    with pytest.raises(Refused) as refused:
        cells.as_word("perhaps", "verified", {"yes": True, "no": False})
    assert refused.value.details == {"value": "perhaps", "listed": ["yes", "no"]}


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(lambda moment: moment.replace(microsecond=0)))
def test_excels_fractions_of_a_day_come_back_to_the_second(moment: datetime):
    serial = (moment - datetime(1899, 12, 30)) / timedelta(days=1)
    if moment.time() != time():
        assert cells.as_moment(repr(serial), "seen_at") == moment


@pytest.mark.parametrize("text", ["0001-01-01", "1899-12-31", "0026-03-02 09:00"])
def test_a_year_that_no_hall_can_mean_is_refused(text: str):
    assert code_of(cells.as_start, text) == "date_far"


def test_an_open_end_written_as_the_last_day_there_is_stays_a_date_but_ends_no_moment():
    assert cells.as_date("9999-12-31", "to") == date.max
    assert code_of(cells.as_end, "9999-12-31") == "date_far"


@pytest.mark.parametrize("text", ["1e999999999", "-1e13", "1e-999999999", "0.0000000000001"])
def test_a_number_beyond_all_measure_is_refused_at_once(text: str):
    assert code_of(cells.as_number, text) == "number_far"


@pytest.mark.parametrize("text", ["0000-01", "0000-1"])
def test_there_is_no_year_nought(text: str):
    assert code_of(cells.as_month, text) == "not_a_month"
