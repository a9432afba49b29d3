"""The real server in a process of its own, and a bare one beside it that shows what HTTP alone costs."""

import json
import subprocess
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.figures import helper

BARE = "bare"
OK = b"OK: 1"


class Served(NamedTuple):
    """Where a server listens, and the administrator's password."""

    host: str
    port: int
    password: str = ""
    people: str = ""
    """The address for pages and interface; empty of the bare one."""

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"


@contextmanager
def served(data: Path | str) -> Iterator[Served]:
    """The hall of a folder, open while the block runs; with `BARE`, the bare server."""
    started = helper("benchmarks.serving", str(data)) | {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(**started) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield Served(**json.loads(process.stdout.readline()))
        finally:
            process.stdin.close()


def say_and_wait(address: str, password: str = "", people: str = "") -> None:
    """Tell the bench where we are, and stay until it has enough."""
    host, port = address.removeprefix("http://").split(":")
    print(json.dumps({"host": host, "port": int(port), "password": password, "people": people}), flush=True)
    sys.stdin.read()


async def bare(_scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
    """Takes a body and says OK: the least that any door over this server can do."""
    while (await receive()).get("more_body"):
        pass
    headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(OK)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": OK})


def serve_bare() -> None:
    import socket
    from threading import Thread

    import uvicorn

    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(bare, lifespan="off", access_log=False, log_level="warning"))
    thread = Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    say_and_wait(f"http://127.0.0.1:{listening.getsockname()[1]}")
    server.should_exit = True
    thread.join()


def serve_hall(data: Path) -> None:
    from api.account_office import make_first
    from api.accounts import ADMINISTRATOR, Origin
    from api.server import Server
    from api.settings import Settings

    server = Server(Settings(data=data, host="127.0.0.1", port=0))
    password = make_first(server.hall, server.accounts, Origin.OWN)[ADMINISTRATOR]
    with server.running() as people:
        say_and_wait(server.terminals_address, password, people)


if __name__ == "__main__":
    if sys.argv[1] == BARE:
        serve_bare()
    else:
        serve_hall(Path(sys.argv[1]))
