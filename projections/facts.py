"""The punches table: written from the log, read as one person's punches."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import sqlite_utils

from attendance.book import Book
from attendance.localtime import DAY, MINUTE, moment_of, second_of
from attendance.punches import Punched
from attendance.rules.punched import Punches
from projections.ownership import Credential, held, pins_of

NEWEST = 2**63 - 1
PunchRow = tuple[int, int, int, int]
"""credential, second, zone, position"""


class Credentials:
    """The numbers of (terminal, PIN) pairs, kept in memory while rows are written."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self._db = db
        rows = db.conn.execute("SELECT terminal, pin FROM credentials ORDER BY id")
        self._names: list[tuple[str, str]] = [(terminal, pin) for terminal, pin in rows]
        self._known = {name: number for number, name in enumerate(self._names, 1)}

    def number(self, terminal: str, pin: str) -> int:
        known = self._known.get((terminal, pin))
        if known is None:
            known = self._known[terminal, pin] = len(self._known) + 1
            self._db.conn.execute("INSERT INTO credentials VALUES (?, ?, ?)", (known, terminal, pin))
            self._names.append((terminal, pin))
        return known

    def named(self, number: int) -> tuple[str, str]:
        """The terminal and PIN of a number."""
        return self._names[number - 1]


read_punch = msgspec.json.Decoder(Punched).decode


def punch_row(fact: Punched, position: int, credentials: Credentials) -> PunchRow:
    return credentials.number(fact.terminal, fact.pin), second_of(fact.at), fact.zone, position


def write_punches(db: sqlite_utils.Database, rows: Iterable[PunchRow]) -> None:
    db.conn.executemany("INSERT OR IGNORE INTO punches VALUES (?, ?, ?, ?)", rows)


class PunchesOf:
    """Reads one person's punches out of the table, as of a position of the log."""

    def __init__(self, db: sqlite_utils.Database, book: Book, timezone: str, upto: int = NEWEST) -> None:
        self._db = db
        self._book = book
        self._timezone = timezone
        self._upto = upto

    def person(self, no: str, days: range) -> Punches:
        """A person's punches of some days, in hall-local seconds."""
        found: dict[int, list[tuple[str, str, int]]] = {}
        for credential in self._credentials(no):
            for span in held(self._book, no, credential):
                first, last = max(span.first, (days.start - 1) * DAY), min(span.last, (days.stop + 1) * DAY)
                for second, zone in self._rows(credential.id, first, last):
                    local = second + hall_shift(self._timezone, second // DAY, zone)
                    found.setdefault(local, []).append((credential.terminal, credential.pin, second))
        return Punches(sorted(found), lambda second: self._facts(found.get(second, ())))

    def _credentials(self, no: str) -> list[Credential]:
        pins = sorted(pins_of(self._book, no))
        marks = ",".join("?" * len(pins))
        query = f"SELECT id, terminal, pin FROM credentials WHERE pin IN ({marks}) ORDER BY pin, terminal"  # noqa: S608
        return [Credential(*row) for row in self._db.conn.execute(query, pins)]

    def _rows(self, credential: int, first: int, last: int) -> Iterable[tuple[int, int]]:
        query = "SELECT second, zone FROM punches WHERE credential = ? AND second >= ? AND second < ? AND position <= ?"
        rows: Iterable[tuple[int, int]] = self._db.conn.execute(query, (credential, first, last, self._upto))
        return rows

    def _facts(self, origins: Iterable[tuple[str, str, int]]) -> tuple[UUID, ...]:
        return tuple(
            self._book.id_of(Punched(terminal=terminal, pin=pin, at=moment_of(second)))
            for terminal, pin, second in origins
        )


@lru_cache(maxsize=4096)
def hall_shift(timezone: str, day: int, zone: int) -> int:
    """Seconds to add to a terminal's wall clock of a zone (minutes east of UTC) to get the hall's own."""
    noon = datetime.fromordinal(day).replace(hour=12, tzinfo=UTC) - timedelta(minutes=zone)
    offset = noon.astimezone(ZoneInfo(timezone)).utcoffset() or timedelta(0)
    return int(offset.total_seconds()) - zone * MINUTE
