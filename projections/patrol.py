"""What inspectors found, for whoever has to act on it: open questions, and where each finding stands."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal

import sqlite_utils

from attendance.book import Book
from attendance.doubts import is_clock_doubtful
from attendance.facts import Entry
from attendance.patrol import FindingNoted
from projections.contradictions import contradictions_of
from projections.questions import utc_text

Json = dict[str, Any]
Stage = Literal["noted", "told", "accepted", "appealed", "confirmed", "overturned", "withdrawn"]


def stage(book: Book, finding: str) -> Stage:
    """How far a finding has come on its way from being noted to standing or falling."""
    state, appeals = book.patrol.state(finding), book.appeals
    if state != "noted":
        return state
    if judged := appeals.judgement(finding):
        return "overturned" if judged.fact.upheld else "confirmed"
    if appeals.appeal(finding):
        return "appealed"
    if appeals.acceptance(finding):
        return "accepted"
    return "told" if appeals.notice(finding) else "noted"


def patrol_questions(db: sqlite_utils.Database, book: Book, month: str, today: date) -> list[Json]:
    """What patrol leaves unsettled about a month (kind, subject, since, detail)."""
    found = [_question("contradiction", one["no"], one["seen_at"], one) for one in contradictions_of(db, book, month)]
    for entry in book.patrol.standing("month", month):
        found += _of_finding(book, entry, today)
    found += [
        _question("deed_held", held.fact.kind, utc_text(held.recorded_at), {"why": held.fact.held_for})
        for held in book.deeds.open()
        if f"{held.fact.tablet_at:%Y-%m}" == month
    ]
    return found


def _of_finding(book: Book, entry: Entry[FindingNoted], today: date) -> Iterator[Json]:
    noted, who = entry.fact, entry.fact.no or entry.fact.window
    detail = {"finding": noted.finding, "id": str(entry.id), "no": noted.no, "window": noted.window}
    if book.appeals.is_open(noted.finding):
        yield _question("appeal_open", who, noted.seen_at.isoformat(" "), detail)
    if is_clock_doubtful(noted) and not book.doubts.verdict(noted.finding, "clock"):
        minutes = abs(noted.offset_seconds) // 60
        yield _question("tablet_clock", who, noted.seen_at.isoformat(" "), detail | {"minutes": minutes})
    if book.rectifications.state(noted.finding, today) == "overdue":
        due = book.rectifications.due(noted.finding)
        yield _question("rectification_overdue", who, str(due), detail | {"due": str(due)})


def _question(kind: str, subject: str, since: str | None, detail: Json) -> Json:
    return {"kind": kind, "subject": subject, "since": since, "detail": detail}
