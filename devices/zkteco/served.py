"""A ZKTeco terminal made of software, the side that answers on port 4370: real frames, checksums, sessions and key."""

import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import NamedTuple

from devices.zkteco import clock
from devices.zkteco.records import JUNK, LONG, LONGEST, MIDDLE, SHORT

MAGIC = b"\x50\x50\x82\x7d"
OPTIONS, SIZES, USERS, LOG, WRITE_USER, DELETE_USER = 11, 50, 9, 13, 8, 18
GET_TIME, SET_TIME, CONNECT, EXIT, ENABLE, DISABLE, REFRESH, AUTH = 201, 202, 1000, 1001, 1002, 1003, 1013, 1102
PREPARE_DATA, DATA, FREE, PREPARE_BUFFER, READ_BUFFER = 1500, 1501, 1502, 1503, 1504
ACK_OK, ACK_ERROR, ACK_UNAUTH = 2000, 2001, 2005
SMALL = 1_024
"""Bytes that are answered at once; more must be fetched in pieces."""
USER = struct.Struct("<HB8s24sIx7sx24s")
OLD_USER = struct.Struct("<HB5s8sIxBhI")
PATIENCE = 10.0


class Stored(NamedTuple):
    """One record of the terminal's log."""

    pin: str
    time: int
    verify: int = 1
    status: int = 0


class Frame(NamedTuple):
    command: int
    session: int
    reply: int
    data: bytes = b""


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
        body = (JUNK if self.mood.junk else b"") + b"".join(map(self._record, self.log))
        return struct.pack("<I", len(body) if self.mood.claims is None else self.mood.claims) + body

    def _record(self, stored: Stored) -> bytes:
        rows = {self._user(record)[0]: row for row, record in self.users.items()}
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


