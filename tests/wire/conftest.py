"""The open door, once for each test that only adds to it, and anew for each that changes who may come in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from halls import POLICY
from wires import OpenDoor, door_opened

from attendance.hall import Hall


@pytest.fixture
def door(empty_hall: Hall) -> Iterator[OpenDoor]:
    """A hall of its own in which terminal A001 is accepted."""
    with door_opened(empty_hall) as opened:
        opened.accept("A001")
        yield opened


@pytest.fixture(scope="module")
def shared_door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenDoor]:
    """One hall for a whole table of cases; each case has PINs of its own."""
    folder: Path = tmp_path_factory.mktemp("shared")
    hall = Hall.found(folder / "hall", POLICY)
    with door_opened(hall) as opened:
        opened.accept("A001")
        yield opened
    hall.close()
