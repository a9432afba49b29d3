"""The facts between what was frozen and now: each one that speaks of a month and came after a position of the log."""

from collections.abc import Iterator
from typing import Any

import sqlite_utils

from attendance.book import Book
from attendance.localtime import DAY, moment_of, month_days
from attendance.log.rows import Store
from attendance.people import PEOPLE
from attendance.punches import Punched
from projections.ownership import owner
from projections.questions import utc_text
from projections.scope import scope_of

Json = dict[str, Any]


def facts_since(db: sqlite_utils.Database, store: Store, book: Book, month: str, position: int) -> list[Json]:
    """In the order they were told: id, topic, whom it is about, when it was recorded, and by whom."""
    told = [*_decisions(store, book, month, position), *_punches(db, store, book, month, position)]
    return sorted(told, key=lambda fact: fact["position"])


def _decisions(store: Store, book: Book, month: str, position: int) -> Iterator[Json]:
    for row in store.read_decisions(position, book.position):
        entry = row.entry()
        if scope_of(entry.fact, book).covers(month):
            people = [no for name in PEOPLE if (no := getattr(entry.fact, name, ""))]
            yield {
                "id": str(entry.id),
                "topic": entry.fact.topic,
                "people": people,
                "at": None,
                "position": entry.position,
                "recorded_at": utc_text(entry.recorded_at),
                "actor": entry.actor,
            }


def _punches(db: sqlite_utils.Database, store: Store, book: Book, month: str, position: int) -> Iterator[Json]:
    days = month_days(month)
    query = """
        SELECT terminal, pin, second, position FROM punches JOIN credentials ON id = credential
        WHERE second >= ? AND second < ? AND position > ? ORDER BY position
    """
    for terminal, pin, second, place in db.conn.execute(query, (days.start * DAY, days.stop * DAY, position)):
        no = owner(book, terminal, pin, second // DAY)
        row = store.read(place - 1, 1)[0]
        yield {
            "id": str(book.id_of(Punched(terminal=terminal, pin=pin, at=moment_of(second)))),
            "topic": Punched.topic,
            "people": [no] if no else [],
            "at": moment_of(second).isoformat(" "),
            "position": place,
            "recorded_at": utc_text(row.recorded_at),
            "actor": row.actor,
        }
