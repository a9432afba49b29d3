"""Group commit."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest
from log_rows import decided, decision, punch, readings

from attendance.log import writer as writer_module
from attendance.log.files import Folder
from attendance.log.rows import Appended, Job, Overtaken, StorageFailed
from attendance.log.sqlite import SqliteStore
from attendance.log.store import open_store
from attendance.log.writer import Writer


class HeldStore(SqliteStore):
    """A real store that commits a batch only when let, and remembers how large each batch was."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.may_commit = threading.Event()
        self.asked = threading.Event()
        self.batches: list[int] = []

    def append(self, jobs: Sequence[Job]) -> list[Appended | Exception]:
        self.asked.set()
        assert self.may_commit.wait(10)
        self.batches.append(len(jobs))
        return super().append(jobs)


@pytest.fixture
def held(tmp_path: Path) -> Iterator[HeldStore]:
    store = HeldStore.found(tmp_path / "log.db", uuid4())
    yield store
    store.close()


@pytest.fixture
def writer(held: HeldStore) -> Iterator[Writer]:
    writer = Writer(held)
    yield writer
    held.may_commit.set()
    writer.close()


def test_nothing_is_acknowledged_before_the_commit(held: HeldStore, writer: Writer) -> None:
    future = writer.submit(readings(punch("a")))
    assert held.asked.wait(10)
    assert not future.done()
    held.may_commit.set()
    assert future.result(10) == Appended(1, 0, 1)
    assert held.head().position == 1


def test_what_came_during_a_commit_is_stored_by_the_next(held: HeldStore, writer: Writer) -> None:
    first = writer.submit(readings(punch("a")))
    assert held.asked.wait(10)
    rest = [writer.submit(readings(punch(f"p{number}"))) for number in range(40)]
    held.may_commit.set()
    assert [future.result(10).head for future in [first, *rest]] == list(range(1, 42))
    assert held.batches == [1, 40]


@pytest.mark.parametrize(("bound", "value"), [("MAX_ROWS", 10), ("MAX_BYTES", 10 * len(punch("a").state))])
def test_a_batch_is_bounded(
    bound: str, value: int, held: HeldStore, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, bound, value)
    first = writer.submit(readings(punch("a")))
    assert held.asked.wait(10)
    rest = [writer.submit(readings(punch(f"p{number}"))) for number in range(25)]
    held.may_commit.set()
    assert [future.result(10).stored for future in [first, *rest]] == [1] * 26
    assert held.batches == [1, 10, 10, 5]


def test_a_job_larger_than_the_bound_goes_alone(
    held: HeldStore, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "MAX_ROWS", 3)
    held.may_commit.set()
    assert writer.append(readings(*(punch(f"p{number}") for number in range(10)))) == Appended(10, 0, 10)


def test_a_refused_decision_fails_its_own_caller_alone(held: HeldStore, writer: Writer) -> None:
    writer.submit(readings(punch("a")))
    assert held.asked.wait(10)
    winner = writer.submit(decided(decision("w"), since=0))
    loser = writer.submit(decided(decision("l"), since=0))
    reading = writer.submit(readings(punch("b")))
    held.may_commit.set()
    assert winner.result(10).stored == reading.result(10).stored == 1
    with pytest.raises(Overtaken):
        loser.result(10)


def test_a_caller_who_gave_up_hurts_nobody(held: HeldStore, writer: Writer) -> None:
    writer.submit(readings(punch("a")))
    assert held.asked.wait(10)
    dropped, kept = writer.submit(readings(punch("b"))), writer.submit(readings(punch("c")))
    assert dropped.cancel()
    held.may_commit.set()
    assert kept.result(10).head == 2
    assert held.versions(punch("b").id) == []


