"""The borrowed gallery: on the disk as it came, opened in memory alone, and of no use when its time is over."""

import os
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from devices.face.lease import Borrowed, borrowed
from devices.face.terminal.line import Lent

RENEWED_AFTER = 0.5
"""Share of its time after which a lease is renewed."""
CHANGED_AFTER = 60.0
"""Seconds for which a lease is kept although the hall would lend something else now: on a day of enrolling, everybody
is known within a minute, and is not lent anew for each."""


class Lease:
    """One terminal's lease, by a clock that nobody can set. Safe to use from two threads."""

    def __init__(self, file: Path, mono: Callable[[], float]) -> None:
        self._file, self._mono = file, mono
        # What a program that was killed left behind: nobody has its key any more.
        file.unlink(missing_ok=True)
        self._guard = Lock()
        self._borrowed: Borrowed | None = None
        self._edition = ""
        self._since = 0.0
        self._seconds = 0.0

    def take(self, lent: Lent) -> None:
        """Use what was lent from now on. Raises Refused("lease_broken")."""
        draft = self._file.with_suffix(".new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(lent.content)
        draft.replace(self._file)
        opened = borrowed(self._file.read_bytes(), lent.key)
        with self._guard:
            self._borrowed, self._edition = opened, lent.edition
            self._since, self._seconds = self._mono(), lent.seconds

    def held(self) -> Borrowed | None:
        """What was lent while the lease lasts; then it is forgotten, on the disk too."""
        with self._guard:
            if self._borrowed is not None and self._age >= self._seconds:
                self._forget()
            return self._borrowed

    def end(self) -> None:
        with self._guard:
            self._forget()

    def _forget(self) -> None:
        self._borrowed = None
        self._file.unlink(missing_ok=True)

    @property
    def _age(self) -> float:
        return self._mono() - self._since

    def is_due(self, edition: str) -> bool:
        """Whether it should be renewed now that the hall would lend this edition."""
        if self.held() is None or self._age >= self._seconds * RENEWED_AFTER:
            return True
        return edition != self._edition and self._age >= CHANGED_AFTER
