"""Opening the demo hall: made at the first start, found again at the next."""

import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from types import FrameType
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from api.commands.hall import default_policy
from api.demo.acting import act, go_on, load_sheets
from api.demo.beating import beating
from api.demo.people import ready_sign_ins
from api.demo.sheets import demo_month
from api.given import zone_of
from api.server import Server, places
from api.settings import Settings
from api.text import language, say
from attendance.facts import Refused
from attendance.hall import Hall

FOLDER = Path(__file__).resolve().parents[2] / "demo-hall"
STAGED, DONE = "demo.month", "demo.done"
"""Files of the hall's folder: which month the demo shows, and that all of it has come in."""
HERE = "127.0.0.1"
PATIENCE = 30.0


def open_demo(data: Path | None = None, port: int | None = None, https_port: int | None = None) -> None:
    """See `api.demo.demo`."""
    folder = data or FOLDER
    month = stage(folder)
    if not (folder / DONE).exists():
        furnish(folder, month)
    server = listen(folder, port, https_port)
    sign_ins = ready_sign_ins(server)
    with server.running() as address, told_to_stop() as stop:
        sys.stderr.write("\n".join(places(server)) + "\n")
        for name, password in sign_ins.items():
            tell("demo.sign_in", name=name, password=password, what=say(f"demo.account.{name}", language()))
        if not (folder / DONE).exists():
            tell("demo.acting", month=month)
            fill(server, month)
            (folder / DONE).touch()
        catch_up(server, month)
        with beating(server):
            tell("demo.ready", address=f"{address}/months/{month}")
            stop.wait()


def tell(key: str, **details: object) -> None:
    sys.stderr.write(say(key, language(), **details) + "\n")
    sys.stderr.flush()


def stage(folder: Path) -> str:
    """Take the folder for the demo, unless it was taken before; returns the month it shows.

    Raises Refused("not_a_demo") for a folder that holds another hall: nothing fictional may enter a real log.
    """
    staged = folder / STAGED
    if staged.exists():
        return staged.read_text(encoding="utf-8").strip()
    if folder.exists() and any(folder.iterdir()):
        raise Refused("not_a_demo", "--data", data=folder)
    month = demo_month(datetime.now(UTC).date())
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    staged.write_text(f"{month}\n", encoding="utf-8")
    return month


def furnish(folder: Path, month: str) -> None:
    """Found the hall and load what the office knows beforehand; an earlier start may have been stopped halfway."""
    try:
        hall = Hall.open(folder)
    except Refused:
        hall = Hall.found(folder, default_policy())
    load_sheets(hall, month)
    hall.close()


def listen(folder: Path, port: int | None, https_port: int | None) -> Server:
    """The server of the demo hall, on this machine alone. The usual port is a wish, one that was asked for is not."""
    given = {"data": folder, "store": "sqlite", "host": os.environ.get("MANQIN_HOST", HERE), "https_port": https_port}
    try:
        return Server(Settings.of(os.environ, port=port, **given))
    except Refused as refused:
        if refused.column != "--port" or port is not None:
            raise
    return Server(Settings.of(os.environ, port=0, **given))


def fill(server: Server, month: str) -> None:
    """Act the month out against the open server."""
    host, port = door_of(server)
    wait_for(host, port)
    act(server.hall, server.ledger, host, port, month)
    server.ledger.follow()


def catch_up(server: Server, month: str) -> None:
    """Bring the hall up to the present minute: its terminals are no silent ones."""
    host, port = door_of(server)
    wait_for(host, port)
    now = datetime.now(ZoneInfo(zone_of(server.hall))).replace(tzinfo=None)
    go_on(server.hall, server.ledger, host, port, month, now)
    server.ledger.follow()


def door_of(server: Server) -> tuple[str, int]:
    """Host and port of the terminals' door."""
    place = urlsplit(server.terminals_address)
    return place.hostname or HERE, place.port or 0


def wait_for(host: str, port: int) -> None:
    """Until the server takes connections. Raises TimeoutError when it does not begin to."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise TimeoutError(f"the server does not answer at {host}:{port}")


@contextmanager
def told_to_stop() -> Iterator[Event]:
    """An event that SIGINT and SIGTERM set while the block runs."""
    stop = Event()

    def note(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
