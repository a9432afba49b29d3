"""``/<family>/<secret>``: the door of terminals that post their events to an address given to them.

The secret alone says which terminal calls. Whatever serial number a body claims, it cannot write for another.
"""

import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime

from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from api.doors.bodies import FAILED, LARGEST_BODY, TOO_LARGE, Gone, address_of, body_of, send_text
from api.doors.gate import Calling, Gate, TurnedAway
from api.doors.port import Port
from attendance.hall import Hall
from attendance.log.rows import StorageFailed
from devices.ports import Answer, Caller, Listener, Post

FAMILIES = ("hikvision", "dahua")
PATH = re.compile(rf"/+({'|'.join(FAMILIES)})(?:/+([^/]+)(?:/.*)?)?/*", re.IGNORECASE | re.DOTALL)
"""What stands behind the secret does not matter: some firmware adds ``/EventHttpUpload/keepalive`` to it."""
NOBODY = Answer(404, "")
"""No word to whoever guesses at secrets."""
SUSPENDED = Answer(403, "suspended, try again later")
logger = logging.getLogger("manqin.doors")


class SecretPathRoute(BaseRoute):
    """Everything under one family's path."""

    def __init__(self, hall: Hall, family: str, listener: Callable[[Port], Listener]) -> None:
        self._family = family
        self._gate = Gate(hall)
        self._listener = listener(Port(hall, self._gate))

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        found = scope["type"] == "http" and PATH.fullmatch(scope["path"])
        return (Match.FULL if found and found[1].lower() == self._family else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            answer = await self._answer(scope, receive)
        except Gone:
            return
        except TurnedAway as turned:
            answer = SUSPENDED if turned.reason == "suspended" else NOBODY
        except StorageFailed as failed:
            logger.error("not stored, the terminal will send again: %s", failed)
            answer = FAILED
        await send_text(send, answer.status, answer.text, answer.kind)

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        caller = await self._admitted(scope)
        body = await body_of(receive, LARGEST_BODY)
        if body is None:
            return TOO_LARGE
        return await self._listener.answer(Post(body, _headers(scope)), caller)

    async def _admitted(self, scope: Scope) -> Caller:
        """Who calls. Raises TurnedAway for a secret that nobody has, or a terminal of another family."""
        found = PATH.fullmatch(scope["path"])
        secret = (found[2] if found else None) or ""
        sn = self._gate.owner(secret)
        if sn is None:
            raise TurnedAway("secret")
        address, received = address_of(scope["client"]), datetime.now(UTC)
        terminal = await self._gate.admit(Calling(sn, self._family, address, received, secret))
        return Caller(terminal, address, received)


def _headers(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
