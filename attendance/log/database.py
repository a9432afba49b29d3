"""Which SQLite carries the log, and how its connections are opened."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from attendance.log.rows import StorageDamaged, StorageFailed

if TYPE_CHECKING:
    import sqlite3
else:
    try:
        import pysqlite3.dbapi2 as sqlite3
    except ImportError:
        import sqlite3

__all__ = ["connect", "sqlite3", "storage", "transaction", "wal_is_safe"]

BUSY_SECONDS = 60.0
DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
CACHE_KIB = 65536
STATEMENTS = 256
"""Prepared statements kept: the log uses one per number of rows."""


def wal_is_safe(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> bool:
    """Whether two connections may write one WAL file: https://www.sqlite.org/wal.html#walresetbug."""
    return version >= (3, 51, 3)


@cache
def warn_of_wal() -> None:
    """Say once per process why this SQLite runs without WAL."""
    sys.stderr.write(
        f"manqin: SQLite {sqlite3.sqlite_version} can damage a write-ahead log (mended in 3.51.3); "
        "the log is kept with a rollback journal instead, which is slower. Install pysqlite3 to mend it.\n"
    )


def connect(path: Path, *, wal: bool = True) -> "sqlite3.Connection":
    """A connection whose commits are on the disk when they return.

    Raises sqlite3.Error, also when a faulty SQLite finds the file in WAL mode and cannot leave it.
    """
    connection = sqlite3.connect(
        f"{path.as_uri()}?mode=rw",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=STATEMENTS,
    )
    try:
        _make_durable(connection, wal=wal)
    except BaseException:
        connection.close()
        raise
    return connection


def _make_durable(connection: "sqlite3.Connection", *, wal: bool) -> None:
    if wal and not wal_is_safe():
        warn_of_wal()
        wal = False
    connection.execute("PRAGMA journal_mode = WAL" if wal else "PRAGMA journal_mode = DELETE").fetchone()
    # A rollback journal's commit is the removal of a file, and only EXTRA syncs the folder it was removed from.
    connection.execute("PRAGMA synchronous = FULL" if wal else "PRAGMA synchronous = EXTRA")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")


@contextmanager
def transaction(connection: "sqlite3.Connection", savepoint: str = "") -> "Iterator[sqlite3.Connection]":
    """Commit what is done inside, or none of it; with a name, as a part of the transaction that is open."""
    connection.execute(f"SAVEPOINT {savepoint}" if savepoint else "BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute(f"RELEASE {savepoint}" if savepoint else "COMMIT")
    except BaseException:
        # A full disk has SQLite roll back by itself.
        if connection.in_transaction:
            connection.execute(f"ROLLBACK TO {savepoint}" if savepoint else "ROLLBACK")
        raise


@contextmanager
def storage() -> Iterator[None]:
    """Tell what SQLite and the file system raise in the log's own word."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        damaged = getattr(error, "sqlite_errorname", "").startswith(DAMAGED)
        raise (StorageDamaged if damaged else StorageFailed)(str(error)) from error
