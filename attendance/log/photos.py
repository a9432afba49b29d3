"""Photos beside the log: one sealed file for each, named by the SHA-256 of its bytes, under a key of its own."""

import hmac
import re
from hashlib import sha256 as hashed
from pathlib import Path

from cryptography.exceptions import InvalidTag

from attendance.facts import Refused
from attendance.log.files import make_folder, write_once
from attendance.log.keys import NONCE_BYTES, Keys
from attendance.log.rows import StorageFailed

NAME = re.compile(r"[0-9a-f]{64}")


class PhotoDamaged(Exception):
    """The file of a photo is not what was stored."""


class Photos:
    """The photos of one hall. Several threads and processes may use them at once."""

    def __init__(self, folder: Path, keys: Keys) -> None:
        self._folder, self._keys = folder, keys

    def has(self, sha256: str) -> bool:
        return NAME.fullmatch(sha256) is not None and self._path(sha256).exists()

    def keep(self, sha256: str, data: bytes) -> bool:
        """Store a photo durably before returning; False when it is there already.

        Raises Refused for bytes of another hash or a photo that was removed, StorageFailed when it cannot be kept.
        """
        if NAME.fullmatch(sha256) is None or hashed(data).hexdigest() != sha256:
            raise Refused("photo_hash", "sha256")
        if self.has(sha256):
            return False
        sealed = self._sealed(sha256, data)
        try:
            make_folder(self._folder)
            write_once(self._path(sha256), sealed)
        except OSError as error:
            raise StorageFailed(str(error)) from error
        return True

    def _sealed(self, sha256: str, data: bytes) -> bytes:
        subject = _subject(sha256)
        try:
            self._keys.prepare([subject])
            key = self._keys.find(subject)
        except Refused:
            raise Refused("photo_removed", "sha256") from None
        assert key is not None, "prepared above"
        nonce = hmac.digest(key.nonces, data, "sha256")[:NONCE_BYTES]
        return nonce + key.box.encrypt(nonce, data, subject.encode())

    def read(self, sha256: str) -> bytes | None:
        """A photo's bytes, checked against its hash; None when it is not here. Raises PhotoDamaged."""
        if not self.has(sha256):
            return None
        sealed, subject = self._path(sha256).read_bytes(), _subject(sha256)
        try:
            key = self._keys.find(subject)
            data = key.box.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], subject.encode()) if key else b""
        except (InvalidTag, Refused, ValueError):
            raise PhotoDamaged(sha256) from None
        if hashed(data).hexdigest() != sha256:
            raise PhotoDamaged(sha256)
        return data

    def destroy(self, sha256: str) -> None:
        """Destroy a photo's key, here and in the backups, and its file: a copy of the file opens no more either."""
        self._keys.forget(_subject(sha256))
        self._path(sha256).unlink(missing_ok=True)

    def all(self) -> list[str]:
        """The hash of every photo here."""
        return sorted(path.name for path in self._folder.glob("*") if NAME.fullmatch(path.name))

    def age(self, sha256: str) -> float:
        """When the photo was stored, in seconds since 1970."""
        return self._path(sha256).stat().st_mtime

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256


def _subject(sha256: str) -> str:
    return f"photo:{sha256}"
