"""Dahua's record of somebody at the terminal: the same in an upload and in an answer of ``recordFinder``."""

import re
from datetime import datetime, timedelta

from attendance.punches import Reading, Unreadable, unreadable
from devices.dahua.shapes import Json

FIELDS = (
    *("RecNo", "BlockId", "UserID", "RealUTC", "UTC", "CreateTime", "Method", "Type", "Status", "ErrorCode"),
    *("AttendanceState", "Door", "ReaderID"),
)
"""What is kept of a record; names, card numbers and pictures are not."""
KEYS = tuple((field, field.lower()) for field in FIELDS)
CLOCKS = ("realutc", "utc", "createtime")
"""Seconds since 1970, the most trustworthy first."""
PLAIN = re.compile(r"[0-9A-Za-z_.:+-]{0,40}")
EPOCH = datetime(1970, 1, 1)
LATEST = 1 << 36
"""Seconds; what is later has no date."""
LARGEST_NUMBER = (1 << 63) - 1


def reading_of(record: Json, zone: int, place: str = "") -> Reading | Unreadable | None:
    """The reading of a record, None when nobody was let in; `zone` in minutes east of UTC.

    A record without any verdict is left for a person to look at.
    """
    pin = word(record.get("userid"))
    if not pin:
        return None
    verdict = succeeded(record)
    if verdict is None:
        return unreadable("malformed", line_of(record), place)
    if not verdict:
        return None
    return Reading(
        pin=pin,
        time=moment_text(record, zone),
        status=_plain(state_of(record)),
        verify=_plain(word(record.get("method"))),
        raw=line_of(record),
        place=place,
        serial=number_of(record),
    )


def succeeded(record: Json) -> bool | None:
    """Whether the terminal let the person in: error code 0 where there is one, else status 1; None without either."""
    for field, good in (("errorcode", "0"), ("status", "1")):
        if verdict := word(record.get(field)):
            return verdict == good
    return None


def moment_text(record: Json, zone: int) -> str:
    """The record's moment on the terminal's wall clock; what it says itself when that is no moment."""
    told = next((text for field in CLOCKS if (text := word(record.get(field))) not in ("", "0")), "")
    if not told.isdecimal() or not told.isascii() or len(told) > 12 or int(told) > LATEST:
        return told[:24]
    return f"{EPOCH + timedelta(seconds=int(told), minutes=zone):%Y-%m-%d %H:%M:%S}"


def state_of(record: Json) -> str:
    """The attendance key that was pressed, else the side the reader is on."""
    state = word(record.get("attendancestate"))
    return state if state not in ("", "0") else word(record.get("type"))


def number_of(record: Json) -> int:
    """The terminal's own number of the record; 0 where it gives none."""
    for field in ("recno", "blockid"):
        told = word(record.get(field))
        if told.isdecimal() and told.isascii() and len(told) < 20:
            return min(int(told), LARGEST_NUMBER)
    return 0


def line_of(record: Json) -> str:
    """The record on one line, without names, cards and pictures."""
    told = ((field, _plain(word(record[key]))) for field, key in KEYS if key in record)
    return ";".join(f"{field}={value}" for field, value in told if value)


def word(value: object) -> str:
    """A number or a text as text; empty for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).strip() if not isinstance(value, float) else f"{value:.0f}"


def _plain(text: str) -> str:
    return text if PLAIN.fullmatch(text) else ""
