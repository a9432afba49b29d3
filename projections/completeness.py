"""Is everything in that a month rests on? What may be missing is said before anything is published."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlite_utils

from attendance.book import Book
from attendance.calendar import built_in
from attendance.localtime import DAY, month_days
from attendance.months import OBJECTION_OPEN, ReviewOpened
from projections.counted import terminals_that_count_less, terminals_that_count_more
from projections.facts import NEWEST
from projections.patrol import patrol_questions
from projections.questions import open_questions, utc_text
from projections.silence import silent_terminals
from projections.watching import covered, watch_questions

Json = dict[str, Any]
NOVEMBER = 11
NOTICES = frozenset(
    {
        *("calendar_missing", "terminal_waiting", "review_running", "policy_changed", "bulletin_unsigned"),
        *("rectification_overdue", "terminal_counts_less"),
    }
)
"""What is worth knowing but leaves nothing of the month in doubt: it needs no reason to publish over."""


def completeness(db: sqlite_utils.Database, book: Book, month: str, now: int) -> list[Json]:
    """Everything unsettled about a month (kind, subject, since, detail), the contract's open questions included; `now`
    in the hall's seconds."""
    today, watched = date.fromordinal(now // DAY), watch_questions(db, book, month, now)
    return [
        *covered(silent_terminals(db, book, month, today.toordinal()), watched),
        *watched,
        *terminals_that_count_more(db, book, month_days(month)),
        *terminals_that_count_less(db, book, month_days(month)),
        *(one for one in open_questions(db, book, month, NEWEST) if not _was_before(book, month, one)),
        *open_objections(book, month),
        *patrol_questions(db, book, month, today),
        *review_running(book, month, today),
        *policy_changed(book, month),
        *calendar_missing(today),
    ]


def in_doubt(items: Iterable[Json]) -> list[str]:
    """The kinds of question that publishing would pass over."""
    return [item["kind"] for item in items if item["kind"] not in NOTICES]


def _was_before(book: Book, month: str, question: Json) -> bool:
    """Whether readings were set aside before the month began, the last of them too: they cannot be of it."""
    if question["kind"] != "quarantined":
        return False
    zone = ZoneInfo(book.policies.in_force(month).meta.timezone)
    begun = datetime.fromordinal(month_days(month).start).replace(tzinfo=zone).timestamp() * 1_000_000
    terminal, reason = question["subject"], question["detail"]["reason"]
    readings = [entry for entry in book.undecided() if (entry.fact.terminal, entry.fact.reason) == (terminal, reason)]
    return all(entry.recorded_at < begun for entry in readings)


def review_running(book: Book, month: str, today: date) -> list[Json]:
    """The time to object is not over (公示期)."""
    review = book.months.review(month)
    if book.months.standing(month) or not review or not isinstance(review.fact, ReviewOpened):
        return []
    last = review.fact.deadline
    if today > last:
        return []
    since = utc_text(review.entry.recorded_at)
    return [{"kind": "review_running", "subject": month, "since": since, "detail": {"deadline": last.isoformat()}}]


def policy_changed(book: Book, month: str) -> list[Json]:
    """A policy that begins within the month judges the next one: the month is judged by one policy throughout."""
    days = month_days(month)
    judged_by = book.policies.in_force(month).meta
    return [
        {
            "kind": "policy_changed",
            "subject": entry.fact.id,
            "since": entry.fact.effective_from.isoformat(),
            "detail": {"version": entry.fact.version, "judged_by": judged_by.version},
        }
        for entry in book.policies
        if days.start < entry.fact.effective_from.toordinal() < days.stop
    ]


def open_objections(book: Book, month: str) -> list[Json]:
    return [
        {
            "kind": OBJECTION_OPEN,
            "subject": entry.fact.no,
            "since": utc_text(entry.recorded_at),
            "detail": {"objection": entry.fact.objection, "no": entry.fact.no, "about": entry.fact.about},
        }
        for entry in book.months.open_objections(month)
    ]


def calendar_missing(today: date) -> list[Json]:
    """From November on, next year's holidays ought to be known."""
    following = today.year + 1
    if today.month < NOVEMBER or following in built_in():
        return []
    return [{"kind": "calendar_missing", "subject": str(following), "since": None, "detail": {"year": following}}]
