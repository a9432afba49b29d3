"""A terminal put together and run: one thread looks, one speaks to the hall, the main one shows."""

import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Thread, current_thread, main_thread
from typing import NamedTuple, Protocol

from api.settings import Language
from api.terminal.console import Console
from api.terminal.sound import Sounds
from api.terminal.stage import Stage
from api.terminal.view import View
from attendance.facts import Refused
from devices.face.terminal.camera import Source, source_of
from devices.face.terminal.clocks import clocks
from devices.face.terminal.contact import Contact
from devices.face.terminal.kept import Kept
from devices.face.terminal.lease import Lease
from devices.face.terminal.line import PATIENCE, HallLine
from devices.face.terminal.watching import Watching
from devices.face.workers import Workers


class Wanted(NamedTuple):
    """What the command line asks for; without `window`, one where this machine can show it."""

    server: str
    folder: Path
    camera: str
    language: Language
    authority: Path | None = None
    engine: str = "sface"
    window: bool | None = None


class Screen(Protocol):
    """What shows views; `show` returns when the next is due."""

    def show(self, view: View) -> None: ...

    def close(self) -> None: ...


class Deed(Thread):
    """A thread whose failure is the program's."""

    def __init__(self, name: str, deed: Callable[[], None]) -> None:
        super().__init__(name=name, daemon=True)
        self._deed = deed
        self.fault: Exception | None = None

    def run(self) -> None:
        try:
            self._deed()
        except Exception as fault:
            self.fault = fault


class Terminal:
    """Everything of one terminal, from its parts to its end."""

    def __init__(self, wanted: Wanted, held: ExitStack) -> None:
        here = clocks()
        # First what may be refused: it is said before anything runs.
        line = HallLine(wanted.server, wanted.folder / "credential", here, wanted.authority, wanted.language)
        self.source: Source = source_of(wanted.camera)
        held.callback(self.source.close)
        kept = Kept(wanted.folder / "kept.db")
        lease = Lease(wanted.folder / "gallery.bin", here.mono)
        held.callback(lease.end)
        looker = Workers(wanted.engine, 1)
        held.callback(looker.close)
        looker.warm()
        self.stage = Stage(wanted.language, here, kept.place(), kept.last_anchor())
        self.contact = Contact(line, kept, lease, self.stage.hear)
        self.watching = Watching(kept, lease, looker, here, self.stage.hear)
        self.watching.on_kept = self.contact.send_soon
        self.ended = Event()
        self.speaking = Deed("contact", self.contact.run)
        self.looking = Deed("watching", self._look)

    def run(self, screen: Screen, sounds: Sounds) -> None:
        self.speaking.start()
        self.looking.start()
        while not (self.ended.is_set() or self.stage.is_over or self._failed()):
            view = self.stage.view()
            for tone in self.stage.tones():
                sounds.play(tone)
            screen.show(view)

    def _look(self) -> None:
        while not self.contact.settled.wait(0.1):
            if self.ended.is_set():
                return
        self.watching.run(self.source)
        self.ended.set()

    def _failed(self) -> bool:
        return any(deed.fault for deed in (self.speaking, self.looking))

    def end(self) -> None:
        """What was seen is kept; what the network lets through in time is sent. Raises what a thread failed of."""
        self.ended.set()
        self.watching.stop()
        self.source.close()
        self.looking.join(PATIENCE)
        self.contact.stop()
        self.speaking.join(PATIENCE)
        for deed in (self.speaking, self.looking):
            if deed.fault:
                raise deed.fault


def run(wanted: Wanted) -> None:
    """Until the film ends, a signal comes, or the hall lets somebody out."""
    with ExitStack() as held:
        terminal = Terminal(wanted, held)
        held.enter_context(_ending_on_signals(terminal.ended))
        sounds = Sounds(wanted.folder)
        held.callback(sounds.close)
        screen = _screen(wanted, terminal)
        held.callback(screen.close)
        try:
            terminal.run(screen, sounds)
        finally:
            terminal.end()


def _screen(wanted: Wanted, terminal: Terminal) -> Screen:
    """Raises Refused("no_window") where one is asked for and cannot be had."""
    if wanted.window is False:
        return Console(terminal.stage)
    from api.terminal.window import Window, can_open

    if can_open():
        return Window(terminal.stage, terminal.source, terminal.contact.try_way_out)
    if wanted.window:
        raise Refused("no_window", "--window")
    return Console(terminal.stage)


@contextmanager
def _ending_on_signals(ended: Event) -> Iterator[None]:
    """SIGTERM and Ctrl-C end the program in order."""
    if current_thread() is not main_thread():
        yield
        return
    before = {one: signal.signal(one, lambda *_: ended.set()) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
