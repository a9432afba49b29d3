"""A hall whose terminals' door is open on a real socket, and what came through it."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import Any

import uvicorn
from starlette.applications import Starlette

from api.doors import http_protocol, terminal_routes
from api.doors.secrets import TerminalSecrets
from attendance import terminals
from attendance.facts import Fact
from attendance.hall import Hall
from attendance.punches import Punched, ReadingQuarantined
from devices.exchange import Reply, exchange
from devices.zkteco.simulator import Mood, SimulatedTerminal

LOCALHOST = "127.0.0.1"


@dataclass
class OpenDoor:
    """The hall and where its door is."""

    hall: Hall
    port: int

    def terminal(self, sn: str = "A001", **mood: Any) -> SimulatedTerminal:
        return SimulatedTerminal(sn, LOCALHOST, self.port, mood=Mood(**mood))

    def accept(self, sn: str, **details: str) -> None:
        self.hall.decide(lambda draft: terminals.accept(draft, sn=sn, **details), "office")

    def secret_path(self, sn: str) -> str:
        """A new secret path for a terminal that was accepted."""
        family = terminals.accepted(self.hall.book().terminals, sn).family
        secrets = TerminalSecrets(self.hall.folder.keys, self.hall.id)
        return secrets.path(family, secrets.renew(sn))

    def send(self, raw: bytes, *, hangs_up: bool = False) -> Reply:
        return exchange(LOCALHOST, self.port, raw, hangs_up=hangs_up)

    def post(self, body: bytes, query: str = "SN=A001&table=ATTLOG", path: str = "/iclock/cdata") -> Reply:
        return self.send(head_of(f"{path}?{query}", f"Content-Length: {len(body)}\r\n") + body)

    def get(self, target: str) -> Reply:
        return self.send(f"GET {target} HTTP/1.1\r\nConnection: close\r\n\r\n".encode())

    def raw_poll(self, sn: str) -> bytes:
        """The bytes a terminal is given when it asks what to do."""
        request = f"GET /iclock/getrequest?SN={sn} HTTP/1.1\r\nConnection: close\r\n\r\n".encode()
        with socket.create_connection((LOCALHOST, self.port), timeout=10) as line:
            line.sendall(request)
            return b"".join(iter(lambda: line.recv(1 << 16), b"")).partition(b"\r\n\r\n")[2]

    def facts(self, kind: type[Fact]) -> list[Any]:
        """Every fact of a kind in the log, oldest first."""
        entries = (row.entry() for row in self.hall.store.read(0, 1_000_000))
        return [entry.fact for entry in entries if isinstance(entry.fact, kind)]

    def punches(self) -> list[Punched]:
        return self.facts(Punched)

    def quarantine(self) -> list[ReadingQuarantined]:
        return self.facts(ReadingQuarantined)

    def log_bytes(self) -> bytes:
        """Everything that lies in the hall's folder."""
        return b"".join(file.read_bytes() for file in self.hall.folder.data.rglob("*") if file.is_file())


def head_of(target: str, lengths: str = "") -> bytes:
    """The head of an upload."""
    return f"POST {target} HTTP/1.1\r\nHost: hall\r\nConnection: close\r\n{lengths}\r\n".encode()


@contextmanager
def door_opened(hall: Hall) -> Iterator[OpenDoor]:
    """Serve the terminals' routes on a free port while the block runs."""
    with socket.create_server((LOCALHOST, 0)) as listening:
        app = Starlette(routes=terminal_routes(hall))
        config = uvicorn.Config(app, http=http_protocol(), lifespan="off", access_log=False, log_level="critical")
        server = uvicorn.Server(config)
        thread = Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.005)
            yield OpenDoor(hall, listening.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join()
