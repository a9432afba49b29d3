"""Who may sign in, and who is signed in: accounts, locks and sessions, beside the log and never in it."""

import secrets
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from threading import BoundedSemaphore, RLock
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from attendance.facts import Refused

ADMINISTRATOR = "admin"
SHORTEST_PASSWORD = 10
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without the letters and figures that look alike in print."""
SEEN_EVERY = 30.0
"""Seconds between two notes that a session is still in use: a page must not cost a disk write."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS account (
    name TEXT PRIMARY KEY, role TEXT NOT NULL, password TEXT NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0, locked_until REAL NOT NULL DEFAULT 0, changed_at REAL NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS session (
    token TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account ON DELETE CASCADE,
    began_at REAL NOT NULL, seen_at REAL NOT NULL
) STRICT;
"""


@dataclass(frozen=True)
class Account:
    """Someone who may sign in."""

    name: str
    role: str

    @property
    def actor(self) -> str:
        """How the log names this person."""
        return f"user:{self.name}"


class Accounts:
    """The accounts of one hall. Safe to use from several threads and processes."""

    def __init__(
        self,
        path: Path,
        *,
        idle_seconds: float = 1800,
        session_seconds: float = 43_200,
        failures_allowed: int = 5,
        lock_seconds: float = 900,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._idle, self._session, self._clock = idle_seconds, session_seconds, clock
        self._failures_allowed, self._lock_seconds = failures_allowed, lock_seconds
        self._guard = RLock()
        path.touch(mode=0o600)
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
        self._db.execute("PRAGMA foreign_keys = ON")
        self._db.executescript(SCHEMA)

    def close(self) -> None:
        with self._guard:
            self._db.close()

    def make_administrator(self) -> str | None:
        """The first password of the administrator, at the first start; None when there is one already."""
        password = new_password()
        made = self._write(
            "INSERT INTO account (name, role, password, changed_at) VALUES (?, 'administrator', ?, ?)"
            " ON CONFLICT DO NOTHING",
            (ADMINISTRATOR, _hash(password), self._clock()),
        )
        return password if made else None

    def reset_password(self, name: str = ADMINISTRATOR) -> str:
        """A new random password; the account is unlocked and signed out everywhere. Raises Refused."""
        password = new_password()
        self._set_password(name, password)
        return password

    def change_password(self, name: str, old: str, new: str) -> None:
        """The person's own change; every session of the account ends. Raises Refused."""
        if len(new) < SHORTEST_PASSWORD:
            raise Refused("password_too_short", "new", shortest=SHORTEST_PASSWORD)
        if new.lower() == name.lower() or new == old:
            raise Refused("password_too_easy", "new")
        self.check(name, old)
        self._set_password(name, new)

    def _set_password(self, name: str, password: str) -> None:
        sql = "UPDATE account SET password = ?, failures = 0, locked_until = 0, changed_at = ? WHERE name = ?"
        if not self._write(sql, (_hash(password), self._clock(), name)):
            raise Refused("account_unknown", "name", name=name)
        self._write("DELETE FROM session WHERE account = ?", (name,))

    def check(self, name: str, password: str) -> Account:
        """The account of a name and its password.

        Raises Refused: `sign_in_wrong`, in the same words and time for a wrong name and a wrong password, or
        `account_locked` after too many failures in a row.
        """
        row = self._row("SELECT role, password, failures, locked_until FROM account WHERE name = ?", (name,))
        role, stored, failures, locked_until = row or ("", _nobodys_password(), 0, 0.0)
        if locked_until > self._clock():
            raise Refused("account_locked", minutes=_minutes(locked_until - self._clock()))
        if not _fits(stored, password) or row is None:
            raise self._failed(name)
        if failures:
            self._write("UPDATE account SET failures = 0 WHERE name = ?", (name,))
        return Account(name, role)

    def stamp(self, name: str) -> object:
        """Something that differs once the account's password, failures or lock have changed."""
        return self._row("SELECT changed_at, role, failures, locked_until FROM account WHERE name = ?", (name,))

    def _failed(self, name: str) -> Refused:
        """Count a failure; the last one allowed locks the account."""
        self._write("UPDATE account SET failures = failures + 1 WHERE name = ?", (name,))
        until = self._clock() + self._lock_seconds
        sql = "UPDATE account SET failures = 0, locked_until = ? WHERE name = ? AND failures >= ?"
        if self._write(sql, (until, name, self._failures_allowed)):
            return Refused("account_locked", minutes=_minutes(self._lock_seconds))
        return Refused("sign_in_wrong")

    def begin_session(self, account: Account) -> str:
        """A new session's token. Only its hash is stored."""
        token, now = secrets.token_urlsafe(32), self._clock()
        self._write("DELETE FROM session WHERE seen_at < ? OR began_at < ?", (now - self._idle, now - self._session))
        self._write("INSERT INTO session VALUES (?, ?, ?, ?)", (_digest(token), account.name, now, now))
        return token

    def in_session(self, token: str) -> Account | None:
        """Who holds a session's token, unless it was ended or has expired."""
        now = self._clock()
        row = self._row(
            "SELECT name, role, seen_at FROM session JOIN account ON name = account"
            " WHERE token = ? AND seen_at >= ? AND began_at >= ?",
            (_digest(token), now - self._idle, now - self._session),
        )
        if row is None:
            return None
        name, role, seen_at = row
        if now - seen_at > min(SEEN_EVERY, self._idle / 4):
            # A full disk must not keep anybody from reading.
            with suppress(sqlite3.OperationalError):
                self._write("UPDATE session SET seen_at = ? WHERE token = ?", (now, _digest(token)))
        return Account(name, role)

    def end_session(self, token: str) -> None:
        self._write("DELETE FROM session WHERE token = ?", (_digest(token),))

    def _row(self, sql: str, values: tuple[object, ...]) -> Any:
        with self._guard:
            return self._db.execute(sql, values).fetchone()

    def _write(self, sql: str, values: tuple[object, ...]) -> bool:
        """Whether the statement changed anything."""
        with self._guard:
            return self._db.execute(sql, values).rowcount > 0


def new_password() -> str:
    """Four groups of four, easy to read from paper: 79 bits."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(4))


_hasher = PasswordHasher()
_hashing = BoundedSemaphore(4)
"""One Argon2id check takes 64 MiB: a flood of sign-ins must queue instead of taking the machine's memory."""


def _hash(password: str) -> str:
    with _hashing:
        return _hasher.hash(password)


def _fits(stored: str, password: str) -> bool:
    with _hashing:
        try:
            return _hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False


@cache
def _nobodys_password() -> str:
    """Compared with when there is no such account, so that an answer takes as long."""
    return _hash(new_password())


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _minutes(seconds: float) -> int:
    return max(1, -int(-seconds // 60))
