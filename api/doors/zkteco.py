"""ZKTeco's door: ``/iclock/…`` for bound addresses, ``/t/<secret>/iclock/…`` for a terminal that knows its secret.

Plain ASGI, on raw bytes: terminals send no content type or a wrong one, and paths in any case.
"""

import logging
import re
from datetime import UTC, datetime

from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from api.doors.bodies import FAILED, LARGEST_BODY, TOO_LARGE, Gone, address_of, body_of, send_text
from api.doors.gate import Calling, Gate, TurnedAway
from api.doors.port import Port
from attendance.hall import Hall
from attendance.log.rows import StorageFailed
from devices.ports import Answer, Caller
from devices.zkteco.conversation import Conversation, keeps_body
from devices.zkteco.push import Call, about, query_of

PATH = re.compile(r"/+(?:t/+([^/]{1,80})/+)?iclock(?:/+([a-z]*)(?:\.aspx)?)?/*", re.IGNORECASE)
LARGEST_DISCARDED = 64 << 20
"""Photos and templates are read off the wire and forgotten as they come."""
logger = logging.getLogger("manqin.doors")


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
        await send_text(send, answer.status, answer.text, answer.kind, answer.encoding)

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        found = PATH.fullmatch(scope["path"])
        secret, place = found.groups() if found else (None, None)
        call = Call(scope["method"], (place or "").lower(), query_of(scope["query_string"]))
        caller = await self._admitted(call, secret, scope["client"])
        kept = keeps_body(call)
        body = await body_of(receive, LARGEST_BODY if kept else LARGEST_DISCARDED, kept=kept)
        if body is None:
            return TOO_LARGE
        return await self._conversation.answer(call._replace(body=body), caller)

    async def _admitted(self, call: Call, secret: str | None, client: tuple[str, int] | None) -> Caller:
        address = address_of(client)
        received = datetime.now(UTC)
        words = " ".join(f"{key}={value}" for key, value in about(call.query).items()) if call.verb == "GET" else ""
        calling = Calling(call.query.get("sn", ""), "zkteco", address, received, secret, words)
        return Caller(await self._gate.admit(calling), address, received)
