"""The log in one SQLite file: the default store."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from itertools import chain
from pathlib import Path
from threading import Lock
from typing import Self, TypeVar
from uuid import UUID

from attendance.facts import Refused
from attendance.log.database import connect, sqlite3, transaction
from attendance.log.rows import PUNCH, Appended, Head, Job, Row, StorageFailed, contiguous
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
COLUMNS = "position, id, version, topic, state, recorded_at, actor, hash"
NEWEST_DECISION = f"SELECT max(position) FROM rows WHERE topic <> '{PUNCH}'"  # noqa: S608
# Every step of a statement lets go of Python's lock, and a busy thread then keeps it for 5 ms: beside such a thread one
# statement per row took 6 ms a row, one per 64 rows 0.03 ms. So many rows go in, and are looked up, with one step.
CHUNK = 64
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
        """Store the jobs as if all were new, which nearly all are; when one is not, look up what the log has."""
        if self._writer is None:
            self._writer = connect(self._path)
        with transaction(self._writer):
            with suppress(sqlite3.IntegrityError), transaction(self._writer, "rows"):
                return self._insert(self._writer, jobs, set())
            return self._insert(self._writer, jobs, _known(self._writer, keys_of(jobs)))

    def _insert(
        self, connection: "sqlite3.Connection", jobs: Sequence[Job], known: set[Key]
    ) -> list[Appended | Exception]:
        newest = connection.execute("SELECT position, hash, recorded_at FROM rows ORDER BY position DESC LIMIT 1")
        decided = connection.execute(NEWEST_DECISION).fetchone()[0] if asks_for_decisions(jobs) else None
        tail = Tail(self.hall, newest.fetchone(), decided or 0, known)
        outcomes = [tail.take(job) for job in jobs]
        for chunk in _chunks(tail.rows):
            connection.execute(_insertion(len(chunk)), list(chain.from_iterable(chunk)))
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


def _chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))


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
        (numbers,) = connection.execute(_look_up(len(chunk)), list(chain.from_iterable(chunk))).fetchone()
        known.update(chunk[int(number)] for number in (numbers or "").split(",") if number)
    return known
