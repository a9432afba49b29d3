"""Small halls for tests, and short ways to speak to them."""

from collections.abc import Callable
from importlib.resources import files
from typing import Any

from attendance import people, terminals, windows
from attendance.facts import Refused
from attendance.hall import Hall, Outcome

POLICY = files("attendance").joinpath("defaults/policy.toml").read_text(encoding="utf-8")

Command = Callable[..., Outcome]


def do(hall: Hall, command: Command, **details: Any) -> Outcome:
    """Take one decision."""
    return hall.decide(lambda draft: command(draft, **details), "office")


def refusal_of(hall: Hall, command: Command, **details: Any) -> tuple[str, str | None]:
    """The code and the column of the refusal that a command meets; nothing of it may have been stored."""
    before = hall.store.head()
    try:
        outcome = do(hall, command, **details)
    except Refused as refused:
        assert hall.store.head() == before
        return refused.code, refused.column
    raise AssertionError(f"not refused but {outcome}")


def register_a_small_hall(hall: Hall) -> None:
    """Windows 税务窗口 and 公安窗口; 0101 and 102 serve there, 9001 stands in; terminal A001."""
    do(hall, windows.register, window="税务窗口", unit="税务局")
    do(hall, windows.register, window="公安窗口", unit="公安局")
    do(hall, people.post, no="0101", name="钱桐雅", window="税务窗口")
    do(hall, people.post, no="102", name="孙可岚", window="公安窗口", unit="公安局", category="事业")
    do(hall, people.post, no="9001", name="李若茗", window="税务窗口", relief=True)
    do(hall, terminals.accept, sn="A001")
