"""What every family of terminals needs to read raw bytes safely."""

import codecs

LONGEST_LINE = 4_096
"""Bytes. The longest attendance line seen, with its extension field, has some 600."""


def text_of(raw: bytes) -> str | None:
    """The text of raw bytes: UTF-8 strictly, else GB18030 as Chinese firmware writes it; None when neither."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def lines_of(body: bytes) -> list[bytes]:
    """The lines of a body that hold anything, whatever their line ends. A byte order mark is no text."""
    body = body.removeprefix(codecs.BOM_UTF8)
    if b"\r" in body:
        body = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return [line for line in body.split(b"\n") if line.strip()]
