"""The demo hall's terminals go on calling while it is open, as real ones do: else the watch would miss them."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from urllib.parse import urlsplit

from api.server import Server
from devices.exchange import NotAcknowledged
from devices.zkteco.simulator import SimulatedTerminal

EVERY = 10.0
"""Seconds between two polls."""


@contextmanager
def beating(server: Server) -> Iterator[None]:
    """Poll for every ZKTeco terminal that has called before, while the block runs."""
    stop = Event()
    thread = Thread(target=_beat, args=(server, stop), name="demo terminals", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _beat(server: Server, stop: Event) -> None:
    place = urlsplit(server.terminals_address)
    terminals = [SimulatedTerminal(sn, place.hostname or "", place.port or 0) for sn in callers(server)]
    while not stop.is_set():
        for terminal in terminals:
            with suppress(OSError, NotAcknowledged):
                terminal.poll()
        stop.wait(EVERY)


def callers(server: Server) -> list[str]:
    """Terminals that are bound to an address because they called."""
    terminals = server.hall.book().terminals
    families = {entry.fact.terminal: entry.fact.family for entry in terminals.accepted}
    return [entry.fact.terminal for entry in terminals.bound if families.get(entry.fact.terminal) == "zkteco"]
