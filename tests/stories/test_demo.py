"""The demo hall, started as a newcomer starts it."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from ssl import SSLContext, create_default_context
from typing import Any, NamedTuple

import httpx
import pytest

from api.certificates import Identity
from api.demo.acting import months_since
from api.demo.opening import open_demo
from api.demo.sheets import demo_month, placeholders
from api.identity import AUTHORITY
from attendance.facts import Refused
from attendance.hall import Hall
from attendance.log.files import keys_beside
from projections.ledger import Ledger

HOME = Path(__file__).parents[2]
PATIENCE = 60


class Demo(NamedTuple):
    """A demo hall that is open."""

    address: str
    password: str
    month: str
    trust: SSLContext

    def ask(self, path: str) -> Any:
        return (
            httpx.get(f"{self.address}{path}", auth=("office", self.password), timeout=PATIENCE, verify=self.trust)
            .raise_for_status()
            .json()
        )


@contextmanager
def started(folder: Path) -> Iterator[Demo]:
    """`manqin demo` in a process of its own; ends with Ctrl-C and must end well."""
    command = [sys.executable, "-c", "from api.cli import main; main()", "demo", "--data", str(folder), "--port", "0"]
    environment = os.environ | {"PYTHONPATH": str(HOME), "MANQIN_LANG": "en"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=folder.parent, env=environment) as process:
        try:
            yield read_start(process, folder)
            process.send_signal(signal.SIGINT)
            assert process.wait(PATIENCE) == 0
        finally:
            process.kill()


def trusting(folder: Path) -> SSLContext:
    """Trusts the demo hall's own authority."""
    return create_default_context(cadata=Identity.read((keys_beside(folder) / AUTHORITY).read_bytes()).shown())


def read_start(process: "subprocess.Popen[str]", folder: Path) -> Demo:
    """What the start prints, up to the month's address."""
    assert process.stderr is not None
    said = ""
    for line in process.stderr:
        said += line
        if ready := re.search(r"ready: (https://\S+)/months/(\S+)", line):
            password = re.search(r"name office, password (\S+)", said)
            assert password, said
            return Demo(ready[1], password[1], ready[2], trusting(folder))
    raise AssertionError(said)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "hall"


@pytest.fixture(scope="module")
def shown(folder: Path) -> dict[str, Any]:
    """The month that the first start shows, and the hall's terminals and day sheets with it."""
    with started(folder) as demo:
        body: dict[str, Any] = demo.ask(f"/api/v1/months/{demo.month}")
        return body | {"days": demo.ask(f"/api/v1/months/{demo.month}/days")}


def numbers(rows: list[dict[str, Any]]) -> list[str]:
    return [row["no"] for row in rows]


def test_a_dozen_people_or_more_keep_full_attendance_and_the_rest_are_told_why_not(shown: dict[str, Any]) -> None:
    assert len(shown["full_attendance"]) >= 12
    assert {"1003", "1009", "1013"} <= {row["no"] for row in shown["off_the_list"]}
    assert len(shown["full_attendance"]) + len(shown["off_the_list"]) == 40


def test_the_relief_is_late_on_three_dates_and_the_regular_answers_for_it(shown: dict[str, Any]) -> None:
    late = [(row["minutes"], row["relief_for"]) for row in shown["lateness"] if row["no"] == "9001"]
    assert late == [(5, "1017"), (8, "1017"), (11, "1017")]
    regular = next(row for row in shown["ranking"] if row["no"] == "1017")
    assert [line["points"] for line in regular["lines"] if line["rule"] == "late"] == ["1", "1", "2"]


def test_two_people_share_a_rank_and_the_next_one_is_skipped(shown: dict[str, Any]) -> None:
    ranks = [row["rank"] for row in shown["ranking"]]
    assert next(row for row in shown["ranking"] if row["no"] == "1039")["rank"] == 5
    assert ranks[4:7] == [5, 5, 7]


def test_somebody_who_punched_in_was_not_at_the_window(shown: dict[str, Any]) -> None:
    seen = next(row for row in shown["findings"] if row["no"] == "1024")
    day = next(row for row in shown["days"] if row["no"] == "1024" and row["date"] == seen["seen_at"][:10])
    assert [session["symbol"] for session in day["sessions"]] == ["√", "√"]
    assert seen["code"] == "absent"


def test_the_adjusted_workday_is_a_workday(shown: dict[str, Any]) -> None:
    adjusted = placeholders(shown["month"])["adjusted"]
    assert adjusted in shown["workdays"]
    assert any(row["date"] == adjusted and row["no"] == "1037" for row in shown["lateness"])


def test_what_nobody_can_judge_is_an_open_question(shown: dict[str, Any]) -> None:
    assert {row["kind"] for row in shown["open_questions"]} >= {"unknown_pin", "quarantined", "terminal_waiting"}


def test_the_vetoed_score_is_capped_and_takes_no_prize(shown: dict[str, Any]) -> None:
    assert next(row for row in shown["ranking"] if row["no"] == "1028")["score"] == "60.00"
    assert "1028" not in {row["winner"] for row in shown["prizes"]}


def test_starting_again_adds_nothing_to_the_month_and_lets_in_with_a_new_password(
    folder: Path, shown: dict[str, Any]
) -> None:
    with started(folder) as demo:
        again = demo.ask(f"/api/v1/months/{demo.month}")
    del again["as_of"]
    assert again == {part: shown[part] for part in again}


def test_the_hall_goes_on_after_the_month_and_no_terminal_is_silent(folder: Path, shown: dict[str, Any]) -> None:
    hall = Hall.open(folder)
    try:
        later = months_since(shown["month"], datetime.now(UTC))[0]
        kinds = {row["kind"] for row in Ledger(hall).completeness(later)}
    finally:
        hall.close()
    assert "terminal_silent" not in kinds


def test_the_demo_does_not_write_into_another_hall(tmp_path: Path) -> None:
    (tmp_path / "log.db").touch()
    with pytest.raises(Refused, match="not_a_demo"):
        open_demo(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["log.db"]


@pytest.mark.parametrize(
    ("now", "months"),
    [
        (datetime(2026, 11, 2, 9), ["2026-11"]),
        (datetime(2026, 12, 31, 9), ["2026-11", "2026-12"]),
        (datetime(2027, 3, 1), ["2027-02", "2027-03"]),
    ],
)
def test_the_hall_goes_on_up_to_the_present_month(now: datetime, months: list[str]) -> None:
    assert months_since("2026-10", now) == months


@pytest.mark.parametrize(
    ("today", "month"),
    [(date(2026, 10, 31), "2026-09"), (date(2026, 11, 1), "2026-10")],
)
def test_the_demo_shows_the_newest_finished_month_with_an_adjusted_workday(today: date, month: str) -> None:
    assert demo_month(today) == month
