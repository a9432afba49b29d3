"""Passcodes: the figures a person types at a terminal instead of showing a face, and those that let one out of it.

Hashed with Argon2id over a keyed digest whose key lies with the hall's keys: six figures alone could be tried out by
whoever has a copy of the file.
"""

import hmac
import re
import secrets
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from threading import RLock

from api import passwords
from attendance.facts import Refused
from attendance.log.files import write_once

SCHEMA = """
CREATE TABLE IF NOT EXISTS passcode (subject TEXT PRIMARY KEY, hash TEXT NOT NULL, own INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS failed (
    subject TEXT NOT NULL, terminal TEXT NOT NULL, failures INTEGER NOT NULL, locked_until REAL NOT NULL DEFAULT 0,
    PRIMARY KEY (subject, terminal)
) STRICT, WITHOUT ROWID;
"""
FORM = re.compile(r"\d{6,8}", re.ASCII)
RUNS = ("01234567890123456789", "98765432109876543210")
FEWEST_DIFFERENT = 3
FAILURES_ALLOWED = 5
LOCK_SECONDS = 900.0
WAY_OUT = "way-out:"
"""Before a terminal's serial number: the subject of the code that lets one out of its page."""


class Passcodes:
    """The passcodes of one hall. Safe to use from several threads and processes."""

    def __init__(self, path: Path, keys: Path, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._key = write_once(keys / "passcodes.key", secrets.token_bytes(32))
        self._guard = RLock()
        path.touch(mode=0o600)
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
        self._db.executescript(SCHEMA)

    def close(self) -> None:
        with self._guard:
            self._db.close()

    def choose(self, subject: str, passcode: str, *, own: bool = True) -> None:
        """Set a passcode; locks are lifted. Raises Refused for one that is no passcode or too easy."""
        accept(passcode, subject)
        hashed = passwords.hashed(self._digest(subject, passcode))
        sql = "INSERT INTO passcode VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET hash = excluded.hash, own = excluded.own"
        with self._guard:
            self._db.execute(sql, (subject, hashed, own))
            self._db.execute("DELETE FROM failed WHERE subject = ?", (subject,))

    def give(self, subject: str) -> str:
        """A new passcode in the office's hand."""
        while True:
            passcode = f"{secrets.randbelow(1_000_000):06}"
            try:
                self.choose(subject, passcode, own=False)
            except Refused:
                continue
            return passcode

    def take(self, subject: str) -> bool:
        """Nobody gets in by this passcode any more; False when there was none."""
        with self._guard:
            return self._db.execute("DELETE FROM passcode WHERE subject = ?", (subject,)).rowcount > 0

    def state(self, subject: str) -> str:
        """own, given, or empty when there is none."""
        with self._guard:
            row = self._db.execute("SELECT own FROM passcode WHERE subject = ?", (subject,)).fetchone()
        return "" if row is None else "own" if row[0] else "given"

    def check(self, subject: str, passcode: str, terminal: str, at: float | None = None) -> None:
        """Raises Refused: `passcode_wrong`, or `passcode_locked` after too many failures in a row at a terminal.

        `at` is when it was typed (seconds since 1970), for one that was kept without the network.
        """
        now = self._clock() if at is None else at
        self._refuse_when_locked(subject, terminal, now)
        with self._guard:
            row = self._db.execute("SELECT hash FROM passcode WHERE subject = ?", (subject,)).fetchone()
        fits = passwords.fits(row[0] if row else passwords.nobodys(), self._digest(subject, passcode))
        if not fits or row is None:
            raise self._failed(subject, terminal, now)
        with self._guard:
            self._db.execute("DELETE FROM failed WHERE subject = ? AND terminal = ?", (subject, terminal))

    def _refuse_when_locked(self, subject: str, terminal: str, now: float) -> None:
        sql = "SELECT locked_until FROM failed WHERE subject = ? AND terminal = ?"
        with self._guard:
            row = self._db.execute(sql, (subject, terminal)).fetchone()
        if row and now < row[0] <= now + LOCK_SECONDS:
            raise Refused("passcode_locked", minutes=max(1, -int(-(row[0] - now) // 60)))

    def _failed(self, subject: str, terminal: str, now: float) -> Refused:
        """Count a failure; the last one allowed locks this person out of this terminal for a while."""
        count = (
            "INSERT INTO failed (subject, terminal, failures) VALUES (?, ?, 1)"
            " ON CONFLICT DO UPDATE SET failures = failures + 1 RETURNING failures"
        )
        lock = "UPDATE failed SET failures = 0, locked_until = ? WHERE subject = ? AND terminal = ?"
        with self._guard:
            (failures,) = self._db.execute(count, (subject, terminal)).fetchall()[0]
            if failures >= FAILURES_ALLOWED:
                self._db.execute(lock, (now + LOCK_SECONDS, subject, terminal))
                return Refused("passcode_locked", minutes=int(LOCK_SECONDS // 60), first=True)
        return Refused("passcode_wrong", "passcode")

    def _digest(self, subject: str, passcode: str) -> str:
        return hmac.digest(self._key, f"{subject}\0{passcode}".encode(), "sha256").hex()


def accept(passcode: str, subject: str = "") -> None:
    """Raise Refused for what is no passcode, or one that anybody would try first."""
    if not FORM.fullmatch(passcode):
        raise Refused("passcode_form", "passcode")
    easy = len(set(passcode)) < FEWEST_DIFFERENT or any(passcode in run for run in RUNS) or passcode in subject
    if easy:
        raise Refused("passcode_easy", "passcode")
