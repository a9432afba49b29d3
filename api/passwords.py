"""Passwords: how they are made, judged, kept and compared (Argon2id)."""

import secrets
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from attendance.facts import Refused

SHORTEST = 10
FEWEST_DIFFERENT = 5
"""Different characters of a password: aaaaaaaaaa and 1212121212 are long and no passwords."""
RUNS = ("01234567890123456789", "98765432109876543210", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without the letters and figures that look alike in print."""

_hasher = PasswordHasher()
_hashing = BoundedSemaphore(4)
"""One Argon2id check takes 64 MiB: a flood of sign-ins must queue instead of taking the machine's memory."""


def made_up() -> str:
    """A new random password in four groups of four, easy to read from paper: 79 bits."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(4))


def accept(new: str, name: str) -> None:
    """Raise Refused for a password that is too short or too easy to guess."""
    if len(new) < SHORTEST:
        raise Refused("password_too_short", "new", shortest=SHORTEST)
    plain = new.lower()
    guessable = len(set(plain)) < FEWEST_DIFFERENT or name.lower() in plain or any(plain in run for run in RUNS)
    if guessable:
        raise Refused("password_too_easy", "new")


def hashed(password: str) -> str:
    with _hashing:
        return _hasher.hash(password)


def fits(stored: str, password: str) -> bool:
    with _hashing:
        try:
            return _hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False


@cache
def nobodys() -> str:
    """Compared with when there is no such account, so that an answer takes as long."""
    return hashed(made_up())
