"""Dates as an office writes them: 2026年10月9日（周五）, 11月4日、12日、25日; Fri 9 October 2026."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from api.settings import Language

WEEKDAYS = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
ISO = re.compile(r"\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?)?")
"""A month, a day, or a moment without a zone."""


def month_text(month: str, language: Language) -> str:
    """2020年11月, November 2020."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year}年{number}月" if language == "zh" else f"{MONTHS[number - 1]} {year}"


def weekday_text(day: date, language: Language) -> str:
    """One character or three letters, for the head of a column."""
    return WEEKDAYS[language][day.weekday()]


@lru_cache(4096)
def day_text(day: str, language: Language) -> str:
    """11月4日（周三）, Wed 4 Nov."""
    value = date.fromisoformat(day)
    if language == "zh":
        return f"{value.month}月{value.day}日（周{weekday_text(value, language)}）"
    return f"{weekday_text(value, language)} {value.day} {MONTHS[value.month - 1][:3]}"


def long_day_text(day: date, language: Language) -> str:
    """2026年10月9日（星期五）, Fri 9 October 2026."""
    weekday = weekday_text(day, language)
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日（星期{weekday}）"
    return f"{weekday} {_english_day(day)}"


def days_text(days: Iterable[str], language: Language) -> list[str]:
    """One text a day, the month named once per run: 11月4日, 12日, 25日."""
    texts, month = [], 0
    for value in map(date.fromisoformat, days):
        named = value.month != month
        if language == "zh":
            texts.append(f"{value.month}月{value.day}日" if named else f"{value.day}日")
        else:
            texts.append(f"{value.day} {MONTHS[value.month - 1][:3]}" if named else str(value.day))
        month = value.month
    return texts


def moment_text(moment: datetime, language: Language, zone: str) -> str:
    """A moment on the hall's wall clock, to the second. A naive moment is taken as that clock's already."""
    local = moment.astimezone(ZoneInfo(zone)) if moment.tzinfo else moment
    if language == "zh":
        return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M:%S}"
    return f"{_english_day(local)}, {local:%H:%M:%S}"


def when_text(when: object, language: Language) -> str:
    """A month, a day or a moment that was told in ISO, as people write it; anything else as it was told."""
    told = str(when or "")
    if not ISO.fullmatch(told):
        return told
    if len(told) == len("2026-10"):
        return month_text(told, language)
    moment = datetime.fromisoformat(told)
    if len(told) > len("2026-10-09"):
        return moment_text(moment, language, "")
    return f"{month_text(told[:7], language)}{moment.day}日" if language == "zh" else _english_day(moment)


def _english_day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def recorded_moment(recorded: object) -> datetime | None:
    """The moment of a `recorded_at`, told as microseconds since 1970 or as ISO text."""
    if isinstance(recorded, int):
        return datetime.fromtimestamp(recorded / 1_000_000, UTC)
    return datetime.fromisoformat(recorded) if isinstance(recorded, str) and recorded else None
