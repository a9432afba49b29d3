"""What is said to be missing before a month is published, and how much of it."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from halls import do
from sites import MONTH, fill_a_month

from attendance import corrections, months
from attendance.hall import Hall
from attendance.punches import Punched, ReadingQuarantined
from projections.completeness import NOTICES, in_doubt
from projections.ledger import Ledger
from projections.silence import Rhythm, runs

WORKDAYS = [day for n in range(31) if (day := date(2026, 3, 1) + timedelta(days=n)).weekday() < 5]
FEBRUARY = [date(2026, 2, day) for day in (24, 25, 26, 27)]
MORNING, EVENING = time(8, 50), time(17, 10)


def use(hall: Hall, days: list[date], *, pins: int = 10, at: tuple[time, ...] = (MORNING, EVENING)) -> None:
    """Ten people punch at terminal A001, morning and evening."""
    facts = [
        Punched(terminal="A001", pin=str(5000 + pin), at=datetime.combine(day, clock) + timedelta(seconds=pin), raw="")
        for day in days
        for clock in at
        for pin in range(pins)
    ]
    hall.receive(facts, "terminal:A001")


def silences(hall: Hall) -> list[dict[str, Any]]:
    return [one for one in Ledger(hall).completeness(MONTH) if one["kind"] == "terminal_silent"]


def told(hall: Hall) -> list[tuple[str, str, int, int]]:
    """First and last day, workdays, and how many punches may be missing."""
    return [
        (
            one["detail"]["first_day"][5:],
            one["detail"]["last_day"][5:],
            one["detail"]["workdays"],
            one["detail"]["may_be_missing"],
        )
        for one in silences(hall)
    ]


def kinds(hall: Hall, month: str = MONTH) -> list[str]:
    return [one["kind"] for one in Ledger(hall).completeness(month)]


def test_a_terminal_that_worked_every_day_is_not_silent(hall: Hall) -> None:
    use(hall, WORKDAYS)
    assert silences(hall) == []


def test_a_terminal_that_died_within_the_month_is_silent_to_its_end(hall: Hall) -> None:
    use(hall, WORKDAYS[:5])
    assert told(hall) == [("03-09", "03-31", 17, 340)]
    assert silences(hall)[0]["since"] == "2026-03-06 17:10:09"


def test_a_terminal_that_died_before_the_month_began_is_silent_throughout(hall: Hall) -> None:
    use(hall, FEBRUARY)
    assert told(hall) == [("03-02", "03-31", 22, 440)]


def test_each_silence_is_told_with_its_own_days(hall: Hall) -> None:
    gone = {date(2026, 3, 6), date(2026, 3, 9), date(2026, 3, 18)}
    use(hall, [day for day in WORKDAYS if day not in gone])
    assert told(hall) == [("03-06", "03-09", 2, 40), ("03-18", "03-18", 1, 20)]
    assert silences(hall)[1]["since"] == "2026-03-17 17:10:09"


def test_a_day_that_broke_off_counts_what_is_missing_of_it(hall: Hall) -> None:
    use(hall, WORKDAYS[:-2])
    use(hall, [date(2026, 3, 30)], pins=4, at=(MORNING,))
    assert told(hall) == [("03-30", "03-31", 2, 36)]
    assert silences(hall)[0]["since"] == "2026-03-30 08:50:03"


def test_a_broken_off_last_day_is_silent_since_its_last_punch(hall: Hall) -> None:
    use(hall, WORKDAYS[:-1])
    use(hall, WORKDAYS[-1:], pins=9, at=(MORNING,))
    assert told(hall) == [("03-31", "03-31", 1, 11)]
    assert silences(hall)[0]["since"] == "2026-03-31 08:50:08"


def test_a_quiet_terminal_may_have_few_punches_because_of_a_leave(hall: Hall) -> None:
    use(hall, WORKDAYS[:-1], pins=2)
    use(hall, WORKDAYS[-1:], pins=1, at=(MORNING,))
    assert silences(hall) == []


@pytest.mark.parametrize("days", [[], WORKDAYS[:1], WORKDAYS[::3], [WORKDAYS[0], WORKDAYS[-1]]])
def test_a_terminal_not_in_daily_use_is_not_missed(hall: Hall, days: list[date]) -> None:
    use(hall, days)
    assert silences(hall) == []


def test_a_declared_outage_explains_its_days(hall: Hall) -> None:
    use(hall, WORKDAYS[:-2])
    out = {"start": datetime(2026, 3, 30, 8), "end": datetime(2026, 3, 31, 18)}
    do(hall, corrections.declare_outage, terminal="A001", **out)
    assert silences(hall) == []


def test_weekends_and_days_to_come_are_no_silence(hall: Hall) -> None:
    use(hall, WORKDAYS[:5])
    assert [day for one in told(hall) for day in one[:2] if date.fromisoformat(f"2026-{day}").weekday() > 4] == []
    assert "terminal_silent" not in kinds(hall, "2099-01")


@pytest.mark.parametrize(
    ("usual", "punches", "few"), [(40, 0, True), (40, 19, True), (40, 20, False), (19, 1, False), (19, 0, True)]
)
def test_how_few_is_too_few(usual: int, punches: int, few: bool) -> None:
    assert Rhythm(1, usual).too_few(punches) is few


def test_runs_are_of_workdays_that_follow_one_another() -> None:
    assert runs([2, 3, 8, 15], [1, 2, 3, 8, 9, 15]) == [[2, 3, 8], [15]]
    assert runs([], [1, 2]) == []


def test_everything_unsettled_is_told_once(hall: Hall) -> None:
    fill_a_month(hall)
    assert sorted(set(kinds(hall)) - {"calendar_missing"}) == ["quarantined", "terminal_waiting", "unknown_pin"]


def test_notices_need_no_reason(hall: Hall) -> None:
    fill_a_month(hall)
    assert sorted(in_doubt(Ledger(hall).completeness(MONTH))) == ["quarantined", "unknown_pin"]
    assert in_doubt([{"kind": kind} for kind in NOTICES]) == []


def test_readings_set_aside_before_the_month_are_not_of_it(hall: Hall) -> None:
    hall.receive([ReadingQuarantined(terminal="A001", reason="malformed", raw="?", sha256="0" * 64)], "terminal:A001")
    assert "quarantined" in kinds(hall)
    assert "quarantined" not in kinds(hall, "2099-01")


def test_an_objection_is_open_until_it_is_answered(hall: Hall) -> None:
    fill_a_month(hall)
    edition = Ledger(hall).edition(MONTH)
    hall.decide(
        lambda draft: months.open_review(draft, month=MONTH, edition=edition, position=1, today=date(2026, 4, 1)),
        "office",
    )
    raised = {"objection": "o1", "month": MONTH, "no": "102", "text": "我在岗", "today": date(2026, 4, 2)}
    do(hall, months.raise_objection, **raised)
    (one,) = [one for one in Ledger(hall).completeness(MONTH) if one["kind"] == "objection_open"]
    assert one["subject"] == "102"
    do(hall, months.settle_objection, objection="o1", upheld=False, answer="监控显示不在岗")
    assert "objection_open" not in kinds(hall)
