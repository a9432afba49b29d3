"""Hall-local time as whole seconds.

A *second* is the number of seconds since 0001-01-01 00:00 on the hall's own wall clock, and ``second // DAY`` is the
date's ordinal. Whole numbers make the rules exact and quick; zones are settled before a punch gets here.
"""

from datetime import date, datetime, time, timedelta
from functools import cache

DAY = 86_400
MINUTE = 60


def second_of(moment: datetime) -> int:
    """The second of a naive hall-local moment."""
    return moment.toordinal() * DAY + moment.hour * 3600 + moment.minute * 60 + moment.second


def moment_of(second: float) -> datetime:
    """The naive hall-local moment of a second."""
    days, rest = divmod(int(second), DAY)
    return datetime.combine(date.fromordinal(days), time()) + timedelta(seconds=rest)


def clock_text(second: int, day: int, *, seconds: bool) -> str:
    """``HH:MM`` or ``HH:MM:SS``, with ``+1`` when it falls on the date after `day` (scoring.md, Excuses)."""
    days, rest = divmod(second, DAY)
    text = _clock(rest) if seconds else _clock(rest)[:5]
    return text if days <= day else f"{text}+{days - day}"


@cache
def _clock(second: int) -> str:
    minutes, seconds = divmod(second, MINUTE)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"


def month_days(month: str) -> range:
    """The ordinals of every day of ``YYYY-MM``."""
    first = date.fromisoformat(f"{month}-01")
    following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return range(first.toordinal(), following.toordinal())


def month_of(day: int) -> str:
    """``YYYY-MM`` of a day's ordinal."""
    return date.fromordinal(day).isoformat()[:7]
