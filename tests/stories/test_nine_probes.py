"""Nine everyday things that go wrong elsewhere, through the door that terminals' readings come in by.

The adjusted workday is Sunday 2026-01-04, which works in place of Friday the 2nd.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from halls import POLICY, do

from attendance import people, terminals, timetable, windows
from attendance.hall import Hall
from attendance.punches import Origin, Reading, judge_all
from projections.ledger import Ledger

MONDAY, TUESDAY = "2026-03-02", "2026-03-03"
RECEIVED = datetime(2026, 6, 1, tzinfo=UTC)


class Gate:
    """The hall, its face terminal, and Zhou Ning of 税务窗口, who is number 1001."""

    def __init__(self, folder: Path, policy: str = POLICY) -> None:
        self.hall = Hall.found(folder / "hall", policy)
        self.ledger = Ledger(self.hall)
        do(self.hall, windows.register, window="税务窗口", unit="税务局")
        do(self.hall, people.post, no="1001", name="周宁", window="税务窗口")
        do(self.hall, timetable.set_session, session="am", on=time(9), off=time(12))
        do(self.hall, timetable.set_session, session="pm", on=time(13, 30), off=time(17))
        do(self.hall, terminals.accept, sn="GATE1")

    def sends(self, *moments: str, status: str = "0", received: datetime = RECEIVED) -> None:
        """The terminal sends punches with whatever status key was pressed; the tables follow at once."""
        readings = [Reading("1001", moment, status) for moment in moments]
        self.hall.receive(judge_all(readings, Origin("GATE1", 480, "push", "", received)), "terminal:GATE1")
        self.ledger.follow()

    def day(self, date: str) -> list[tuple[str, str | None, str | None]]:
        """Symbol, on and off of each session."""
        (sheet,) = [one for one in self.ledger.days(date[:7]) if one["date"] == date]
        return [(one["symbol"], one["on"]["punch"], one["off"]["punch"]) for one in sheet["sessions"]]

    def late(self) -> list[tuple[str, int]]:
        return [(one["session"], one["minutes"]) for one in self.ledger.month("2026-03")["lateness"]]


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    gate = Gate(tmp_path)
    yield gate
    gate.hall.close()


def test_1_the_same_in_twice_is_one_punch(gate: Gate) -> None:
    gate.sends(f"{MONDAY} 08:55:00")
    gate.sends(f"{MONDAY} 08:55:00", status="4")
    assert gate.day(MONDAY)[0] == ("缺", "08:55:00", None)
    assert gate.ledger.terminals()[0]["punches"] == 1


def test_2_an_earlier_in_that_arrives_later_is_the_in(gate: Gate) -> None:
    gate.sends(f"{MONDAY} 09:10:00", f"{MONDAY} 12:01:00")
    assert gate.day(MONDAY)[0] == ("迟", "09:10:00", "12:01:00")
    gate.sends(f"{MONDAY} 08:50:00")
    assert gate.day(MONDAY)[0] == ("√", "08:50:00", "12:01:00")
    assert gate.late() == []


def test_3_two_days_ins_before_their_outs(gate: Gate) -> None:
    for day in (MONDAY, TUESDAY):
        gate.sends(f"{day} 08:55:00", f"{day} 13:20:00", status="0")
    for day in (MONDAY, TUESDAY):
        gate.sends(f"{day} 12:01:00", f"{day} 17:01:00", status="1")
    for day in (MONDAY, TUESDAY):
        assert gate.day(day) == [("√", "08:55:00", "12:01:00"), ("√", "13:20:00", "17:01:00")]


def test_4_out_before_in(gate: Gate) -> None:
    gate.sends(f"{MONDAY} 17:01:00", status="1")
    gate.sends(f"{MONDAY} 12:01:00", status="1")
    gate.sends(f"{MONDAY} 13:20:00", status="0")
    gate.sends(f"{MONDAY} 08:55:00", status="0")
    assert gate.day(MONDAY) == [("√", "08:55:00", "12:01:00"), ("√", "13:20:00", "17:01:00")]


def test_5_in_only(gate: Gate) -> None:
    gate.sends(f"{MONDAY} 08:55:00")
    assert gate.day(MONDAY) == [("缺", "08:55:00", None), ("旷", None, None)]


def test_6_an_adjusted_workday_is_a_workday(gate: Gate) -> None:
    gate.sends("2026-01-04 09:20:00", "2026-01-04 12:01:00", "2026-01-04 13:20:00", "2026-01-04 17:01:00")
    assert gate.day("2026-01-04") == [("迟", "09:20:00", "12:01:00"), ("√", "13:20:00", "17:01:00")]
    month = gate.ledger.month("2026-01")
    assert "2026-01-04" in month["workdays"]
    assert "2026-01-02" not in month["workdays"]
    assert [(one["date"], one["minutes"]) for one in month["lateness"]] == [("2026-01-04", 20)]


@pytest.mark.parametrize(
    ("clock", "symbol", "minutes"), [("09:05:00", "√", 5), ("09:05:59", "√", 5), ("09:06:00", "迟", 6)]
)
def test_7_five_minutes_of_grace(tmp_path: Path, clock: str, symbol: str, minutes: int) -> None:
    gate = Gate(tmp_path, POLICY.replace("grace_minutes = 0", "grace_minutes = 5"))
    gate.sends(f"{MONDAY} {clock}", f"{MONDAY} 12:01:00")
    assert gate.day(MONDAY)[0] == (symbol, clock, "12:01:00")
    assert gate.ledger.days("2026-03")[0]["sessions"][0]["on"]["late_minutes"] == minutes
    gate.hall.close()


def test_8_four_punches_and_late_in_the_afternoon(gate: Gate) -> None:
    gate.sends(f"{MONDAY} 08:55:00", f"{MONDAY} 12:01:00", f"{MONDAY} 13:45:00", f"{MONDAY} 17:01:00")
    assert gate.day(MONDAY) == [("√", "08:55:00", "12:01:00"), ("迟", "13:45:00", "17:01:00")]
    assert ("pm", 15) in gate.late()


def test_9_a_whole_day_delivered_two_weeks_later(gate: Gate) -> None:
    gate.sends("2026-03-16 08:55:00")
    assert gate.day(MONDAY) == [("旷", None, None), ("旷", None, None)]
    gate.sends(f"{MONDAY} 08:55:00", f"{MONDAY} 12:01:00", f"{MONDAY} 13:20:00", f"{MONDAY} 17:01:00")
    assert gate.day(MONDAY) == [("√", "08:55:00", "12:01:00"), ("√", "13:20:00", "17:01:00")]
