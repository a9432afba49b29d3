"""How much a browser may send: a form is read before anybody asks who sends it."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 24 << 20
"""Bytes. The largest thing sent is a terminal's export of some 200,000 lines, half of this."""


class BodyLimit:
    """Ends a body that is too large, announced or not, in a sentence instead of a full disk."""

    def __init__(self, app: ASGIApp, most: int = LARGEST_BODY) -> None:
        self.app, self._most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        size = _announced(scope)

        async def receive_bounded() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > self._most:
                raise HTTPException(413)
            return message

        # What is announced too large is refused before any of it is read.
        size = size if size > self._most else 0
        await self.app(scope, receive_bounded, send)


def _announced(scope: Scope) -> int:
    """The length that the head claims; 0 where it claims none."""
    claimed = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    return int(claimed) if claimed.isdigit() and len(claimed) < 20 else 0
