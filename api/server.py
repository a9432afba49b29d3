"""Opening a hall to the network, until told to stop."""

import os
import signal
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from types import FrameType

import uvicorn

from api.accounts import Accounts
from api.account_office import make_first
from api.app import create_app
from api.doors import http_protocol
from api.settings import Settings
from api.text import say
from attendance.facts import Refused
from attendance.hall import Hall
from projections.ledger import Ledger

BACKLOG = 1024
GRACE_SECONDS = 5
"""How long answers under way may take once the server was told to stop."""


class Server:
    """An open hall on a listening socket: `run` serves on this thread until a signal, `running` on another."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._socket = _listen(settings.host, settings.port)
        self.hall = self._opened()
        self.ledger = Ledger(self.hall)
        self.app = create_app(self.hall, self.ledger, settings)
        config = uvicorn.Config(
            self.app,
            http=http_protocol(),
            lifespan="on",
            access_log=False,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        self._server = uvicorn.Server(config)

    def _opened(self) -> Hall:
        try:
            return Hall.open(self.settings.data, self.settings.store)
        except BaseException:
            self._socket.close()
            raise

    @property
    def address(self) -> str:
        """Where a browser on this machine finds the hall."""
        host, port = self._socket.getsockname()[:2]
        shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not bound
        return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"

    @property
    def accounts(self) -> Accounts:
        accounts: Accounts = self.app.state.accounts
        return accounts

    def first_sign_ins(self) -> dict[str, str]:
        """The first accounts' passwords by name, at the hall's first start; none at a later one."""
        return make_first(self.hall, self.accounts)

    def run(self) -> None:
        """Serve until SIGINT or SIGTERM, then end the answers under way and close the hall."""
        # uvicorn raises the signal again when it has stopped: the default handler would end the process before the
        # hall is closed.
        before = {number: signal.signal(number, self._stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            self._server.run(sockets=[self._socket])
        finally:
            self._close()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._server.should_exit = True

    @contextmanager
    def running(self) -> Iterator[str]:
        """Serve on another thread while the block runs; gives the address."""
        thread = Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, name="server")
        thread.start()
        try:
            while thread.is_alive() and not self._server.started:
                time.sleep(0.005)
            yield self.address
        finally:
            self._server.should_exit = True
            thread.join()
            self._close()

    def _close(self) -> None:
        self._socket.close()
        self.hall.close()


def _listen(host: str, port: int) -> socket.socket:
    """A bound socket. Raises Refused when the address or the port cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        # Whoever reads the address may call at once: the system keeps the call until it is taken.
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise Refused("address_taken", "--port", host=host, port=port, problem=error.strerror) from None
    return listening


def announce(server: Server, passwords: Mapping[str, str]) -> None:
    """Say where the hall is open and, once, how to sign in. On stderr: nothing but answers belongs on stdout."""
    language = server.settings.language
    lines = [say("serve.address", language, address=server.address)]
    lines += [
        say("serve.first_sign_in", language, name=name, password=password, what=say(f"serve.account.{name}", language))
        for name, password in passwords.items()
    ]
    sys.stderr.write("\n".join(lines) + "\n")
    sys.stderr.flush()


def serve(data: Path, store: str | None = None, host: str | None = None, port: int | None = None) -> None:
    """Open a hall and serve until SIGINT or SIGTERM. Raises Refused, as when there is no hall."""
    server = Server(Settings.of(os.environ, data=data, store=store, host=host, port=port))
    announce(server, server.first_sign_ins())
    server.run()
