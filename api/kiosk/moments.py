"""When something kept without the network happened, as it was proved first: sent again, it is still that moment.

The proof uses the moment at which it arrives, so a second one would differ by a second or two, and one punch would
become two.
"""

import sqlite3
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from threading import RLock

SCHEMA = "CREATE TABLE IF NOT EXISTS moment (entry BLOB PRIMARY KEY, seconds REAL NOT NULL, told REAL NOT NULL) STRICT"
KEPT_FOR = 90 * 86_400.0
"""Seconds; no terminal sends the same again after so long."""


class Moments:
    """Of one hall. Safe to use from several threads and processes."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._guard = RLock()
        path.touch(mode=0o600)
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
        self._db.execute(SCHEMA)
        self._db.execute("DELETE FROM moment WHERE told < ?", (clock() - KEPT_FOR,))

    def close(self) -> None:
        with self._guard:
            self._db.close()

    def first(self, terminal: str, entry: str, seconds: float) -> float:
        """The moment of a terminal's entry (seconds since 1970): this one, unless it was told before. Durable."""
        key = sha256(f"{terminal}\0{entry}".encode()).digest()
        with self._guard:
            self._db.execute("INSERT OR IGNORE INTO moment VALUES (?, ?, ?)", (key, seconds, self._clock()))
            (told,) = self._db.execute("SELECT seconds FROM moment WHERE entry = ?", (key,)).fetchone()
        return float(told)
