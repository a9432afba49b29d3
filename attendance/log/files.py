"""Where the parts of a hall's folder lie."""

import os
from pathlib import Path
from threading import get_ident

from attendance.facts import Refused


class Folder:
    """Paths of a hall's folder. Nothing is created until `create`."""

    def __init__(self, data: Path) -> None:
        self.data = data.absolute()
        self.log = self.data / "log.db"
        self.projections = self.data / "projections.db"
        self.hall_id = self.data / "hall.id"
        self.photos = self.data / "photos"
        self.keys = keys_beside(self.data)

    def create(self) -> None:
        """Make the data folder, for its owner alone. Raises Refused("data_unusable")."""
        try:
            self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Refused("data_unusable", data=self.data, reason=error.strerror) from None


def keys_beside(data: Path) -> Path:
    """The folder of the keys: `MANQIN_KEYS`, else beside the data folder, so that a copy of the data opens no name.

    Raises Refused when it would lie inside the data folder.
    """
    given = os.environ.get("MANQIN_KEYS")
    keys = Path(given).absolute() if given else data.parent / f"{data.name}.keys"
    if keys == data or data in keys.parents:
        raise Refused("keys_in_data", keys=keys, data=data)
    return keys


def write_once(path: Path, content: bytes) -> bytes:
    """Make a small file durably, unless it exists; returns what it holds now.

    Of several processes that try at once one wins, and none ever sees half a file.
    """
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}.{get_ident()}")
        try:
            _write_durably(draft, content)
            path.hardlink_to(draft)
            _sync_folder(path.parent)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_bytes()


def write_anew(path: Path, content: bytes) -> None:
    """Put a small file in place whole and durably, whatever was there."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.{get_ident()}")
    _write_durably(draft, content)
    draft.replace(path)
    _sync_folder(path.parent)


def make_folder(path: Path) -> None:
    """Make a folder for its owner alone, durably, unless it exists."""
    if not path.exists():
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sync_folder(path.parent)


def _write_durably(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
