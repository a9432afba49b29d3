"""The doors through which terminals come in."""

from starlette.routing import BaseRoute

from api.doors.zkteco import ZktecoRoute
from attendance.hall import Hall


def terminal_routes(hall: Hall) -> list[BaseRoute]:
    """The routes of every family of terminals, on raw ASGI and without a sign-in."""
    return [ZktecoRoute(hall)]
