"""The borrowed gallery: on the disk as it came, opened in memory alone, and of no use when its time is over."""

import os
from collections.abc import Callable
from pathlib import Path

from devices.face.gallery import Gallery
from devices.face.lease import borrowed
from devices.face.terminal.line import Lent

RENEWED_AFTER = 0.5
"""Share of its time after which a lease is renewed: somebody who joined must not wait a day."""


class Lease:
    """One terminal's lease, by a clock that nobody can set."""

    def __init__(self, file: Path, mono: Callable[[], float]) -> None:
        self._file, self._mono = file, mono
        self._gallery: Gallery | None = None
        self._since = 0.0
        self._seconds = 0.0

    def take(self, lent: Lent) -> None:
        """Use what was lent from now on. Raises Refused("lease_broken")."""
        draft = self._file.with_suffix(".new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(lent.content)
        draft.replace(self._file)
        self._gallery = borrowed(self._file.read_bytes(), lent.key)
        self._since, self._seconds = self._mono(), lent.seconds

    def gallery(self) -> Gallery | None:
        """The gallery while the lease lasts; then it is forgotten, on the disk too."""
        if self._gallery is not None and self._mono() - self._since >= self._seconds:
            self.end()
        return self._gallery

    def end(self) -> None:
        self._gallery = None
        self._file.unlink(missing_ok=True)

    @property
    def is_due(self) -> bool:
        """Whether it should be renewed now."""
        return self._gallery is None or self._mono() - self._since >= self._seconds * RENEWED_AFTER
