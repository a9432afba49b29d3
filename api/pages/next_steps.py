"""What the office does next about each month that is not published: the first thing that its first page says."""

from typing import NamedTuple

from api import office
from attendance.facts import Refused
from projections.completeness import in_doubt
from projections.ledger import Ledger

MOST_MONTHS = 4
"""Months told of: the oldest that wait."""
UNPUBLISHED = ("open", "in_review")


class NextStep(NamedTuple):
    """What one month waits for."""

    month: str
    state: str
    what: str
    """running, show or publish"""
    doubts: int


def next_steps(ledger: Ledger) -> list[NextStep]:
    """The oldest month first: it is due first."""
    months = ledger.hall.book().months
    waiting = [month for month in ledger.months() if months.state(month) in UNPUBLISHED][-MOST_MONTHS:]
    return [_step(ledger, month, months.state(month)) for month in waiting]


def _step(ledger: Ledger, month: str, state: str) -> NextStep:
    shown = "publish" if state == "in_review" else "show"
    what = shown if office.is_over(ledger.hall, month) else "running"
    return NextStep(month, state, what, _doubts(ledger, month))


def _doubts(ledger: Ledger, month: str) -> int:
    try:
        return len(in_doubt(ledger.completeness(month)))
    except Refused:
        # The year has no calendar: the month's own page says so.
        return 0
