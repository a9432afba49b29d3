"""Copy a hall's log and keys whole, whoever is writing meanwhile. Started by scripts/backup."""

import shutil
import sys
from pathlib import Path

from attendance.log.database import sqlite3
from attendance.log.files import Folder

DATABASES = ("log.db", "accounts.db", "faces.db")
"""In the hall's folder; of faces.db the ciphertext alone. hall.id, where there is one, is a file that never changes."""


def copy_database(source: Path, target: Path) -> None:
    """A copy as of one moment; what stands in the write-ahead log is in it."""
    draft = target.with_name(f"{target.name}.part")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    reading, writing = sqlite3.connect(str(source)), sqlite3.connect(str(draft))
    try:
        reading.backup(writing)
    finally:
        writing.close()
        reading.close()
    draft.replace(target)


def copy_folder(source: Path, target: Path, databases: tuple[str, ...], others: tuple[str, ...]) -> None:
    """Those of the named files that are there; an earlier backup in the folder is replaced file by file."""
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in databases:
        if (source / name).exists():
            copy_database(source / name, target / name)
    for name in others:
        if (source / name).exists():
            shutil.copy2(source / name, target / name)


def main(data: Path, log_folder: Path, keys_folder: Path) -> None:
    folder = Folder(data)
    if not folder.keys.is_dir():
        sys.exit(f"{data}: 没有找到这个大厅的密钥。 The keys of this hall were not found: {folder.keys}")
    if log_folder.resolve() == keys_folder.resolve():
        sys.exit("事件簿和密钥要放在两处。 The log and the keys belong in two places.")
    copy_folder(folder.data, log_folder, DATABASES, ("hall.id",))
    copy_folder(folder.keys, keys_folder, ("keys.db",), ("hall.key",))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
