"""Dahua terminals made of software, accepted and given their secret."""

from typing import Any

from wires import LOCALHOST, OpenDoor

from api.doors.secrets import TerminalSecrets
from devices.dahua.simulator import Mood, SimulatedTerminal


def dahua(door: OpenDoor, sn: str = "D001", zone: str = "+08:00", **mood: Any) -> SimulatedTerminal:
    """A terminal that the hall accepted, with its secret path typed in."""
    door.accept(sn, family="dahua", zone=zone)
    secret = TerminalSecrets(door.hall.folder.keys, door.hall.id).renew(sn)
    terminal = SimulatedTerminal(sn, LOCALHOST, door.port, secret, mood=Mood(**mood))
    terminal.zone = door.hall.book().terminals.known(sn).zone  # type: ignore[union-attr]
    return terminal
