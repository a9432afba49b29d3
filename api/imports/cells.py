"""One cell's text as a date, a time, a number or a word. Each way of writing it has one meaning."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import NoReturn, TypeVar

from attendance.facts import Refused

W = TypeVar("W")

EXCEL_EPOCH = datetime(1899, 12, 30)
SERIAL = re.compile(r"[3-7]\d{4}(\.\d+)?")
"""Days since Excel's epoch, 1982 to 2119: what an unformatted date becomes."""
FRACTION = re.compile(r"0?\.\d+")
"""A part of a day: what an unformatted time becomes."""
DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")
CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.0+)?")
MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?")
FIRST_YEAR = 1900
LAST_YEAR = 9998
"""Of a moment: behind it comes the end of its day. An open end is often written 9999-12-31, which is a date alone."""
LARGEST = 10**12
MOST_PLACES = 12


def plain(text: str) -> str:
    """Full-width digits and punctuation as half-width, without spaces around."""
    return text.strip() if text.isascii() else unicodedata.normalize("NFKC", text).strip()


def as_date(text: str, column: str) -> date:
    """A date; a time of midnight behind it is what a spreadsheet adds."""
    moment, has_time = _within_reach(text, column, date.max.year) or _refuse("not_a_date", column, text)
    if has_time and moment.time() != time():
        _refuse("not_a_date", column, text)
    return moment.date()


def as_moment(text: str, column: str) -> datetime:
    """A date with a time; a date alone is refused."""
    moment, has_time = _within_reach(text, column) or _refuse("not_a_moment", column, text)
    if not has_time:
        _refuse("not_a_moment", column, text)
    return moment


def as_start(text: str, column: str) -> datetime:
    """A moment, or a date alone: its midnight."""
    moment, _ = _within_reach(text, column) or _refuse("not_a_moment", column, text)
    return moment


def as_end(text: str, column: str) -> datetime:
    """A moment, or a date alone: the midnight after it, since the end date is included."""
    moment, has_time = _within_reach(text, column) or _refuse("not_a_moment", column, text)
    return moment if has_time else moment + timedelta(days=1)


def as_time(text: str, column: str) -> time:
    written = plain(text)
    if FRACTION.fullmatch(written):
        return _from_serial(Decimal(written)).time()
    return _clock(written) or _refuse("not_a_time", column, text)


def as_month(text: str, column: str) -> str:
    """`YYYY-MM`; Excel turns a month into its first day."""
    written = plain(text)
    match = MONTH.fullmatch(written)
    found = _within_reach(f"{match[1]}-{match[2]}-01" if match else written, column)
    if found is None or found[0].day != 1:
        _refuse("not_a_month", column, text)
    return f"{found[0]:%Y-%m}"


def as_count(text: str, column: str) -> int:
    """A whole number, not negative."""
    number = as_number(text, column)
    if number < 0 or number != number.to_integral_value():
        _refuse("not_a_count", column, text)
    return int(number)


def as_number(text: str, column: str) -> Decimal:
    try:
        number = Decimal(plain(text))
    except InvalidOperation:
        _refuse("not_a_number", column, text)
    if not number.is_finite():
        _refuse("not_a_number", column, text)
    if number.copy_abs() > LARGEST or number != round(number, MOST_PLACES):
        _refuse("number_far", column, text)
    return number


def as_word(text: str, column: str, words: Mapping[str, W]) -> W:
    """One of the words that may stand here."""
    written = plain(text).lower()
    if written not in words:
        raise Refused("not_listed", column, value=text, listed=[word for word in words if word])
    return words[written]


def _refuse(code: str, column: str, text: str) -> NoReturn:
    raise Refused(code, column, value=text)


def _within_reach(text: str, column: str, last: int = LAST_YEAR) -> tuple[datetime, bool] | None:
    """A moment as `_moment` reads it. Raises Refused for a year that no hall can mean."""
    found = _moment(text)
    if found and not FIRST_YEAR <= found[0].year <= last:
        raise Refused("date_far", column, value=text, first=FIRST_YEAR, last=last)
    return found


def _moment(text: str) -> tuple[datetime, bool] | None:
    """A moment and whether it names a time of day."""
    written = plain(text)
    if SERIAL.fullmatch(written):
        return _from_serial(Decimal(written)), "." in written
    day, _, clock = written.replace("T", " ").partition(" ")
    found, at = _date(day), _clock(clock.strip())
    if found is None or (clock and at is None):
        return None
    return datetime.combine(found, at or time()), bool(clock)


def _date(text: str) -> date | None:
    match = DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups() if part is not None)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _clock(text: str) -> time | None:
    match = CLOCK.fullmatch(text)
    if match is None:
        return None
    hour, minute, second = (int(part or 0) for part in match.groups())
    return time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def _from_serial(days: Decimal) -> datetime:
    """An Excel serial to the nearest second: its fractions of a day are never exact."""
    return EXCEL_EPOCH + timedelta(seconds=round(days * 86_400))
