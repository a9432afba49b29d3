"""The tables derived again from the first row, in bulk: the same rules as event by event, fed by person instead."""

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import sqlite_utils

from attendance.book import Book
from attendance.facts import Refused
from attendance.hall import Hall
from attendance.localtime import DAY, month_of
from attendance.log.database import sqlite3
from attendance.log.files import Folder
from attendance.log.rows import PUNCH
from attendance.log.store import open_store
from attendance.rules.person_month import MonthRules
from projections import tables
from projections.audit import audit_rows, write_audit
from projections.derive import PersonKept, derive, write
from projections.facts import Credentials, PunchesOf, PunchRow, punch_row, read_punch, write_punches
from projections.runner import horizon, keep_month

BATCH = 250_000
CHUNK = 250
"""People a process derives at a time."""
WORTH_PROCESSES = 4_000
"""Person-months from which starting more processes pays."""
PAGES_IN_MEMORY = -262_144
"""SQLite's cache for the new file, in KiB: punches come by time and are kept by person."""


def rebuild(hall: Hall, path: Path, now: datetime) -> int:
    """Derive everything into a new file beside the old one, then put it in its place; returns the position reached.

    Whoever reads meanwhile reads the old tables.
    """
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    with tables.opened(beside) as db:
        # Whatever a power cut leaves of this file is thrown away: nothing needs to reach the disk in order.
        db.conn.execute("PRAGMA synchronous = OFF")
        db.conn.execute(f"PRAGMA cache_size = {PAGES_IN_MEMORY}")
        with tables.transaction(db):
            tables.create(db, str(hall.id))
            position, months = _take_in_all(hall, db)
        book = hall.book_at(position)
        with tables.transaction(db):
            told = (row.entry() for row in hall.store.read_decisions(0, position))
            write_audit(db, (row for entry in told for row in audit_rows(entry, book)))
            _derive_all(hall, db, beside, book, sorted(months), now)
    _put_in_place(beside, path)
    return position


def _take_in_all(hall: Hall, db: sqlite_utils.Database) -> tuple[int, set[str]]:
    """Every punch of the log into the table; the position reached and the months that were punched in."""
    head = hall.store.head()
    credentials = Credentials(db)
    days: set[int] = set()
    position = 0
    while position < head.position:
        states = hall.store.read_states(position, min(BATCH, head.position - position))
        rows = [punch_row(read_punch(state), at, credentials) for at, topic, state in states if topic == PUNCH]
        days.update({second // DAY for _, second, _, _ in rows})
        write_punches(db, _by_person(rows))
        position = states[-1][0]
    db.conn.execute("UPDATE state SET position = ?, recorded_at = ?", (head.position, head.recorded_at))
    return head.position, {month_of(day) for day in days}


def _by_person(rows: list[PunchRow]) -> list[PunchRow]:
    """In the order of the table's key: neighbours on the disk are then written together."""
    rows.sort()
    return rows


def _derive_all(
    hall: Hall, db: sqlite_utils.Database, path: Path, book: Book, months: Sequence[str], now: datetime
) -> None:
    work: list[Work] = []
    for month in months:
        try:
            rules = MonthRules(book, month, horizon=horizon(book, month, now))
        except Refused as refused:
            keep_month(db, month, refused.code)
            continue
        keep_month(db, month)
        people = rules.people()
        work += [Work(month, tuple(people[start : start + CHUNK])) for start in range(0, len(people), CHUNK)]
    if sum(len(one.people) for one in work) < WORTH_PROCESSES or (os.cpu_count() or 1) < 2:
        deriver = Deriver(book, db, now)
        write(db, (person for one in work for person in deriver.derive(one)))
    else:
        _derive_apart(hall, db, path, work, now)


class Work(NamedTuple):
    """Some people of one month."""

    month: str
    people: tuple[str, ...]


class Deriver:
    """Derives people from the tables, keeping the rules of the month it is at."""

    def __init__(self, book: Book, db: sqlite_utils.Database, now: datetime) -> None:
        self._book = book
        self._db = db
        self._now = now
        self._rules: MonthRules | None = None

    def derive(self, work: Work) -> Iterator[PersonKept]:
        if self._rules is None or self._rules.month != work.month:
            self._rules = MonthRules(self._book, work.month, horizon=horizon(self._book, work.month, self._now))
        punches = PunchesOf(self._db, self._book, self._rules.policy.meta.timezone)
        return derive(self._rules, work.people, punches)


def _derive_apart(hall: Hall, db: sqlite_utils.Database, path: Path, work: Iterable[Work], now: datetime) -> None:
    """One process for each core derives; this one writes.

    They start afresh rather than as copies: this process may have threads at work.
    """
    db.conn.execute("COMMIT")
    position: int = db.conn.execute("SELECT position FROM state").fetchone()[0]
    begin = (hall.folder.data, hall.url, position, path, now)
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), _begin, begin) as processes:
        done = processes.map(_derive_in_process, work)
        db.conn.execute("BEGIN IMMEDIATE")
        write(db, (person for people in done for person in people))


_deriver: Deriver


def _begin(data: Path, url: str, position: int, path: Path, now: datetime) -> None:
    """Give a process its own book and its own view of the punches."""
    global _deriver  # noqa: PLW0603 - a process of the pool has no other place for what it works with
    store = open_store(Folder(data), url)
    book = Book(store.hall)
    book.fold(row.entry() for row in store.read_decisions(0, position))
    store.close()
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    _deriver = Deriver(book, sqlite_utils.Database(connection), now)


def _derive_in_process(work: Work) -> list[PersonKept]:
    return list(_deriver.derive(work))


def _put_in_place(beside: Path, path: Path) -> None:
    """Where tables stand already, their content is replaced in one transaction: others may have the file open."""
    if not path.exists():
        beside.replace(path)
        return
    with tables.opened(beside) as new, tables.opened(path) as old:
        new.conn.backup(old.conn)
    beside.unlink()
