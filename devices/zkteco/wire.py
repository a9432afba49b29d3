"""The line to a ZKTeco terminal's port 4370: whole packets, within bounds of time and bytes, and nothing half read."""

import socket
from time import monotonic
from typing import Protocol

from devices.zkteco.packet import PREFIX, framed, length_of

LONGEST_VISIT = 300.0
"""Seconds."""
MOST_BYTES = 64 << 20
"""In one conversation; the largest log seen, of 200,000 records, has 10 MB."""
LONGEST_DATAGRAM = 1 << 16


class CutOff(OSError):
    """The line broke, or took too long."""


class Garbled(Exception):
    """The other side says what no terminal says."""


class Wire(Protocol):
    """Packets there and back. Either raises OSError when the line breaks, or Garbled."""

    piece: int
    """Bytes of a large table to ask for at once."""
    tries: int
    """How often to ask before giving up: more than once where packets may be lost on the way."""

    def send(self, raw: bytes) -> None: ...

    def receive(self) -> bytes: ...

    def close(self) -> None: ...


class Bounds:
    """How long a terminal may talk, and how much it may say."""

    def __init__(self) -> None:
        self._until = monotonic() + LONGEST_VISIT
        self._left = MOST_BYTES

    def check(self, count: int) -> None:
        """So many more bytes are wanted. Raises CutOff, or Garbled for more than any terminal holds."""
        self._left -= count
        if self._left < 0:
            raise Garbled("endless")
        if monotonic() > self._until:
            raise CutOff("too slow")


class Stream:
    """TCP; `patience` is in seconds without a byte."""

    piece = 0xFFC0
    tries = 1

    def __init__(self, host: str, port: int, patience: float) -> None:
        self._socket = socket.create_connection((host, port), timeout=patience)
        self._bounds = Bounds()

    def send(self, raw: bytes) -> None:
        self._socket.sendall(framed(raw))

    def receive(self) -> bytes:
        try:
            length = length_of(self._exactly(PREFIX.size))
        except ValueError as nonsense:
            raise Garbled(str(nonsense)) from None
        return self._exactly(length)

    def _exactly(self, count: int) -> bytes:
        self._bounds.check(count)
        parts = bytearray()
        while len(parts) < count:
            part = self._socket.recv(count - len(parts))
            if not part:
                raise CutOff("hung up")
            self._bounds.check(0)
            parts += part
        return bytes(parts)

    def close(self) -> None:
        self._socket.close()


class Datagrams:
    """UDP, which the oldest firmware speaks alone. Datagrams get lost and change places: so a piece is what fits into
    one, and is asked for again."""

    piece = 1024
    tries = 3

    def __init__(self, host: str, port: int, patience: float) -> None:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
        self._socket = socket.socket(family, kind, protocol)
        self._socket.settimeout(patience / self.tries)
        # Connected, it hears this one address alone.
        self._socket.connect(address)
        self._bounds = Bounds()

    def send(self, raw: bytes) -> None:
        self._socket.send(raw)

    def receive(self) -> bytes:
        raw = self._socket.recv(LONGEST_DATAGRAM)
        self._bounds.check(len(raw))
        return raw

    def close(self) -> None:
        self._socket.close()
