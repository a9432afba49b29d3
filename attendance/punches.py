"""Punches: readings of terminals taken into the log, or set aside with the reason."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from msgspec import structs

from attendance.facts import Fact, topic
from attendance.people import bare
from attendance.recognition import Recognition

FIRST_YEAR = 2015
"""A terminal that lost its clock's battery starts again at 2000 or 1970 (design.md 5.3)."""
AHEAD = timedelta(minutes=5)
"""How far a terminal's clock may run before ours."""
PIN = re.compile(r"[0-9A-Za-z_.-]{1,32}")
WRONG_CLOCK = ("too_old", "in_future", "backwards")
"""Reasons that leave the rest of a reading good: a person may know what time it really was."""
UNPADDED_TIME = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T](\d{1,2}):(\d{1,2}):(\d{1,2})", re.ASCII)


@topic("punch")
class Punched(Fact, frozen=True, kw_only=True):
    """This PIN, at this terminal, at this moment of the terminal's wall clock. Who that is, is looked up later.

    Verify mode, status and raw line are those of the first sighting; only terminal, PIN and second make the identity.
    """

    terminal: str
    pin: str
    """Without padding or leading zeros."""
    at: datetime
    """Naive: the terminal's wall clock."""
    zone: int = 480
    """Minutes east of UTC that the terminal's clock stood at."""
    road: str = "push"
    """push, stream, usb, pull, sheet"""
    source: str = ""
    """Network address, or file hash and line number."""
    verify: str = ""
    status: str = ""
    workcode: str = ""
    raw: str = ""
    """The attendance line as sent, without health columns."""
    serial: int = 0
    """The terminal's own running number of the record; 0 where it gives none."""
    edited: str = ""
    """Who made or changed the record in the system it comes from, when people did: admin or approval."""
    recognised: Recognition | None = None
    """How the hall's own face terminal knew the person."""
    shifted_from: str = ""
    """The reading with a wrong time that a person accepted, when this punch is one put right."""

    def key(self) -> tuple[str, ...]:
        return (self.terminal, self.pin, self.at.isoformat(" "))


@topic("reading.quarantined")
class ReadingQuarantined(Fact, frozen=True, kw_only=True):
    """A reading that cannot be a punch, kept for a person to decide on."""

    terminal: str
    reason: str
    """impossible_time, too_old, in_future, backwards, no_pin, malformed, too_long, unknown_table"""
    table: str = ""
    road: str = "push"
    source: str = ""
    raw: str = ""
    """Attendance lines only; any other failing line leaves table, length and hash."""
    length: int = 0
    sha256: str = ""
    pin: str = ""
    """Whose it would be if its time were right; empty where more than the time is wrong."""
    at: datetime | None = None
    """What the terminal's clock showed, where only that is wrong."""
    zone: int = 480
    """Minutes east of UTC that the terminal's clock stood at."""

    def key(self) -> tuple[str, ...]:
        return (self.terminal, self.table, self.sha256)


@topic("attlog.imported")
class AttlogImported(Fact, frozen=True, kw_only=True):
    """An exported file was read."""

    terminal: str
    sha256: str
    lines: int
    accepted: int
    repeated: int
    quarantined: int

    def key(self) -> tuple[str, ...]:
        return (self.terminal, self.sha256)


class Reading(NamedTuple):
    """One attendance line of a terminal, taken apart and not yet judged."""

    pin: str
    time: str
    status: str = ""
    verify: str = ""
    workcode: str = ""
    raw: str = ""
    """The line without names and health columns."""
    place: str = ""
    """Where in its source it stands, such as ``#17`` for line 17 of a file."""
    serial: int = 0
    """The terminal's own running number of the record; 0 where it gives none."""
    edited: str = ""


class Unreadable(NamedTuple):
    """A line that is no attendance line. Its text may hold anything, so only length and hash leave this place."""

    reason: str
    """malformed, too_long, unknown_table"""
    length: int
    sha256: str
    place: str = ""


class Origin(NamedTuple):
    """Where a batch of readings came from, and when it reached us."""

    terminal: str
    zone: int
    """Minutes east of UTC."""
    road: str
    source: str
    received: datetime
    """With its zone."""
    table: str = "ATTLOG"


