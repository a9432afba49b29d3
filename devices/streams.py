"""What a terminal writes on a line that it never ends: multipart whose lengths lie, taken apart as it comes.

A piece is handed on as soon as its braces close; the line that announces the next one may be minutes away.
"""

import re

from devices.multipart import JPEG

LONGEST_PIECE = 256 << 10
"""Bytes. An event has some 2,000; a picture is skipped as it comes."""
LINE = re.compile(rb"[^\n]*\n|[^\n]+")
MARK = re.compile(rb'\\.|["{}]', re.DOTALL)
IMAGE = re.compile(rb"content-type:\s*image/", re.IGNORECASE)
CONTENT = (b"{", b"<", b"Code=")
"""What events begin with."""
ALERT_ENDS = b"</EventNotificationAlert>"


class Braces:
    """How deep within braces a text stands, followed bit by bit; braces in quotes count for nothing."""

    def __init__(self) -> None:
        self._depth = 0
        self._quoted = self._opened = False
        self._rest = b""

    @property
    def is_closed(self) -> bool:
        """Whether everything that was opened is closed again."""
        return self._opened and self._depth == 0

    def follow(self, text: bytes) -> None:
        text = self._rest + text
        # A backslash at the very end belongs to what has not come yet.
        self._rest = b"\\" * ((len(text) - len(text.rstrip(b"\\"))) % 2)
        for mark in MARK.findall(text.removesuffix(self._rest)):
            if mark == b'"':
                self._quoted = not self._quoted and self._opened
            elif not self._quoted and mark in b"{}":
                self._depth += 1 if mark == b"{" else -(self._depth > 0)
                self._opened = True


class Pieces:
    """Takes a stream apart. The boundary is what its first line says, whatever its header said."""

    def __init__(self) -> None:
        self._boundary = b""
        self._line = bytearray()
        self._piece = bytearray()
        self._braces = Braces()
        self._in_head = self._skips = False
        self._begun = False

    def feed(self, data: bytes) -> list[bytes]:
        """The pieces that are whole now, in order."""
        return [piece for fragment in LINE.findall(data) for piece in self._take(fragment) if piece.strip()]

    def _take(self, fragment: bytes) -> list[bytes]:
        self._line += fragment
        pieces = self._read(fragment)
        if fragment.endswith(b"\n") or len(self._line) > LONGEST_PIECE:
            self._line.clear()
        return pieces

    def _read(self, fragment: bytes) -> list[bytes]:
        if fragment.endswith(b"\n") and self._is_rule():
            return [self._next_part(bytes(self._line[: -len(fragment)]))]
        if not self._in_head:
            return self._add(fragment)
        return self._add(bytes(self._line)) if self._leaves_head() else []

    def _is_rule(self) -> bool:
        """Whether the line stands between two parts."""
        line = bytes(self._line.strip())
        if not self._begun and line:
            self._begun = True
            self._boundary = line if line.startswith(b"--") and len(line) > 2 else b""
        return bool(self._boundary) and line in (self._boundary, self._boundary + b"--")

    def _next_part(self, beginning: bytes) -> bytes:
        """Leave the part; returns what of it was never closed. The rule's own `beginning` came as content."""
        left = bytes(self._piece).removesuffix(beginning)
        self._clear()
        self._in_head, self._skips = True, False
        return left

    def _clear(self) -> None:
        self._piece.clear()
        self._braces = Braces()

    def _leaves_head(self) -> bool:
        """Whether the content begins in this line: what is no header may follow without an empty line."""
        if IMAGE.match(self._line):
            self._skips = True
        is_empty = self._line.endswith(b"\n") and not self._line.strip()
        begins = self._line.lstrip().startswith(CONTENT)
        self._in_head = not (is_empty or begins)
        return begins

    def _add(self, fragment: bytes) -> list[bytes]:
        if self._skips or not (self._piece or fragment.strip()):
            return []
        self._piece += fragment
        if self._piece.startswith(JPEG):
            self._clear()
            self._skips = bool(self._boundary)
            return []
        self._braces.follow(fragment)
        is_closed = self._braces.is_closed or ALERT_ENDS in self._line
        if not is_closed and len(self._piece) <= LONGEST_PIECE:
            return []
        # Too long for any event: handed on as it is, to be set aside, and nothing more of this part.
        self._skips = not is_closed and bool(self._boundary)
        piece = bytes(self._piece)
        self._clear()
        return [piece]
