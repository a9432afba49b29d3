"""The log in one SQLite file: the default store."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Self
from uuid import UUID

from attendance.facts import Refused
from attendance.log.chain import genesis, link
from attendance.log.database import connect, sqlite3
from attendance.log.rows import PUNCH, Appended, Head, Job, NewRow, Overtaken, Row, StorageFailed, contiguous

# Rows that are no punches are few and read at every decision: the partial index finds them without passing the punches.
SCHEMA = f"""
CREATE TABLE IF NOT EXISTS meta (hall BLOB NOT NULL, layout INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS rows (
    position INTEGER PRIMARY KEY,
    id BLOB NOT NULL,
    version INTEGER NOT NULL,
    topic TEXT NOT NULL,
    state BLOB NOT NULL,
    recorded_at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    hash BLOB NOT NULL,
    UNIQUE (id, version)
) STRICT;
CREATE INDEX IF NOT EXISTS decisions ON rows (position) WHERE topic <> '{PUNCH}';
"""
LAYOUT = 1
COLUMNS = "position, id, version, topic, state, recorded_at, actor, hash"
INSERT = f"INSERT INTO rows ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id, version) DO NOTHING"  # noqa: S608
END_OF_LOG = 2**63 - 1


class SqliteStore:
    """The rows of one hall in one file. Several threads and several processes may append and read."""

    def __init__(self, path: Path) -> None:
        """Open the log of an existing hall. Raises Refused("no_hall") when the file holds none."""
        self._path = path
        self._writing = Lock()
        self._writer: sqlite3.Connection | None = None
        self._readers: list[sqlite3.Connection] = []
        self.hall = self._known_hall()

    @classmethod
    def found(cls, path: Path, hall: UUID) -> Self:
        """Begin a log. Raises Refused("hall_exists") when the file already holds rows.

        A log without rows was begun by someone who got no further: it is taken over, with the hall it names.
        """
        path.touch(mode=0o600)
        connection = connect(path)
        try:
            connection.execute("BEGIN IMMEDIATE")
            for statement in SCHEMA.split(";\n"):
                connection.execute(statement)
            if connection.execute("SELECT 1 FROM rows").fetchone():
                raise Refused("hall_exists", data=path.parent)
            connection.execute(
                "INSERT INTO meta SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM meta)", (hall.bytes, LAYOUT)
            )
            connection.execute("COMMIT")
        finally:
            connection.close()
        return cls(path)

    def _known_hall(self) -> UUID:
        if not self._path.exists():
            raise Refused("no_hall", data=self._path.parent)
        with self._reading() as connection:
            try:
                (hall,) = connection.execute("SELECT hall FROM meta").fetchone()
            except (sqlite3.OperationalError, TypeError):
                raise Refused("no_hall", data=self._path.parent) from None
        return UUID(bytes=hall)

    def append(self, jobs: Sequence[Job]) -> list[Appended | Exception]:
        with self._writing:
            try:
                return self._commit(jobs)
            except Exception as error:
                self._abandon()
                if _of_the_disk(error):
                    return [StorageFailed(str(error)) for _ in jobs]
                if len(jobs) == 1:
                    return [error]
        # One job holds what cannot be stored at all; alone, it harms nobody else.
        return [outcome for job in jobs for outcome in self.append([job])]

    def _commit(self, jobs: Sequence[Job]) -> list[Appended | Exception]:
        if self._writer is None:
            self._writer = connect(self._path)
        self._writer.execute("BEGIN IMMEDIATE")
        tail = _Tail(self._writer, self.hall)
        outcomes = [tail.take(job) for job in jobs]
        self._writer.execute("COMMIT")
        return outcomes

    def _abandon(self) -> None:
        """Give up the connection with its open transaction: after a failed disk its state is anybody's guess."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    @contextmanager
    def _reading(self) -> "Iterator[sqlite3.Connection]":
        try:
            connection = self._readers.pop()
        except IndexError:
            connection = connect(self._path)
        try:
            yield connection
        finally:
            self._readers.append(connection)

    def _select(self, condition: str, *values: object) -> list[Row]:
        with self._reading() as connection:
            return list(map(Row._make, connection.execute(f"SELECT {COLUMNS} FROM rows WHERE {condition}", values)))  # noqa: S608

    def read(self, after: int, limit: int, upto: int | None = None) -> list[Row]:
        last = END_OF_LOG if upto is None else upto
        rows = self._select("position > ? AND position <= ? ORDER BY position LIMIT ?", after, last, limit)
        return contiguous(rows, after)

    def read_decisions(self, after: int, upto: int | None = None) -> list[Row]:
        last = END_OF_LOG if upto is None else upto
        return self._select(f"topic <> '{PUNCH}' AND position > ? AND position <= ? ORDER BY position", after, last)

    def versions(self, id: bytes) -> list[Row]:
        return self._select("id = ? ORDER BY version", id)

    def head(self) -> Head:
        return self._head("SELECT position, recorded_at FROM rows ORDER BY position DESC LIMIT 1")

    def position_at(self, recorded_at: int) -> Head:
        # recorded_at never decreases with the position, so halving finds the row without an index on the time.
        low, high = 0, self.head().position
        while low < high:
            middle = (low + high + 1) // 2
            if self._recorded_at(middle) <= recorded_at:
                low = middle
            else:
                high = middle - 1
        return Head(low, self._recorded_at(low)) if low else Head(0, 0)

    def _recorded_at(self, position: int) -> int:
        return self._head("SELECT position, recorded_at FROM rows WHERE position = ?", position).recorded_at

    def _head(self, query: str, *values: object) -> Head:
        with self._reading() as connection:
            return Head._make(connection.execute(query, values).fetchone() or (0, 0))

    def close(self) -> None:
        with self._writing:
            self._abandon()
            while self._readers:
                self._readers.pop().close()


def _of_the_disk(error: Exception) -> bool:
    """Whether the file or the disk failed (full, read-only, busy, damaged), and not one job's content."""
    return isinstance(error, sqlite3.OperationalError | OSError) or type(error) is sqlite3.DatabaseError


class _Tail:
    """The end of the log inside one transaction, growing row by row."""

    def __init__(self, connection: "sqlite3.Connection", hall: UUID) -> None:
        self._connection = connection
        newest = connection.execute("SELECT position, hash, recorded_at FROM rows ORDER BY position DESC LIMIT 1")
        position, hash, recorded_at = newest.fetchone() or (0, genesis(hall), 0)
        self.position: int = position
        self.hash: bytes = hash
        self.now = max(time.time_ns() // 1000, recorded_at)
        self._decided: int | None = None

    def take(self, job: Job) -> Appended | Exception:
        if job.since is None and not job.fresh:
            stored = self._insert(job.rows, job.actor)
            return Appended(stored, len(job.rows) - stored, self.position)
        if job.since is not None and self._newest_decision() > job.since:
            return Overtaken()
        return self._insert_fresh(job)

    def _insert(self, rows: Sequence[NewRow], actor: str) -> int:
        """How many of the rows were new."""
        execute, now, before = self._connection.execute, self.now, self.position
        for id, version, topic, state in rows:
            position = self.position + 1
            hash = link(self.hash, position, id, version, topic, now, actor, state)
            if execute(INSERT, (position, id, version, topic, state, now, actor, hash)).rowcount:
                self.position, self.hash = position, hash
                if topic != PUNCH:
                    self._decided = position
        return self.position - before

    def _insert_fresh(self, job: Job) -> Appended | Exception:
        before = self.position, self.hash, self._decided
        self._connection.execute("SAVEPOINT job")
        stored = self._insert(job.rows, job.actor)
        if stored < len(job.rows):
            self._connection.execute("ROLLBACK TO job")
            self.position, self.hash, self._decided = before
        self._connection.execute("RELEASE job")
        return Appended(stored, 0, self.position) if stored == len(job.rows) else Overtaken()

    def _newest_decision(self) -> int:
        if self._decided is None:
            query = f"SELECT max(position) FROM rows WHERE topic <> '{PUNCH}'"  # noqa: S608
            self._decided = int(self._connection.execute(query).fetchone()[0] or 0)
        return self._decided
