"""Dates and times as other systems' sheets write them."""

import re
from datetime import date, datetime, timedelta

DATE = re.compile(r"(\d{2}|\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)
CLOCK = re.compile(r"(次日|翌日|\+1)?\s*(\d{1,2})[:：](\d{2})(?:[:：](\d{2}))?", re.ASCII)
NOTHING = frozenset({"", "-", "--", "—", "/", "无", "未打卡", "缺卡", "null"})
"""How a sheet says that there was no punch."""


def day_of(text: str) -> date | None:
    """The date a text begins with: ``2026/06/05 星期五``, ``26-06-05 星期五``, ``2026年6月5日``."""
    found = DATE.match(text.strip())
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups())
    try:
        return date(year if year > 99 else 2000 + year, month, day)
    except ValueError:
        return None


def moment_of(text: str, day: date | None) -> datetime | None:
    """A moment; where the text gives a time of day alone, on `day`, or after ``次日`` on the next."""
    written = text.strip()
    own = DATE.match(written)
    if own:
        day, written = day_of(written), written[own.end() :].strip(" T\t")
    clock = CLOCK.fullmatch(written)
    if day is None or clock is None:
        return None
    hour, minute, second = (int(part or 0) for part in clock.groups()[1:])
    if hour > 23 or minute > 59 or second > 59:
        return None
    return datetime(day.year, day.month, day.day, hour, minute, second) + timedelta(days=bool(clock[1]))


def is_nothing(text: str) -> bool:
    """Whether a cell says that there was no punch."""
    return text.strip().lower() in NOTHING
