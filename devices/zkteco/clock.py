"""ZKTeco's time as one number: seconds of a calendar in which every month has 31 days, counted from the year 2000."""

from datetime import datetime

MONTH_DAYS = 31
FIRST_YEAR = 2000


def number_of(moment: datetime) -> int:
    """The number of a naive moment from 2000 on."""
    days = ((moment.year - FIRST_YEAR) * 12 + moment.month - 1) * MONTH_DAYS + moment.day - 1
    return ((days * 24 + moment.hour) * 60 + moment.minute) * 60 + moment.second


def text_of(number: int) -> str:
    """``YYYY-MM-DD HH:MM:SS`` of a number, also where there is no such day: 31 February is what the terminal meant."""
    minutes, second = divmod(number, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    months, day = divmod(days, MONTH_DAYS)
    years, month = divmod(months, 12)
    return f"{FIRST_YEAR + years:04d}-{month + 1:02d}-{day + 1:02d} {hour:02d}:{minute:02d}:{second:02d}"
