"""When the demo hall's people clock in and out: near what their day sheets ask, but for known habits."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

USUAL_SLACK = timedelta(minutes=20)
HURRY = timedelta(seconds=50)
DOUBLE_TAP = timedelta(seconds=15)
DOUBLE_TAPS = 0.02
"""Share of punches that an impatient finger repeats."""

Habits = dict[tuple[str, str, str, str], str]
"""(no, date, session, mark) -> minutes late or early, or nothing where the person forgets to punch."""


class Tap(NamedTuple):
    """Somebody at a terminal."""

    no: str
    window: str
    at: datetime


class Mark(NamedTuple):
    """A punch that is due, with the time it may stray to without meeting the neighbouring mark."""

    session: str
    mark: str
    due: datetime
    slack: timedelta


def habits(rows: list[dict[str, str]]) -> Habits:
    return {(row["no"], row["day"], row["session"], row["mark"]): row["minutes"] for row in rows}


def marks(sheet: dict[str, Any]) -> list[Mark]:
    """The marks that one day sheet (contract 5.4) asks for, in time order."""
    due = [
        (session["session"], name, datetime.fromisoformat(f"{sheet['date']} {session[name]['due']}"))
        for session in sheet["sessions"]
        for name in ("on", "off")
        if session[name] is not None
    ]
    found = []
    for index, (session, name, at) in enumerate(due):
        neighbour = index - 1 if name == "on" else index + 1
        gap = abs(due[neighbour][2] - at) if 0 <= neighbour < len(due) else USUAL_SLACK * 3
        found.append(Mark(session, name, at, min(USUAL_SLACK, gap / 3)))
    return found


def moment(mark: Mark, strayed: str | None, chance: random.Random) -> datetime:
    """When the mark is punched: a little before an on and after an off, or `strayed` minutes on the wrong side."""
    if strayed is None:
        distance = timedelta(seconds=chance.randint(30, int(mark.slack.total_seconds())))
        return mark.due - distance if mark.mark == "on" else mark.due + distance
    distance = timedelta(minutes=int(strayed), seconds=chance.randint(0, int(HURRY.total_seconds())))
    return mark.due + distance if mark.mark == "on" else mark.due - distance


def taps(sheets: list[dict[str, Any]], known: Habits) -> Iterator[Tap]:
    """Everybody's punches of a month, the same every time."""
    for sheet in sheets:
        chance = random.Random(f"{sheet['no']} {sheet['date']} {sheet['window']}")  # noqa: S311 - a play, not a secret
        for mark in marks(sheet):
            strayed = known.get((sheet["no"], sheet["date"], mark.session, mark.mark))
            if strayed == "":
                continue
            at = moment(mark, strayed, chance)
            yield Tap(sheet["no"], sheet["window"], at)
            if chance.random() < DOUBLE_TAPS:
                yield Tap(sheet["no"], sheet["window"], at + DOUBLE_TAP)
