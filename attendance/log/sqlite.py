"""The log in one SQLite file: the default store."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Self, TypeVar
from uuid import UUID

from attendance.facts import Refused
from attendance.log.appender import Appender, Outcomes
from attendance.log.database import connect, sqlite3, storage, transaction
from attendance.log.lease import Connections
from attendance.log.reader import COLUMNS
from attendance.log.rows import PUNCH, Job
from attendance.log.tail import Key, Tail, asks_for_decisions, keys_of

T = TypeVar("T")

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
NEWEST_DECISION = f"SELECT max(position) FROM rows WHERE topic <> '{PUNCH}'"  # noqa: S608
# Every step of a statement lets go of Python's lock, and a busy thread then keeps it for 5 ms: beside such a thread one
# statement per row took 6 ms a row, one per 64 rows 0.03 ms. So many rows go in, and are looked up, with one step.
CHUNK = 64


class SqliteStore(Appender):
    """The rows of one hall in one file. Several threads and several processes may append and read."""

    def __init__(self, path: Path) -> None:
        """Open the log of an existing hall. Raises Refused("no_hall") when the file holds none."""
        super().__init__()
        self._path = path
        self._writer: sqlite3.Connection | None = None
        self._readers = Connections(lambda: connect(path))
        self.hall = self._known_hall()

    @classmethod
    def found(cls, path: Path, hall: UUID) -> Self:
        """Begin a log. Raises Refused("hall_exists") when the file already holds rows.

        A log without rows was begun by someone who got no further: it is taken over, with the hall it names.
        """
        with storage():
            path.touch(mode=0o600)
            connection = connect(path)
            try:
                with transaction(connection):
                    _begin_log(connection, path, hall)
            finally:
                connection.close()
        return cls(path)

    def _known_hall(self) -> UUID:
        if not self._path.exists():
            raise Refused("no_hall", data=self._path.parent)
        with storage(), self._readers.lease() as connection:
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
                raise Refused("no_hall", data=self._path.parent)
            return UUID(bytes=connection.execute("SELECT hall FROM meta").fetchone()[0])

    def _commit(self, jobs: Sequence[Job]) -> Outcomes:
        """Store the jobs as if all were new, which nearly all are; when one is not, look up what the log has."""
        with transaction(self._connected()) as connection:
            with suppress(sqlite3.IntegrityError), transaction(connection, "rows"):
                return self._insert(connection, jobs, set())
            return self._insert(connection, jobs, _known(connection, keys_of(jobs)))

    def _connected(self) -> "sqlite3.Connection":
        if self._writer is None:
            self._writer = connect(self._path)
        return self._writer

    def _insert(self, connection: "sqlite3.Connection", jobs: Sequence[Job], known: set[Key]) -> Outcomes:
        newest = connection.execute("SELECT position, hash, recorded_at FROM rows ORDER BY position DESC LIMIT 1")
        decided = connection.execute(NEWEST_DECISION).fetchone()[0] if asks_for_decisions(jobs) else None
        tail = Tail(self.hall, newest.fetchone(), decided or 0, known)
        outcomes = [tail.take(job) for job in jobs]
        for chunk in _chunks(tail.rows):
            connection.execute(_insertion(len(chunk)), _bindable(chunk))
        return outcomes

    def _abandon(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _is_failure_of_storage(self, error: Exception) -> bool:
        # Full, read-only or busy is an OperationalError; a damaged file is told by the bare DatabaseError.
        return isinstance(error, sqlite3.OperationalError | OSError) or type(error) is sqlite3.DatabaseError

    def _fetch(self, columns: str, condition: str, *values: object) -> Sequence[tuple[Any, ...]]:
        query = f"SELECT {columns} FROM rows WHERE {condition}"  # noqa: S608
        with storage(), self._readers.lease() as connection:
            return connection.execute(query, values).fetchall()

    def close(self) -> None:
        with self._writing:
            self._abandon()
            self._readers.close()


def _begin_log(connection: "sqlite3.Connection", path: Path, hall: UUID) -> None:
    for statement in SCHEMA.split(";\n"):
        connection.execute(statement)
    if connection.execute("SELECT 1 FROM rows").fetchone():
        raise Refused("hall_exists", data=path.parent)
    connection.execute("INSERT INTO meta SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM meta)", (hall.bytes, LAYOUT))


def _chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))


def _bindable(rows: Sequence[tuple[object, ...]]) -> list[object]:
    """The values of many rows in one list.

    As bytearrays, because sqlite3 searches its adapters for every `bytes`: that alone was half the time of an insert.
    """
    return [bytearray(value) if type(value) is bytes else value for value in chain.from_iterable(rows)]


@cache
def _insertion(rows: int) -> str:
    return f"INSERT INTO rows ({COLUMNS}) VALUES {', '.join(['(?, ?, ?, ?, ?, ?, ?, ?)'] * rows)}"  # noqa: S608


@cache
def _look_up(keys: int) -> str:
    """Which of so many keys the log has, as one row of their numbers: each row more would be a step more."""
    values = ", ".join(f"({number}, ?, ?)" for number in range(keys))
    return (
        f"WITH given (number, id, version) AS (VALUES {values}) "  # noqa: S608
        "SELECT group_concat(number) FROM given CROSS JOIN rows USING (id, version)"
    )


def _known(connection: "sqlite3.Connection", keys: Sequence[Key]) -> set[Key]:
    """Those of the keys that the log has."""
    known: set[Key] = set()
    for chunk in _chunks(keys):
        (numbers,) = connection.execute(_look_up(len(chunk)), _bindable(chunk)).fetchone()
        known.update(chunk[int(number)] for number in (numbers or "").split(",") if number)
    return known
