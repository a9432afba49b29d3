"""ZKTeco's door: ``/iclock/…`` for bound addresses, ``/t/<secret>/iclock/…`` for a terminal that knows its secret.

Plain ASGI, on raw bytes: terminals send no content type or a wrong one, and paths in any case.
"""

import logging
import re
from datetime import UTC, datetime

from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from api.doors.gate import Calling, Gate, TurnedAway
from api.doors.port import Port
from attendance.hall import Hall
from attendance.log.rows import StorageFailed
from attendance.terminals import plain_address
from devices.ports import Caller
from devices.zkteco.conversation import Answer, Conversation, keeps_body
from devices.zkteco.push import Call, about, query_of

PATH = re.compile(r"/+(?:t/+([^/]{1,80})/+)?iclock(?:/+([a-z]*)(?:\.aspx)?)?/*", re.IGNORECASE)
LARGEST_BODY = 4 << 20
LARGEST_DISCARDED = 64 << 20
"""Photos and templates are read off the wire and forgotten as they come."""
FAILED = Answer(500, "not stored, send again")
TOO_LARGE = Answer(413, "too large")
logger = logging.getLogger("manqin.doors")


class Gone(Exception):
    """The terminal hung up before its upload was whole; it will send it again."""


class ZktecoRoute(BaseRoute):
    """Everything under the door's path, whatever its case."""

    def __init__(self, hall: Hall) -> None:
        self._door = ZktecoDoor(hall)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        fits = scope["type"] == "http" and PATH.fullmatch(scope["path"])
        return (Match.FULL if fits else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._door(scope, receive, send)


class ZktecoDoor:
    """One hall's door for ZKTeco terminals."""

    def __init__(self, hall: Hall) -> None:
        self._gate = Gate(hall)
        self._conversation = Conversation(Port(hall, self._gate))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            answer = await self._answer(scope, receive)
        except Gone:
            return
        except TurnedAway as turned:
            answer = Answer(turned.status, turned.reason)
        except StorageFailed as failed:
            logger.error("not stored, the terminal will send again: %s", failed)
            answer = FAILED
        await _send(send, answer)

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        found = PATH.fullmatch(scope["path"])
        secret, place = found.groups() if found else (None, None)
        call = Call(scope["method"], (place or "").lower(), query_of(scope["query_string"]))
        caller = await self._admitted(call, secret, scope["client"])
        body = await _body(receive, kept=keeps_body(call))
        if body is None:
            return TOO_LARGE
        return await self._conversation.answer(call._replace(body=body), caller)

    async def _admitted(self, call: Call, secret: str | None, client: tuple[str, int] | None) -> Caller:
        address = _plain(client[0] if client else "")
        received = datetime.now(UTC)
        words = " ".join(f"{key}={value}" for key, value in about(call.query).items()) if call.verb == "GET" else ""
        calling = Calling(call.query.get("sn", ""), "zkteco", address, received, secret, words)
        return Caller(await self._gate.admit(calling), address, received)


def _plain(address: str) -> str:
    """A peer's address in its one spelling; a proxy on the same machine may show none."""
    return plain_address(address) if address.startswith("::") else address


async def _body(receive: Receive, *, kept: bool) -> bytes | None:
    """The whole body, empty when it is not to be kept; None when it is too large. Raises Gone when it breaks off."""
    parts: list[bytes] = []
    size, most = 0, LARGEST_BODY if kept else LARGEST_DISCARDED
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


async def _send(send: Send, answer: Answer) -> None:
    body = answer.text.encode()
    headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
