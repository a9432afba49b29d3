"""Processes that append to one log and are killed at any moment, and what must be true of the log afterwards.

`scripts/crash` runs it for long: python killed_writers.py --rounds 200 [--store URL]
"""

import argparse
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid4, uuid5

from attendance.log.chain import genesis, link
from attendance.log.files import Folder
from attendance.log.rows import Job, NewRow, Row, Store
from attendance.log.store import open_store
from attendance.log.writer import Writer

CLIENTS = 8
ROWS_PER_JOB = 3
WRITERS = 2


class Report(NamedTuple):
    """What a run saw; `faults` says what must not be."""

    kills: int
    acknowledged: int
    stored: int
    faults: list[str]


def rows_of(job: str) -> list[NewRow]:
    return [
        NewRow(uuid5(NAMESPACE_URL, f"{job}/{number}").bytes, 1, "punch", f'{{"job":"{job}"}}'.encode())
        for number in range(ROWS_PER_JOB)
    ]


def append_until_killed(folder: Path, url: str, name: str) -> None:
    """Append from several threads for ever; one line on stdout for each job whose rows are durable."""
    writer = Writer(open_store(Folder(folder), url))

    def client(number: int) -> None:
        for turn in range(10**9):
            job = f"{name}-{number}-{turn}"
            writer.append(Job(rows_of(job), "terminal:MQT0001"))
            sys.stdout.write(f"{job}\n")
            sys.stdout.flush()

    for number in range(CLIENTS):
        Thread(target=client, args=(number,)).start()


class KilledWriter:
    """A process that appends, and what it told of before it was killed."""

    def __init__(self, folder: Path, url: str, name: str) -> None:
        command = [sys.executable, __file__, "--append", str(folder), url, name]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.told: list[str] = []
        self._listening = Thread(target=self._listen)
        self._listening.start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        # A line that the kill cut short was told to nobody.
        self.told.extend(line.strip() for line in self._process.stdout if line.endswith("\n"))

    def kill(self) -> list[str]:
        self._process.kill()
        self._process.wait(30)
        self._listening.join(30)
        assert self._process.stdout is not None
        self._process.stdout.close()
        return self.told


@contextmanager
def following(store: Store, seen: list[Row]) -> Iterator[None]:
    """Meanwhile, read the log as it grows."""
    ended = Event()

    def follow() -> None:
        while True:
            last_turn = ended.is_set()
            rows = store.read(len(seen), 1000)
            seen.extend(rows)
            if last_turn and not rows:
                return
            time.sleep(0.001)

    follower = Thread(target=follow)
    follower.start()
    try:
        yield
    finally:
        ended.set()
        follower.join()


def kill_while_appending(folder: Path, url: str, rounds: int, seed: int) -> Report:
    """Let several processes append at once and kill them at random moments, round after round."""
    chance = random.Random(seed)
    store = open_store(Folder(folder), url, found=uuid4())
    acknowledged: list[str] = []
    seen: list[Row] = []
    with following(store, seen):
        for number in range(rounds):
            writers = [KilledWriter(folder, url, f"{number}-{writer}") for writer in range(WRITERS)]
            before = store.head().position
            while store.head().position == before:
                time.sleep(0.01)
            time.sleep(chance.uniform(0, 0.4))
            for writer in writers:
                acknowledged += writer.kill()
    stored = store.read(0, 10**9)
    faults = list(faults_of(store, stored, seen, acknowledged))
    store.close()
    return Report(rounds * WRITERS, len(acknowledged), len(stored), faults)


def faults_of(store: Store, stored: list[Row], seen: list[Row], acknowledged: list[str]) -> Iterator[str]:
    """What is wrong with a log whose rows are `stored`, a follower having `seen` them."""
    ids = {row.id for row in stored}
    if len(ids) < len(stored):
        yield f"{len(stored) - len(ids)} rows are stored twice"
    if seen != stored:
        yield f"the follower saw {len(seen)} rows of {len(stored)}"
    lost = [job for job in acknowledged if not ids.issuperset(row.id for row in rows_of(job))]
    if lost:
        yield f"{len(lost)} acknowledged jobs are lost, the first {lost[0]}"
    jobs = {row.state for row in stored}
    if len(jobs) * ROWS_PER_JOB != len(stored):
        yield "a job is stored in part"
    previous = genesis(store.hall)
    for position, id, version, topic, state, recorded_at, actor, hash in stored:
        if hash != link(previous, position, id, version, topic, recorded_at, actor, state):
            yield f"the chain is broken at {position}"
            return
        previous = hash


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--store", default="sqlite")
    parser.add_argument("--seed", type=int, default=None, help="for the same moments again")
    parser.add_argument("--append", nargs=3, metavar=("FOLDER", "URL", "NAME"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.append:
        append_until_killed(Path(given.append[0]), *given.append[1:])
        return 0
    seed = random.randrange(2**32) if given.seed is None else given.seed
    with TemporaryDirectory() as folder:
        report = kill_while_appending(Path(folder) / "hall", given.store, given.rounds, seed)
    acknowledged = report.acknowledged * ROWS_PER_JOB
    print(f"{report.kills} kills, {acknowledged} rows acknowledged, {report.stored} stored, seed {seed}")
    print("\n".join(report.faults) or "nothing lost, nothing torn, nothing skipped")
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
