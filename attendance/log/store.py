"""Which store a hall's folder uses."""

from typing import TYPE_CHECKING
from uuid import UUID

from attendance.facts import Refused
from attendance.log.files import Folder
from attendance.log.rows import Store
from attendance.log.sqlite import SqliteStore

if TYPE_CHECKING:
    from attendance.log.postgres import PostgresStore

SQLITE = "sqlite"
POSTGRES_SCHEMES = ("postgresql://", "postgres://")


def open_store(folder: Folder, url: str = SQLITE, found: UUID | None = None) -> Store:
    """The store of a folder; with `found`, a new one for that hall.

    Raises Refused: `no_hall` when there is none, `hall_exists` when a new one would displace it, `unknown_store`.
    """
    if found is not None:
        folder.create()
        if (folder.hall_id if url == SQLITE else folder.log).exists():
            raise Refused("hall_exists", data=folder.data)
    if url == SQLITE:
        return SqliteStore(folder.log) if found is None else SqliteStore.found(folder.log, found)
    if url.startswith(POSTGRES_SCHEMES):
        return _postgres(folder, url, found)
    raise Refused("unknown_store", store=url)


def _postgres(folder: Folder, url: str, found: UUID | None) -> "PostgresStore":
    # Only a hall that lies in PostgreSQL loads its driver.
    from attendance.log.postgres import PostgresStore

    return PostgresStore(folder, url) if found is None else PostgresStore.found(folder, url, found)
