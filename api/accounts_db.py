"""The file of accounts and sessions: beside the log and never in it, for its owner alone."""

import sqlite3
from pathlib import Path
from threading import RLock
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS account (
    name TEXT PRIMARY KEY, roles TEXT NOT NULL, no TEXT NOT NULL, unit TEXT NOT NULL,
    password TEXT NOT NULL, origin TEXT NOT NULL, disabled INTEGER NOT NULL DEFAULT 0,
    secret BLOB, enrolled INTEGER NOT NULL DEFAULT 0, last_step INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0, locked_until REAL NOT NULL DEFAULT 0, changed_at REAL NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS recovery (
    account TEXT NOT NULL REFERENCES account ON DELETE CASCADE, code TEXT NOT NULL, PRIMARY KEY (account, code)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS session (
    token TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account ON DELETE CASCADE,
    began_at REAL NOT NULL, seen_at REAL NOT NULL, address TEXT NOT NULL, browser TEXT NOT NULL,
    second_factor INTEGER NOT NULL
) STRICT;
"""


class AccountsDb:
    """One connection, shared by threads; several processes may have the file open."""

    def __init__(self, path: Path) -> None:
        self._guard = RLock()
        path.touch(mode=0o600)
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
        self._db.execute("PRAGMA foreign_keys = ON")
        self._drop_old_layout()
        self._db.executescript(SCHEMA)

    def _drop_old_layout(self) -> None:
        """Before there were roles there was one administrator: the first accounts are made anew."""
        if "role" in {name for _, name, *_ in self._db.execute("PRAGMA table_info(account)")}:
            self._db.executescript("DROP TABLE session; DROP TABLE account;")

    def close(self) -> None:
        with self._guard:
            self._db.close()

    def row(self, sql: str, *values: object) -> Any:
        with self._guard:
            return self._db.execute(sql, values).fetchone()

    def rows(self, sql: str, *values: object) -> list[Any]:
        with self._guard:
            return self._db.execute(sql, values).fetchall()

    def write(self, sql: str, *values: object) -> bool:
        """Whether the statement changed anything."""
        with self._guard:
            return self._db.execute(sql, values).rowcount > 0
