"""Nothing acknowledged is lost, nothing is torn and no reader skips when processes that append are killed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from killed_writers import faults_of, kill_while_appending, rows_of

from attendance.log.rows import Job, Row, Store


def test_processes_killed_while_appending_lose_nothing_they_acknowledged(store_url: str, tmp_path: Path) -> None:
    report = kill_while_appending(tmp_path / "hall", store_url, rounds=2, seed=20201104)
    assert report.faults == []
    assert report.acknowledged > 0
    assert report.stored >= report.acknowledged * 3


@pytest.mark.parametrize(
    ("spoilt", "fault"),
    [
        (lambda rows: rows[:3], "1 acknowledged jobs are lost, the first b"),
        (lambda rows: rows[:5], "a job is stored in part"),
        (lambda rows: [*rows, rows[-1]], "1 rows are stored twice"),
        (lambda rows: [rows[0]._replace(actor="other"), *rows[1:]], "the chain is broken at 1"),
        (lambda rows: rows[::-1], "the follower saw 6 rows of 6"),
    ],
)
def test_the_harness_notices(spoilt: Callable[[list[Row]], list[Row]], fault: str, store: Store) -> None:
    store.append([Job(rows_of("a"), "t"), Job(rows_of("b"), "t")])
    rows: list[Row] = store.read(0, 10)
    assert list(faults_of(store, rows, rows, ["a", "b"])) == []
    assert fault in list(faults_of(store, spoilt(rows), rows, ["a", "b"]))
