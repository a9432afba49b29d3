"""Dahua terminals made of software, accepted and given their secret."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from wires import LOCALHOST, OpenDoor

from api.doors.secrets import TerminalSecrets
from devices.calling import Line
from devices.dahua.served import SimulatedCgi, cgi_served
from devices.dahua.simulator import Mood, SimulatedTerminal
from devices.served import DigestLock

PASSWORD = "plum-blossom-9"


def dahua(door: OpenDoor, sn: str = "D001", zone: str = "+08:00", **mood: Any) -> SimulatedTerminal:
    """A terminal that the hall accepted, with its secret path typed in."""
    door.accept(sn, family="dahua", zone=zone)
    secret = TerminalSecrets(door.hall.folder.keys, door.hall.id).renew(sn)
    terminal = SimulatedTerminal(sn, LOCALHOST, door.port, secret, mood=Mood(**mood))
    terminal.zone = door.hall.book().terminals.known(sn).zone  # type: ignore[union-attr]
    return terminal


@contextmanager
def answering_dahua(
    terminal: SimulatedTerminal, *, knows_digest: bool = True, allows_basic: bool = False
) -> Iterator[tuple[Callable[[], Line], SimulatedCgi, DigestLock]]:
    """The terminal's own interface, open on a free port: a way to call it, what lies behind it, its lock."""
    cgi, lock = SimulatedCgi(terminal), DigestLock("admin", PASSWORD, knows_digest=knows_digest)
    with cgi_served(cgi, lock) as url:
        yield lambda: Line(url, "admin", PASSWORD, allows_basic=allows_basic), cgi, lock
