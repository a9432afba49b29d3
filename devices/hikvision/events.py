"""One event of a Hikvision terminal, by either road: pushed as it happens or read from the terminal's log.

The roads name the same things differently (``majorEventType``/``major``, ``subEventType``/``minor``,
``dateTime``/``time``).
"""

import json
import re
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from attendance.punches import Reading, moment_of
from attendance.terminals import CLOCK_SET, TerminalOperated
from devices.hikvision.messages import Fields

TABLE = "AccessControllerEvent"
"""The kind of record, the same by both roads: a reading set aside is told from others by it."""
OPERATION, ACCESS = 3, 5
PUNCHES = frozenset({1, 2, 16, 34, 38, 40, 43, 46, 69, 72, 75, 77, 101, 105, 153, 159, 179, 181})
"""Minor types of major 5 that say: this person was verified (HCNetSDK, appendix of events). Failures, doors and
exits by button are none."""
NO_PUNCHES = frozenset(
    {*range(3, 10), *range(21, 29), 39, 41, 47, 49, 70, 73, 76, 78, 80, 104, 112, 113, 151, 152, 155}
)
"""Minor types of major 5 that are known to be none."""
TIME_SET = frozenset({1029, 1078})
"""Minor types of major 3: the time was set, by hand or from afar."""
SIGN_INS_FROM_AFAR = frozenset({112, 113})
"""The hall's own visits, each of them several."""
TIME = re.compile(
    r"\s*(\d{4}-\d{1,2}-\d{1,2})[T ](\d{1,2}:\d{1,2}:\d{1,2})(?:\.\d{1,9})?\s*(Z|[+-]\d{1,2}:?\d{2})?\s*", re.ASCII
)
PLAIN = re.compile(r"[0-9A-Za-z_.:+-]{0,40}")
KEPT = (
    *("employeeNoString", "serialNo", "frontSerialNo", "currentVerifyMode", "attendanceStatus"),
    *("cardReaderNo", "doorNo", "userType"),
)
"""What of an event stays beside type and time. Its name, card, temperature, mask and picture do not."""
NOBODY = ("", "null", "none")
as_json = json.JSONEncoder(separators=(",", ":")).encode


class Moment(NamedTuple):
    """A time as the terminal writes it."""

    text: str
    """The wall clock, ``YYYY-MM-DD HH:MM:SS``; whatever was written where that is no time."""
    offset: int | None = None
    """Minutes east of UTC that the terminal claims; it may be wrong while its clock is right."""


class Event(NamedTuple):
    """What happened at the terminal."""

    major: int
    minor: int
    moment: Moment
    serial: int
    """The terminal's running number over events of every kind; 0 where it gives none."""
    pin: str
    """The person's number; empty when the event names nobody."""
    fields: Fields

    @property
    def is_punch(self) -> bool:
        return self.major == ACCESS and self.minor in PUNCHES

    @property
    def is_operation(self) -> bool:
        """Whether somebody did something at the terminal: set its time, signed in to its menu, cleared it."""
        return self.major == OPERATION and self.minor not in SIGN_INS_FROM_AFAR

    @property
    def is_unlisted(self) -> bool:
        """Whether it names a person and nobody here knows what it means."""
        return self.major == ACCESS and bool(self.pin) and self.minor not in PUNCHES | NO_PUNCHES

    @property
    def is_replayed(self) -> bool:
        """Whether it was kept while the hall could not be reached, so that its time tells nothing of the clock."""
        return str(self.fields.get("currentevent", "true")).lower() == "false"


def event_of(fields: Fields, zone: int) -> Event | None:
    """The event of a message, `zone` being the terminal's in the register; None when it tells of none."""
    major, minor = _first(fields, "majoreventtype", "major"), _first(fields, "subeventtype", "minor")
    if major is None or minor is None:
        return None
    serial = number(fields.get("serialno")) or 0
    return Event(major, minor, moment(_written(fields), zone), serial, _person(fields), fields)


def _written(fields: Fields) -> object:
    return fields.get("time") or fields.get("datetime") or ""


def _first(fields: Fields, *names: str) -> int | None:
    return next((found for name in names if (found := number(fields.get(name))) is not None), None)


def number(value: object) -> int | None:
    """A count as JSON or XML write it; None for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value if 0 <= value < 1 << 62 else None
    text = value.strip() if isinstance(value, str) else ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None


def _person(fields: Fields) -> str:
    """The person's number; firmware before the text field had a number alone."""
    if "employeenostring" not in fields:
        return str(number(fields.get("employeeno")) or "")
    text = str(fields["employeenostring"] or "").strip()
    return "" if text.lower() in NOBODY else text


def moment(value: object, zone: int) -> Moment:
    """A time as written. One in UTC is no wall clock, and is told in the register's `zone`."""
    found = TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return Moment(plain(value))
    day, clock, offset = found.groups()
    if offset != "Z":
        return Moment(f"{day} {clock}", _minutes(offset))
    at = moment_of(f"{day} {clock}")
    return Moment(_text(at, zone) if at else f"{day} {clock}", 0 if at is None else zone)


def _text(at: datetime, zone: int) -> str:
    try:
        return f"{at + timedelta(minutes=zone):%Y-%m-%d %H:%M:%S}"
    except OverflowError:
        return ""


def _minutes(offset: str | None) -> int | None:
    if not offset:
        return None
    digits = offset[1:].replace(":", "")
    east = int(digits[:-2]) * 60 + int(digits[-2:])
    return -east if offset[0] == "-" else east


def offset(zone: int) -> str:
    """``+08:00`` of minutes east of UTC."""
    hours, minutes = divmod(abs(zone), 60)
    return f"{'-' if zone < 0 else '+'}{hours:02d}:{minutes:02d}"


def plain(value: object) -> str:
    """A number or code; anything that could be free text is dropped."""
    text = str(value).strip() if isinstance(value, (str, int, float, bool)) else ""
    return text if PLAIN.fullmatch(text) else ""


def reading_of(event: Event) -> Reading:
    """The attendance line an event comes to."""
    status, verify = plain(event.fields.get("attendancestatus")), plain(event.fields.get("currentverifymode"))
    return Reading(
        event.pin,
        event.moment.text,
        "" if status == "undefined" else status,
        "" if verify == "invalid" else verify,
        raw=raw_of(event),
        serial=event.serial,
    )


def raw_of(event: Event) -> str:
    """The event as sent, as far as it may be kept, in one order whichever road it came by."""
    written = str(_written(event.fields))
    time = written.strip() if TIME.fullmatch(written) else plain(written)
    kept: dict[str, Any] = {"major": event.major, "minor": event.minor, "time": time}
    kept |= {name: plain(event.fields[name.lower()]) for name in KEPT if name.lower() in event.fields}
    return as_json({name: value for name, value in kept.items() if value != ""})


def operation_of(event: Event, terminal: str) -> TerminalOperated:
    """What was done at the terminal; the kind is Hikvision's own minor type, but for a clock that was set."""
    address = plain(event.fields.get("remotehostaddr"))
    return TerminalOperated(
        terminal=terminal,
        kind=CLOCK_SET if event.minor in TIME_SET else event.minor,
        operator=plain(event.pin),
        at=event.moment.text if moment_of(event.moment.text) else "",
        objects=tuple(item for item in (str(event.serial or ""), address) if item),
    )