class Conversation:
    """One client at the terminal's port."""

    def __init__(self, terminal: ServedTerminal, line: socket.socket, session: int) -> None:
        self._terminal, self._line, self._session = terminal, line, session
        self._is_known = terminal.key == 0
        self._buffer = b""

    def serve(self) -> None:
        """Answer until the client leaves or the line breaks."""
        with suppress(OSError, struct.error):
            while frame := self._receive():
                self._terminal.asked.append(frame.command)
                if frame.command == EXIT:
                    self._send(ACK_OK, frame)
                    return
                self._answer(frame)

    def _receive(self) -> Frame | None:
        head = _exactly(self._line, 8)
        if not head.startswith(MAGIC):
            return None
        payload = _exactly(self._line, struct.unpack("<I", head[4:])[0])
        command, checksum, session, reply = struct.unpack("<4H", payload[:8])
        is_sound = (_sum(struct.pack("<4H", command, 0, session, reply) + payload[8:]) + checksum) % 0xFFFF == 0
        is_ours = command == CONNECT or session == self._session
        return Frame(command, session, reply, payload[8:]) if is_sound and is_ours else None

    def _send(self, command: int, to: Frame, data: bytes = b"") -> None:
        checksum = 0xFFFF - _sum(struct.pack("<4H", command, 0, self._session, to.reply) + data)
        payload = struct.pack("<4H", command, checksum, self._session, to.reply) + data
        self._write(MAGIC + struct.pack("<I", len(payload)) + payload, is_data=command == DATA)

    def _write(self, raw: bytes, *, is_data: bool) -> None:
        cut = self._terminal.mood.cut_after
        if is_data and cut is not None and len(raw) > cut:
            self._terminal.mood.cut_after = None
            self._line.sendall(raw[:cut])
            raise ConnectionError
        self._line.sendall(raw)

    def _answer(self, frame: Frame) -> None:
        if not self._is_known and frame.command not in (CONNECT, AUTH):
            self._send(ACK_UNAUTH, frame)
            return
        if frame.command in self._terminal.mood.refuses:
            self._send(ACK_ERROR, frame)
            return
        answers: dict[int, Callable[[Frame], None]] = {
            CONNECT: lambda asked: self._send(ACK_OK if self._is_known else ACK_UNAUTH, asked),
            AUTH: self._authenticate,
            ENABLE: lambda asked: self._lock(asked, locked=False),
            DISABLE: lambda asked: self._lock(asked, locked=True),
            OPTIONS: self._option,
            SIZES: lambda asked: self._send(ACK_OK, asked, self._terminal.sizes()),
            GET_TIME: lambda asked: self._send(ACK_OK, asked, _number(clock.number_of(self._terminal.shown()))),
            SET_TIME: self._set_time,
            PREPARE_BUFFER: self._prepare,
            READ_BUFFER: self._read,
            FREE: lambda asked: self._send(ACK_OK, asked),
            REFRESH: lambda asked: self._send(ACK_OK, asked),
            WRITE_USER: self._write_user,
            DELETE_USER: self._delete_user,
        }
        if answer := answers.get(frame.command):
            answer(frame)
        else:
            self._send(ACK_ERROR, frame)

    def _authenticate(self, frame: Frame) -> None:
        self._is_known = frame.data[:4] == scrambled(self._terminal.key, self._session, frame.data[2])
        self._send(ACK_OK if self._is_known else ACK_UNAUTH, frame)

    def _lock(self, frame: Frame, *, locked: bool) -> None:
        self._terminal.is_locked = locked
        self._send(ACK_OK, frame)

    def _option(self, frame: Frame) -> None:
        said = self._terminal.mood.says_serial
        serial = self._terminal.serial if said is None else said
        self._send(ACK_OK, frame, frame.data.rstrip(b"\0") + b"=" + serial.encode() + b"\0")

    def _set_time(self, frame: Frame) -> None:
        told = datetime.fromisoformat(clock.text_of(struct.unpack("<I", frame.data[:4])[0]))
        self._terminal.skew += told - self._terminal.shown()
        self._send(ACK_OK, frame)

    def _prepare(self, frame: Frame) -> None:
        _, table, _, _ = struct.unpack("<bhii", frame.data[:11])
        self._buffer = self._terminal.log_bytes() if table == LOG else self._terminal.user_bytes()
        if len(self._buffer) <= SMALL:
            self._send(DATA, frame, self._buffer)
        else:
            self._send(ACK_OK, frame, b"\0" + _number(len(self._buffer)) + _number(len(self._buffer)))

    def _read(self, frame: Frame) -> None:
        first, size = struct.unpack("<ii", frame.data[:8])
        piece = self._buffer[first : first + size]
        self._send(PREPARE_DATA, frame, _number(len(piece)) + _number(size))
        step = -(-len(piece) // self._terminal.mood.pieces) or 1
        for at in range(0, len(piece), step):
            self._send(DATA, frame, piece[at : at + step])
        self._send(ACK_OK, frame)

    def _write_user(self, frame: Frame) -> None:
        self._terminal.users[struct.unpack("<H", frame.data[:2])[0]] = frame.data
        self._send(ACK_OK, frame)

    def _delete_user(self, frame: Frame) -> None:
        self._terminal.users.pop(struct.unpack("<H", frame.data[:2])[0], None)
        self._send(ACK_OK, frame)


def scrambled(key: int, session: int, ticks: int) -> bytes:
    """The communication key as a client must show it in this session."""
    mirrored = int(f"{key:032b}"[::-1], 2) + session & 0xFFFFFFFF
    mixed = bytes(byte ^ letter for byte, letter in zip(struct.pack("<I", mirrored), b"ZKSO", strict=True))
    swapped = mixed[2:] + mixed[:2]
    return bytes((swapped[0] ^ ticks, swapped[1] ^ ticks, ticks, swapped[3] ^ ticks))


def _number(value: int) -> bytes:
    return struct.pack("<I", value)


def _sum(payload: bytes) -> int:
    """The sum of 16-bit words with its carries folded in."""
    words: tuple[int, ...] = struct.unpack(f"<{(len(payload) + 1) // 2}H", payload + b"\0" * (len(payload) % 2))
    total = sum(words)
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def _exactly(line: socket.socket, count: int) -> bytes:
    parts = b""
    while len(parts) < count:
        part = line.recv(count - len(parts))
        if not part:
            raise ConnectionError
        parts += part
    return parts


@contextmanager
def port_served(terminal: ServedTerminal) -> Iterator[str]:
    """Answer on a free port of this machine while the block runs; gives the address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=_accept, args=(terminal, listening))
        thread.start()
        try:
            yield f"tcp://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            thread.join()


def _accept(terminal: ServedTerminal, listening: socket.socket) -> None:
    clients: list[Thread] = []
    session = 40_000
    with suppress(OSError):
        while True:
            line, _ = listening.accept()
            line.settimeout(PATIENCE)
            session += 1
            clients.append(Thread(target=_serve, args=(terminal, line, session)))
            clients[-1].start()
    for client in clients:
        client.join()


def _serve(terminal: ServedTerminal, line: socket.socket, session: int) -> None:
    terminal.clients += 1
    terminal.most_clients = max(terminal.most_clients, terminal.clients)
    try:
        with line:
            Conversation(terminal, line, session).serve()
    finally:
        terminal.clients -= 1
