"""ZKTeco's attendance line, as it is pushed and as it stands in a USB export.

``PIN  time  status  verify  workcode  reserved  reserved  mask  temperature  converted  offset  extension``, separated
by tabs; four to twelve fields, and every firmware has its own idea of which.
"""

import re

from attendance.punches import Reading, Unreadable, unreadable
from devices.readings import LONGEST_LINE

TIME_LIKE = re.compile(r"\s*[-/\d]{6,14}[ T][-:\d]{5,12}\s*", re.ASCII)
"""Also ``1971--10--29 -23:-59:-53``: a time the terminal meant, though there is none such."""
HEALTH = (8, 9)
"""Temperature and converted temperature."""
MOST_FIELDS = 16


def read_line(line: str | bytes, place: str = "") -> Reading | Unreadable:
    """Take one pushed line apart."""
    if len(line) > LONGEST_LINE:
        return unreadable("too_long", line, place)
    fields = line.split("\t") if isinstance(line, str) else []
    if 5 <= len(fields) <= HEALTH[0] and line.isascii() and is_time(fields[1]):
        return Reading(fields[0], fields[1], fields[2], fields[3], fields[4], line, place)  # type: ignore[arg-type]
    fields = without_prefix(fields)
    return (not breaks_off(fields) and reading_of(fields, place)) or unreadable("malformed", line, place)


def breaks_off(fields: list[str]) -> bool:
    """Whether the line ends inside its time: 08:59:3 at its end was 08:59:30, while 8:59:3 before a tab is a time."""
    return len(fields) == 2 and len(fields[1].strip()) < len("YYYY-MM-DD HH:MM:SS")


def is_time(text: str) -> bool:
    """Whether a field is meant as a time; the usual form is recognised without the pattern."""
    return (len(text) == 19 and text[4] == "-" and text[13] == ":") or TIME_LIKE.fullmatch(text) is not None


def without_prefix(fields: list[str]) -> list[str]:
    """Some firmware puts the table's name, some also a row number, before the PIN."""
    if fields and fields[0].strip().upper() == "ATTLOG":
        fields = fields[1:]
        if len(fields) > 2 and is_time(fields[2]):
            return fields[1:]
    return fields


def reading_of(fields: list[str], place: str = "") -> Reading | None:
    """The reading of PIN, time and what follows; None when they are not that."""
    if not 2 <= len(fields) <= MOST_FIELDS or not TIME_LIKE.fullmatch(fields[1]):
        return None
    pin, time, status, verify, workcode = (*fields, "", "", "")[:5]
    raw = plain_line(fields)
    return Reading(pin.strip(), time.strip(), _plain(status), _plain(verify), _plain(workcode), raw, place)


def plain_line(fields: list[str]) -> str:
    """The line without health columns, and without text in which a name may stand."""
    line = "\t".join(fields)
    if len(fields) <= HEALTH[0] and line.isascii():
        return line
    return "\t".join(_plain(field) if at not in HEALTH else "" for at, field in enumerate(fields))


def _plain(field: str) -> str:
    return field if field.isascii() else ""
