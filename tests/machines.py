"""A machine with a camera that runs `manqin terminal`: tests move its clocks, cut its line, and take it apart."""

import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

from kiosks import WAY_OUT
from sites import Site, authority

from api.kiosk import pairing
from devices.face.terminal.camera import source_of
from devices.face.terminal.clocks import Clocks, clocks
from devices.face.terminal.contact import Contact
from devices.face.terminal.happenings import Happening
from devices.face.terminal.kept import Kept
from devices.face.terminal.lease import Lease
from devices.face.terminal.line import PATIENCE, HallLine
from devices.face.terminal.watching import Watching
from devices.face.workers import Workers

LONG = 30.0
"""Seconds after which a test has failed."""


def until(true: Callable[[], object], long: float = LONG) -> None:
    """Wait for something that comes by itself."""
    end = time.monotonic() + long
    while not true():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)


class Machine:
    """One device. Its parts run as in the program, in threads of the test's own process."""

    def __init__(self, site: Site, folder: Path, looker: Workers) -> None:
        self.site, self.folder = site, folder
        self.passed, self.wrong = 0.0, 0.0
        """Seconds that went by beside the real ones, and by which its wall clock was set wrong."""
        real = clocks()
        self.clocks = Clocks(
            lambda: real.wall() + self.passed + self.wrong, lambda: real.mono() + self.passed, "one", True
        )
        folder.mkdir()
        self.ca = folder / "ca.pem"
        self.ca.write_text(authority().shown(), encoding="ascii")
        self.kept, self.lease = Kept(folder / "kept.db"), Lease(folder / "gallery.bin", lambda: self.clocks.mono())
        self.watching = Watching(self.kept, self.lease, looker, self.clocks, self._hear)
        self.watching.on_kept = lambda: self.contact.send_soon()
        self.contact: Contact
        self.sn = ""
        self.said: list[Happening] = []

    def _hear(self, happening: Happening) -> None:
        self.said.append(happening)

    @property
    def codes(self) -> list[str]:
        return [happening.code for happening in self.said]

    def details(self, code: str) -> dict[str, Any]:
        """What was said with a code last."""
        return next(happening.details for happening in reversed(self.said) if happening.code == code)

    def start_anew(self) -> None:
        """The machine was switched off and on: its other clock counts from nothing, under another name."""
        now = self.clocks.mono()
        wall, mono = self.clocks.wall, self.clocks.mono
        self.lease.end()
        self.clocks = Clocks(wall, lambda: mono() - now, self.clocks.session + "+", True)
        self.watching = Watching(self.kept, self.lease, self.watching._looker, self.clocks, self._hear)
        self.watching.on_kept = lambda: self.contact.send_soon()

    def line(self, server: str = "") -> HallLine:
        return HallLine(server or self.site.address, self.folder / "credential", self.clocks, self.ca)

    def pair(self, **wishes: Any) -> None:
        line = self.line()
        shown = line.begin_pairing()
        usual: dict[str, Any] = {"name": "西门", "challenge": "never", "borrows": True, "way_out": WAY_OUT}
        self.sn = pairing.begin(self.site.server.app.state.desk, "user:admin", code=shown.code, **usual | wishes)
        assert line.paired(shown.claim)
        line.close()

    def in_touch(self, server: str = "") -> "InTouch":
        return InTouch(self, server)

    def meet_the_hall(self) -> None:
        """Speak to it once, and send what waits."""
        with self.in_touch():
            """Nothing is seen meanwhile."""

    def watch(self, film: Path, server: str = "") -> list[str]:
        """Look at a film to its end, and let the hall hear of it; the codes of what was said."""
        self.said.clear()
        with self.in_touch(server):
            self.look(film)
        return self.codes

    def look(self, film: Path) -> None:
        source = source_of(str(film))
        self.watching.run(source)
        source.close()

    def facts(self, kind: type) -> list[Any]:
        facts = [row.entry().fact for row in self.site.hall.store.read(0, 100_000)]
        return [fact for fact in facts if isinstance(fact, kind) and fact.terminal == self.sn]


class InTouch:
    """The line to the hall while the block runs; what can be sent at its end is."""

    def __init__(self, machine: Machine, server: str) -> None:
        self._machine, self._server = machine, server

    def __enter__(self) -> Contact:
        machine = self._machine
        contact = Contact(machine.line(self._server), machine.kept, machine.lease, machine._hear)
        machine.contact = contact
        self._thread = Thread(target=contact.run)
        self._thread.start()
        until(lambda: contact.settled.is_set() or "code" in machine.codes)
        return contact

    def __exit__(self, *_: object) -> None:
        self._machine.contact.stop()
        self._thread.join(2 * PATIENCE)
        assert not self._thread.is_alive()
