"""The keys under which names and free text stand in the log, one per subject, kept apart from it.

A subject is a staff number, or the empty string for text about nobody in particular. Destroying the key forgets the
subject: the sealed bytes stay in the log, its chain holds, and nobody can read them again.
"""

import hmac
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import NamedTuple, Self
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from attendance.facts import Refused, Sealed
from attendance.log.database import connect, sqlite3, storage, transaction
from attendance.log.files import write_once
from attendance.log.rows import Overtaken, StorageFailed

SCHEMA = """
CREATE TABLE IF NOT EXISTS keys (
    hall BLOB NOT NULL,
    subject TEXT NOT NULL,
    wrapped BLOB,
    forgotten_at INTEGER,
    PRIMARY KEY (hall, subject)
) STRICT, WITHOUT ROWID
"""
FORGET = """
INSERT INTO keys VALUES (?, ?, NULL, unixepoch())
ON CONFLICT DO UPDATE SET wrapped = NULL, forgotten_at = excluded.forgotten_at WHERE wrapped IS NOT NULL
"""
NONCE_BYTES = 12
BACKUPS_KEPT = 7


class SubjectKey(NamedTuple):
    """One subject's key, ready for use."""

    secret: bytes
    box: AESGCM
    nonces: bytes
    """The key that nonces are derived with."""

    @classmethod
    def of(cls, secret: bytes) -> Self:
        return cls(secret, AESGCM(secret), hmac.digest(secret, b"manqin nonces", "sha256"))

    def seal(self, subject: str, text: str) -> Sealed:
        # The nonce is derived from the text, so that the same fact told twice is the same bytes. What that shows, that
        # one subject's two equal texts are equal, the log's repeats show anyway.
        data = text.encode()
        nonce = hmac.digest(self.nonces, data, "sha256")[:NONCE_BYTES]
        return Sealed(subject, nonce + self.box.encrypt(nonce, data, subject.encode()))

    def open(self, sealed: Sealed) -> str | None:
        nonce, data = sealed.box[:NONCE_BYTES], sealed.box[NONCE_BYTES:]
        try:
            return self.box.decrypt(nonce, data, sealed.subject.encode()).decode()
        except InvalidTag:
            return None


