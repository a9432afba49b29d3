"""Templates at rest: each under a key of its own, which lies in the hall's key store, wrapped by the hall's key.

The vault lies in the data folder and holds ciphertext alone. Destroying a template's key makes it unreadable here and
in every copy, and the key never comes back. A number that may be enrolled again gets a new template and a new key.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, RLock
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from cryptography.exceptions import InvalidTag

from attendance.facts import Refused
from attendance.log.database import connect, storage
from devices.face import VAULT
from devices.face.engines import Kind, Vector

if TYPE_CHECKING:
    import sqlite3

    from attendance.log.keys import Keys

SCHEMA = """
CREATE TABLE IF NOT EXISTS templates (
    template TEXT PRIMARY KEY,
    no TEXT NOT NULL,
    engine TEXT NOT NULL,
    model TEXT NOT NULL,
    box BLOB NOT NULL
) STRICT, WITHOUT ROWID
"""
NONCE_BYTES = 12
TURN = "faces.lock"
"""Beside the vault: locked by whoever changes what it holds. The lock lets go by itself when a process dies."""


class Kept(NamedTuple):
    """A template in the vault, unopened."""

    template: str
    no: str
    engine: str
    model: str


class Vault:
    """The templates of one hall. Safe to use from any thread, and by several processes."""

    def __init__(self, data: Path, keys: "Keys") -> None:
        self._keys = keys
        self._lock = RLock()
        self._mine = Lock()
        path, turn = data / VAULT, data / TURN
        path.touch(mode=0o600)
        turn.touch(mode=0o600)
        with storage():
            self._turn = connect(turn, wal=False)
            # No write-ahead log: it would keep the page of a template that was destroyed.
            self._connection: sqlite3.Connection = connect(path, wal=False)
            self._connection.execute("PRAGMA secure_delete = ON")
            self._connection.execute(SCHEMA)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Meanwhile nobody else, in any process, is between a template in the vault and its event in the log."""
        with self._mine:
            with storage():
                self._turn.execute("BEGIN IMMEDIATE")
            try:
                yield
            finally:
                self._turn.execute("ROLLBACK")

    def version(self) -> int:
        """Another number whenever another process has written."""
        with self._read() as connection:
            (version,) = connection.execute("PRAGMA data_version").fetchone()
        return int(version)

    def kept(self) -> list[Kept]:
        with self._read() as connection:
            return [Kept(*row) for row in connection.execute("SELECT template, no, engine, model FROM templates")]

    def put(self, kept: Kept, vector: Vector) -> None:
        """Keep a template, durably. Raises StorageFailed; then it is not kept."""
        self._keys.prepare([_subject(kept.template)])
        key = self._keys.find(_subject(kept.template))
        assert key is not None
        nonce = os.urandom(NONCE_BYTES)
        box = nonce + key.box.encrypt(nonce, vector.astype("<f4").tobytes(), _bound(kept))
        with self._read() as connection:
            connection.execute("INSERT INTO templates VALUES (?, ?, ?, ?, ?)", (*kept, box))

    def opened(self, kind: Kind) -> Iterator[tuple[Kept, Vector]]:
        """Every template of one engine and model, in clear; those of another compare to nothing."""
        with self._read() as connection:
            query = "SELECT * FROM templates WHERE engine = ? AND model = ?"
            rows = connection.execute(query, (kind.name, kind.model)).fetchall()
        for *words, box in rows:
            kept = Kept(*words)
            vector = self._open(kept, box)
            if vector is not None and vector.size == kind.size:
                yield kept, vector

    def _open(self, kept: Kept, box: bytes) -> Vector | None:
        """None when the key was destroyed, or when the row was tampered with."""
        try:
            key = self._keys.find(_subject(kept.template))
            return key and np.frombuffer(key.box.decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], _bound(kept)), "<f4")
        except (Refused, InvalidTag):
            return None

    def opens(self, template: str) -> bool:
        """Whether the template's key is there."""
        try:
            return self._keys.find(_subject(template)) is not None
        except Refused:
            return False

    def destroy(self, template: str) -> None:
        """Destroy a template's key, in the key store and its backups, and then the template."""
        self._keys.forget(_subject(template))
        with self._read() as connection:
            connection.execute("DELETE FROM templates WHERE template = ?", (template,))

    def close(self) -> None:
        with self._lock:
            self._connection.close()
            self._turn.close()

    @contextmanager
    def _read(self) -> "Iterator[sqlite3.Connection]":
        with self._lock, storage():
            yield self._connection


def _subject(template: str) -> str:
    """The template's name among the keys; no staff number has a slash before it."""
    return f"face/{template}"


def _bound(kept: Kept) -> bytes:
    """What the ciphertext is bound to: a row that is given another person's number does not open."""
    return "\x1f".join(kept).encode()
