"""What the terminal has not sent yet: on the disk before anybody reads that it was kept, and until the hall answers."""

import sqlite3
from pathlib import Path
from threading import RLock

import msgspec

from attendance.recognition import Recognition
from devices.face.terminal.clocks import Anchor, Reading

SCHEMA = """
CREATE TABLE IF NOT EXISTS sighting (place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, body BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS remembered (name TEXT PRIMARY KEY, body BLOB NOT NULL) STRICT;
"""


class Sighting(msgspec.Struct, frozen=True):
    """Somebody known stood before the camera."""

    id: str
    no: str
    recognised: Recognition
    clocks: Reading
    before: Anchor | None = None
    """When the terminal was last in touch with the server before."""


_sighting = msgspec.json.Decoder(Sighting)
_anchor = msgspec.json.Decoder(Anchor)


class Kept:
    """The terminal's own small store. Safe to use from two threads."""

    def __init__(self, path: Path) -> None:
        self._guard = RLock()
        path.touch(mode=0o600)
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.executescript(SCHEMA)

    def close(self) -> None:
        with self._guard:
            self._db.close()

    def add(self, sighting: Sighting) -> None:
        """Durable when this returns."""
        row = (sighting.id, msgspec.json.encode(sighting))
        with self._guard:
            self._db.execute("INSERT INTO sighting (id, body) VALUES (?, ?)", row)

    def waiting(self, most: int = 20) -> list[Sighting]:
        """The oldest that wait."""
        with self._guard:
            rows = self._db.execute("SELECT body FROM sighting ORDER BY place LIMIT ?", (most,)).fetchall()
        return [_sighting.decode(body) for (body,) in rows]

    def count(self) -> int:
        with self._guard:
            (number,) = self._db.execute("SELECT count(*) FROM sighting").fetchone()
        return int(number)

    def answered(self, identity: str) -> None:
        """The hall has it, or has set it aside: it need not be sent again."""
        with self._guard:
            self._db.execute("DELETE FROM sighting WHERE id = ?", (identity,))

    def remember(self, anchor: Anchor) -> None:
        row = ("anchor", msgspec.json.encode(anchor))
        with self._guard:
            self._db.execute("INSERT OR REPLACE INTO remembered VALUES (?, ?)", row)

    def last_anchor(self) -> Anchor | None:
        with self._guard:
            row = self._db.execute("SELECT body FROM remembered WHERE name = 'anchor'").fetchone()
        return _anchor.decode(row[0]) if row else None
