"""Secret paths, such as ``/t/<secret>/…``: a terminal that knows its own may call from any address.

Only a hash lies on disk, one file a secret, in the folder of the keys: never in the log, never beside the data.
"""

from hashlib import sha256
from pathlib import Path
from secrets import token_urlsafe
from time import monotonic
from typing import ClassVar
from uuid import UUID

from attendance.facts import Refused

BYTES = 18
STALE = 1.0
"""Seconds for which a secret that opened goes on opening when another process ends it; in this one it ends at once."""
PATHS = {"zkteco": "/t/{secret}/iclock", "hikvision": "/hikvision/{secret}", "dahua": "/dahua/{secret}"}


class TerminalSecrets:
    """The secrets of one hall's terminals. Owners are remembered for a moment: opening a file is dear."""

    changes: ClassVar[int] = 0
    """Counts what this process ended, in whatever hall."""

    def __init__(self, keys: Path, hall: UUID) -> None:
        self._folder = keys / "doors" / str(hall)
        self._owners: dict[str, str] = {}
        self._good_until, self._good_for = 0.0, 0

    def renew(self, terminal: str) -> str:
        """A new secret in place of the terminal's old one. It is shown this once and cannot be read again."""
        secret = self.add(terminal)
        self.end_others(terminal, secret)
        return secret

    def add(self, terminal: str) -> str:
        """A new secret beside the old one, which goes on until `end_others`."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        secret = token_urlsafe(BYTES)
        self._file(secret).write_text(terminal, encoding="utf-8")
        return secret

    def end(self, secret: str) -> None:
        """This secret opens nothing any more."""
        self._file(secret).unlink(missing_ok=True)
        TerminalSecrets.changes += 1

    def end_others(self, terminal: str, secret: str) -> None:
        """Of a terminal's secrets this one alone opens."""
        kept = self._file(secret)
        for file in self._folder.iterdir():
            if file != kept and file.read_text(encoding="utf-8") == terminal:
                file.unlink(missing_ok=True)
        TerminalSecrets.changes += 1

    def owner(self, secret: str) -> str | None:
        """The terminal a secret belongs to."""
        if monotonic() >= self._good_until or self._good_for != TerminalSecrets.changes:
            self._owners.clear()
            self._good_until, self._good_for = monotonic() + STALE, TerminalSecrets.changes
        known = self._owners.get(secret) or self._read(secret)
        if known is not None:
            self._owners[secret] = known
        return known

    def _read(self, secret: str) -> str | None:
        try:
            return self._file(secret).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    @staticmethod
    def path(family: str, secret: str) -> str:
        """The path that goes into the terminal's settings. Raises Refused for a family that posts nothing."""
        if family not in PATHS:
            raise Refused("no_door", "sn", family=family)
        return PATHS[family].format(secret=secret)

    def _file(self, secret: str) -> Path:
        return self._folder / sha256(secret.encode()).hexdigest()
