"""The processes that look at frames, apart from the server, so that the terminals' door never waits for a face."""

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Lock, Timer
from typing import Self

import msgspec

from attendance.facts import Refused
from devices.face.seen import Change, Seen, Straight, Wanted
from devices.face.worker import Answer, Task, read, write

WAITING_PER_WORKER = 32
"""Frames that may wait for one worker: about a second's worth."""
PATIENCE = 5.0
"""Seconds a frame waits for a worker before its sender is told that all are busy."""
HUNG = 20.0
"""Seconds after which a worker that says nothing is ended."""
STARTING = 60.0
"""Seconds it has for its models: those of dlib are 130 MB, which a cold disk or a busy machine takes its time for."""
TRIES = 2
"""A frame that ends two workers is not given to a third."""
LARGEST_FRAME = 8 * 1024 * 1024

_answer = msgspec.msgpack.Decoder(Answer).decode


class Worker:
    """One process, started at its first use and again after it died."""

    def __init__(self, engine: str) -> None:
        self._engine = engine
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Run, if it does not. Raises Refused("faces_unavailable") where the engine cannot be used."""
        if self._process is not None and self._process.poll() is None:
            return
        self.close()
        paths = os.pathsep.join(path for path in sys.path if path)
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "devices.face.worker", self._engine],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": paths},
        )
        try:
            fault = self._heard(STARTING).fault
        except EOFError:
            fault = "worker"
        if fault:
            self.close()
            raise Refused("faces_unavailable", reason=fault)

    def ask(self, task: Task) -> Answer:
        """Raises EOFError when the process died over it."""
        self.start()
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            write(self._process.stdin, task)
        except OSError as error:
            raise EOFError from error
        return self._heard(HUNG)

    def _heard(self, patience: float) -> Answer:
        assert self._process is not None
        assert self._process.stdout is not None
        hung = Timer(patience, self._process.kill)
        hung.start()
        try:
            return _answer(read(self._process.stdout))
        finally:
            hung.cancel()

    def close(self) -> None:
        if self._process is None:
            return
        process, self._process = self._process, None
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(BrokenPipeError):
                    stream.close()
        # Its input has ended, so it ends; one that hangs in a model does not.
        try:
            process.wait(timeout=1.0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Workers:
    """Several processes and one bounded queue before them. Safe to use from any thread."""

    def __init__(self, engine: str, count: int) -> None:
        self.engine = engine
        self._all = [Worker(engine) for _ in range(count)]
        self._idle: SimpleQueue[Worker] = SimpleQueue()
        for worker in self._all:
            self._idle.put(worker)
        self._threads = ThreadPoolExecutor(max_workers=count, thread_name_prefix="faces")
        self._lock = Lock()
        self._waiting = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pids(self) -> list[int]:
        """Of the workers that run."""
        return [pid for worker in self._all if (pid := worker.pid) is not None]

    def warm(self) -> None:
        """Start those that do not run. Raises Refused("faces_unavailable")."""
        held = []
        try:
            while True:
                held.append(self._idle.get_nowait())
        except Empty:
            list(self._threads.map(Worker.start, held))
        finally:
            for worker in held:
                self._idle.put(worker)

    def examine(self, jpegs: Sequence[bytes], wanted: Wanted) -> list[Seen]:
        """Every frame looked at, in order. Raises Refused("faces_busy"), or ("faces_unavailable")."""
        answers = self._ask_all([Task(jpeg, wanted) for jpeg in jpegs])
        return [answer.seen for answer in answers if answer.seen is not None]

    def compare(self, faces: Sequence[Straight]) -> list[Change]:
        """See `lids.changes`. Raises as `examine` does."""
        return list(self._ask_all([Task(faces=tuple(faces))])[0].changes)

    def _ask_all(self, tasks: Sequence[Task]) -> list[Answer]:
        with self._lock:
            if self._waiting + len(tasks) > WAITING_PER_WORKER * len(self._all):
                raise Refused("faces_busy")
            self._waiting += len(tasks)
        try:
            return [self._ask(tasks[0])] if len(tasks) == 1 else list(self._threads.map(self._ask, tasks))
        finally:
            with self._lock:
                self._waiting -= len(tasks)

    def _ask(self, task: Task) -> Answer:
        if len(task.jpeg) > LARGEST_FRAME:
            task = task._replace(jpeg=b"")
        try:
            worker = self._idle.get(timeout=PATIENCE)
        except Empty:
            raise Refused("faces_busy") from None
        try:
            return _asked(worker, task)
        finally:
            self._idle.put(worker)

    def close(self) -> None:
        self._threads.shutdown()
        for worker in self._all:
            worker.close()


def _asked(worker: Worker, task: Task) -> Answer:
    for _ in range(TRIES):
        try:
            return worker.ask(task)
        except EOFError:
            worker.close()
    raise Refused("faces_busy")
