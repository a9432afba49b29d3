"""The records of a ZKTeco terminal's log as port 4370 gives them: 8, 16, 40 or 49 bytes each, taken apart one by one.

One impossible time spoils no other record. Of the numbers, *verify* is how somebody was recognised and *status* what a
key press claims.
"""

from collections.abc import Iterator, Mapping
from struct import Struct
from typing import NamedTuple

from attendance.facts import Refused
from attendance.punches import Reading, Unreadable, moment_of, unreadable
from devices.zkteco import clock

JUNK = b"\xff255\0\0\0\0\0"
"""Stands before the first record of some firmware, or before every one."""
SHORT, MIDDLE, LONG, LONGEST = 8, 16, 40, 49
SIZES = (SHORT, MIDDLE, LONG, LONGEST)
SHORT_RECORD = Struct("<HBIB")
"""Row of the user, verify, time, status."""
MIDDLE_RECORD = Struct("<IIBB2xI")
"""PIN, time, verify, status, workcode."""
LONG_RECORD = Struct("<H24sBIB8x")
"""Row of the user, PIN, verify, time, status."""
WORKCODE = slice(LONG, LONG + 4)
OUR_DAYS = frozenset(map(str, range(2010, 2050)))
SAMPLE = 200
"""Records by which a size is tried where the terminal's own count does not fit."""


class Record(NamedTuple):
    """One record; the numbers as the terminal means them."""

    pin: str
    time: str
    status: int
    verify: int
    workcode: int = 0

    @property
    def raw(self) -> str:
        """The line as the terminal would push it: a reading set aside is one by both roads."""
        return "\t".join((self.pin, self.time, str(self.status), str(self.verify), str(self.workcode), "0", "0"))


def records_of(data: bytes, count: int, pins: Mapping[int, str]) -> list[Record | bytes]:
    """Every record of a log, bytes where one is none. `data` begins with its length; `pins` are the users' by row.

    Raises Refused when less came than was announced, or in a form nobody here knows.
    """
    announced, body = int.from_bytes(data[:4], "little"), data[4:]
    if announced > len(body):
        raise Refused("pull_broken", None, read=0, total=count)
    body = body[:announced]
    size = size_of(body, count)
    return [record_of(chunk, size, pins) for chunk in chunks(body, size)]


def size_of(body: bytes, count: int) -> int:
    """How many bytes a record has: what the terminal's count says, unless the bytes say that it counts wrongly."""
    length = len(body) - (len(JUNK) if body.startswith(JUNK) else 0)
    exact = [size for size in SIZES if size * count in (length, len(body))]
    by_count = sorted(SIZES, key=lambda size: abs(length / size - count))
    sound = [size for size in (*exact, *by_count) if _makes_sense(body, size)]
    if body and not sound and not exact:
        raise Refused("unknown_records", None, size=len(body) // max(count, 1))
    return (sound or exact or by_count)[0]


def _makes_sense(body: bytes, size: int) -> bool:
    """Whether most of the first records, taken apart in this size, have a person and a time of our days."""
    tried = [record_of(chunk, size, {}) for chunk in chunks(body[: SAMPLE * size], size)]
    sound = [one for one in tried if isinstance(one, Record) and one.pin.isalnum() and moment_of(one.time)]
    return sum(one.time[:4] in OUR_DAYS for one in sound) * 2 > len(tried)


def chunks(body: bytes, size: int) -> Iterator[bytes]:
    at = 0
    while at < len(body):
        at += len(JUNK) if body.startswith(JUNK, at) else 0
        if chunk := body[at : at + size]:
            yield chunk
        at += size


def record_of(chunk: bytes, size: int, pins: Mapping[int, str]) -> Record | bytes:
    """Take one record apart; the chunk itself when it is none."""
    if len(chunk) < min(size, LONG):
        return chunk
    if size == SHORT:
        row, verify, time, status = SHORT_RECORD.unpack(chunk)
        return Record(pins.get(row, "0"), clock.text_of(time), status, verify)
    if size == MIDDLE:
        number, time, verify, status, workcode = MIDDLE_RECORD.unpack(chunk)
        return Record(str(number), clock.text_of(time), status, verify, workcode)
    _, pin, verify, time, status = LONG_RECORD.unpack(chunk[:LONG])
    text = text_of(pin)
    if text is None:
        return chunk
    return Record(text, clock.text_of(time), status, verify, _workcode(chunk))


def _workcode(chunk: bytes) -> int:
    return int.from_bytes(chunk[WORKCODE], "little") if len(chunk) == LONGEST and chunk[LONG:] != JUNK else 0


def text_of(field: bytes) -> str | None:
    """A number in a field padded with zeros; None when it is none."""
    text = field.partition(b"\0")[0].decode("latin-1")
    return text if text.isascii() and text.isprintable() else None


def reading_of(record: Record | bytes) -> Reading | Unreadable:
    """What a record says. A row of no user is nobody's, and so is put before a person with its line."""
    if isinstance(record, bytes):
        return unreadable("malformed", record)
    status, verify, workcode = str(record.status), str(record.verify), str(record.workcode)
    return Reading(record.pin or "0", record.time, status, verify, workcode, record.raw)
