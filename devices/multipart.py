"""Multipart bodies as terminals write them: the boundary in the header may lie, so that in the body counts."""

import re
from typing import NamedTuple

BOUNDARY = re.compile(rb"\A\s*(--[^\s\"]{1,200}?)[ \t]*\r?\n")
NAME = re.compile(rb'\bname="?([^";\r\n]{1,60})"?', re.IGNORECASE)
HEAD = re.compile(rb"(?:[A-Za-z-]+:[^\r\n]*\r?\n)*\r?\n")
"""The header lines of a part, with the empty line after them."""
MOST_PARTS = 64
JPEG = b"\xff\xd8"


class Part(NamedTuple):
    name: str
    """Empty where it has none."""
    content: bytes

    @property
    def is_picture(self) -> bool:
        return self.content.startswith(JPEG)


def parts_of(body: bytes) -> list[Part] | None:
    """The parts of a multipart body; None when it is no such thing. A part that was cut off is among them."""
    found = BOUNDARY.match(body)
    if found is None:
        return None
    pieces = re.split(rb"(?:\A|\r?\n)[ \t]*" + re.escape(found[1]), body.lstrip(), maxsplit=MOST_PARTS)
    return [_part(piece) for piece in pieces if piece.strip() and not piece.startswith(b"--")]


def _part(piece: bytes) -> Part:
    piece = piece.lstrip(b" \t").removeprefix(b"\r").removeprefix(b"\n")
    head = HEAD.match(piece)
    if head is None:
        return Part("", piece)
    name = NAME.search(head[0])
    return Part(name[1].decode("latin-1") if name else "", piece[head.end() :])
