"""Where the parts of a hall's folder lie."""

import os
from pathlib import Path

from attendance.facts import Refused


class Folder:
    """Paths of a hall's folder. Nothing is created until `create`."""

    def __init__(self, data: Path) -> None:
        self.data = data.absolute()
        self.log = self.data / "log.db"
        self.projections = self.data / "projections.db"
        self.hall_id = self.data / "hall.id"
        self.keys = keys_beside(self.data)

    def create(self) -> None:
        """Make the data folder, for its owner alone."""
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)


def keys_beside(data: Path) -> Path:
    """The folder of the keys: `MANQIN_KEYS`, else beside the data folder, so that a copy of the data opens no name.

    Raises Refused when it would lie inside the data folder.
    """
    given = os.environ.get("MANQIN_KEYS")
    keys = Path(given).absolute() if given else data.parent / f"{data.name}.keys"
    if keys == data or data in keys.parents:
        raise Refused("keys_in_data", keys=keys, data=data)
    return keys
