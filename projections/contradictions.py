"""Terminal against inspector: seen absent or late by one, on time by the other (one fact must not count as two)."""

from collections.abc import Callable, Iterator
from typing import Any

import sqlite_utils

from attendance.book import Book
from attendance.facts import Entry, Refused
from attendance.localtime import clock_text, second_of
from attendance.patrol import FindingNoted
from attendance.relief import ReliefArranged
from attendance.rules.day import Judged
from attendance.rules.due import absences
from attendance.rules.lines import MERGED_CODES, holds
from attendance.rules.person_month import MonthRules, PersonMonth
from projections.facts import PunchesOf

Json = dict[str, Any]
LATE = "late"
Derived = Callable[[str], PersonMonth]
"""A person's month as the rules derive it."""


def contradictions(book: Book, month: str, derived: Derived) -> list[Json]:
    """Findings `late` or `absent` of a month that nobody has settled and that something else speaks against."""
    noted = sorted(book.patrol.standing("month", month), key=lambda entry: entry.fact.seen_at)
    asked = [entry for entry in noted if entry.fact.no and entry.fact.code in MERGED_CODES]
    unsettled = [entry for entry in asked if not book.doubts.verdict(entry.fact.finding, "place")]
    against = [(entry, _against(book, entry.fact, derived)) for entry in unsettled]
    return [_told(entry, speaks) for entry, speaks in against if speaks]


def contradictions_of(db: sqlite_utils.Database, book: Book, month: str) -> list[Json]:
    """`contradictions`, by the punches of the table; a month without calendar has no sessions to disagree about."""
    try:
        rules = MonthRules(book, month)
    except Refused:
        return []
    punches = PunchesOf(db, book, rules.policy.meta.timezone)
    return contradictions(book, month, lambda no: rules.person(no, punches.person(no, rules.days)))


def _told(entry: Entry[FindingNoted], speaks: Json) -> Json:
    noted = entry.fact
    seen = {"window": noted.window, "code": noted.code, "seen_at": noted.seen_at.isoformat(" ")}
    return {"finding": noted.finding, "id": str(entry.id), "no": noted.no, **seen, **speaks}


def _against(book: Book, noted: FindingNoted, derived: Derived) -> Json | None:
    at = second_of(noted.seen_at)
    for leave in absences(book, noted.no):
        if leave.start <= at < leave.end:
            return {"why": "on_leave", "punch": "", "evidence": str(leave.id)}
    for entry in book.reliefs:
        arranged = entry.fact
        if arranged.start <= noted.seen_at < arranged.end and _explains(arranged, noted):
            return {"why": "relieved", "punch": "", "evidence": str(entry.id)}
    judged = next(_sessions_at(derived(noted.no), at), None)
    return _punched_in(judged, noted, at) if judged else None


def _explains(arranged: ReliefArranged, noted: FindingNoted) -> bool:
    """Somebody stood in for the person, or they stood in at another window."""
    elsewhere = bool(noted.window) and arranged.relief_no == noted.no and arranged.window != noted.window
    return arranged.regular_no == noted.no or elsewhere


def _sessions_at(person: PersonMonth, at: int) -> Iterator[Judged]:
    return (judged for day in person.days for judged in day.sheet.sessions if holds(judged, at))


def _punched_in(judged: Judged, noted: FindingNoted, at: int) -> Json | None:
    """The terminals have the person in before they were not seen, or in time before they were seen coming late."""
    on, off = judged.on, judged.off
    if on is None or on.punch is None or on.punch > at:
        return None
    left = off is not None and off.punch is not None and off.punch <= at
    agrees = noted.code == LATE and on.state == "late"
    if left or agrees:
        return None
    day = noted.seen_at.date().toordinal()
    return {"why": "punched_in", "punch": clock_text(on.punch, day, seconds=True), "evidence": ""}
