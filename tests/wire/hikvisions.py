"""Hikvision terminals for tests: one that posts to the door, and one that answers calls."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from wires import LOCALHOST, OpenDoor

from devices.calling import Line
from devices.hikvision.served import ServedTerminal, isapi_served
from devices.hikvision.simulator import Mood, SimulatedTerminal
from devices.served import DigestLock

SERIAL = "ENF12345678"
MORNING = datetime(2026, 9, 28, 8, 30)
PASSWORD = "plum-blossom-9"


def listened_to(door: OpenDoor, serial: str = SERIAL, zone: str = "", **mood: Any) -> SimulatedTerminal:
    """An accepted terminal that knows its secret path."""
    door.accept(serial, family="hikvision", zone=zone)
    return SimulatedTerminal(serial, LOCALHOST, door.port, door.secret_path(serial), mood=Mood(**mood))


@contextmanager
def answering(terminal: SimulatedTerminal) -> Iterator[tuple[str, ServedTerminal, DigestLock]]:
    """The terminal's own interface, open on a free port: its address, what lies behind it, its lock."""
    served, lock = ServedTerminal(terminal), DigestLock("admin", PASSWORD)
    with isapi_served(served, lock) as url:
        yield url, served, lock


def line_to(url: str, password: str = PASSWORD) -> Line:
    return Line(url, "admin", password)
