"""How numbers, dates and lists are written in a bulletin."""

import pytest

from api.documents.styles import read_style
from api.documents.words import Words, percent


@pytest.fixture(scope="module")
def words() -> Words:
    style = read_style("notice")
    return Words(style.wording, style.table, {"hall": "政务大厅", "issuer": "", "year": "2026", "month": "3"})


@pytest.mark.parametrize(
    ("n", "text"),
    [(0, "〇"), (3, "三"), (10, "十"), (11, "十一"), (20, "二十"), (35, "三十五"), (99, "九十九"), (100, "100")],
)
def test_headings_number_themselves_in_characters(words: Words, n, text):
    assert words.number(n) == text


def test_the_month_is_said_once_for_several_days_and_again_where_it_changes(words: Words):
    assert words.days(["2020-11-25", "2020-11-04", "2020-11-12", "2020-11-04"]) == "11月4日、12日、25日"
    assert words.days(["2026-03-31", "2026-04-01", "2026-04-02"]) == "3月31日、4月1日、2日"
    assert words.day("2026-03-09 10:20:00") == "3月9日"


def test_a_date_is_written_in_figures_or_in_the_old_style(words: Words):
    assert words.dated("2018-01-09") == "2018年1月9日"
    assert words.dated("2018-10-20", old=True) == "二〇一八年十月二十日"
    assert words.dated("") == ""


@pytest.mark.parametrize(
    ("part", "whole", "decimals", "text"),
    [
        (668, 3042, 2, "21.96%"),
        (5, 7, 1, "71.4%"),
        (1, 1, 2, "100%"),
        (1, 8, 1, "12.5%"),
        (1, 800, 1, "0.1%"),
        (0, 3, 1, "0%"),
        (1, 16, 1, "6.3%"),
    ],
)
def test_shares_are_rounded_half_up_without_needless_zeros(part, whole, decimals, text):
    assert percent(part, whole, decimals) == text


def test_what_a_sentence_is_filled_with_is_never_read_as_a_placeholder(words: Words):
    assert words.say("person", window="税务窗口", name="{hall}{0.__class__}") == "税务窗口{hall}{0.__class__}"