Judged = Punched | ReadingQuarantined


def doubted(punch: Punched) -> ReadingQuarantined:
    """A reading of a clock that is known to be wrong by days: its time is in no year to be noticed by."""
    line = punch.raw.encode()
    return ReadingQuarantined(
        terminal=punch.terminal,
        reason="backwards",
        road=punch.road,
        source=punch.source,
        raw=punch.raw,
        length=len(line),
        sha256=sha256(line).hexdigest(),
        pin=punch.pin,
        at=punch.at,
        zone=punch.zone,
    )


def unreadable(reason: str, line: str | bytes, place: str = "") -> Unreadable:
    """What is left of a line that cannot be read."""
    line = line.encode() if isinstance(line, str) else line
    return Unreadable(reason, len(line), sha256(line).hexdigest(), place)


def judge_all(readings: Iterable[Reading | Unreadable], origin: Origin) -> list[Judged]:
    """Tell punches from what a person must look at (protocols: years before 2015, clocks ahead of ours, no PIN)."""
    latest = _wall_clock(origin) + AHEAD
    return [_judge(reading, origin, latest) for reading in readings]


def judge(reading: Reading | Unreadable, origin: Origin) -> Judged:
    return judge_all([reading], origin)[0]


def _wall_clock(origin: Origin) -> datetime:
    """What the terminal's clock should have shown when the batch came."""
    return origin.received.astimezone(UTC).replace(tzinfo=None) + timedelta(minutes=origin.zone)


def _judge(reading: Reading | Unreadable, origin: Origin, latest: datetime) -> Judged:
    if isinstance(reading, Unreadable):
        return _quarantined(reading, origin)
    pin, at = bare(reading.pin), moment_of(reading.time)
    reason = _fault(pin, at, latest)
    if reason or at is None:
        return _keep_line(reading, reason, origin)
    return Punched(
        terminal=origin.terminal,
        pin=pin,
        at=at,
        zone=origin.zone,
        road=origin.road,
        source=origin.source + reading.place,
        verify=reading.verify,
        status=reading.status,
        workcode=reading.workcode,
        raw=reading.raw,
        serial=reading.serial,
        edited=reading.edited,
    )


def _fault(pin: str, at: datetime | None, latest: datetime) -> str:
    """Why a reading cannot be a punch; empty when it can."""
    if at is None:
        return "impossible_time"
    if at > latest:
        return "in_future"
    if at.year < FIRST_YEAR:
        return "too_old"
    if pin == "0":
        return "no_pin"
    return "" if PIN.fullmatch(pin) else "malformed"


def moment_of(text: str) -> datetime | None:
    """The moment of ``YYYY-MM-DD HH:MM:SS``; None when there is no such moment."""
    if len(text) == 19 and text[4] + text[7] + text[10] + text[13] + text[16] == "-- ::" and text[11:13] < "24":
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            return None
    return _unpadded_moment(text)


def _unpadded_moment(text: str) -> datetime | None:
    """Some firmware writes 2026-9-1 8:05:00, some puts slashes."""
    found = UNPADDED_TIME.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = map(int, found.groups())
    try:
        return datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None


def _keep_line(reading: Reading, reason: str, origin: Origin) -> ReadingQuarantined:
    raw = "" if reason == "malformed" else reading.raw
    fact = _quarantined(unreadable(reason, reading.raw, reading.place), origin, raw)
    pin, at = bare(reading.pin), moment_of(reading.time)
    if reason not in WRONG_CLOCK or not PIN.fullmatch(pin):
        return fact
    return structs.replace(fact, pin=pin, at=at, zone=origin.zone)


def _quarantined(reading: Unreadable, origin: Origin, raw: str = "") -> ReadingQuarantined:
    return ReadingQuarantined(
        terminal=origin.terminal,
        reason=reading.reason,
        table=origin.table,
        road=origin.road,
        source=origin.source + reading.place,
        raw=raw,
        length=reading.length,
        sha256=reading.sha256,
    )
