"""Who changed what, and who took what away: every fact that a person told, by person and by month."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlite_utils

from attendance.book import Book
from attendance.facts import Entry, Fact, Refused
from attendance.people import PEOPLE
from projections.questions import utc_text

Json = dict[str, Any]
MOMENTS = ("at", "seen_at", "date", "start", "end", "dated")
MOST_MONTHS = 24
"""Of an arrangement that goes on and on, the months it is listed under."""
TERMINAL = "terminal:"


class AuditRow(NamedTuple):
    """A fact under one person and one month; `no` is empty for nobody in particular."""

    position: int
    no: str
    month: str
    id: bytes
    version: int
    topic: str
    recorded_at: int
    actor: str
    occurred: str


def audit_rows(entry: Entry[Fact], book: Book) -> Iterator[AuditRow]:
    """Where a fact is listed; nowhere, if a terminal told it."""
    if entry.actor.startswith(TERMINAL):
        return
    told = _told_of(entry.fact, book)
    occurred = "–".join(dict.fromkeys(map(str, _moments(told)))) or str(getattr(told, "month", ""))
    kept = (entry.id.bytes, entry.version, entry.fact.topic, entry.recorded_at, entry.actor, occurred)
    for no in sorted(_people(told)) or [""]:
        for month in _months(told) or [_month_recorded(entry, book)]:
            yield AuditRow(entry.position, no, month, *kept)


def _told_of(fact: Fact, book: Book) -> Fact:
    """The fact that says whom and when a fact concerns: itself, or the finding or objection it speaks of."""
    found: list[Entry[Any]] = []
    if not _people(fact) and (number := getattr(fact, "finding", "")):
        found = list(book.patrol.findings.find("finding", number))
    if not _people(fact) and (number := getattr(fact, "objection", "")):
        found = list(book.months.objections.find("objection", number))
    return found[0].fact if found else fact


def _people(fact: Fact) -> set[str]:
    return {no for name in PEOPLE if (no := getattr(fact, name, ""))}


def _moments(fact: Fact) -> list[date]:
    found = (getattr(fact, name, None) for name in MOMENTS)
    return [moment for moment in found if isinstance(moment, date)]


def _months(fact: Fact) -> list[str]:
    """The months a fact is about, by its own month or dates."""
    if month := getattr(fact, "month", ""):
        return [month]
    moments = _moments(fact)
    if not moments:
        return []
    first, last = min(map(_number, moments)), max(map(_number, moments))
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in range(first, last + 1)][:MOST_MONTHS]


def _number(moment: date) -> int:
    return moment.year * 12 + moment.month - 1


def _month_recorded(entry: Entry[Fact], book: Book) -> str:
    """The month a fact was told in, on the hall's wall clock once there is one."""
    at = datetime.fromtimestamp(entry.recorded_at / 1_000_000, UTC)
    with suppress(Refused):
        at = at.astimezone(ZoneInfo(book.policies.in_force(f"{at:%Y-%m}").meta.timezone))
    return f"{at:%Y-%m}"


def write_audit(db: sqlite_utils.Database, rows: Iterable[AuditRow]) -> None:
    db.conn.executemany("INSERT OR REPLACE INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def audit(db: sqlite_utils.Database, month: str, no: str, before: int, limit: int) -> list[Json]:
    """What was told, the newest first: of a month, of a person, or of both; before a position."""
    rows = db.conn.execute(
        "SELECT position, group_concat(DISTINCT no), id, version, topic, recorded_at, actor, occurred FROM audit"
        " WHERE month = coalesce(nullif(?, ''), month) AND no = coalesce(nullif(?, ''), no) AND position < ?"
        " GROUP BY position ORDER BY position DESC LIMIT ?",
        (month, no, before, limit),
    ).fetchall()
    return [
        {
            "position": position,
            "people": sorted(filter(None, people.split(","))),
            "id": str(UUID(bytes=bytes(fact))),
            "version": version,
            "topic": topic,
            "recorded_at": utc_text(recorded_at),
            "actor": actor,
            "occurred": occurred,
        }
        for position, people, fact, version, topic, recorded_at, actor, occurred in rows
    ]


def audit_months(db: sqlite_utils.Database) -> list[str]:
    """The months that have something, the newest first."""
    return [month for (month,) in db.conn.execute("SELECT DISTINCT month FROM audit ORDER BY month DESC")]
