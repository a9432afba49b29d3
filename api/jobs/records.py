"""What became of each job, kept from one start of the server to the next; and that none runs twice at once.

Nothing of this is a fact of the hall: the file may be deleted, and only the page of jobs will have forgotten.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from attendance.log.database import sqlite3

SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    name TEXT PRIMARY KEY, began_at REAL NOT NULL, seconds REAL, outcome TEXT NOT NULL, said TEXT NOT NULL,
    done_at REAL, failures INTEGER NOT NULL
) STRICT, WITHOUT ROWID
"""
BEGAN = """
INSERT INTO jobs VALUES (?, ?, NULL, 'running', '{}', NULL, 0)
ON CONFLICT DO UPDATE SET began_at = excluded.began_at, seconds = NULL, outcome = 'running', said = '{}'
"""
ENDED = """
UPDATE jobs SET seconds = :seconds, outcome = :outcome, said = :said,
    done_at = CASE WHEN :outcome = 'done' THEN began_at + :seconds ELSE done_at END,
    failures = CASE WHEN :outcome = 'done' THEN 0 ELSE failures + 1 END
WHERE name = :name
"""
PATIENCE = 10.0
"""Seconds to wait for another process that writes."""
A_GLANCE = 1.0
"""Seconds a job waits for its mark: whoever only looks whether it runs holds the mark for an instant."""


class Ended(NamedTuple):
    """How one run of a job ended."""

    outcome: str
    """done, refused (with the refusal's code and details), or failed (with the problem's own words)"""
    said: dict[str, Any]


class Record(NamedTuple):
    """The last run of a job."""

    name: str
    began_at: datetime
    seconds: float | None
    """None while it runs, and for good when the server died under it."""
    outcome: str
    """running, or what `Ended` says"""
    said: dict[str, Any]
    done_at: datetime | None
    """When it last ended well."""
    failures: int
    """In a row, since then."""


class Records:
    """The records of one hall's jobs, in a folder of their own. Several processes may use them at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, exist_ok=True)
        with self._opened() as db:
            db.execute("PRAGMA journal_mode = WAL").fetchone()
            db.execute(SCHEMA)

    @contextmanager
    def _opened(self) -> Iterator["sqlite3.Connection"]:
        db = sqlite3.connect(str(self._folder / "jobs.db"), isolation_level=None, timeout=PATIENCE)
        try:
            yield db
        finally:
            db.close()

    def began(self, name: str, at: datetime) -> None:
        with self._opened() as db:
            db.execute(BEGAN, (name, at.timestamp()))

    def ended(self, name: str, seconds: float, ended: Ended) -> None:
        said = json.dumps(ended.said, ensure_ascii=False, default=str)
        with self._opened() as db:
            db.execute(ENDED, {"name": name, "seconds": seconds, "outcome": ended.outcome, "said": said})

    def all(self) -> dict[str, Record]:
        """The last run of every job that ever ran, by name."""
        with self._opened() as db:
            rows = db.execute("SELECT name, began_at, seconds, outcome, said, done_at, failures FROM jobs").fetchall()
        return {row[0]: _record(row) for row in rows}

    @contextmanager
    def alone(self, name: str, patience: float = A_GLANCE) -> Iterator[bool]:
        """True for the one that may run a job now, False while another process or thread is at it.

        The mark is a lock of the system's, which lets go by itself when the process dies.
        """
        mark = sqlite3.connect(str(self._folder / f"{name}.lock"), isolation_level=None, timeout=patience)
        try:
            yield _taken(mark)
        finally:
            mark.close()

    def is_running(self, name: str) -> bool:
        with self.alone(name, patience=0) as free:
            return not free


def _taken(mark: "sqlite3.Connection") -> bool:
    try:
        mark.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        return False
    return True


def _record(row: tuple[Any, ...]) -> Record:
    name, began_at, seconds, outcome, said, done_at, failures = row
    moment = _moment(began_at)
    assert moment is not None
    return Record(name, moment, seconds, outcome, json.loads(said), _moment(done_at), failures)


def _moment(stamp: float | None) -> datetime | None:
    return None if stamp is None else datetime.fromtimestamp(stamp, UTC)
