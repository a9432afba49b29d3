"""Group commit: one thread stores together whatever came while it was storing the batch before."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from threading import Condition, Thread
from typing import NamedTuple

from attendance.log.rows import Appended, Job, StorageFailed, Store

MAX_ROWS = 20_000
MAX_BYTES = 16 << 20

Outcome = Appended | Exception


class _Waiting(NamedTuple):
    job: Job
    future: "Future[Appended] | asyncio.Future[Appended]"
    loop: asyncio.AbstractEventLoop | None


class Writer:
    """The one thread of this process that appends. Nothing is acknowledged before its batch is durable."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._queue: deque[_Waiting] = deque()
        self._changed = Condition()
        self._closing = False
        self._thread = Thread(target=self._run, name="log-writer", daemon=True)
        self._thread.start()

    def submit(self, job: Job) -> "Future[Appended]":
        """Queue a job; the future is done when its rows are durable, or fails with Overtaken or StorageFailed."""
        future: Future[Appended] = Future()
        self._put(_Waiting(job, future, None))
        return future

    def append(self, job: Job) -> Appended:
        """Store a job and wait until it is durable. Raises Overtaken or StorageFailed."""
        return self.submit(job).result()

    async def appended(self, job: Job) -> Appended:
        """`append` for a coroutine: a whole batch wakes its event loop once."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Appended] = loop.create_future()
        self._put(_Waiting(job, future, loop))
        return await future

    def close(self) -> None:
        """Store what is queued, then stop. Jobs that come later fail with StorageFailed."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()

    def _put(self, waiting: _Waiting) -> None:
        with self._changed:
            if self._closing:
                raise StorageFailed("the log is closed")
            self._queue.append(waiting)
            if len(self._queue) == 1:
                self._changed.notify()

    def _run(self) -> None:
        while batch := self._next_batch():
            claimed = [waiting for waiting in batch if _claim(waiting)]
            _answer(claimed, self._store_batch([waiting.job for waiting in claimed]))

    def _next_batch(self) -> list[_Waiting]:
        """What is queued, up to the bounds; waits for something. Empty when closed and drained."""
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._closing)
            batch, rows, size = [], 0, 0
            while self._queue and rows < MAX_ROWS and size < MAX_BYTES:
                waiting = self._queue.popleft()
                batch.append(waiting)
                rows += len(waiting.job.rows)
                size += sum(len(row.state) for row in waiting.job.rows)
            return batch

    def _store_batch(self, jobs: Sequence[Job]) -> Sequence[Outcome]:
        try:
            return self._store.append(jobs)
        except Exception as error:
            # A store answers for each job itself; should one break, its callers must still hear of it.
            return [error] * len(jobs)


def _claim(waiting: _Waiting) -> bool:
    """Whether the job is still wanted. A thread's future cannot be cancelled from here on."""
    return not isinstance(waiting.future, Future) or waiting.future.set_running_or_notify_cancel()


def _answer(batch: Sequence[_Waiting], outcomes: Sequence[Outcome]) -> None:
    """Settle every future of a batch, those of one event loop in one call to it."""
    by_loop: dict[asyncio.AbstractEventLoop | None, list[Callable[[], None]]] = {}
    for waiting, outcome in zip(batch, outcomes, strict=True):
        by_loop.setdefault(waiting.loop, []).append(_settling(waiting.future, outcome))
    for loop, calls in by_loop.items():
        if loop is None:
            _call_all(calls)
        else:
            # A loop that has ended has nobody waiting; its rows are stored all the same.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(_call_all, calls)


def _settling(future: "Future[Appended] | asyncio.Future[Appended]", outcome: Outcome) -> Callable[[], None]:
    def settle() -> None:
        if future.cancelled():
            return
        if isinstance(outcome, Exception):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)

    return settle


def _call_all(calls: Iterable[Callable[[], None]]) -> None:
    for call in calls:
        call()
