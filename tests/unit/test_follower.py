"""The thread that follows the log: it goes on after failures, and says when it is behind."""

import logging
import time
from collections.abc import Iterator

import pytest

from api import follower as module
from api.follower import Follower
from attendance.hall import Hall
from projections.ledger import Ledger


@pytest.fixture
def ledger(hall: Hall) -> Ledger:
    return Ledger(hall)


@pytest.fixture
def follower(ledger: Ledger) -> Iterator[Follower]:
    started = Follower(ledger, 0.01)
    started.start()
    yield started
    started.stop()


def wait_until(holds: object, seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:  # type: ignore[operator]
        time.sleep(0.005)
    assert holds()  # type: ignore[operator]


def test_it_catches_up_by_itself(follower: Follower, ledger: Ledger, hall: Hall):
    wait_until(lambda: ledger.position == hall.store.head().position)
    assert not follower.is_behind()


def test_tables_that_cannot_be_written_are_tried_again_until_they_can(
    ledger: Ledger, hall: Hall, caplog: pytest.LogCaptureFixture
):
    ledger.path.parent.joinpath("projections.db").unlink(missing_ok=True)
    ledger.path.mkdir()
    started = Follower(ledger, 0.01)
    with caplog.at_level(logging.CRITICAL, "manqin"):
        started.start()
        wait_until(lambda: started.failures >= 2)
        ledger.path.rmdir()
        wait_until(lambda: started.failures == 0 and ledger.position == hall.store.head().position)
    started.stop()


def test_it_counts_as_behind_when_it_has_not_caught_up_for_a_while(follower: Follower, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "PATIENCE", -1.0)
    assert follower.is_behind()


def test_it_counts_as_behind_when_its_thread_is_gone(ledger: Ledger):
    stopped = Follower(ledger, 0.01)
    stopped.start()
    stopped.stop()
    assert stopped.is_behind()
