"""A punch that comes by the network and on a USB stick is one punch, in whatever order."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from wires import OpenDoor

from api.imports.attlog import import_attlog

MORNING = datetime(2026, 9, 28, 8, 0)


@pytest.mark.parametrize("usb_first", [True, False])
def test_one_punch_by_two_roads(door: OpenDoor, tmp_path: Path, usb_first: bool) -> None:
    terminal = door.terminal()
    file = tmp_path / "1_attlog.dat"
    for minute in range(50):
        terminal.punch(f"{minute % 9 + 1:04d}", MORNING + timedelta(minutes=minute))
    exported = (line.split("\t") for line in terminal.log[10:])
    file.write_text("".join(f"{pin.lstrip('0'):>9}\t{at}\t1\t{status}\t1\t0\n" for pin, at, status, *_ in exported))
    if usb_first:
        assert import_attlog(door.hall, file, "A001").accepted == 40
    terminal.upload()
    if not usb_first:
        assert import_attlog(door.hall, file, "A001").repeated == 40
    assert len(door.punches()) == 50
    assert len({punch.key() for punch in door.punches()}) == 50
