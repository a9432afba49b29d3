"""How two editions of a month differ, and which facts came between."""

from copy import deepcopy
from datetime import date, datetime
from typing import Any

import pytest
from halls import do
from sites import MONTH, fill_a_month, punched

from attendance import corrections, leave
from attendance.hall import Hall
from projections.differences import PARTS, differences
from projections.ledger import Ledger


@pytest.fixture
def ledger(hall: Hall) -> Ledger:
    fill_a_month(hall)
    return Ledger(hall)


def test_what_says_the_same_does_not_differ(ledger: Ledger) -> None:
    body = ledger.month(MONTH)
    assert differences(body, deepcopy(body)) == []


@pytest.mark.parametrize("part", [part for part, _, _ in PARTS])
def test_whoever_is_gone_from_a_list_or_new_on_it_is_told(ledger: Ledger, part: str) -> None:
    body = ledger.month(MONTH)
    without = deepcopy(body)
    gone = without[part].pop()
    (change,) = differences(body, without)
    assert change["part"] == part
    assert change["after"] is None
    assert change["before"] is not None
    (back,) = differences(without, body)
    assert (back["subject"], back["before"], back["after"]) == (change["subject"], None, change["before"])
    assert gone not in without[part]


@pytest.mark.parametrize(
    ("part", "key", "value"),
    [
        ("off_the_list", "because", {"date": "2026-03-31", "session": "pm", "symbol": "早"}),
        ("lateness", "minutes", 99),
        ("findings", "state", "withdrawn"),
        ("ranking", "rank", 7),
        ("ranking", "score", "1.00"),
        ("windows", "bonus", "1.00"),
        ("unranked", "reason", "new"),
        ("full_attendance", "window", "公安窗口"),
    ],
)
def test_what_is_said_otherwise_is_told_before_and_after(ledger: Ledger, part: str, key: str, value: Any) -> None:
    body = ledger.month(MONTH)
    other = deepcopy(body)
    other[part][0][key] = value
    (change,) = differences(body, other)
    assert change["part"] == part
    assert change["before"] != change["after"]


def test_other_charges_of_equal_points_are_a_difference_and_other_evidence_is_none(ledger: Ledger) -> None:
    body = ledger.month(MONTH)
    other = deepcopy(body)
    charged = next(row for row in other["ranking"] if row["lines"])
    charged["lines"][0]["evidence"] = ["another"]
    assert differences(body, other) == []
    charged["lines"][0]["rule"] = "early"
    assert [change["subject"] for change in differences(body, other)] == [charged["no"]]


def test_two_rows_of_one_subject_are_told_apart(ledger: Ledger) -> None:
    body = ledger.month(MONTH)
    twice = deepcopy(body)
    twice["lateness"].append({**twice["lateness"][0], "minutes": 3})
    (change,) = differences(body, twice)
    assert change["subject"].endswith(" 2")
    assert change["after"] == 3


def test_the_facts_between_are_those_of_the_month_since_then(hall: Hall, ledger: Ledger) -> None:
    position = hall.store.head().position
    hall.receive(
        [punched("102", datetime(2026, 3, 10, 8, 45)), punched("102", datetime(2026, 4, 2, 8, 45))], "terminal:A001"
    )
    do(hall, corrections.approve, no="102", date=date(2026, 3, 4), session="am", mark="on")
    other = {"start": datetime(2026, 5, 4), "end": datetime(2026, 5, 5)}
    do(hall, leave.approve, no="102", type="sick", **other)
    between = ledger.facts_since(MONTH, position)
    assert [(fact["topic"], fact["people"], fact["actor"]) for fact in between] == [
        ("punch", ["102"], "terminal:A001"),
        ("correction.approved", ["102"], "office"),
    ]
    assert all(ledger.evidence(fact["id"]) for fact in between)
    assert ledger.facts_since(MONTH, hall.store.head().position) == []
