"""The body of an upload as it was before compression. What the header says of it may be a lie."""

import zlib

COMPRESSED = ("deflate", "gzip", "x-gzip")
WRAPPED, RAW = 47, -15
"""zlib's own words for: with a zlib or gzip head, whichever is there; and bare deflate."""


class TooLarge(Exception):
    """The body unpacks to more than any terminal has to say."""


def unpacked(body: bytes, encoding: str, most: int) -> bytes:
    """The body unpacked; as it is when nothing is packed, whatever its header claims. Raises TooLarge."""
    if encoding.strip().lower() not in COMPRESSED:
        return body
    for window in (WRAPPED, RAW):
        whole = _inflated(body, window, most)
        if whole is not None:
            return whole
    return body


def _inflated(body: bytes, window: int, most: int) -> bytes | None:
    """None when the body is not one whole compressed stream. No more than `most` bytes are ever unpacked."""
    stream = zlib.decompressobj(window)
    try:
        content = stream.decompress(body, most + 1)
    except zlib.error:
        return None
    if len(content) > most:
        raise TooLarge
    return content if stream.eof and not stream.unused_data.strip(b"\r\n\0 ") else None
