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
from projections.ownership import Credential, Held, held, owner, pins_of

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
        first, last = (days.start - 1) * DAY, (days.stop + 1) * DAY
        spans = [span for credential in self._credentials(no) for span in held(self._book, no, credential)]
        # Several terminals may have seen the person at once, and a terminal's zone may have changed in between.
        seconds = {local for span in spans for local, _ in self._rows(span, first, last)}
        return Punches(sorted(seconds), lambda second: self._facts(spans, second))

    def _credentials(self, no: str) -> list[Credential]:
        pins = sorted(pins_of(self._book, no))
        marks = ",".join("?" * len(pins))
        query = f"SELECT id, terminal, pin FROM credentials WHERE pin IN ({marks}) ORDER BY pin, terminal"  # noqa: S608
        return [Credential(*row) for row in self._db.conn.execute(query, pins)]

    def _rows(self, span: Held, first: int, last: int) -> list[tuple[int, int]]:
        """Punches of a credential while it was held, in hall-local and in the terminal's own seconds."""
        query = "SELECT second, zone FROM punches WHERE credential = ? AND second >= ? AND second < ? AND position <= ?"
        values = (span.credential.id, max(span.first, first), min(span.last, last), self._upto)
        zone_of = self._timezone
        return [
            (second + hall_shift(zone_of, second // DAY, zone), second)
            for second, zone in self._db.conn.execute(query, values)
        ]

    def _facts(self, spans: Iterable[Held], local: int) -> tuple[UUID, ...]:
        """The facts behind a hall-local second: one for each terminal that saw the person then."""
        return tuple(
            self._book.id_of(Punched(terminal=span.credential.terminal, pin=span.credential.pin, at=moment_of(second)))
            for span in spans
            for found, second in self._rows(span, local - DAY, local + DAY)
            if found == local
        )


def last_at(db: sqlite_utils.Database, book: Book, timezone: str, terminal: str, count: int) -> list[tuple[str, int]]:
    """Whose punches were the last at a terminal, the newest first, each with its hall-local second."""
    query = """
        SELECT pin, max(second), zone FROM credentials JOIN punches ON credential = id
        WHERE terminal = ? GROUP BY id ORDER BY 2 DESC LIMIT ?
    """
    return [
        (no, second + hall_shift(timezone, second // DAY, zone))
        for pin, second, zone in db.conn.execute(query, (terminal, count))
        if (no := owner(book, terminal, pin, second // DAY)) is not None
    ]


@lru_cache(maxsize=4096)
def hall_shift(timezone: str, day: int, zone: int) -> int:
    """Seconds to add to a terminal's wall clock of a zone (minutes east of UTC) to get the hall's own."""
    noon = datetime.fromordinal(day).replace(hour=12, tzinfo=UTC) - timedelta(minutes=zone)
    offset = noon.astimezone(ZoneInfo(timezone)).utcoffset() or timedelta(0)
    return int(offset.total_seconds()) - zone * MINUTE
