"""`manqin terminals follow` in a process of its own: Ctrl-C or a service manager ends it, and what came is stored."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hikvisions import MORNING, PASSWORD, SERIAL, answering, listened_to
from wires import OpenDoor

from api.commands.visiting import PASSWORD as VARIABLE

HOME = Path(__file__).parents[2]
PATIENCE = 30.0


def follow(door: OpenDoor, url: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", "from api.cli import main; main()", "--data", str(door.hall.folder.data)]
    command += ["terminals", "follow", SERIAL, "--url", url]
    environment = os.environ | {"PYTHONPATH": str(HOME), "MANQIN_LANG": "en", VARIABLE: PASSWORD}
    return subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_punches_come_in_until_somebody_stops_it(door: OpenDoor, sign: signal.Signals) -> None:
    terminal = listened_to(door)
    terminal.punch("7", MORNING)
    with answering(terminal) as (url, served, _), follow(door, url) as process:
        deadline = time.monotonic() + PATIENCE
        while not door.punches() and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(sign)
        out, told = process.communicate(timeout=PATIENCE)
        served.settings.hangs_up = True
    assert (process.returncode, out) == (0, "")
    assert f"On the line with terminal {SERIAL}" in told
    assert f"No longer following terminal {SERIAL}" in told
    assert PASSWORD not in told
    assert len(door.punches()) == 1


@pytest.mark.parametrize("url", ["192.168.1.64"])
def test_a_wrong_address_ends_in_a_sentence(door: OpenDoor, url: str) -> None:
    listened_to(door)
    with follow(door, url) as process:
        _, told = process.communicate(timeout=PATIENCE)
    assert (process.returncode, "is no terminal's address" in told) == (1, True)