class Keys:
    """The keys of one hall. Several threads and several processes may use them at once."""

    def __init__(self, folder: Path, hall: UUID) -> None:
        """Open the keys of a hall. Raises Refused("keys_missing") when the folder lacks the hall's key."""
        self._folder = folder
        self._hall = hall.bytes
        self._wrapping = AESGCM(_hall_key(folder))
        self._lock = RLock()
        self._wrapped: dict[str, bytes | None] = {}
        """Every subject's wrapped key as of `_version`; None for the forgotten."""
        self._ready: dict[str, SubjectKey] = {}
        self._version = 0
        self._connection = _connect(folder / "keys.db")

    @classmethod
    def found(cls, folder: Path, hall: UUID) -> Self:
        """The keys of a new hall, whose own key is made unless the folder already has one."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_once(folder / "hall.key", AESGCM.generate_key(256))
        return cls(folder, hall)

    def sealing(self) -> "Sealing":
        return Sealing(self)

    def seal(self, subject: str, text: str) -> Sealed:
        """Text under the subject's key, which is durable when this returns. The same text gives the same bytes.

        Raises Refused("forgotten") for a subject whose key was destroyed, StorageFailed when a new key cannot be kept.
        """
        self.prepare([subject])
        with self._lock:
            return self._key(subject).seal(subject, text)

    def prepare(self, subjects: Iterable[str]) -> None:
        """Make the keys that are missing, durably and together."""
        while True:
            sealing = self.sealing()
            for subject in subjects:
                sealing.key(subject)
            try:
                return sealing.keep()
            except Overtaken:
                continue

    def open(self, sealed: Sealed) -> str | None:
        """The text, or None when its key was destroyed or is not here."""
        try:
            key = self.find(sealed.subject)
        except Refused:
            return None
        return key.open(sealed) if key else None

    def find(self, subject: str) -> SubjectKey | None:
        """The subject's key, None when it never had one. Raises Refused("forgotten") when it was destroyed."""
        with self._lock:
            self._read_what_others_wrote()
            return self._ready.get(subject) or self._made_ready(subject)

    def _key(self, subject: str) -> SubjectKey:
        key = self.find(subject)
        if key is None:
            raise StorageFailed(f"the key of {subject} has gone")
        return key

    def _read_what_others_wrote(self) -> None:
        # All at once: for a hall's people, one by one takes a hundred times as long.
        with storage():
            (version,) = self._connection.execute("PRAGMA data_version").fetchone()
            if version != self._version:
                query = "SELECT subject, wrapped FROM keys WHERE hall = ?"
                self._wrapped = dict(self._connection.execute(query, (self._hall,)).fetchall())
                self._ready.clear()
                self._version = version

    def _made_ready(self, subject: str) -> SubjectKey | None:
        if subject not in self._wrapped:
            return None
        wrapped = self._wrapped[subject]
        if wrapped is None:
            raise Refused("forgotten", "no", no=subject)
        key = self._ready[subject] = SubjectKey.of(self._unwrap(subject, wrapped))
        return key

    def _unwrap(self, subject: str, wrapped: bytes) -> bytes:
        try:
            return self._wrapping.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], self._hall + subject.encode())
        except InvalidTag:
            raise Refused("keys_wrong", keys=self._folder) from None

    def _wrap(self, subject: str, secret: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._wrapping.encrypt(nonce, secret, self._hall + subject.encode())

    def keep(self, made: dict[str, SubjectKey]) -> None:
        """Store new keys durably, all or none. Raises Overtaken when somebody else made or destroyed one of them."""
        rows = [(self._hall, subject, self._wrap(subject, key.secret)) for subject, key in made.items()]
        insert = "INSERT INTO keys (hall, subject, wrapped) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
        with self._lock:
            with storage(), transaction(self._connection):
                if self._connection.executemany(insert, rows).rowcount < len(rows):
                    raise Overtaken
            self._wrapped |= {subject: wrapped for _, subject, wrapped in rows}
            self._ready |= made

    def forget(self, subject: str) -> None:
        """Destroy a subject's key, here and in the backups. Its text is gone for good; it never gets another key."""
        if not subject:
            raise Refused("forget_nobody", "no")
        with self._lock, storage():
            self._connection.execute(FORGET, (self._hall, subject))
            self._ready.pop(subject, None)
            self._wrapped[subject] = None
            for path in self._backups():
                with _opened(path) as backup:
                    backup.execute(FORGET, (self._hall, subject))

    def backup(self) -> Path:
        """A dated copy of the keys in the folder's `backup`; the newest seven stay."""
        folder = self._folder / "backup"
        folder.mkdir(mode=0o700, exist_ok=True)
        path = folder / f"keys-{datetime.now().astimezone():%Y%m%dT%H%M%S.%f}.db"
        with self._lock, storage():
            with _opened(path) as target:
                self._connection.backup(target)
            for old in self._backups()[:-BACKUPS_KEPT]:
                old.unlink()
        return path

    def last_backup(self) -> datetime | None:
        """When the newest backup was made; None before the first."""
        made = self._backups()
        return datetime.fromtimestamp(made[-1].stat().st_mtime).astimezone() if made else None

    def _backups(self) -> list[Path]:
        """Oldest first."""
        return sorted((self._folder / "backup").glob("keys-*.db"))

    def close(self) -> None:
        with self._lock:
            self._connection.close()


class Sealing:
    """The sealing within one decision: its new keys are kept together, before anything sealed with them is stored."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._made: dict[str, SubjectKey] = {}

    def seal(self, subject: str, text: str) -> Sealed:
        """Text under the subject's key. Raises Refused("forgotten") for a subject whose key was destroyed."""
        return self.key(subject).seal(subject, text)

    def key(self, subject: str) -> SubjectKey:
        """The subject's key, made when it has none."""
        key = self._made.get(subject) or self._keys.find(subject)
        if key is None:
            key = self._made[subject] = SubjectKey.of(AESGCM.generate_key(256))
        return key

    def keep(self) -> None:
        """Make the new keys durable. Raises Overtaken when somebody else made one meanwhile: seal again with theirs."""
        if self._made:
            self._keys.keep(self._made)
            self._made = {}


def _hall_key(folder: Path) -> bytes:
    try:
        return (folder / "hall.key").read_bytes()
    except OSError:
        raise Refused("keys_missing", keys=folder) from None


def _connect(path: Path) -> "sqlite3.Connection":
    path.touch(mode=0o600)
    with storage():
        # No write-ahead log: it would keep a destroyed key's old page.
        connection = connect(path, wal=False)
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute(SCHEMA)
    return connection


@contextmanager
def _opened(path: Path) -> "Iterator[sqlite3.Connection]":
    connection = _connect(path)
    try:
        yield connection
    finally:
        connection.close()
