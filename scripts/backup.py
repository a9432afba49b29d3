"""Copy a hall's log and keys whole, whoever is writing meanwhile. Started by scripts/backup."""

import shutil
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from attendance.log.database import sqlite3
from attendance.log.files import Folder

DATABASES = ("log.db", "accounts.db", "passcodes.db", "faces.db", "moments.db")
"""In the hall's folder; of faces.db the ciphertext alone."""
FILES = ("hall.id", "photos/*")
"""In the hall's folder: the hall's number where it has a file, and photos, sealed."""
KEY_FILES = ("*.key", "*.pem", "ways/*/*")
"""In the keys' folder: what opens accounts, passcodes and envelopes, the certificates, and the ways to terminals."""


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


def copy_folder(source: Path, target: Path, databases: Iterable[str], patterns: Iterable[str]) -> None:
    """Those of the named databases that are there, and the files of the patterns, just as they are now: what is gone
    from the hall, such as a photo whose time is over, goes from an earlier backup too."""
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in databases:
        if (source / name).exists():
            copy_database(source / name, target / name)
    for pattern in patterns:
        here, there = files_of(source, pattern), files_of(target, pattern)
        for path in here:
            copy_file(source / path, target / path)
        for path in there - here:
            (target / path).unlink()


def files_of(folder: Path, pattern: str) -> set[Path]:
    return {path.relative_to(folder) for path in folder.glob(pattern) if path.is_file()}


def copy_file(source: Path, target: Path) -> None:
    """A photo may be destroyed while the copy is made: then there is nothing to copy."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileNotFoundError):
        shutil.copy2(source, target)


def main(data: Path, log_folder: Path, keys_folder: Path) -> None:
    folder = Folder(data)
    if not folder.keys.is_dir():
        sys.exit(f"{data}: 没有找到这个大厅的密钥。 The keys of this hall were not found: {folder.keys}")
    if not any((folder.data / name).exists() for name in (DATABASES[0], "hall.id")):
        sys.exit(f"{data}: 没有找到事件簿。 The log was not found.")
    if log_folder.resolve() == keys_folder.resolve():
        sys.exit("事件簿和密钥要放在两处。 The log and the keys belong in two places.")
    if {log_folder.resolve(), keys_folder.resolve()} & {folder.data.resolve(), folder.keys.resolve()}:
        sys.exit("备份不能放在大厅自己的文件夹里。 A backup must not lie in the hall's own folders.")
    copy_folder(folder.data, log_folder, DATABASES, FILES)
    copy_folder(folder.keys, keys_folder, ("keys.db",), KEY_FILES)


if __name__ == "__main__":
    try:
        main(*map(Path, sys.argv[1:4]))
    except (OSError, sqlite3.Error) as error:
        sys.exit(f"没有备份成，以前的备份还在。 Not backed up, and the backup before is left as it was: {error}")
