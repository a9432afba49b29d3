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
OF_HALL = "coalesce(json_extract(CAST(body AS TEXT), '$.hall'), '') = ?"


class NotKept(Exception):
    """The disk does not take it: full, broken, or gone."""


class Place(msgspec.Struct, frozen=True):
    """Where this terminal stands, as the hall said last."""

    hall: str = ""
    sn: str = ""
    name: str = ""
    zone: int = 0
    """Minutes east of UTC."""


class Sighting(msgspec.Struct, frozen=True):
    """Somebody known stood before the camera."""

    id: str
    no: str
    recognised: Recognition
    clocks: Reading
    before: Anchor | None = None
    """When the terminal was last in touch with the server before."""
    hall: str = ""
    """The hall it was paired with then."""


_sighting = msgspec.json.Decoder(Sighting)
_anchor = msgspec.json.Decoder(Anchor)
_place = msgspec.json.Decoder(Place)


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
        """Durable when this returns. Raises NotKept."""
        self._do("INSERT INTO sighting (id, body) VALUES (?, ?)", sighting.id, msgspec.json.encode(sighting))

    def _do(self, sql: str, *values: str | bytes) -> None:
        try:
            with self._guard:
                self._db.execute(sql, values)
        except sqlite3.Error as error:
            raise NotKept(str(error)) from error

    def waiting(self, most: int = 20) -> list[Sighting]:
        """What waits for the hall this terminal is paired with: the newest first, whose people still stand there."""
        asked = f"SELECT body FROM sighting WHERE {OF_HALL} ORDER BY place DESC LIMIT ?"  # noqa: S608
        with self._guard:
            rows = self._db.execute(asked, (self.place().hall, most)).fetchall()
        return [_sighting.decode(body) for (body,) in rows]

    def count(self) -> int:
        """How many wait for the hall this terminal is paired with."""
        return self._count(OF_HALL)

    def count_elsewhere(self) -> int:
        """How many wait for a hall this terminal was paired with before."""
        return self._count(f"NOT ({OF_HALL})")

    def _count(self, where: str) -> int:
        with self._guard:
            (number,) = self._db.execute(
                f"SELECT count(*) FROM sighting WHERE {where}",  # noqa: S608
                (self.place().hall,),
            ).fetchone()
        return int(number)

    def answered(self, identity: str) -> None:
        """The hall has it, or has set it aside: it need not be sent again. Raises NotKept."""
        self._do("DELETE FROM sighting WHERE id = ?", identity)

    def remember(self, what: Anchor | Place) -> None:
        """Raises NotKept."""
        name = "anchor" if isinstance(what, Anchor) else "place"
        self._do("INSERT OR REPLACE INTO remembered VALUES (?, ?)", name, msgspec.json.encode(what))

    def last_anchor(self) -> Anchor | None:
        body = self._remembered("anchor")
        return _anchor.decode(body) if body else None

    def place(self) -> Place:
        body = self._remembered("place")
        return _place.decode(body) if body else Place()

    def _remembered(self, name: str) -> bytes | None:
        with self._guard:
            row = self._db.execute("SELECT body FROM remembered WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None
