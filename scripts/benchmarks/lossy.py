"""A road to the hall that drops one request in three: half on the way there, half on the way back."""

import random
import selectors
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from threading import Thread

CHUNK = 65_536


class LossyRoad:
    """Carries connections to a port of this machine. What it drops, it drops by closing the connection."""

    def __init__(self, port: int, seed: int = 7) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._port, self._chance = port, random.Random(seed)
        self.port: int = self._listening.getsockname()[1]
        self.dropping = False
        self.asked = self.dropped = 0

    def serve(self) -> None:
        """Take connections until closed."""
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                Thread(target=self._carry, args=(near,), daemon=True).start()

    def close(self) -> None:
        # Only this wakes whoever waits for the next connection.
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _carry(self, near: socket.socket) -> None:
        far = socket.create_connection(("127.0.0.1", self._port))
        with suppress(OSError), closing(near), closing(far), selectors.DefaultSelector() as both:
            both.register(near, selectors.EVENT_READ, far)
            both.register(far, selectors.EVENT_READ, near)
            self._pass_on(both, near)

    def _pass_on(self, both: selectors.BaseSelector, near: socket.socket) -> None:
        """Until one side ends or a request is dropped. A request begins when the asking side speaks after the other."""
        turns, asking, unheard = 0, False, False
        while True:
            for key, _ in both.select():
                source: socket.socket = key.fileobj  # type: ignore[assignment]
                if not (data := source.recv(CHUNK)) or (unheard and source is not near):
                    return
                if source is near and not asking:
                    turns += 1
                    # The first turn agrees on the encryption and asks for nothing.
                    fate = self._fate() if turns > 1 else 1.0
                    if fate < 1 / 6:
                        return
                    unheard = fate < 1 / 3
                asking = source is near
                key.data.sendall(data)

    def _fate(self) -> float:
        if not self.dropping:
            return 1.0
        fate = self._chance.random()
        self.asked += 1
        self.dropped += fate < 1 / 3
        return fate


@contextmanager
def lossy_road(port: int) -> Iterator[LossyRoad]:
    """A road that drops nothing until its `dropping` is set."""
    road = LossyRoad(port)
    thread = Thread(target=road.serve)
    thread.start()
    try:
        yield road
    finally:
        road.close()
        thread.join()
