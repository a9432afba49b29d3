"""Having terminals count yesterday's records, and send again where they count more than the log holds."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from api.jobs.job import House, Said
from api.jobs.watch import Sight, Watching, put_question
from attendance.questions import OF_A_SPAN, Questions, TerminalAsked

LAST_SECOND = time(23, 59, 59)
LOOKBACK = 31
"""Days for which a count above ours is followed up."""
PATIENCE = 3
"""Counts refused in a row, after which a terminal is taken not to know how."""


class Asking(NamedTuple):
    """What a terminal is to be asked, of which span of its wall clock."""

    matter: str
    start: datetime
    end: datetime


def ask_counts(house: House) -> Said:
    """Ask every terminal that can be asked and is there."""
    watching = Watching(house.hall)
    today = watching.local(watching.now).date()
    lacking = house.ledger.counts_more(range(today.toordinal() - LOOKBACK, today.toordinal()))
    asked = {"count": 0, "attlog": 0}
    for sight in watching.sights():
        if is_there_to_ask(sight):
            asking = next_asking(watching, sight, today - timedelta(days=1), lacking)
            if asking is not None:
                put_question(watching, sight.terminal, *asking)
                asked[asking.matter] += 1
    return {"counts": asked["count"], "again": asked["attlog"]}


def is_there_to_ask(sight: Sight) -> bool:
    return sight.terminal.family == "zkteco" and sight.contact is not None and sight.silent_since is None


def next_asking(watching: Watching, sight: Sight, yesterday: date, lacking: Sequence[dict[str, Any]]) -> Asking | None:
    """The records of a span of which fewer came than the terminal counts, or else the count of yesterday."""
    questions, sn = watching.book.questions, sight.terminal.terminal
    now = int(watching.now.timestamp() * 1_000_000)
    if any(entry.fact.matter in OF_A_SPAN for entry in questions.open(sn, now)):
        return None
    for detail in (one["detail"] for one in lacking if one["subject"] == sn):
        return Asking("attlog", datetime.fromisoformat(detail["first_at"]), datetime.fromisoformat(detail["last_at"]))
    counts = [entry.fact for entry in questions.asked.find("terminal", sn) if entry.fact.matter == "count"]
    span = datetime.combine(yesterday, time()), datetime.combine(yesterday, LAST_SECOND)
    if any((one.start, one.end) == span for one in counts) or knows_no_counting(questions, counts):
        return None
    return Asking("count", *span)


def knows_no_counting(questions: Questions, counts: Sequence[TerminalAsked]) -> bool:
    """Whether a terminal refused to count every time it was asked lately."""
    codes = {entry.fact.key(): entry.fact.code for entry in questions.answered}
    answers = [codes[one.key()] for one in counts[-PATIENCE:] if one.key() in codes]
    return len(answers) == PATIENCE and all(code < 0 for code in answers)
