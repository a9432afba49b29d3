"""The tabs above every page of patrol: how much waits for the office to settle."""

from typing import Any

from fastapi import Request

from api.patrolling import today_of
from attendance.hall import Hall
from projections.ledger import Ledger

Json = dict[str, Any]
MOST_MONTHS = 3
"""Of the months with findings, the newest so many are looked through for doubts."""
DOUBTS = ("contradiction", "tablet_clock")


def tabs(request: Request) -> Json:
    """What the tabs show: held deeds, praise and doubts are settled on one page, so they are counted as one."""
    hall: Hall = request.app.state.hall
    book = hall.book()
    waiting = len(book.deeds.open()) + len(book.praises.open())
    return {"waiting_count": waiting + len(doubts(hall, request.app.state.ledger))}


def doubts(hall: Hall, ledger: Ledger) -> list[Json]:
    """Contradictions and doubtful clocks of the newest months."""
    months = sorted(str(key) for key in hall.book().patrol.findings.keys("month"))[-MOST_MONTHS:]
    today = today_of(hall)
    found = (question for month in months for question in ledger.patrol_questions(month, today))
    return [question for question in found if question["kind"] in DOUBTS]
