"""A terminal that counts more records than came is in doubt, until it has sent the span again."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sites import MONTH

from attendance.hall import Hall
from attendance.punches import Punched
from attendance.questions import TerminalAnswered, TerminalAsked, TerminalCounted
from projections.completeness import in_doubt
from projections.ledger import Ledger

START, END = datetime(2026, 3, 2), datetime(2026, 3, 2, 23, 59, 59)


def counted(hall: Hall, records: int, number: int = 1, start: datetime = START, end: datetime = END) -> None:
    hall.receive(
        [TerminalCounted(terminal="A001", number=number, start=start, end=end, records=records)], "terminal:A001"
    )


def punched(hall: Hall, times: int) -> None:
    at = START + timedelta(hours=8)
    hall.receive(
        [Punched(terminal="A001", pin="7", at=at + timedelta(minutes=n)) for n in range(times)], "terminal:A001"
    )


def sent_again(hall: Hall, number: int, code: int = 0, start: datetime = START, end: datetime = END) -> None:
    asked = TerminalAsked(terminal="A001", number=number, matter="attlog", start=start, end=end)
    hall.receive([asked, TerminalAnswered(terminal="A001", number=number, code=code)], "terminal:A001")


def doubts(hall: Hall, month: str = MONTH) -> list[dict[str, Any]]:
    return [one for one in Ledger(hall).completeness(month) if one["kind"] == "terminal_counts_more"]


def test_a_count_above_ours_says_how_many_may_be_missing(hall: Hall) -> None:
    punched(hall, 38)
    counted(hall, 41)
    [doubt] = doubts(hall)
    assert (doubt["subject"], doubt["detail"]["held"], doubt["detail"]["may_be_missing"]) == ("A001", 38, 3)
    assert in_doubt([doubt]) == ["terminal_counts_more"]


@pytest.mark.parametrize("records", [38, 37, 0])
def test_a_count_that_is_ours_or_less_is_no_doubt(hall: Hall, records: int) -> None:
    punched(hall, 38)
    counted(hall, records)
    assert doubts(hall) == []


def test_a_count_below_ours_is_worth_knowing_and_leaves_nothing_in_doubt(hall: Hall) -> None:
    punched(hall, 38)
    counted(hall, 35)
    [notice] = [one for one in Ledger(hall).completeness(MONTH) if one["kind"] == "terminal_counts_less"]
    assert (notice["detail"]["records"], notice["detail"]["held"]) == (35, 38)
    assert in_doubt([notice]) == []


def test_the_doubt_goes_when_the_punches_come_by_whatever_road(hall: Hall) -> None:
    counted(hall, 3)
    punched(hall, 2)
    assert len(doubts(hall)) == 1
    punched(hall, 3)
    assert doubts(hall) == []


def test_a_span_of_another_month_is_not_this_months_doubt(hall: Hall) -> None:
    counted(hall, 3)
    assert doubts(hall, "2026-04") == []


def test_a_newer_count_of_the_span_takes_the_place_of_the_older(hall: Hall) -> None:
    counted(hall, 3, number=1)
    counted(hall, 0, number=2)
    assert doubts(hall) == []


def test_what_is_counted_beyond_a_whole_span_sent_again_are_records_held_twice(hall: Hall) -> None:
    punched(hall, 2)
    counted(hall, 3)
    sent_again(hall, 2)
    assert doubts(hall) == []
    counted(hall, 4, number=3)
    assert len(doubts(hall)) == 1


@pytest.mark.parametrize(
    ("code", "start", "end"),
    [(-1, START, END), (0, START + timedelta(hours=1), END), (0, START, END - timedelta(hours=1))],
)
def test_a_part_of_the_span_or_a_refusal_settles_nothing(hall: Hall, code: int, start: datetime, end: datetime) -> None:
    counted(hall, 3)
    sent_again(hall, 2, code, start, end)
    assert len(doubts(hall)) == 1
