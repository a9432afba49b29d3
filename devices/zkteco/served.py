"""A ZKTeco terminal made of software, the side that answers on port 4370: what it holds, and its moods.

`served_port` lets it answer there.
"""

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from devices.zkteco import clock
from devices.zkteco.records import JUNK, LONG, LONGEST, MIDDLE, SHORT

USER = struct.Struct("<HB8s24sIx7sx24s")
OLD_USER = struct.Struct("<HB5s8sIxBhI")


class Stored(NamedTuple):
    """One record of the terminal's log."""

    pin: str
    time: int
    verify: int = 1
    status: int = 0


@dataclass
class PortMood:
    """How this terminal deviates from the book."""

    size: int = LONG
    """Of a record: 8, 16, 40 or 49 bytes."""
    junk: bool = False
    """A block stands before the first record."""
    miscounts: int = 0
    """By how much its own count of records is off."""
    cut_after: int | None = None
    """Breaks the line after so many bytes of data, once."""
    claims: int | None = None
    """The length it announces for its log."""
    pieces: int = 1
    """Frames in which it sends what was asked for at once."""
    says_serial: str | None = None
    old_users: bool = False
    """Keeps people in 28 bytes."""
    refuses: frozenset[int] = frozenset()
    """Commands it answers with an error."""
    silent: frozenset[int] = frozenset()
    """Commands it never answers."""
    brief: frozenset[int] = frozenset()
    """Commands it answers with two bytes, whatever they should bring."""
    swells: bool = False
    """Sends a byte too many of a table."""
    keeps: int | None = None
    """The size it claims a table has that it keeps ready."""
    streams: bool = False
    """Keeps no table ready, as the oldest firmware: it sends it in one stream."""
    drip: int = 0
    """Bytes it writes at a time; 0 for a packet at a time."""
    joins: bool = False
    """Writes all answers to a question together."""
    late: bool = False
    """Answers an earlier question before each."""
    eventful: bool = False
    """Tells of an event before each answer."""
    stranger: bool = False
    """Answers in another session, once greeted."""
    spoils: Callable[[bytes], bytes] = bytes
    """What becomes of every frame it writes over TCP."""
    loses: int = 0
    """Every how many datagrams one is lost on the way; 0 for none."""


@dataclass
class ServedTerminal:
    """The terminal's log, people, clock and lock."""

    serial: str
    key: int = 0
    mood: PortMood = field(default_factory=PortMood)
    log: list[Stored] = field(default_factory=list)
    users: dict[int, bytes] = field(default_factory=dict)
    """Records by row."""
    skew: timedelta = timedelta()
    zone: timedelta = timedelta(hours=8)
    is_locked: bool = False
    clients: int = 0
    most_clients: int = 0
    asked: list[int] = field(default_factory=list)
    """Every command that came."""

    def punch(self, pin: str, at: datetime, verify: int = 15, status: int = 0) -> None:
        self.store(pin, clock.number_of(at), verify, status)

    def store(self, pin: str, time: int, verify: int = 15, status: int = 0) -> None:
        """A record of any time, also one there is not."""
        self.log.append(Stored(pin, time, verify, status))

    def enrol(self, row: int, pin: str, name: bytes = b"", password: bytes = b"", privilege: int = 0) -> None:
        if self.mood.old_users:
            self.users[row] = OLD_USER.pack(row, privilege, password, name, 0, 1, 0, int(pin))
        else:
            self.users[row] = USER.pack(row, privilege, password, name, 8812345, b"1", pin.encode())

    def names(self) -> dict[str, bytes]:
        """The name of everybody by PIN."""
        return {pin: name for pin, name, _ in map(self._user, self.users.values())}

    def passwords(self) -> dict[str, bytes]:
        return {pin: password for pin, _, password in map(self._user, self.users.values())}

    def _user(self, record: bytes) -> tuple[str, bytes, bytes]:
        if self.mood.old_users:
            _, _, password, name, _, _, _, number = OLD_USER.unpack(record)
            return str(number), name.rstrip(b"\0"), password.rstrip(b"\0")
        _, _, password, name, _, _, pin = USER.unpack(record)
        return pin.rstrip(b"\0").decode(), name.rstrip(b"\0"), password.rstrip(b"\0")

    def shown(self) -> datetime:
        """What its clock shows."""
        return datetime.now(UTC).replace(tzinfo=None, microsecond=0) + self.zone + self.skew

    def log_bytes(self) -> bytes:
        """The whole log as it is sent, its length before it."""
        rows = {self._user(record)[0]: row for row, record in self.users.items()}
        body = (JUNK if self.mood.junk else b"") + b"".join(self.record(stored, rows) for stored in self.log)
        return struct.pack("<I", len(body) if self.mood.claims is None else self.mood.claims) + body

    def record(self, stored: Stored, rows: Mapping[str, int]) -> bytes:
        """One record of the log, by the rows of the users."""
        row = rows.get(stored.pin, 999)
        packed: dict[int, Callable[[], bytes]] = {
            SHORT: lambda: struct.pack("<HBIB", row, stored.verify, stored.time, stored.status),
            MIDDLE: lambda: struct.pack("<IIBB2xI", int(stored.pin), stored.time, stored.verify, stored.status, 3),
        }
        return packed.get(self.mood.size, lambda: self._long_record(row, stored))()

    def _long_record(self, row: int, stored: Stored) -> bytes:
        head = struct.pack("<H24sBIB8x", row, stored.pin.encode(), stored.verify, stored.time, stored.status)
        return head + struct.pack("<I5x", 3) if self.mood.size == LONGEST else head

    def user_bytes(self) -> bytes:
        body = b"".join(self.users.values())
        return struct.pack("<I", len(body)) + body

    def sizes(self) -> bytes:
        counts = [0] * 20
        counts[4], counts[8] = len(self.users), max(0, len(self.log) + self.mood.miscounts)
        return struct.pack("<20i", *counts)
