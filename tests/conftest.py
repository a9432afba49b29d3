"""What every test may ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from halls import POLICY, register_a_small_hall

from attendance.hall import Hall


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person's own MANQIN_… variables must not reach the tests."""
    for name in ("MANQIN_DATA", "MANQIN_STORE", "MANQIN_KEYS", "MANQIN_LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def empty_hall(tmp_path: Path) -> Iterator[Hall]:
    """A hall under the default policy, with nothing in it."""
    hall = Hall.found(tmp_path / "hall", POLICY)
    yield hall
    hall.close()


@pytest.fixture
def hall(empty_hall: Hall) -> Hall:
    """A hall with two windows, three people and a terminal: see `halls.register_a_small_hall`."""
    register_a_small_hall(empty_hall)
    return empty_hall
