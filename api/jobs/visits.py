"""When each terminal that the hall calls was last visited, what came of it, and when it is due again.

Nothing of this is a fact of the hall; how far a terminal was read is, and stands in the log.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from attendance.facts import Refused
from attendance.log.database import sqlite3

SCHEMA = """
CREATE TABLE IF NOT EXISTS visits (
    terminal TEXT PRIMARY KEY, tried_at REAL, good_at REAL, failures INTEGER NOT NULL DEFAULT 0,
    code TEXT NOT NULL DEFAULT '', details TEXT NOT NULL DEFAULT '{}', brought INTEGER NOT NULL DEFAULT 0,
    wanted INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID
"""
EVERY = timedelta(minutes=30)
LONGEST_PAUSE = timedelta(hours=2)
"""Between two tries of a terminal that cannot be reached: the office is open for eight hours."""
HOPELESS = frozenset({"terminal_sign_in", "terminal_locked", "terminal_basic_only", "terminal_comm_key"})
"""A wrong password is never tried again: terminals lock the account. Somebody has to give the right one."""


class Visited(NamedTuple):
    """The last visits to a terminal."""

    terminal: str
    tried_at: datetime | None = None
    good_at: datetime | None = None
    failures: int = 0
    """In a row."""
    code: str = ""
    """Why the last one failed, as it was refused; empty when it did not."""
    details: Mapping[str, str] = {}
    brought: int = 0
    """Punches the last good one found that had not come before."""
    wanted: bool = False
    """Somebody, or a terminal that came back, asks for a visit at once."""

    @property
    def is_hopeless(self) -> bool:
        return self.code in HOPELESS

    def is_due(self, now: datetime) -> bool:
        if self.is_hopeless:
            return False
        return self.wanted or self.tried_at is None or now - self.tried_at >= self.pause

    @property
    def pause(self) -> timedelta:
        """Until the next try; doubled by each failure."""
        doubled: timedelta = EVERY * 2 ** min(self.failures, 4)
        return min(doubled, LONGEST_PAUSE)


class Visits:
    """The visits of one hall, in the folder of its jobs. Several processes may use them at once."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "visits.db"
        folder.mkdir(mode=0o700, exist_ok=True)
        with self._opened() as db:
            db.execute(SCHEMA)

    @contextmanager
    def _opened(self) -> Iterator["sqlite3.Connection"]:
        db = sqlite3.connect(str(self._path), isolation_level=None, timeout=10)
        try:
            yield db
        finally:
            db.close()

    def of(self, terminal: str) -> Visited:
        return self.all().get(terminal, Visited(terminal))

    def all(self) -> dict[str, Visited]:
        with self._opened() as db:
            rows = db.execute("SELECT * FROM visits")
            return {row[0]: _visited(row) for row in rows}

    def want(self, terminal: str) -> None:
        """Have a terminal visited at the next opportunity."""
        self._note(terminal, "wanted = 1")

    def hope_again(self, terminal: str) -> None:
        """The way to a terminal was given anew: what failed before says nothing of it."""
        self._note(terminal, "wanted = 1, failures = 0, code = ''")

    def went_well(self, terminal: str, at: datetime, brought: int) -> None:
        stamp = at.timestamp()
        told = "tried_at = ?, good_at = ?, failures = 0, code = '', brought = ?, wanted = 0"
        self._note(terminal, told, stamp, stamp, brought)

    def failed(self, terminal: str, at: datetime, refused: Refused) -> None:
        told = "tried_at = ?, failures = failures + 1, code = ?, details = ?, wanted = 0"
        self._note(terminal, told, at.timestamp(), refused.code, json.dumps(refused.details, default=str))

    def _note(self, terminal: str, told: str, *values: object) -> None:
        with self._opened() as db:
            db.execute("INSERT INTO visits (terminal) VALUES (?) ON CONFLICT DO NOTHING", (terminal,))
            db.execute(f"UPDATE visits SET {told} WHERE terminal = ?", (*values, terminal))  # noqa: S608 - constants


def _visited(row: tuple[Any, ...]) -> Visited:
    terminal, tried_at, good_at, failures, code, details, brought, wanted = row
    return Visited(
        terminal, _moment(tried_at), _moment(good_at), failures, code, json.loads(details), brought, bool(wanted)
    )


def _moment(stamp: float | None) -> datetime | None:
    return None if stamp is None else datetime.fromtimestamp(stamp, UTC)
