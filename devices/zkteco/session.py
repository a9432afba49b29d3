"""A conversation with a ZKTeco terminal on its port 4370: one at a time, bounded, and the terminal unlocked at its end.

The library speaks the protocol; the socket under it is ours. Its own would open a second connection to try the first,
call ``ping``, and wait for ever on a line that is closed.
"""

import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from struct import error as Misfit
from time import monotonic, sleep
from typing import Any, TypeVar

from attendance.facts import Refused
from devices.calling import Line

PORT = 4370
PATIENCE = 10.0
"""Seconds without a byte."""
LONGEST_VISIT = 300.0
"""Seconds."""
LONGEST_FRAME = 4 << 20
MOST_BYTES = 64 << 20
"""In one conversation; the largest log seen, of 200,000 records, has 10 MB."""
PAUSES = (0.0, 1.0, 3.0)
"""Seconds before each try to connect: a terminal serves one client, and needs a moment after the last."""
MAGIC = b"\x50\x50\x82\x7d"
HEADER = 8
ATTLOG_RRQ, USERTEMP_RRQ, USER_WRQ, DELETE_USER = 13, 9, 8, 18
FCT_USER = 5
UNAUTHENTICATED = "Unauthenticated"
logger = logging.getLogger("manqin.visits")
T = TypeVar("T")


class Wire:
    """A socket as the library wants one. It gives whole frames, so that nothing is ever half read, and gives up."""

    def __init__(self, host: str, port: int, patience: float = PATIENCE) -> None:
        self._socket = socket.create_connection((host, port), timeout=patience)
        self._waiting = b""
        self._read = 0
        self._until = monotonic() + LONGEST_VISIT

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def recv(self, most: int) -> bytes:
        """Up to so many bytes of one frame. Raises OSError when the line breaks or the terminal says what none says."""
        self._waiting = self._waiting or self._frame()
        part, self._waiting = self._waiting[:most], self._waiting[most:]
        return part

    def _frame(self) -> bytes:
        head = self._exactly(HEADER)
        length = int.from_bytes(head[len(MAGIC) :], "little")
        if not head.startswith(MAGIC) or not HEADER <= length <= LONGEST_FRAME:
            raise ConnectionError("no frame")
        return head + self._exactly(length)

    def _exactly(self, count: int) -> bytes:
        self._read += count
        if self._read > MOST_BYTES or monotonic() > self._until:
            raise ConnectionError("too much")
        parts = bytearray()
        while len(parts) < count:
            part = self._socket.recv(count - len(parts))
            if not part or monotonic() > self._until:
                raise ConnectionError("cut off")
            parts += part
        return bytes(parts)

    def close(self) -> None:
        self._socket.close()


class Session:
    """One conversation, opened when it is first needed. Every step may raise Refused."""

    def __init__(self, line: Line, patience: float = PATIENCE) -> None:
        self._line = line
        self._key = comm_key(line)
        self._patience = patience
        self._zk: Any = None
        line.at_end(self.close)

    def ask(self, question: Callable[[Any], T]) -> T:
        """Put a question to the library's connection."""
        with self._told():
            if self._zk is None:
                self._connect_patiently()
            return question(self._zk)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody can punch while this lasts, so that the log holds still. The terminal is unlocked whatever happens."""
        try:
            self.ask(lambda zk: zk.disable_device())
            yield
        finally:
            self._unlock()

    def _unlock(self) -> None:
        """Unlock, over a new connection where the old one broke."""
        for pause in PAUSES:
            with suppress(Refused):
                sleep(pause)
                self.ask(lambda zk: zk.enable_device())
                return
        logger.warning("the terminal at %s could not be unlocked; the next visit does it", self._line.url)

    def _connect_patiently(self) -> None:
        for pause in PAUSES[:-1]:
            sleep(pause)
            with suppress(OSError):
                return self._connect()
        sleep(PAUSES[-1])
        return self._connect()

    def _connect(self) -> None:
        """Connect, and unlock what an interrupted visit may have left locked."""
        wire = Wire(self._line.host, self._line.port or PORT, self._patience)
        self._zk = _library(wire, self._key)
        self._zk.connect()
        self._zk.enable_device()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Whatever goes wrong on the line becomes a refusal, and the line is dropped."""
        from pyzk2.exception import ZKError

        try:
            yield
        except (ZKError, OSError, Misfit, TypeError, ValueError, IndexError, RecursionError) as problem:
            self._drop()
            if str(problem) == UNAUTHENTICATED:
                raise Refused("terminal_comm_key", "--url", url=self._line.url) from None
            raise Refused("terminal_unreachable", "--url", url=self._line.url, problem=type(problem).__name__) from None

    def close(self) -> None:
        """Say goodbye, so that the terminal takes the next client at once."""
        if self._zk is not None:
            with suppress(Refused):
                self.ask(lambda zk: zk.disconnect())
        self._drop()

    def _drop(self) -> None:
        if self._zk is not None:
            self._zk._ZK__sock.close()
            self._zk = None


def comm_key(line: Line) -> int:
    """The terminal's communication key (通讯密码), a number; 0 where none is set. Raises Refused for anything else."""
    key = line.password.strip() or "0"
    if not (key.isascii() and key.isdecimal() and int(key) < 1 << 32):
        raise Refused("comm_key_no_number", "--url", url=line.url)
    return int(key)


def _library(wire: Wire, key: int) -> Any:
    """The library's connection over our socket."""
    from pyzk2 import ZK

    zk: Any = ZK("", password=key, ommit_ping=True)
    zk._ZK__sock.close()  # a datagram socket that it opens and forgets
    zk._ZK__create_socket = lambda: setattr(zk, "_ZK__sock", wire)
    zk.helper.test_tcp = lambda: 0  # would take the one place a terminal has for a client
    return zk
