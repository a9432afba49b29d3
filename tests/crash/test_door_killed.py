"""The server dies with terminals in the middle of their uploads: whatever was acknowledged is in the log."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread
from time import sleep

import pytest
from halls import POLICY

from attendance import terminals
from attendance.hall import Hall
from attendance.punches import Punched
from devices.exchange import NotAcknowledged
from devices.zkteco.simulator import SimulatedTerminal

SERIALS = ("A001", "A002", "A003")
SERVE = "from api.cli import main; main()"
MORNING = datetime(2026, 9, 1, 8)


@contextmanager
def serving(data: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server in a process of its own, and its port; killed when the block ends, if it still runs."""
    command = [sys.executable, "-c", SERVE, "--data", str(data), "serve", "--host", "127.0.0.1", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process, port_told(process)
        finally:
            process.kill()


def port_told(process: subprocess.Popen[str]) -> int:
    assert process.stderr is not None
    told = []
    for line in process.stderr:
        if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
            return int(found[1])
        told.append(line)
    raise AssertionError("".join(told))


def upload_until_the_end(terminal: SimulatedTerminal) -> None:
    """One second of punches after the other, until nobody answers."""
    try:
        for second in range(100_000):
            for pin in range(1, 11):
                terminal.punch(str(pin), MORNING + timedelta(seconds=second))
            terminal.upload()
    except NotAcknowledged:
        return


def stored(data: Path, serial: str) -> set[str]:
    hall = Hall.open(data)
    try:
        facts = (row.entry().fact for row in hall.store.read(0, 10_000_000))
        return {fact.raw for fact in facts if isinstance(fact, Punched) and fact.terminal == serial}
    finally:
        hall.close()


@pytest.mark.parametrize("seconds", [0.3, 0.8])
def test_what_was_acknowledged_survives_and_the_rest_comes_again(tmp_path: Path, seconds: float) -> None:
    data = tmp_path / "hall"
    hall = Hall.found(data, POLICY)
    for serial in SERIALS:
        hall.decide(lambda draft, sn=serial: terminals.accept(draft, sn=sn), "office")
    hall.close()
    with serving(data) as (process, port):
        calling = [SimulatedTerminal(serial, "127.0.0.1", port) for serial in SERIALS]
        threads = [Thread(target=upload_until_the_end, args=[terminal]) for terminal in calling]
        for thread in threads:
            thread.start()
        while not all(terminal.sent.get("ATTLOG") for terminal in calling):
            sleep(0.01)
        sleep(seconds)
        process.kill()
        for thread in threads:
            thread.join()
    for terminal in calling:
        acknowledged = set(terminal.log[: terminal.sent["ATTLOG"]])
        assert acknowledged
        assert acknowledged <= stored(data, terminal.serial)

    with serving(data) as (_, port):
        for terminal in calling:
            terminal.port = port
            terminal.upload()
    for terminal in calling:
        assert stored(data, terminal.serial) == set(terminal.log)
