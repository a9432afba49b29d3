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


def text_lines_of(body: bytes) -> list[str | bytes]:
    """The lines of a body as text; one that has no encoding stays bytes, and spoils no other."""
    if body.isascii():
        return [line for line in body.decode("ascii").replace("\r", "\n").split("\n") if line and not line.isspace()]
    return [line if (text := text_of(line)) is None else text for line in lines_of(body)]


def is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True
