"""Dates and times as other systems write them."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.sheets.forms import edited_by
from devices.sheets.moments import day_of, is_nothing, moment_of

MONDAY = date(2026, 9, 28)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026/09/28 星期一", MONDAY),
        ("26-09-28 星期一", MONDAY),
        ("2026年9月28日", MONDAY),
        ("2026.9.28", MONDAY),
        (" 2026-09-28", MONDAY),
        ("2026-02-29", None),
        ("星期一", None),
        ("", None),
    ],
)
def test_days(text: str, day: date | None) -> None:
    assert day_of(text) == day


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("08:55", datetime(2026, 9, 28, 8, 55)),
        ("8:55:03", datetime(2026, 9, 28, 8, 55, 3)),
        ("08：55", datetime(2026, 9, 28, 8, 55)),
        ("次日00:10", datetime(2026, 9, 29, 0, 10)),
        ("次日 0:10", datetime(2026, 9, 29, 0, 10)),
        ("2026-09-30 08:55", datetime(2026, 9, 30, 8, 55)),
        ("2026/9/30 8:55:03", datetime(2026, 9, 30, 8, 55, 3)),
        ("2026-09-30T08:55:03", datetime(2026, 9, 30, 8, 55, 3)),
        ("24:00", None),
        ("08:60", None),
        ("855", None),
        ("2026-09-30", None),
        ("2026-13-30 08:55", None),
        ("08:55 迟到", None),
    ],
)
def test_moments(text: str, moment: datetime | None) -> None:
    assert moment_of(text, MONDAY) == moment


def test_a_time_without_any_day_is_no_moment() -> None:
    assert moment_of("08:55", None) is None


@given(st.datetimes(datetime(2015, 1, 1), datetime(2099, 1, 1)).map(lambda at: at.replace(microsecond=0)))
def test_what_is_written_out_is_read_back(at: datetime) -> None:
    assert moment_of(str(at), None) == at
    assert moment_of(f"{at:%H:%M:%S}", at.date()) == at


@given(st.text(max_size=20))
def test_any_text_is_a_moment_or_none(text: str) -> None:
    assert moment_of(text, MONDAY) is None or isinstance(moment_of(text, MONDAY), datetime)
    assert day_of(text) is None or isinstance(day_of(text), date)


@pytest.mark.parametrize(
    ("text", "empty"), [("--", True), (" 未打卡 ", True), ("", True), ("08:55", False), ("0", False)]
)
def test_how_a_sheet_says_that_nobody_came(text: str, empty: bool) -> None:
    assert is_nothing(text) is empty


@pytest.mark.parametrize(
    ("words", "by"),
    [
        (("正常", "ATM"), ""),
        (("正常", "BOSS"), "admin"),
        (("正常", "APPROVE"), "approval"),
        (("补卡审批通过", ""), "approval"),
        (("管理员改为正常", ""), "admin"),
        (("正常(已补卡)",), "approval"),
        (("", ""), ""),
    ],
)
def test_who_edited_a_row(words: tuple[str, ...], by: str) -> None:
    assert edited_by(*words) == by
