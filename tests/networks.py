"""A network between a terminal and its hall that can be made to swallow whatever it is given."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from urllib.parse import urlsplit

CHUNK = 65_536


class Network:
    """Passes bytes on, both ways, while `open` is set; while it is not, it takes them and says nothing."""

    def __init__(self, to: str) -> None:
        whole = urlsplit(to)
        self._to = (whole.hostname or "", whole.port or 443)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.address = f"https://127.0.0.1:{self._door.getsockname()[1]}"
        self.open, self.swallowed = Event(), Event()
        self.open.set()
        self._ends: list[socket.socket] = []
        self._thread = Thread(target=self._accept)
        self._thread.start()

    def swallow(self) -> None:
        """From now on; what was connected before is as dead as what comes."""
        self.swallowed.clear()
        self.open.clear()

    def cut(self) -> None:
        """Whoever waits hears now that nothing will come."""
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self.cut()
        self._thread.join()

    def _accept(self) -> None:
        threads = []
        with suppress(OSError):
            while True:
                here, _ = self._door.accept()
                there = socket.create_connection(self._to)
                self._ends += [here, there]
                threads += [Thread(target=self._pass, args=pair) for pair in ((here, there), (there, here))]
                for thread in threads[-2:]:
                    thread.start()
        for thread in threads:
            thread.join()
        for end in self._ends:
            end.close()

    def _pass(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(CHUNK):
                if self.open.is_set():
                    other.sendall(data)
                else:
                    self.swallowed.set()
        with suppress(OSError):
            other.shutdown(socket.SHUT_RDWR)


@contextmanager
def network(to: str) -> Iterator[Network]:
    made = Network(to)
    try:
        yield made
    finally:
        made.close()
