"""The board of jobs: each at its time, none twice at once, and what came of it stays to be read."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from threading import Event, Thread

import pytest

from api.jobs.board import FOLDER, Board
from api.jobs.job import Every, House, Job, Nightly
from api.jobs.list import JOBS
from api.jobs.records import Records
from api.jobs.words import result_text, when_text
from api.settings import Settings
from api.text import LANGUAGES, catalogue
from attendance.facts import Refused
from attendance.hall import Hall
from projections.ledger import Ledger


@pytest.fixture
def house(empty_hall: Hall) -> House:
    return House(empty_hall, Ledger(empty_hall), Settings(data=empty_hall.folder.data), Event())


def fails(_: House) -> dict[str, int]:
    raise OSError("the disk is full")


def refused(_: House) -> dict[str, int]:
    raise Refused("terminal_unknown", "sn", sn="A001")


def until(wanted: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not wanted():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.01)


@pytest.fixture
def started(house: House) -> Iterator[Callable[..., Board]]:
    boards: list[Board] = []

    def start(*jobs: Job, now: datetime | None = None) -> Board:
        boards.append(Board(house, jobs))
        boards[-1].start(now)
        return boards[-1]

    yield start
    for board in boards:
        board.stop()


def test_a_job_that_fails_is_shown_and_keeps_no_other_from_running(house: House, caplog: pytest.LogCaptureFixture):
    board = Board(house, [Job("broken", Every(1), fails), Job("key_backup", Every(1), lambda _: {"file": "k.db"})])
    for name in ("broken", "broken", "key_backup"):
        board.run(name)
    broken, good = board.standings()
    assert broken.record is not None and good.record is not None
    assert (broken.record.outcome, broken.record.failures, broken.record.done_at) == ("failed", 2, None)
    assert "the disk is full" in result_text("broken", broken.record, "zh", running=False)
    assert (good.record.outcome, good.record.failures, good.record.said) == ("done", 0, {"file": "k.db"})
    assert "the job broken failed" in caplog.text


def test_what_the_hall_refuses_is_told_as_its_sentence(house: House):
    board = Board(house, [Job("asks", Every(1), refused)])
    board.run("asks")
    told = result_text("asks", board.standings()[0].record, "zh", running=False)
    assert "A001" in told and "refused." not in told


def test_a_success_is_remembered_past_the_failures_after_it(house: House):
    answers: Iterator[Callable[[House], dict[str, int]]] = iter([lambda _: {}, fails])
    board = Board(house, [Job("moody", Every(1), lambda at: next(answers)(at))])
    board.run("moody")
    first = board.standings()[0].record
    board.run("moody")
    after = Board(house, [Job("moody", Every(1), fails)]).standings()[0].record
    assert first is not None and after is not None
    assert (after.outcome, after.done_at) == ("failed", first.done_at)


def test_a_job_is_never_run_twice_at_once(house: House):
    begun, go_on = Event(), Event()

    def long(_: House) -> dict[str, int]:
        begun.set()
        assert go_on.wait(10)
        return {}

    board = Board(house, [Job("long", Every(1), long)])
    first = Thread(target=board.run, args=["long"])
    first.start()
    assert begun.wait(10)
    assert board.standings()[0].running
    assert Board(house, [Job("long", Every(1), fails)]).run("long") is None
    go_on.set()
    first.join()
    assert not board.standings()[0].running


def hold(folder: str, name: str) -> None:
    """Take the mark of a job and die with it."""
    with Records(Path(folder)).alone(name) as mine:
        print("held" if mine else "free", flush=True)
        time.sleep(60)


def test_the_mark_of_another_process_holds_and_goes_with_it(tmp_path: Path):
    process = get_context("spawn").Process(target=hold, args=(str(tmp_path), "pull"))
    records = Records(tmp_path)
    process.start()
    try:
        until(lambda: records.is_running("pull"))
        with records.alone("pull", patience=0) as mine:
            assert not mine
    finally:
        process.kill()
        process.join()
    process.close()
    with records.alone("pull") as mine:
        assert mine


def test_a_run_that_died_with_its_server_is_told_as_broken_off(house: House):
    records = Records(house.hall.folder.data / FOLDER)
    records.began("key_backup", datetime.now(UTC))
    (standing,) = Board(house, JOBS[:1]).standings()
    assert not standing.running
    assert result_text("key_backup", standing.record, "en", running=False).startswith("The server stopped half way")


def test_what_fell_due_while_the_server_was_off_is_made_up_for_soon(started: Callable[..., Board], house: House):
    now = datetime.now(UTC)
    Board(house, [Job("fresh", Nightly(2), lambda _: {})]).run("fresh")
    board = started(Job("fresh", Nightly(2), lambda _: {}), Job("never", Nightly(2), lambda _: {}), now=now)
    fresh, never = board.standings()
    assert never.next_at is not None and never.next_at - now <= timedelta(minutes=1)
    assert fresh.next_at is not None and fresh.next_at.hour == 2


def test_night_is_the_halls_night_whatever_the_machines_clock_says(started: Callable[..., Board]):
    nights = Job("nights", Nightly(2, 30), lambda _: {})
    started(nights).run("nights")
    (standing,) = started(nights).standings()
    assert standing.next_at is not None
    assert f"{standing.next_at.astimezone(UTC):%H:%M}" == "18:30"


def test_a_person_can_have_a_job_done_at_once(started: Callable[..., Board]):
    done = Event()
    board = started(Job("wanted", Nightly(2), lambda _: done.set() or {}))
    board.run_soon("wanted")
    assert done.wait(10)
    with pytest.raises(Refused, match="job_unknown"):
        board.run_soon("nobody")


def test_every_job_has_its_words_in_both_languages():
    for language in LANGUAGES:
        sentences = catalogue(language)
        assert {f"job.{job.name}.{part}" for job in JOBS for part in ("title", "what", "done")} <= set(sentences)
        assert all(when_text(job.when, language) for job in JOBS)
    assert len({job.name for job in JOBS}) == len(JOBS)
