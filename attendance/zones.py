"""Where a terminal's wall clock stands, as minutes east of UTC."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from attendance.facts import Refused

CHINA = 480
FURTHEST = 14 * 60
OFFSET = re.compile(r"(?:UTC|GMT)?([+-]?)(\d{2}(?=\d\d)|\d{1,2})(?::?(\d{2}))?", re.IGNORECASE | re.ASCII)
IN_MINUTES = re.compile(r"([+-]?\d{1,4}) ?min", re.ASCII)


def zone_minutes(text: str) -> int:
    """The zone meant by ``+08:00``, ``8``, ``+0530``, ``480 min`` or ``Asia/Shanghai``; empty is China's.

    Raises Refused for anything else, and for zones with summer time: a terminal has no such clock.
    """
    text = text.strip()
    if not text:
        return CHINA
    found, counted = OFFSET.fullmatch(text), IN_MINUTES.fullmatch(text)
    minutes = _offset(*found.groups()) if found else int(counted[1]) if counted else _named(text)
    if minutes is None or abs(minutes) > FURTHEST:
        raise Refused("unknown_zone", "zone", zone=text)
    return minutes


def _offset(sign: str, hours: str, minutes: str | None) -> int | None:
    rest = int(minutes or 0)
    if rest >= 60:
        return None
    east = int(hours) * 60 + rest
    return -east if sign == "-" else east


def _named(text: str) -> int | None:
    try:
        zone = ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    winter, summer = (datetime(2026, month, 1, tzinfo=zone).utcoffset() or timedelta() for month in (1, 7))
    return int(winter.total_seconds()) // 60 if winter == summer else None
