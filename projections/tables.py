"""The read side's own file: tables that can be dropped and derived again at any time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlite_utils

from attendance.log.database import sqlite3

LAYOUT = 6
"""Raised whenever a table or a rule changes what is derived: older files are then derived again."""

PRIMARY_CODE = 0xFF
"""The part of SQLite's extended result codes that names the kind of error."""

# A punch is a few integers; everything else is looked up when a day is derived.
SCHEMA = """
CREATE TABLE state (
    position INTEGER NOT NULL, recorded_at INTEGER NOT NULL, hall TEXT NOT NULL, layout INTEGER NOT NULL
);
CREATE TABLE credentials (
    id INTEGER PRIMARY KEY, terminal TEXT NOT NULL, pin TEXT NOT NULL, UNIQUE (pin, terminal)
);
CREATE TABLE punches (
    credential INTEGER NOT NULL, second INTEGER NOT NULL, zone INTEGER NOT NULL, position INTEGER NOT NULL,
    PRIMARY KEY (credential, second)
) WITHOUT ROWID;
CREATE TABLE audit (
    position INTEGER NOT NULL, no TEXT NOT NULL, month TEXT NOT NULL, id BLOB NOT NULL, version INTEGER NOT NULL,
    topic TEXT NOT NULL, recorded_at INTEGER NOT NULL, actor TEXT NOT NULL, occurred TEXT NOT NULL,
    PRIMARY KEY (position, no, month)
) WITHOUT ROWID;
CREATE INDEX audit_of_month ON audit (month, position);
CREATE INDEX audit_of_person ON audit (no, position);
CREATE TABLE people (
    month TEXT NOT NULL, no TEXT NOT NULL, days TEXT NOT NULL, tally TEXT NOT NULL, changes_at REAL,
    PRIMARY KEY (month, no)
);
CREATE INDEX people_changing ON people (changes_at) WHERE changes_at IS NOT NULL;
CREATE TABLE months (
    month TEXT PRIMARY KEY, refused TEXT, body TEXT, position INTEGER
) WITHOUT ROWID;
CREATE VIEW sessions AS
    SELECT month, no, date('0001-01-01', (json_extract(day.value, '$[0]') - 1) || ' days') AS date,
        json_extract(one.value, '$[0]') AS session, json_extract(one.value, '$[1]') AS window,
        json_extract(one.value, '$[2]') AS symbol, json_extract(one.value, '$[5]') AS excuse,
        time(json_extract(one.value, '$[3][1]') % 86400, 'unixepoch') AS on_punch,
        json_extract(one.value, '$[3][2]') AS late_minutes,
        time(json_extract(one.value, '$[4][1]') % 86400, 'unixepoch') AS off_punch,
        json_extract(one.value, '$[4][2]') AS early_minutes
    FROM people, json_each(people.days) AS day, json_each(day.value, '$[1]') AS one;
CREATE VIEW lines AS
    SELECT month, no AS counted_for,
        date('0001-01-01', (json_extract(line.value, '$[0]') - 1) || ' days') AS date,
        json_extract(line.value, '$[1]') AS rule, json_extract(line.value, '$[2]') AS category,
        json_extract(line.value, '$[3]') AS person, json_extract(line.value, '$[4]') AS points,
        json_extract(line.value, '$[5]') AS window, json_extract(line.value, '$[6]') AS window_points,
        json_extract(line.value, '$[7]') AS evidence
    FROM people, json_each(people.tally, '$.charges') AS line;
"""


def connect(path: Path) -> sqlite_utils.Database:
    """A connection for one piece of work. Short-lived on purpose: the file may be deleted or replaced at any time."""
    connection = sqlite3.connect(str(path), isolation_level=None, timeout=60)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
    except BaseException:
        connection.close()
        raise
    return sqlite_utils.Database(connection)


@contextmanager
def opened(path: Path) -> Iterator[sqlite_utils.Database]:
    """`connect` for as long as the block."""
    db = connect(path)
    try:
        yield db
    finally:
        db.conn.close()


def is_damage(error: Exception) -> bool:
    """Whether the files themselves are at fault: damaged, or deleted in part under the hands of who had them open."""
    code = getattr(error, "sqlite_errorcode", None) or 0
    return (code & PRIMARY_CODE) in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def discard(path: Path) -> None:
    """Delete the tables, to be derived anew."""
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


@contextmanager
def transaction(db: sqlite_utils.Database) -> Iterator[None]:
    """Position and rows change together or not at all."""
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        # A full disk has SQLite roll back by itself.
        if db.conn.in_transaction:
            db.conn.execute("ROLLBACK")
        raise
    db.conn.execute("COMMIT")


def is_current(db: sqlite_utils.Database, hall: str) -> bool:
    """Whether the file holds this hall's tables in the present layout."""
    if "state" not in db.table_names():
        return False
    row = db.conn.execute("SELECT hall, layout FROM state").fetchone()
    return bool(row) and tuple(row) == (hall, LAYOUT)


def create(db: sqlite_utils.Database, hall: str) -> None:
    """Empty tables, standing before the first row of the log."""
    for statement in SCHEMA.split(";\n"):
        if statement.strip():
            db.conn.execute(statement)
    db.conn.execute("INSERT INTO state VALUES (0, 0, ?, ?)", (hall, LAYOUT))


def drop(db: sqlite_utils.Database) -> None:
    """Remove whatever is there, of any layout."""
    for name in db.view_names():
        db.conn.execute(f'DROP VIEW "{name}"')
    for name in db.table_names():
        db.conn.execute(f'DROP TABLE "{name}"')
