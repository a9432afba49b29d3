"""What terminals are asked: queued, answered, forgotten in time, and never anything that destroys."""

from datetime import datetime
from time import time_ns

import pytest
from halls import refusal_of

from attendance.hall import Hall
from attendance.questions import LIFETIME, MOST_OPEN, TerminalAnswered, ask

NINE, TEN = datetime(2026, 9, 28, 9), datetime(2026, 9, 28, 10)


def now() -> int:
    return time_ns() // 1000


def asked(hall: Hall, matter: str = "check") -> int:
    return hall.decide(lambda draft: ask(draft, sn="A001", matter=matter, now=now()), "office")


def open_numbers(hall: Hall, at: int | None = None) -> list[int]:
    return [entry.fact.number for entry in hall.book().questions.open("A001", at or now())]


def test_questions_wait_in_order_until_each_is_answered(hall: Hall) -> None:
    assert [asked(hall), asked(hall, "info"), asked(hall)] == [1, 2, 3]
    hall.receive([TerminalAnswered(terminal="A001", number=2, code=-1)], "terminal:A001")
    assert open_numbers(hall) == [1, 3]


def test_a_question_nobody_answered_in_a_day_is_dropped(hall: Hall) -> None:
    asked(hall)
    assert open_numbers(hall, now() + LIFETIME - 60_000_000) == [1]
    assert open_numbers(hall, now() + LIFETIME) == []


def test_the_queue_is_bounded(hall: Hall) -> None:
    for _ in range(MOST_OPEN):
        asked(hall)
    refused = refusal_of(hall, ask, sn="A001", matter="check", now=now())  # type: ignore[arg-type]
    assert refused == ("too_many_questions", "sn")


@pytest.mark.parametrize(
    ("details", "code", "column"),
    [
        ({"sn": "Z9", "matter": "check"}, "terminal_unknown", "sn"),
        ({"sn": "A001", "matter": "CLEAR LOG"}, "unknown_matter", "matter"),
        ({"sn": "A001", "matter": "attlog"}, "no_span", "start"),
        ({"sn": "A001", "matter": "attlog", "start": TEN, "end": NINE}, "ends_before_start", "end"),
    ],
)
def test_what_cannot_be_asked(hall: Hall, details: dict[str, object], code: str, column: str) -> None:
    assert refusal_of(hall, ask, now=now(), **details) == (code, column)  # type: ignore[arg-type]
