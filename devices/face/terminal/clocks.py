"""The machine's two clocks: the wall clock, which anybody may set, and the one that counts since it was started."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import msgspec

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_process = str(uuid4())


class Reading(msgspec.Struct, frozen=True):
    """Both clocks at one moment, in milliseconds, and which counting the second belongs to."""

    wall: float
    mono: float
    session: str
    steady: bool = False
    """Whether `mono` also counts while the machine sleeps."""


class Anchor(msgspec.Struct, frozen=True):
    """A moment at which this machine and the server were in touch."""

    server: float
    clocks: Reading

    def server_at(self, here: Reading) -> float:
        """What the server's clock shows when this machine's clocks read so, in milliseconds."""
        if here.session == self.clocks.session:
            return self.server + here.mono - self.clocks.mono
        return here.wall + self.server - self.clocks.wall


class Clocks(NamedTuple):
    """The clocks of this machine; tests bring others."""

    wall: Callable[[], float]
    """Seconds since 1970."""
    mono: Callable[[], float]
    """Seconds that also count while the machine sleeps, where the system can tell."""
    session: str
    steady: bool = False

    def read(self) -> Reading:
        return Reading(self.wall() * 1000, self.mono() * 1000, self.session, self.steady)


def clocks() -> Clocks:
    return Clocks(time.time, _since_start, _session(), hasattr(time, "CLOCK_BOOTTIME"))


def _since_start() -> float:
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


def _session() -> str:
    """The same for every program that runs until the machine is started again, where the system tells."""
    try:
        return BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return _process
