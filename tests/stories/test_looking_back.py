"""The month as it stood, and as it would be under another policy: asked of a real hall, and nothing recorded."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from deeds import tables_of
from halls import POLICY, do
from may import MONTH, month_of_may, withdraw_the_badge

from attendance import pins, policy
from attendance.facts import Refused
from attendance.hall import Hall
from attendance.log.rows import Head
from attendance.policy import read_policy
from attendance.punches import Origin, Reading, judge_all
from projections.ledger import Ledger, moment_seen_from

MANQIN = "from api.cli import main; main()"
LENIENT = POLICY.replace("grace_minutes = 0", "grace_minutes = 15")


@pytest.fixture
def may(tmp_path: Path) -> Iterator[Hall]:
    hall = month_of_may(tmp_path)
    yield hall
    hall.close()


def scores(month: dict[str, Any]) -> dict[str, str]:
    return {row["no"]: row["score"] for row in month["ranking"]}


def test_as_of_a_position_is_the_month_as_it_stood_there(may: Hall) -> None:
    ledger = Ledger(may)
    before, position = ledger.month(MONTH), may.store.head().position
    withdraw_the_badge(may)
    assert scores(before)["4002"] == "101.00"
    assert scores(ledger.month(MONTH))["4002"] == "102.00"
    assert ledger.month(MONTH, as_of=position) == before


def test_as_of_a_moment_is_as_of_the_last_fact_recorded_by_then(may: Hall) -> None:
    ledger = Ledger(may)
    before, moment = ledger.month(MONTH), datetime.now(UTC)
    withdraw_the_badge(may)
    assert ledger.month(MONTH, as_of=moment) == before
    assert scores(ledger.month(MONTH, as_of=moment + timedelta(days=1)))["4002"] == "102.00"


def test_punches_that_came_later_are_not_in_it(may: Hall) -> None:
    ledger = Ledger(may)
    position = may.store.head().position
    late = Reading("1002", "2026-05-12 08:50:00")
    more = Reading("556", "2026-05-12 08:50:00")
    may.receive(judge_all([late, more], Origin("GATE1", 480, "usb", "", datetime.now(UTC))), "import")
    assert [row["no"] for row in ledger.month(MONTH)["lateness"]] == ["9001"]
    then = ledger.month(MONTH, as_of=position)
    assert [row["no"] for row in then["lateness"]] == ["1002", "9001"]
    assert [one["subject"] for one in then["open_questions"]] == ["GATE1/555"]


def test_before_the_log_began_there_is_nothing_to_see(may: Hall) -> None:
    ledger = Ledger(may)
    head = may.store.head().position
    for as_of in (0, head + 1, datetime(2020, 1, 1, tzinfo=UTC)):
        with pytest.raises(Refused, match="as_of_unknown"):
            ledger.month(MONTH, as_of=as_of)


def test_a_moment_is_looked_from_itself_not_from_the_last_fact_before_it() -> None:
    """What fell due between the last fact and the moment named was missing by then."""
    recorded = datetime(2026, 3, 31, 12, tzinfo=UTC)
    head = Head(7, int(recorded.timestamp()) * 1_000_000)
    assert moment_seen_from(datetime(2026, 4, 2, tzinfo=UTC), head) == datetime(2026, 4, 2, tzinfo=UTC)
    assert moment_seen_from(7, head) == recorded
    assert moment_seen_from(datetime(2100, 1, 1, tzinfo=UTC), head) <= datetime.now(UTC)


def test_what_if_the_policy_were_another(may: Hall) -> None:
    ledger = Ledger(may)
    now = ledger.month(MONTH)
    lenient = ledger.month(MONTH, policy=read_policy(LENIENT))
    assert [row["no"] for row in now["lateness"]] == ["1002", "9001"]
    assert lenient["lateness"] == []
    assert scores(lenient)["2001"] == "100.30"
    assert [line["rule"] for row in lenient["ranking"] if row["no"] == "1002" for line in row["lines"]] == [
        "finding:late"
    ]
    assert lenient["policy"]["sha256"] == read_policy(LENIENT).sha256 != now["policy"]["sha256"]


def test_a_policy_without_what_the_month_used_is_answered_all_the_same(may: Hall) -> None:
    text = POLICY.replace('id = "official"', 'id = "errand"').replace('code = "door"', 'code = "doors"')
    other = Ledger(may).month(MONTH, policy=read_policy(text.replace('code = "phone"', 'code = "phones"')))
    assert {row["no"] for row in other["ranking"]} == {"1001", "1002", "2001", "3002", "4001", "4002"}
    assert {row["no"]: row["lines"] for row in other["ranking"]}["3002"] == []


def test_looking_back_and_asking_what_if_record_nothing(may: Hall) -> None:
    ledger = Ledger(may)
    now = ledger.month(MONTH)
    before, head = tables_of(ledger), may.store.head()
    ledger.month(MONTH, as_of=head.position - 3)
    ledger.month(MONTH, as_of=head.position - 3, policy=read_policy(LENIENT))
    ledger.month(MONTH, policy=read_policy(LENIENT))
    assert (tables_of(ledger), may.store.head(), ledger.month(MONTH)) == (before, head, now)


def test_the_command_line_answers_both(may: Hall, tmp_path: Path) -> None:
    position = may.store.head().position
    withdraw_the_badge(may)
    (tmp_path / "lenient.toml").write_text(LENIENT, encoding="utf-8")
    asked = ["--as-of", str(position), "--policy", str(tmp_path / "lenient.toml")]
    command = [sys.executable, "-c", MANQIN, "--data", str(may.folder.data), "month", MONTH, "--json", *asked]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    told = json.loads(done.stdout)
    assert (told["as_of"]["position"], told["lateness"]) == (position, [])
    assert scores(told)["4002"] == "101.00"


def test_each_month_is_judged_by_the_policy_in_force_on_its_first_day(may: Hall) -> None:
    ledger = Ledger(may)
    before = ledger.month(MONTH)
    do(may, policy.put_in_force, text=LENIENT.replace("effective_from = 2026-01-01", "effective_from = 2026-05-02"))
    assert ledger.month(MONTH)["lateness"] == before["lateness"]
    assert ledger.month("2026-06")["policy"]["sha256"] != before["policy"]["sha256"]
    do(may, policy.put_in_force, text=LENIENT.replace("effective_from = 2026-01-01", "effective_from = 2026-05-01"))
    assert ledger.month(MONTH)["lateness"] == []
    assert ledger.month("2026-04")["policy"]["sha256"] == before["policy"]["sha256"]


def test_a_pin_assigned_a_week_later_counts_for_the_days_it_was_used(may: Hall) -> None:
    ledger = Ledger(may)
    used = [Reading("77", f"2026-05-12 {clock}") for clock in ("08:50:00", "12:05:00")]
    may.receive(judge_all(used, Origin("GATE1", 480, "push", "", datetime.now(UTC))), "terminal:GATE1")
    assert [one["pin"] for one in ledger.unknown_pins()] == ["555", "77"]
    assert [row["no"] for row in ledger.month(MONTH)["lateness"]] == ["1002", "9001"]
    do(may, pins.assign, terminal="GATE1", pin="77", no="1002", start=date(2026, 5, 12), end=date(2026, 5, 12))
    assert [one["pin"] for one in ledger.unknown_pins()] == ["555"]
    assert [row["no"] for row in ledger.month(MONTH)["lateness"]] == ["9001"]
    used_after = [Reading("77", "2026-05-13 08:50:00")]
    may.receive(judge_all(used_after, Origin("GATE1", 480, "push", "", datetime.now(UTC))), "terminal:GATE1")
    question = next(one for one in ledger.month(MONTH)["open_questions"] if one["subject"] == "GATE1/77")
    assert (question["kind"], question["since"]) == ("pin_out_of_dates", "2026-05-13 08:50:00")


def test_a_pin_that_is_somebody_elses_is_no_longer_the_number_it_equals(tmp_path: Path) -> None:
    hall = month_of_may(tmp_path)
    ledger = Ledger(hall)
    assert "4002" not in {row["no"] for row in ledger.month(MONTH)["full_attendance"]}
    do(hall, pins.assign, terminal="GATE1", pin="1001", no="4002")
    full = {row["no"] for row in ledger.month(MONTH)["full_attendance"]}
    assert "1001" not in full  # the days are 4002's now, who then has another's punches
    do(hall, pins.assign, terminal="GATE1", pin="1001", no="1001")
    assert "1001" in {row["no"] for row in ledger.month(MONTH)["full_attendance"]}
    hall.close()
