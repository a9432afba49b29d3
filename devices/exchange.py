"""One HTTP exchange in raw bytes, for terminals made of software: what is sent need not be proper HTTP."""

import socket
from typing import NamedTuple

from devices.readings import text_of

PATIENCE = 10.0
"""Seconds a terminal waits for the hall."""


class Reply(NamedTuple):
    """What the hall answered; status 0 when the line broke before it did."""

    status: int
    text: str
    headers: dict[str, str]
    """Names in lower case."""

    @property
    def is_ack(self) -> bool:
        return self.status == 200 and self.text.startswith("OK")


class NotAcknowledged(Exception):
    """The hall did not take what a terminal sent: the terminal keeps it and sends it again."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(f"{reply.status} {reply.text}")
        self.reply = reply


NO_REPLY = Reply(0, "", {})


def exchange(host: str, port: int, request: bytes, *, hangs_up: bool = False, patience: float = PATIENCE) -> Reply:
    """Send a request's bytes on a connection of its own and read until the hall closes it, or for so many seconds."""
    try:
        with socket.create_connection((host, port), timeout=patience) as line:
            line.sendall(request)
            return NO_REPLY if hangs_up else reply_of(_read_all(line))
    except OSError:
        return NO_REPLY


def _read_all(line: socket.socket) -> bytes:
    parts = []
    while part := line.recv(1 << 16):
        parts.append(part)
    return b"".join(parts)


def reply_of(raw: bytes) -> Reply:
    """The reply in its bytes; NO_REPLY when they hold none."""
    head, found, body = raw.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    if not found or not status.startswith("HTTP/1."):
        return NO_REPLY
    pairs = (line.partition(":") for line in lines)
    return Reply(int(status.split()[1]), text_of(body) or "", {name.lower(): value.strip() for name, _, value in pairs})
