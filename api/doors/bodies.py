"""What every terminals' door does with plain ASGI: read a bounded body, answer in a line, know who calls."""

from starlette.types import Receive, Send

from attendance.terminals import plain_address
from devices.ports import Answer

LARGEST_BODY = 4 << 20
"""Bytes of one post; the picture that comes with an event has some 200 KB."""
FAILED = Answer(500, "not stored, send again")
TOO_LARGE = Answer(413, "too large")


class Gone(Exception):
    """The terminal hung up before its upload was whole; it will send it again."""


def address_of(client: tuple[str, int] | None) -> str:
    """The caller's address in its one spelling; a proxy on the same machine may show none."""
    address = client[0] if client else ""
    return plain_address(address) if address.startswith("::") else address


async def body_of(receive: Receive, most: int, *, kept: bool = True) -> bytes | None:
    """The whole body, empty when it is not to be kept; None when it is too large. Raises Gone when it breaks off."""
    parts: list[bytes] = []
    size = 0
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        part = message.get("body", b"")
        size += len(part)
        if size > most:
            return None
        if kept:
            parts.append(part)
        more = message.get("more_body", False)
    return b"".join(parts)


async def send_text(send: Send, status: int, text: str, kind: str = "text/plain", encoding: str = "utf-8") -> None:
    body = text.encode(encoding, "replace")
    headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
