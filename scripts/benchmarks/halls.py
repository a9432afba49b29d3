"""Halls of any size to measure with: everybody punches four times a workday, one punch in twenty a little late."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from importlib.resources import files
from pathlib import Path

from attendance import people, terminals, windows
from attendance.calendar import Calendar
from attendance.hall import Draft, Hall
from attendance.punches import Punched

MONTH = "2025-04"
"""A month of 22 workdays; halls with a longer history end with it."""
PEOPLE_AT_A_WINDOW = 2
TERMINALS = [f"MQB{n:04d}" for n in range(8)]
PUNCHES_A_DAY = 4
LATE = 0.05
BATCH = 5_000


def number(person: int) -> str:
    return f"{person + 100_001}"


def window(person: int) -> str:
    return f"窗口{person // PEOPLE_AT_A_WINDOW + 1}"


def months(count: int) -> list[str]:
    """So many months, the last of them `MONTH`."""
    year, month = map(int, MONTH.split("-"))
    last = year * 12 + month - 1
    return [f"{index // 12}-{index % 12 + 1:02d}" for index in range(last - count + 1, last + 1)]


def workdays(month: str) -> list[date]:
    calendar = Calendar()
    first = date.fromisoformat(f"{month}-01")
    days = (first + timedelta(days=n) for n in range(31))
    return [day for day in days if day.month == first.month and calendar.is_workday(day)]


def found(folder: Path, staff: int, store: str = "sqlite") -> Hall:
    """A hall with its windows, people and terminals, and no punches yet."""
    policy = files("attendance").joinpath("defaults/policy.toml").read_text(encoding="utf-8")
    hall = Hall.found(folder, policy, store)
    hall.decide(lambda draft: _furnish(draft, staff), "import")
    return hall


def _furnish(draft: Draft, staff: int) -> None:
    for terminal in TERMINALS:
        terminals.accept(draft, sn=terminal, name=terminal)
    for person in range(0, staff, PEOPLE_AT_A_WINDOW):
        windows.register(draft, window=window(person), unit=f"单位{person // 20 + 1}")
    for person in range(staff):
        unit = f"单位{person // 20 + 1}"
        people.post(draft, no=number(person), name=f"员工{person}", window=window(person), unit=unit)


def moments(day: date, chance: random.Random) -> list[datetime]:
    """One person's punches of one day under the default timetable."""
    late = chance.randint(1, 20) if chance.random() < LATE * PUNCHES_A_DAY else -chance.randint(1, 25)
    offsets = (9 * 60 + late, 12 * 60 + chance.randint(0, 15), 13 * 60 + 30 - chance.randint(1, 20), 17 * 60 + 5)
    midnight = datetime(day.year, day.month, day.day)
    return [midnight + timedelta(minutes=offset, seconds=chance.randint(0, 59)) for offset in offsets]


def punches(staff: int, month: str) -> Iterator[Punched]:
    """Everybody's punches of a month in the order the days bring them."""
    chance = random.Random(month)
    for day in workdays(month):
        for person in range(staff):
            for at in moments(day, chance):
                yield punched(person, at)


def punched(person: int, at: datetime) -> Punched:
    terminal, pin = TERMINALS[person % len(TERMINALS)], number(person)
    raw = f"{pin}\t{at}\t0\t15\t0\t0\t0"
    return Punched(terminal=terminal, pin=pin, at=at, source="10.0.0.7", verify="15", status="0", raw=raw)


def fill(hall: Hall, staff: int, month: str) -> int:
    """Store a month's punches; how many there were."""
    total, batch, under_way = 0, [], []
    for punch in punches(staff, month):
        batch.append(punch)
        if len(batch) == BATCH:
            under_way.append(hall.receive_soon(batch, "terminal:MQB0000"))
            total, batch = total + len(batch), []
        if len(under_way) > 4:
            under_way.pop(0).result()
    under_way.append(hall.receive_soon(batch, "terminal:MQB0000"))
    for appended in under_way:
        appended.result()
    return total + len(batch)
