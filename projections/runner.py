"""Follows the log: takes in its new rows, and derives again what they make stale, in one transaction."""

from collections.abc import Iterable
from datetime import UTC, datetime
from math import inf
from typing import NamedTuple
from zoneinfo import ZoneInfo

import sqlite_utils

from attendance.book import Book
from attendance.facts import Refused
from attendance.hall import Hall
from attendance.localtime import DAY, month_of, second_of
from attendance.log.rows import PUNCH, Row
from attendance.rules.person_month import MonthRules
from projections.audit import AuditRow, audit_rows, write_audit
from projections.derive import derive, remove, write
from projections.facts import Credentials, PunchesOf, PunchRow, punch_row, read_punch, write_punches
from projections.ownership import owner
from projections.scope import Scope, scope_of

BATCH = 20_000


class Touched(NamedTuple):
    """A PIN was used at a terminal on a day of its wall clock."""

    terminal: str
    pin: str
    day: int


class Stale:
    """What must be derived again."""

    def __init__(self) -> None:
        self.touched: set[Touched] = set()
        self.scopes: set[Scope] = set()

    def people(self, book: Book, month: str, everyone: Iterable[str]) -> set[str]:
        """Whom to derive again in a month."""
        scopes = [scope for scope in self.scopes if scope.covers(month)]
        named = {no for scope in scopes for no in scope.people or ()}
        if any(scope.people is None for scope in scopes):
            return named | set(everyone)
        for terminal, pin, day in self.touched:
            if month in _months_around(day):
                no = owner(book, terminal, pin, day)
                if no is not None:
                    named.add(no)
        return named

    def months(self) -> set[str]:
        """The months of touched days."""
        return {month_of(one.day) for one in self.touched}

    def weighs(self, month: str) -> bool:
        """Whether a month must be weighed again, even if nobody's own month changed."""
        return any(scope.covers(month) for scope in self.scopes)


def _months_around(day: int) -> set[str]:
    return {month_of(day - 1), month_of(day), month_of(day + 1)}


def take_in(db: sqlite_utils.Database, book: Book, rows: Iterable[Row], stale: Stale) -> None:
    """Add rows of the log to the punches and the book, noting what they make stale."""
    credentials = Credentials(db)
    punches: list[PunchRow] = []
    touched: set[tuple[int, int]] = set()
    told: list[AuditRow] = []
    for row in rows:
        if row.topic == PUNCH:
            punch = punch_row(read_punch(row.state), row.position, credentials)
            punches.append(punch)
            touched.add((punch[0], punch[1] // DAY))
            continue
        entry = row.entry()
        replaced = book.newest(type(entry.fact), entry.id)
        stale.scopes |= {scope_of(fact, book) for fact in (entry.fact, *([replaced.fact] if replaced else []))}
        book.apply(entry)
        stale.scopes.add(scope_of(entry.fact, book))
        told += audit_rows(entry, book)
    write_punches(db, punches)
    write_audit(db, told)
    stale.touched |= {Touched(*credentials.named(number), day) for number, day in touched}


def local_second(hall_timezone: str, moment: datetime) -> int:
    """A moment on the hall's wall clock."""
    return second_of(moment.astimezone(ZoneInfo(hall_timezone)).replace(tzinfo=None))


class Runner:
    """Keeps the tables up with the log. One per process; several processes may share the file."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.book = Book(hall.id)

    def catch_up(self, db: sqlite_utils.Database, now: datetime) -> int:
        """Bring the tables to the log's head; returns the position reached. Call inside a transaction."""
        position: int = db.conn.execute("SELECT position FROM state").fetchone()[0]
        self.book_at(position)
        stale = Stale()
        recorded_at = 0
        while rows := self.hall.store.read(position, BATCH):
            take_in(db, self.book, rows, stale)
            position, recorded_at = rows[-1].position, rows[-1].recorded_at
        if recorded_at:
            db.conn.execute("UPDATE state SET position = ?, recorded_at = ?", (position, recorded_at))
        self._derive_stale(db, stale, now)
        return position

    def book_at(self, position: int) -> Book:
        """The book at the tables' position: another process may have moved them on, or they may have been dropped."""
        if self.book.position > position:
            self.book = Book(self.hall.id)
        self.book.fold(row.entry() for row in self.hall.store.read_decisions(self.book.position, position))
        return self.book

    def is_behind_time(self, db: sqlite_utils.Database, now: datetime) -> bool:
        """Whether a session began or a mark fell due since the tables were derived."""
        present = self.horizon(f"{now:%Y-%m}", now)
        row = db.conn.execute("SELECT 1 FROM people WHERE changes_at <= ? LIMIT 1", (present,)).fetchone()
        return row is not None

    def _derive_stale(self, db: sqlite_utils.Database, stale: Stale, now: datetime) -> None:
        known = {month for (month,) in db.conn.execute("SELECT month FROM months WHERE refused IS NULL")}
        refused = {month for (month,) in db.conn.execute("SELECT month FROM months WHERE refused IS NOT NULL")}
        new = (stale.months() - known) | refused
        changing = self._changed_by_time(db, now)
        for month in sorted(known | new):
            if month in new:
                stale.scopes.add(Scope(None, month, month))
            self._derive_month(db, month, stale, changing.get(month, set()), now)

    def _changed_by_time(self, db: sqlite_utils.Database, now: datetime) -> dict[str, set[str]]:
        """People of whom a session began or a mark fell due since their month was last derived."""
        rows = db.conn.execute("SELECT month, no, changes_at FROM people WHERE changes_at IS NOT NULL").fetchall()
        found: dict[str, set[str]] = {}
        for month, no, changes_at in rows:
            if changes_at <= self.horizon(month, now):
                found.setdefault(month, set()).add(no)
        return found

    def _derive_month(
        self, db: sqlite_utils.Database, month: str, stale: Stale, changing: set[str], now: datetime
    ) -> None:
        try:
            rules = MonthRules(self.book, month, horizon=self.horizon(month, now))
        except Refused as refused:
            # The reason is shown where the month is asked for; the punches wait for a calendar or a policy.
            keep_month(db, month, refused.code)
            return
        everyone = rules.people()
        people = stale.people(self.book, month, everyone) | changing
        if people or stale.weighs(month):
            gone = people - set(everyone)
            write(db, derive(rules, sorted(people - gone), PunchesOf(db, self.book, rules.policy.meta.timezone)))
            remove(db, month, gone)
            keep_month(db, month)

    def horizon(self, month: str, now: datetime) -> float:
        return horizon(self.book, month, now)


def horizon(book: Book, month: str, now: datetime) -> float:
    """The hall-local second up to which a month can be judged."""
    try:
        return local_second(book.policies.in_force(month).meta.timezone, now)
    except Refused:
        return inf


def keep_month(db: sqlite_utils.Database, month: str, refused: str | None = None) -> None:
    """Note that a month is kept and must be weighed anew, or why it cannot be derived."""
    db.conn.execute("INSERT OR REPLACE INTO months VALUES (?, ?, NULL, NULL)", (month, refused))


def utc_now() -> datetime:
    return datetime.now(UTC)
