"""Dahua's door: ``/dahua/<secret>``, and the bare paths on which its terminals ask whether anybody is there."""

import re

from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from api.doors.bodies import send_text
from api.doors.secret_path import SecretPathRoute
from attendance.hall import Hall
from devices.dahua.push import ALIVE, Listening

PATH = re.compile(r"/+(?:Event|Picture)HttpUpload/+keepalive/*", re.IGNORECASE)


def dahua_routes(hall: Hall) -> list[BaseRoute]:
    return [SecretPathRoute(hall, "dahua", Listening), KeepaliveRoute()]


class KeepaliveRoute(BaseRoute):
    """Some firmware asks outside its secret path. The answer says nothing of the hall, and nothing is noted."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        fits = scope["type"] == "http" and PATH.fullmatch(scope["path"])
        return (Match.FULL if fits else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - one answer to all
        await send_text(send, ALIVE.status, ALIVE.text, ALIVE.kind)
