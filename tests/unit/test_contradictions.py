"""Terminal against inspector: listed for a person to settle, and one fact still costs once."""

from datetime import datetime
from typing import Any

import pytest
from hall_builder import MARCH, ToldHall
from halls import do, refusal_of

from attendance import doubts, leave, patrol
from attendance.hall import Hall
from attendance.punches import Punched
from attendance.rules.punched import Punches
from projections.contradictions import contradictions
from projections.ledger import Ledger


def hall_with(punches: str) -> ToldHall:
    told = ToldHall()
    told.staff("101")
    told.staff("102")
    if punches:
        told.punches("101", "03-10", punches)
    return told


def listed(told: ToldHall) -> list[str]:
    rules = told.rules()
    found = contradictions(told.book, MARCH, lambda no: rules.person(no, Punches.of(told.punched.get(no, {}))))
    return [f"{one['finding']} {one['why']} {one['punch']}".strip() for one in found]


@pytest.mark.parametrize(
    ("punches", "code", "seen", "expected"),
    [
        ("08:55 12:01", "absent", "03-10 09:40", ["f punched_in 08:55:00"]),
        ("09:10 12:01", "absent", "03-10 09:40", ["f punched_in 09:10:00"]),
        ("08:55 12:01", "late", "03-10 09:10", ["f punched_in 08:55:00"]),
        ("09:10 12:01", "late", "03-10 09:12", []),
        ("09:50 12:01", "absent", "03-10 09:40", []),
        ("", "absent", "03-10 09:40", []),
        ("08:55 11:30", "absent", "03-10 11:45", []),
        ("08:55 12:01", "phone", "03-10 09:40", []),
        ("08:55 12:01", "leave_post", "03-10 09:40", []),
        ("08:55 12:01", "absent", "03-10 12:30", []),
    ],
)
def test_what_terminal_and_inspector_say_of_one_moment(punches: str, code: str, seen: str, expected: list[str]):
    told = hall_with(punches)
    told.finding(code, seen, no="101", number="f")
    assert listed(told) == expected


def test_an_excuse_or_a_relief_speaks_against_a_finding_too():
    told = hall_with("")
    told.leave("101", "official", "03-10 09:00", "03-10 10:00")
    told.finding("absent", "03-10 09:40", no="101", number="on leave")
    told.finding("absent", "03-10 10:00", no="101", number="after it")
    told.stand_in("102", "税务窗口", "03-11 09:00", "03-11 12:00", regular_no="101")
    told.finding("absent", "03-11 09:40", no="101", number="relieved")
    assert listed(told) == ["on leave on_leave", "relieved relieved"]


def test_what_no_longer_counts_or_was_settled_is_not_listed():
    told = hall_with("08:55 12:01")
    told.finding("absent", "03-10 09:40", no="101", number="f")
    told.withdraw("f")
    assert listed(told) == []


def seen_absent(hall: Hall) -> None:
    """On the terminal all month; at 09:40 of the 10th an inspector does not see her."""
    days = [number for number in range(1, 32) if datetime(2026, 3, number).weekday() < 5]
    clocks = ((8, 55), (12, 1), (13, 20), (17, 5))
    moments = [datetime(2026, 3, number, *clock) for number in days for clock in clocks]
    hall.receive([Punched(terminal="A001", pin="102", at=at) for at in moments], "terminal:A001")
    seen = {"seen_at": datetime(2026, 3, 10, 9, 40), "code": "absent", "window": "公安窗口", "no": "102"}
    do(hall, patrol.note, finding="F1", **seen)


def points(ledger: Ledger) -> list[str]:
    row = next(row for row in ledger.month(MARCH)["ranking"] if row["no"] == "102")
    return [line["points"] for line in row["lines"] if line["date"] == "2026-03-10"]


OUTING = {"start": datetime(2026, 3, 10, 9, 30), "end": datetime(2026, 3, 10, 9, 55)}


@pytest.mark.parametrize(
    ("verdict", "times", "charged"), [("stands", {}, ["5"]), ("withdrawn", {}, []), ("outing", OUTING, [])]
)
def test_somebody_settles_it_and_the_score_follows(hall: Hall, verdict: str, times: dict[str, Any], charged: list[str]):
    seen_absent(hall)
    ledger = Ledger(hall)
    kinds = [one["kind"] for one in ledger.completeness(MARCH)]
    assert ("contradiction" in kinds, points(ledger)) == (True, ["5"])
    do(hall, doubts.settle, finding="F1", doubt="place", verdict=verdict, reason="查过监控", **times)
    kinds = [one["kind"] for one in ledger.completeness(MARCH)]
    assert ("contradiction" in kinds, points(ledger)) == (False, charged)
    assert len(hall.book().leaves.find("no", "102")) == len(times) // 2


def test_settling_needs_a_reason_an_outing_around_the_moment_and_happens_once(hall: Hall):
    seen_absent(hall)
    settled = {"finding": "F1", "doubt": "place"}
    assert refusal_of(hall, doubts.settle, verdict="stands", reason=" ", **settled) == ("missing", "reason")
    beside = {"start": datetime(2026, 3, 10, 10), "end": datetime(2026, 3, 10, 11)}
    for times in ({}, beside):
        outing = settled | {"verdict": "outing", "reason": "去银行"} | times
        assert refusal_of(hall, doubts.settle, **outing)[0] == "outing_beside"
    do(hall, doubts.settle, verdict="stands", reason="确实不在", **settled)
    assert refusal_of(hall, doubts.settle, verdict="stands", reason="再", **settled)[0] == "doubt_settled"


def test_an_excuse_that_comes_later_raises_the_question_anew(hall: Hall):
    do(hall, patrol.note, finding="F1", seen_at=datetime(2026, 3, 10, 9, 40), code="absent", no="102")
    ledger = Ledger(hall)
    assert "contradiction" not in [one["kind"] for one in ledger.completeness(MARCH)]
    do(hall, leave.approve, no="102", type="official", start=datetime(2026, 3, 10, 9), end=datetime(2026, 3, 10, 12))
    assert "contradiction" in [one["kind"] for one in ledger.completeness(MARCH)]
