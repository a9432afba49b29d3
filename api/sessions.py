"""Who is signed in: sessions by a token of which only the hash is stored."""

import secrets
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from typing import NamedTuple

from api.accounts_db import AccountsDb

SEEN_EVERY = 30.0
"""Seconds between two notes that a session is still in use: a page must not cost a disk write."""
LONGEST_BROWSER = 200


class Signed(NamedTuple):
    """A session that is good: whose it is, and whether the second factor was shown."""

    account: str
    second_factor: bool


class Session(NamedTuple):
    """One place where somebody is signed in. The number ends it and opens nothing."""

    number: int
    account: str
    began_at: float
    seen_at: float
    address: str
    browser: str
    is_this_one: bool


class Sessions:
    """The sessions of one hall."""

    def __init__(self, db: AccountsDb, idle_seconds: float, longest_seconds: float, clock: Callable[[], float]) -> None:
        self._db, self._clock = db, clock
        self._idle, self._longest = idle_seconds, longest_seconds

    def begin(self, account: str, address: str = "", browser: str = "", *, second_factor: bool = False) -> str:
        """A new session's token."""
        token, now = secrets.token_urlsafe(32), self._clock()
        idle, old = self._limits(now)
        self._db.write("DELETE FROM session WHERE seen_at < ? OR began_at < ?", idle, old)
        values = (digest(token), account, now, now, address, browser[:LONGEST_BROWSER], second_factor)
        self._db.write("INSERT INTO session VALUES (?, ?, ?, ?, ?, ?, ?)", *values)
        return token

    def _limits(self, now: float) -> tuple[float, float]:
        """Seen before the first, or begun before the second, a session is over."""
        return now - self._idle, now - self._longest

    def find(self, token: str, *, in_use: bool = True) -> Signed | None:
        """Whose a session is, unless it was ended or has expired; `in_use` when a person is asking, not a clock."""
        now = self._clock()
        row = self._db.row(
            "SELECT account, second_factor, seen_at FROM session WHERE token = ? AND seen_at >= ? AND began_at >= ?",
            digest(token),
            *self._limits(now),
        )
        if row is None:
            return None
        if in_use and now - row[2] > min(SEEN_EVERY, self._idle / 4):
            # A full disk must not keep anybody from reading.
            with suppress(sqlite3.OperationalError):
                self._db.write("UPDATE session SET seen_at = ? WHERE token = ?", now, digest(token))
        return Signed(row[0], bool(row[1]))

    def pass_second_factor(self, token: str) -> None:
        self._db.write("UPDATE session SET second_factor = 1 WHERE token = ?", digest(token))

    def end(self, token: str) -> None:
        self._db.write("DELETE FROM session WHERE token = ?", digest(token))

    def end_all(self, account: str) -> None:
        self._db.write("DELETE FROM session WHERE account = ?", account)

    def end_numbered(self, number: int, account: str) -> bool:
        """End one session of an account; False when it is over already."""
        return self._db.write("DELETE FROM session WHERE rowid = ? AND account = ?", number, account)

    def open(self, account: str | None = None, token: str = "") -> list[Session]:
        """The sessions that are good now, of one account or of all, the latest used first."""
        found = self._db.rows(
            "SELECT rowid, account, began_at, seen_at, address, browser, token = ? FROM session"
            " WHERE seen_at >= ? AND began_at >= ? AND account = coalesce(?, account) ORDER BY seen_at DESC",
            digest(token),
            *self._limits(self._clock()),
            account,
        )
        return [Session._make([*row[:6], bool(row[6])]) for row in found]


def digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
