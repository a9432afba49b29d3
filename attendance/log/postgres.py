"""The log in PostgreSQL: one database may hold several halls, and several hosts may append to one."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self
from uuid import UUID

import psycopg

from attendance.facts import Refused
from attendance.log.appender import Appender, Outcomes
from attendance.log.files import Folder, write_once
from attendance.log.lease import Connections
from attendance.log.reader import COLUMNS
from attendance.log.rows import PUNCH, Job, StorageFailed
from attendance.log.tail import Key, Tail, keys_of

Connection = psycopg.Connection[tuple[Any, ...]]

LOCKS = 0x6D716E
"""The first half of our advisory locks' numbers, the second being the hall's; 0 is for making the tables."""
SCHEMA = f"""
CREATE TABLE IF NOT EXISTS manqin_halls (
    number integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    hall uuid NOT NULL UNIQUE
);
CREATE TABLE IF NOT EXISTS manqin_rows (
    hall integer NOT NULL,
    position bigint NOT NULL,
    id bytea NOT NULL,
    version bigint NOT NULL,
    topic text NOT NULL,
    state bytea NOT NULL,
    recorded_at bigint NOT NULL,
    actor text NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (hall, position),
    UNIQUE (id, version, hall)
);
CREATE INDEX IF NOT EXISTS manqin_decisions ON manqin_rows (hall, position) WHERE topic <> '{PUNCH}';
"""
TYPES = ("int4", "int8", "bytea", "int8", "text", "bytea", "int8", "text", "bytea")
# Who commits first has the lower position, because the lock is held until the commit is visible: a reader that follows
# the log cannot pass over a row. READ COMMITTED, so that what is seen of the end is seen under the lock.
LOCK_AND_SEE_END = """
BEGIN ISOLATION LEVEL READ COMMITTED;
SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') IN ('off', 'local');
SELECT pg_advisory_xact_lock({locks}, {hall});
SELECT position, hash, recorded_at FROM manqin_rows WHERE hall = {hall} ORDER BY position DESC LIMIT 1;
SELECT max(position) FROM manqin_rows WHERE hall = {hall} AND topic <> '{punch}'
"""
KNOWN = """
SELECT id, version FROM manqin_rows JOIN unnest(%b::bytea[], %b::bigint[]) AS given (id, version) USING (id, version)
WHERE hall = %s
"""


class PostgresStore(Appender):
    """The rows of one hall in a database. Several threads, processes and hosts may append and read."""

    def __init__(self, folder: Folder, url: str) -> None:
        """Open the log of the hall that the folder names. Raises Refused("no_hall") when there is none."""
        super().__init__()
        self._url = url
        self._writer: Connection | None = None
        self._readers = Connections(lambda: _connect(url))
        self.hall = _named_hall(folder)
        self._number = self._known_number(folder)

    @classmethod
    def found(cls, folder: Folder, url: str, hall: UUID) -> Self:
        """Begin a log. Raises Refused("hall_exists") when the folder's hall already has rows.

        A hall without rows was begun by someone who got no further: it is taken over.
        """
        named = UUID(write_once(folder.hall_id, str(hall).encode()).decode())
        with _storage(), _connect(url) as connection, connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s, 0)", (LOCKS,))
            connection.execute(SCHEMA)
            connection.execute("INSERT INTO manqin_halls (hall) VALUES (%s) ON CONFLICT DO NOTHING", (named,))
        store = cls(folder, url)
        if store.head().position:
            store.close()
            raise Refused("hall_exists", data=folder.data)
        return store

    def _known_number(self, folder: Folder) -> int:
        with _storage(), self._readers.lease() as connection:
            if connection.execute("SELECT to_regclass('manqin_halls') IS NOT NULL").fetchone() == (True,):
                row = connection.execute("SELECT number FROM manqin_halls WHERE hall = %s", (self.hall,)).fetchone()
                if row:
                    return int(row[0])
            raise Refused("no_hall", data=folder.data)

    def _commit(self, jobs: Sequence[Job]) -> Outcomes:
        """Store the jobs as if all were new, which nearly all are; when one is not, look up what the log has."""
        try:
            return self._insert(jobs, look_up=False)
        except psycopg.errors.UniqueViolation:
            self._connected().execute("ROLLBACK")
            return self._insert(jobs, look_up=True)

    def _insert(self, jobs: Sequence[Job], *, look_up: bool) -> Outcomes:
        connection = self._connected()
        newest, decided = self._lock_and_see_end(connection)
        tail = Tail(self.hall, newest, decided, self._known(connection, jobs) if look_up else set())
        outcomes = [tail.take(job) for job in jobs]
        if tail.rows:
            self._copy(connection, tail)
        connection.execute("COMMIT")
        return outcomes

    def _lock_and_see_end(self, connection: Connection) -> tuple[tuple[int, bytes, int] | None, int]:
        # One round trip: the statements travel together, and the last two results are wanted.
        query = LOCK_AND_SEE_END.format(locks=LOCKS, hall=self._number, punch=PUNCH)
        results = [cursor.fetchall() for cursor in connection.execute(query.encode()).results() if cursor.description]
        newest, ((decided,),) = results[-2:]
        return (newest[0] if newest else None), decided or 0

    def _known(self, connection: Connection, jobs: Sequence[Job]) -> set[Key]:
        ids, versions = zip(*keys_of(jobs), strict=True)
        return set(connection.execute(KNOWN, (list(ids), list(versions), self._number)).fetchall())

    def _copy(self, connection: Connection, tail: Tail) -> None:
        query = f"COPY manqin_rows (hall, {COLUMNS}) FROM STDIN (FORMAT BINARY)"
        with connection.cursor() as cursor, cursor.copy(query.encode()) as copy:
            copy.set_types(TYPES)
            for row in tail.rows:
                copy.write_row((self._number, *row))

    def _connected(self) -> Connection:
        if self._writer is None:
            self._writer = _connect(self._url)
        return self._writer

    def _abandon(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _is_failure_of_storage(self, error: Exception) -> bool:
        of_content = isinstance(error, psycopg.DataError | psycopg.IntegrityError)
        return isinstance(error, psycopg.Error | OSError) and not of_content

    def _fetch(self, columns: str, condition: str, *values: object) -> Sequence[tuple[Any, ...]]:
        query = f"SELECT {columns} FROM manqin_rows WHERE hall = %s AND {condition.replace('?', '%s')}"  # noqa: S608
        with _storage(), self._readers.lease() as connection, connection.cursor(binary=True) as cursor:
            return cursor.execute(query.encode(), (self._number, *values)).fetchall()

    def close(self) -> None:
        with self._writing:
            self._abandon()
            self._readers.close()


def _named_hall(folder: Folder) -> UUID:
    try:
        return UUID(folder.hall_id.read_text())
    except (OSError, ValueError):
        raise Refused("no_hall", data=folder.data) from None


def _connect(url: str) -> Connection:
    # No prepared statements: a pooler may hand each transaction another server session.
    return psycopg.connect(
        url, autocommit=True, prepare_threshold=None, connect_timeout=10, fallback_application_name="manqin"
    )


@contextmanager
def _storage() -> Iterator[None]:
    """Tell what PostgreSQL raises in the log's own word."""
    try:
        yield
    except psycopg.Error as error:
        raise StorageFailed(str(error)) from error
