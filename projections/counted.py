"""Spans of which a terminal counts another number of records than the log holds.

More, and some punches never came. Fewer, and some were deleted at the terminal; here they stay.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlite_utils

from attendance.book import Book
from attendance.facts import Entry
from attendance.localtime import DAY, second_of
from attendance.questions import TerminalCounted
from projections.questions import utc_text

Json = dict[str, Any]


def terminals_that_count_more(db: sqlite_utils.Database, book: Book, days: range) -> list[Json]:
    """The newest count of every span that touches the days, where it is above ours and nobody mended it since."""
    counts = [(entry, held_of(db, book, entry.fact)) for entry in newest_counts(book, days)]
    return [
        {**_question(entry, held), "kind": "terminal_counts_more"}
        for entry, held in counts
        if entry.fact.records > held and not book.questions.sent_again(entry)
    ]


def terminals_that_count_less(db: sqlite_utils.Database, book: Book, days: range) -> list[Json]:
    """The same where it is below ours; nothing is missing here."""
    counts = [(entry, held_of(db, book, entry.fact)) for entry in newest_counts(book, days)]
    less = [(entry, held) for entry, held in counts if entry.fact.records < held]
    return [{**_question(entry, held), "kind": "terminal_counts_less"} for entry, held in less]


def newest_counts(book: Book, days: range) -> list[Entry[TerminalCounted]]:
    """A terminal's later count of the same span takes the earlier one's place."""
    newest = {(one.fact.terminal, one.fact.start, one.fact.end): one for one in book.questions.counted}
    first, last = days.start * DAY, days.stop * DAY
    return [one for one in newest.values() if second_of(one.fact.start) < last and second_of(one.fact.end) >= first]


def held_of(db: sqlite_utils.Database, book: Book, counted: TerminalCounted) -> int:
    """How many records of a counted span are here, those set aside for their time included."""
    query = """
        SELECT count(*) FROM credentials JOIN punches ON credential = id
        WHERE terminal = ? AND second BETWEEN ? AND ?
    """
    span = (counted.terminal, second_of(counted.start), second_of(counted.end))
    (held,) = db.conn.execute(query, span).fetchone()
    set_aside = [entry.fact.at for entry in book.quarantine.find("terminal", counted.terminal)]
    return int(held) + _within(counted, set_aside) - _within(counted, _moved(book, counted.terminal))


def _moved(book: Book, terminal: str) -> list[datetime]:
    """The times that accepted readings were moved to: at the terminal they lie under the time it showed."""
    shown = {str(entry.id): entry.fact.at for entry in book.quarantine.find("terminal", terminal)}
    return [
        at + timedelta(seconds=run.fact.shift)
        for run in book.runs.accepted.find("terminal", terminal)
        for reading in run.fact.readings
        if (at := shown.get(reading))
    ]


def _within(counted: TerminalCounted, moments: Iterable[datetime | None]) -> int:
    return sum(at is not None and counted.start <= at <= counted.end for at in moments)


def _question(entry: Entry[TerminalCounted], held: int) -> Json:
    fact = entry.fact
    return {
        "subject": fact.terminal,
        "since": utc_text(entry.recorded_at),
        "detail": {
            "terminal": fact.terminal,
            "first_at": fact.start.isoformat(" "),
            "last_at": fact.end.isoformat(" "),
            "records": fact.records,
            "held": held,
            "may_be_missing": max(0, fact.records - held),
        },
    }
