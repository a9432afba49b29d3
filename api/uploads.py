"""Files of punches that somebody has looked at and not yet taken in.

They wait in memory alone: other systems' sheets are full of names, which must not lie about on the disk in clear.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_urlsafe
from tempfile import TemporaryDirectory
from threading import Lock
from time import monotonic
from typing import NamedTuple

from attendance.facts import Refused

LARGEST = 20 << 20
"""Bytes of one file: an export of 200,000 lines has some 9 million."""
MOST_BYTES = 60 << 20
"""Of all that wait; the oldest makes room."""
PATIENCE = 1_800.0
"""Seconds for which a file waits."""
LONGEST_NAME = 120
ON_DISK = "upload.xlsx"
"""What a file is called while it is read, whatever it is: its first bytes tell its kind, and readers want an ending."""


class Upload(NamedTuple):
    """A file and what it is to be."""

    name: str
    content: bytes
    terminal: str
    owner: str
    since: float

    @contextmanager
    def on_disk(self) -> Iterator[Path]:
        """The file where readers of files find it, gone again afterwards; its own name stays out of the path."""
        with TemporaryDirectory(prefix="manqin-upload-") as folder:
            path = Path(folder) / ON_DISK
            path.write_bytes(self.content)
            yield path


class Uploads:
    """What waits, by a word that only its owner was told."""

    def __init__(self) -> None:
        self._waiting: dict[str, Upload] = {}
        self._lock = Lock()

    def add(self, name: str, content: bytes, terminal: str, owner: str) -> str:
        """Let a file wait; the one that its owner left waiting goes. Returns the word for it.

        Raises Refused for an empty file, and for one that is too large.
        """
        if not content:
            raise Refused("upload_empty", "file")
        if len(content) > LARGEST:
            raise Refused("upload_too_large", "file", size=len(content) >> 20, most=LARGEST >> 20)
        word = token_urlsafe(18)
        with self._lock:
            self._drop(monotonic() - PATIENCE, owner)
            self._waiting[word] = Upload(shown_name(name), content, terminal, owner, monotonic())
            while sum(len(one.content) for one in self._waiting.values()) > MOST_BYTES:
                self._waiting.pop(next(iter(self._waiting)))
        return word

    def look(self, word: str, owner: str) -> Upload:
        """The file of a word. Raises Refused when it is not there any more, or is another's."""
        with self._lock:
            self._drop(monotonic() - PATIENCE)
            upload = self._waiting.get(word)
        if upload is None or upload.owner != owner:
            raise Refused("upload_gone")
        return upload

    def take(self, word: str, owner: str) -> Upload:
        """The file of a word, which is waiting no longer. Raises Refused as `look`."""
        upload = self.look(word, owner)
        with self._lock:
            self._waiting.pop(word, None)
        return upload

    def _drop(self, before: float, owner: str | None = None) -> None:
        gone = [word for word, one in self._waiting.items() if one.since < before or one.owner == owner]
        for word in gone:
            del self._waiting[word]


def shown_name(name: str) -> str:
    """A file's name as it may be shown: without folders and control characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(char for char in last if char.isprintable())[:LONGEST_NAME] or "?"
