"""Hall-local time as whole seconds.

A *second* is the number of seconds since 0001-01-01 00:00 on the hall's own wall clock, and ``second // DAY`` is the
date's ordinal. Whole numbers make the rules exact and quick; zones are settled before a punch gets here.
"""

from datetime import date, datetime, time, timedelta

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
    hours, rest = divmod(rest, 3600)
    minutes, left = divmod(rest, 60)
    text = f"{hours:02d}:{minutes:02d}:{left:02d}" if seconds else f"{hours:02d}:{minutes:02d}"
    return text if days <= day else f"{text}+{days - day}"


def month_days(month: str) -> range:
    """The ordinals of every day of ``YYYY-MM``."""
    first = date.fromisoformat(f"{month}-01")
    following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return range(first.toordinal(), following.toordinal())


def month_of(day: int) -> str:
    """``YYYY-MM`` of a day's ordinal."""
    return date.fromordinal(day).isoformat()[:7]
