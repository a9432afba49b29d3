"""The doors through which terminals come in."""

import sys
from asyncio import Protocol
from typing import Literal

from starlette.routing import BaseRoute

from api.doors import dahua, secret_path, zkteco
from api.doors.dahua import dahua_routes
from api.doors.secret_path import SecretPathRoute
from api.doors.zkteco import ZktecoRoute
from attendance.hall import Hall
from devices.hikvision.push import Listening


def terminal_routes(hall: Hall) -> list[BaseRoute]:
    """The routes of every family of terminals, on raw ASGI and without a sign-in."""
    return [ZktecoRoute(hall), SecretPathRoute(hall, "hikvision", Listening), *dahua_routes(hall)]


def is_terminals(path: str) -> bool:
    """Whether a path belongs to the terminals: what only browsers need is spared them."""
    return any(door.PATH.fullmatch(path) for door in (zkteco, secret_path, dahua))


def http_protocol() -> type[Protocol] | Literal["auto"]:
    """The HTTP for uvicorn: lenient to terminals wherever its parser can be had."""
    if sys.platform == "win32":
        return "auto"
    from api.doors.lenient import LenientHttp

    return LenientHttp