def test_closing_stores_what_is_queued_and_takes_no_more(held: HeldStore) -> None:
    writer = Writer(held)
    first = writer.submit(readings(punch("a")))
    assert held.asked.wait(10)
    second = writer.submit(readings(punch("b")))
    closing = threading.Thread(target=writer.close)
    closing.start()
    held.may_commit.set()
    closing.join(10)
    assert (first.result(0).head, second.result(0).head) == (1, 2)
    with pytest.raises(StorageFailed):
        writer.submit(readings(punch("c")))


def test_one_event_loop_is_woken_once_for_a_whole_batch(held: HeldStore, writer: Writer) -> None:
    async def clients() -> tuple[list[Appended], int]:
        loop, wakes = asyncio.get_running_loop(), 0
        wake = loop.call_soon_threadsafe

        def counted(*call: object) -> asyncio.Handle:
            nonlocal wakes
            wakes += 1
            return wake(*call)  # type: ignore[arg-type]

        loop.call_soon_threadsafe = counted  # type: ignore[method-assign, assignment]
        waiting = [asyncio.create_task(writer.appended(readings(punch(f"p{number}")))) for number in range(50)]
        await asyncio.sleep(0)
        held.may_commit.set()
        return await asyncio.gather(*waiting), wakes

    outcomes, wakes = asyncio.run(clients())
    assert [outcome.stored for outcome in outcomes] == [1] * 50
    assert wakes == len(held.batches) <= 2


def test_coroutines_get_their_own_failures_and_a_cancelled_one_is_left_alone(held: HeldStore, writer: Writer) -> None:
    async def clients() -> list[object]:
        first = asyncio.create_task(writer.appended(decided(decision("a"), since=0)))
        second = asyncio.create_task(writer.appended(decided(decision("b"), since=0)))
        third = asyncio.create_task(writer.appended(readings(punch("c"))))
        await asyncio.sleep(0)
        third.cancel()
        held.may_commit.set()
        return list(await asyncio.gather(first, second, third, return_exceptions=True))

    first, second, third = asyncio.run(clients())
    assert isinstance(first, Appended)
    assert isinstance(second, Overtaken)
    assert isinstance(third, asyncio.CancelledError)


def test_an_event_loop_that_ended_meanwhile_does_not_stop_the_writer(held: HeldStore, writer: Writer) -> None:
    async def leave_early() -> None:
        asyncio.create_task(writer.appended(readings(punch("a"))))  # noqa: RUF006
        await asyncio.sleep(0)

    asyncio.run(leave_early())
    held.may_commit.set()
    assert writer.append(readings(punch("b"))).stored == 1


def test_a_store_that_breaks_is_told_to_every_caller_and_the_writer_lives_on(
    held: HeldStore, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    held.may_commit.set()

    def broken(jobs: object) -> list[Appended | Exception]:
        raise RuntimeError("broken")

    monkeypatch.setattr(held, "append", broken)
    with pytest.raises(RuntimeError, match="broken"):
        writer.append(readings(punch("a")))
    monkeypatch.undo()
    assert writer.append(readings(punch("a"))).stored == 1


def _append_each(store_url: str, folder: Path, names: Sequence[str]) -> list["Future[Appended]"]:
    store = open_store(Folder(folder), store_url)
    writer = Writer(store)
    futures = [writer.submit(readings(punch(name))) for name in names]
    writer.close()
    store.close()
    return futures


def test_several_writers_on_one_log_store_every_row_once(store_url: str, tmp_path: Path) -> None:
    store = open_store(Folder(tmp_path / "hall"), store_url, found=uuid4())
    names = [f"p{number}" for number in range(300)]
    with ThreadPoolExecutor(4) as pool:
        turns = [pool.submit(_append_each, store_url, tmp_path / "hall", names[start:]) for start in (0, 100, 200, 0)]
        outcomes = [future.result() for turn in turns for future in turn.result()]
    assert sum(outcome.stored for outcome in outcomes) == len(names)
    assert sum(outcome.repeated for outcome in outcomes) == 600
    assert {row.id for row in store.read(0, 1000)} == {punch(name).id for name in names}
    store.close()
