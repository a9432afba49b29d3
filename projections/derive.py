"""From punches and book to a person's kept month: one function for one punch and for a hundred thousand people."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec
import sqlite_utils

from attendance.rules.person_month import MonthRules
from attendance.rules.tally import Tally
from projections import days
from projections.facts import PunchesOf

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Tally).decode


class PersonKept(NamedTuple):
    """One person's month as the table `people` keeps it: a row."""

    month: str
    no: str
    days: bytes
    tally: bytes
    changes_at: float | None


def derive(rules: MonthRules, people: Iterable[str], punches: PunchesOf) -> Iterator[PersonKept]:
    """Each person's month, derived."""
    for no in people:
        result = rules.person(no, punches.person(no, rules.days))
        yield PersonKept(rules.month, no, days.kept(result.days), _encode(result.tally), result.changes_at)


def write(db: sqlite_utils.Database, people: Iterable[PersonKept]) -> None:
    """Put people's months in place of what was kept of them."""
    db.conn.executemany("INSERT OR REPLACE INTO people VALUES (?, ?, ?, ?, ?)", people)


def remove(db: sqlite_utils.Database, month: str, people: Iterable[str]) -> None:
    """Drop what is kept of people who no longer belong to a month."""
    db.conn.executemany("DELETE FROM people WHERE month = ? AND no = ?", [(month, no) for no in people])


def read_days(db: sqlite_utils.Database, month: str, no: str | None) -> list[tuple[str, bytes]]:
    """Number and kept days of everybody, or of one person."""
    if no is None:
        return list(db.conn.execute("SELECT no, days FROM people WHERE month = ?", (month,)))
    return list(db.conn.execute("SELECT no, days FROM people WHERE month = ? AND no = ?", (month, no)))


def read_tallies(db: sqlite_utils.Database, month: str) -> list[Tally]:
    rows = db.conn.execute("SELECT tally FROM people WHERE month = ?", (month,))
    return [_decode(body) for (body,) in rows]


def tally_of(person: PersonKept) -> Tally:
    return _decode(person.tally)
