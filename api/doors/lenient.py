"""HTTP as terminals speak it: bodies whose announced length is missing or wrong, blanks in the address line.

A layer in front of uvicorn's parser. It holds a terminal's upload until that is whole, puts the true length into its
head and hands it on. Every other request passes as it came.

A body shorter than announced is never taken for whole while the line is open: an acknowledgement would lose what is
still on its way. Only a sender that closed its side has certainly said all.
"""

import asyncio
import re
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

UPLOAD = re.compile(rb"POST [^\r\n]*/iclock/", re.IGNORECASE)
ATTENDANCE = re.compile(rb"\A[^\r\n]*table=ATTLOG", re.IGNORECASE)
EVENTS = re.compile(rb"\A[^\r\n]*(?:table=rtlog|table=tabledata|/querydata)", re.IGNORECASE)
REQUEST = re.compile(rb"(?:GET|POST|HEAD|PUT|DELETE|OPTIONS|PATCH) ")
LENGTH = re.compile(rb"\r\ncontent-length[ \t]*:[ \t]*([^\r\n]*)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding[ \t]*:[^\r\n]*chunked", re.IGNORECASE)
WAITS = re.compile(rb"\r\nexpect[ \t]*:", re.IGNORECASE)
ODD = re.compile(rb"[^\x21-\x7e]")
END_OF_HEAD = b"\r\n\r\n"
LONGEST_HEAD = 16 << 10
LONGEST_HELD = 4 << 20
"""Longer uploads are left to the parser, which hands them on in pieces."""
SILENCE = 1.5
"""Seconds without a byte after which an upload of unknown length is over; a lost packet comes again sooner."""
PATIENCE = 30.0
"""Seconds for which an upload may hang short of its announced length before the line is dropped."""
FEWEST_TABS = 3
"""An attendance line with fewer was cut by a length announced too small."""


class LenientHttp(HttpToolsProtocol):
    """uvicorn's HTTP, lenient to terminals."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._held = b""
        self._timer: asyncio.TimerHandle | None = None

    def data_received(self, data: bytes) -> None:
        self._stop_timer()
        if self.cycle is not None and self.cycle.more_body:
            super().data_received(data)
            return
        self._unset_keepalive_if_required()
        self._held += data
        while self._held and self._take_one():
            pass

    def eof_received(self) -> bool | None:  # type: ignore[override]
        self._stop_timer()
        if self._held:
            self._take_last()
        if self.cycle is None or self.cycle.more_body or self.cycle.response_complete:
            return None
        self.cycle.keep_alive = False
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        self._held = b""
        super().connection_lost(exc)

    def _take_one(self) -> bool:
        """Hand one whole request on; False while there is none."""
        end = self._held.find(END_OF_HEAD)
        if end < 0:
            return self._wait_for_head()
        head = self._held[:end]
        length = announced(head)
        if not UPLOAD.match(head) or CHUNKED.search(head) or WAITS.search(head) or (length or 0) > LONGEST_HELD:
            return self._pass(plain_head(head) + self._held[end:])
        body = self._held[end + len(END_OF_HEAD) :]
        if length is not None and len(body) < length:
            return self._wait(PATIENCE, self._drop)
        rest = body[length:]
        if length is None or is_cut(head, body[:length]) or (rest.strip() and not REQUEST.match(rest.lstrip())):
            return self._wait(SILENCE, self._take_all)
        return self._pass(with_length(head, body[:length]), rest.lstrip())

    def _wait_for_head(self) -> bool:
        if len(self._held) > LONGEST_HEAD:
            self._held = b""
            self.send_400_response("The head of the request is too long.")
            return False
        return self._wait(PATIENCE, self._drop)

    def _take_all(self) -> None:
        """The upload is over, whatever its head announced."""
        head, _, body = self._held.partition(END_OF_HEAD)
        self._pass(with_length(head, body))

    def _take_last(self) -> None:
        """The sender closed its side. What ends inside a line was broken off, and is left to be sent again."""
        head, found, body = self._held.partition(END_OF_HEAD)
        if found and UPLOAD.match(head) and not is_cut(head, body):
            self._take_all()

    def _pass(self, request: bytes, rest: bytes = b"") -> bool:
        self._held = rest
        super().data_received(request)
        return not self.transport.is_closing()

    def _wait(self, seconds: float, then: Any) -> bool:
        if len(self._held) > LONGEST_HELD + LONGEST_HEAD:
            self._drop()
        else:
            self._timer = self.loop.call_later(seconds, then)
        return False

    def _drop(self) -> None:
        self._held = b""
        self.transport.close()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def announced(head: bytes) -> int | None:
    """The length the head announces; None when there is none that can be read."""
    found = LENGTH.search(head)
    return int(found[1]) if found and found[1].isdigit() else None


def is_cut(head: bytes, body: bytes) -> bool:
    """Whether an upload of attendance ends inside a line.

    Where in its line an event by key ends, nobody can tell: cut behind event=2, it was perhaps 27, and no punch.
    """
    last = body[body.rfind(b"\n") + 1 :]
    if EVENTS.search(head) or b"pin=" in body:
        return bool(last) and (announced(head) or 0) > len(body)
    return bool(last) and last.count(b"\t") < FEWEST_TABS and b"\t" in body and ATTENDANCE.search(head) is not None


def with_length(head: bytes, body: bytes) -> bytes:
    """The request with the body's true length in its head."""
    return b"%b\r\nContent-Length: %d%b%b" % (LENGTH.sub(b"", plain_head(head)), len(body), END_OF_HEAD, body)


def plain_head(head: bytes) -> bytes:
    """The head with blanks and other odd bytes of a terminal's address line escaped, and one length alone."""
    line, found, rest = head.partition(b"\r\n")
    verb, _, target = line.partition(b" ")
    address, _, version = target.rpartition(b" ")
    if b"/iclock" in address.lower() and ODD.search(address):
        line = b" ".join((verb, ODD.sub(_escaped, address), version))
    head = line + found + rest
    return LENGTH.sub(b"", head) if CHUNKED.search(head) else head


def _escaped(found: re.Match[bytes]) -> bytes:
    return b"%%%02X" % found[0][0]
