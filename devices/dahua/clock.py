"""A Dahua terminal's clock, read and set: wall-clock times without a zone, in the terminal's own."""

from datetime import datetime
from urllib.parse import quote

from attendance.punches import moment_of
from devices.calling import Line
from devices.dahua.answers import text_from, values_of


def clock_of(line: Line) -> datetime | None:
    """The terminal's wall clock; None when it tells no time. Raises Refused."""
    return moment_of(values_of(text_from(line, "/cgi-bin/global.cgi?action=getCurrentTime")).get("result", ""))


def set_clock(line: Line, at: datetime) -> str:
    """Set the terminal's wall clock; returns what the terminal answered. Raises Refused when it does not do it."""
    text = text_from(line, f"/cgi-bin/global.cgi?action=setCurrentTime&time={quote(f'{at:%Y-%m-%d %H:%M:%S}')}")
    return text.strip()[:20]
