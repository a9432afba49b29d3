"""Findings: noted, withdrawn, overturned."""

from datetime import datetime

import pytest
from halls import do, refusal_of

from attendance import patrol
from attendance.hall import Draft, Hall, Outcome

SEEN = datetime(2026, 3, 2, 10, 20)


def noted(hall: Hall, **details: object) -> str:
    """Note a finding, and return its number."""
    do(hall, patrol.note, seen_at=SEEN, code="phone", **{"no": "101"} | details)
    return list(hall.book().patrol.findings)[-1].fact.finding


def test_a_finding_names_a_window_or_a_person(hall: Hall):
    assert refusal_of(hall, patrol.note, seen_at=SEEN, code="phone") == ("nobody_named", "window")


def test_a_finding_without_a_number_gets_the_same_one_again(hall: Hall):
    assert noted(hall) == noted(hall)
    assert len(hall.book().patrol.findings) == 1


def test_two_equal_rows_without_numbers_are_two_findings(hall: Hall):
    def twice(draft: Draft) -> Outcome:
        patrol.note(draft, seen_at=SEEN, code="phone", no="102")
        return patrol.note(draft, seen_at=SEEN, code="phone", no="102")

    assert do(hall, twice) == "new"
    assert len(hall.book().patrol.findings) == 2
    assert do(hall, twice) == "repeated"


def test_what_is_written_about_a_person_can_be_read_by_its_key_alone(hall: Hall):
    noted(hall, note="看短视频", inspector="周督查")
    fact = next(iter(hall.book().patrol.findings)).fact
    assert fact.note.subject == "0101"
    assert hall.opened(fact.note) == "看短视频"
    assert hall.opened(fact.inspector) == "周督查"


@pytest.mark.parametrize(("command", "state"), [(patrol.withdraw, "withdrawn"), (patrol.overturn, "overturned")])
def test_a_finding_taken_back_no_longer_stands(hall: Hall, command, state):
    finding = noted(hall)
    do(hall, command, finding=finding, reason="认错人")
    assert hall.book().patrol.state(finding) == state
    assert hall.book().patrol.standing("no", "0101") == []


def test_taking_back_needs_a_reason_and_a_finding_that_stands(hall: Hall):
    finding = noted(hall)
    assert refusal_of(hall, patrol.withdraw, finding=finding, reason="") == ("missing", "reason")
    assert refusal_of(hall, patrol.withdraw, finding="f-none", reason="误") == ("finding_unknown", "finding")
    do(hall, patrol.withdraw, finding=finding, reason="误")
    assert refusal_of(hall, patrol.overturn, finding=finding, reason="误") == ("finding_not_standing", "finding")
