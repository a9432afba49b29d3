"""Opening a hall to the network, until told to stop: HTTP for terminals, HTTPS for people, in one process."""

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from threading import Thread
from types import FrameType
from typing import Any

import uvicorn

from api.account_office import make_first
from api.accounts import Accounts
from api.app import create_app, create_terminals_app
from api.certificates import fingerprint
from api.doors import http_protocol
from api.identity import DoorIdentity
from api.people_http import people_protocol
from api.settings import Settings
from api.text import say
from attendance.facts import Refused
from attendance.hall import Hall
from projections.ledger import Ledger

BACKLOG = 1024
GRACE_SECONDS = 5
"""How long answers under way may take once the server was told to stop."""
USUAL_HTTPS_PORT = 8443
REFRESHED_EVERY = 3600.0
"""Seconds between two looks at whether the certificate is still good."""


class Door(uvicorn.Server):
    """One listening socket with its application. Signals are the business of whoever opened both doors."""

    def __init__(self, config: uvicorn.Config, listening: socket.socket) -> None:
        super().__init__(config)
        self.listening = listening

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]
        return nullcontext()


class Server:
    """An open hall on two listening sockets: `run` serves on this thread until a signal, `running` on another."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._sockets = [_listen("--port", settings.host, settings.port)]
        self._hall: Hall | None = None
        try:
            self._sockets.append(_listen_for_people(settings))
            self._hall = Hall.open(settings.data, settings.store)
            self.identity = DoorIdentity(settings, self.hall.folder.keys, str(self.hall.id))
            self._open()
        except BaseException:
            self._close()
            raise

    def _open(self) -> None:
        self.ledger = Ledger(self.hall)
        self.app = create_app(self.hall, self.ledger, self.settings, self.identity)
        self.app.state.terminals_port, self.app.state.https_port = (own.getsockname()[1] for own in self._sockets)
        terminals = _config(create_terminals_app(self.app), http=http_protocol(), lifespan="off")
        people = _config(self.app, http=people_protocol(), lifespan="on")
        people.load()
        people.ssl = self.identity.context
        self._doors = [Door(config, own) for config, own in zip((terminals, people), self._sockets, strict=True)]

    @property
    def hall(self) -> Hall:
        assert self._hall is not None
        return self._hall

    @property
    def address(self) -> str:
        """Where a browser on this machine finds the hall."""
        return _address("https", self._sockets[1])

    @property
    def terminals_address(self) -> str:
        """Where a terminal on this machine would call."""
        return _address("http", self._sockets[0])

    @property
    def accounts(self) -> Accounts:
        accounts: Accounts = self.app.state.accounts
        return accounts

    def first_sign_ins(self) -> dict[str, str]:
        """The first accounts' passwords by name, at the hall's first start; none at a later one."""
        return make_first(self.hall, self.accounts)

    def run(self) -> None:
        """Serve until SIGINT or SIGTERM, then end the answers under way and close the hall."""
        before = {number: signal.signal(number, self._told) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            self._serve()
        finally:
            self._close()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _told(self, _number: int, _frame: FrameType | None) -> None:
        self.stop()

    def stop(self) -> None:
        for door in self._doors:
            door.should_exit = True

    @contextmanager
    def running(self) -> Iterator[str]:
        """Serve on another thread while the block runs; gives the people's address."""
        thread = Thread(target=self._serve, name="server")
        thread.start()
        try:
            while thread.is_alive() and not all(door.started for door in self._doors):
                time.sleep(0.005)
            yield self.address
        finally:
            self.stop()
            thread.join()
            self._close()

    def _serve(self) -> None:
        with asyncio.Runner(loop_factory=self._doors[0].config.get_loop_factory()) as runner:
            runner.run(self._serve_both())

    async def _serve_both(self) -> None:
        """One loop for both doors; whichever ends takes the other with it."""
        fresh = asyncio.create_task(self._keep_fresh())
        await asyncio.gather(*(self._serve_one(door) for door in self._doors))
        fresh.cancel()

    async def _serve_one(self, door: Door) -> None:
        try:
            await door.serve(sockets=[door.listening])
        finally:
            self.stop()

    async def _keep_fresh(self) -> None:
        while True:
            await asyncio.sleep(REFRESHED_EVERY)
            await asyncio.to_thread(self.identity.keep_fresh)

    def _close(self) -> None:
        for listening in self._sockets:
            listening.close()
        if self._hall is not None:
            self._hall.close()


def _config(app: Any, **options: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        **options,
    )


def _listen_for_people(settings: Settings) -> socket.socket:
    """The usual port is a wish, one that was asked for is not: terminals must be served even if another has it."""
    asked = settings.https_port if settings.https_port is not None or settings.port else 0
    if asked is not None:
        return _listen("--https-port", settings.host, asked)
    try:
        return _listen("--https-port", settings.host, USUAL_HTTPS_PORT)
    except Refused:
        return _listen("--https-port", settings.host, 0)


def _listen(option: str, host: str, port: int) -> socket.socket:
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
        raise Refused("address_taken", option, host=host, port=port, problem=error.strerror) from None
    return listening


def _address(scheme: str, listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not bound
    return f"{scheme}://[{shown}]:{port}" if ":" in shown else f"{scheme}://{shown}:{port}"


def announce(server: Server, passwords: Mapping[str, str]) -> None:
    """Say where the hall is open and, once, how to sign in. On stderr: nothing but answers belongs on stdout."""
    language = server.settings.language
    lines = places(server) + [
        say("serve.first_sign_in", language, name=name, password=password, what=say(f"serve.account.{name}", language))
        for name, password in passwords.items()
    ]
    sys.stderr.write("\n".join(lines) + "\n")
    sys.stderr.flush()


def places(server: Server) -> list[str]:
    """Both addresses, and how computers come to trust the people's."""
    language, authority = server.settings.language, server.identity.authority
    lines = [
        say("serve.people", language, address=server.address),
        say("serve.terminals", language, address=server.terminals_address),
    ]
    if authority is not None:
        shown = fingerprint(authority)
        lines.append(say("serve.authority", language, address=server.terminals_address, fingerprint=shown))
    return lines


def serve(data: Path, store: str | None = None, **given: Any) -> None:
    """Open a hall and serve until SIGINT or SIGTERM. Raises Refused, as when there is no hall."""
    server = Server(Settings.of(os.environ, data=data, store=store, **given))
    announce(server, server.first_sign_ins())
    server.run()
