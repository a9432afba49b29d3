"""The second factor: codes of an authenticator on a phone (TOTP, RFC 6238), and recovery codes for a lost phone."""

import hmac
import secrets
from base64 import b32encode
from hashlib import sha256
from urllib.parse import quote, urlencode

from attendance.facts import Refused

DIGITS, STEP_SECONDS = 6, 30
"""What every authenticator understands; SHA-1 for the same reason (RFC 6238 section 1.2)."""
CLOCK_STEPS = 1
"""A phone's clock may be one step off, either way."""
SECRET_BYTES = 20
RECOVERY_CODES = 8
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_secret() -> bytes:
    return secrets.token_bytes(SECRET_BYTES)


def code(secret: bytes, step: int) -> str:
    """The code of one step of thirty seconds."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    place = digest[-1] & 0x0F
    number = int.from_bytes(digest[place : place + 4], "big") & 0x7FFF_FFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def step_of(secret: bytes, given: str, now: float, after: int) -> int | None:
    """The step whose code was given, if it is near now and later than the last one used: a code counts once."""
    present = int(now // STEP_SECONDS)
    for step in range(max(present - CLOCK_STEPS, after + 1), present + CLOCK_STEPS + 1):
        if hmac.compare_digest(code(secret, step).encode(), given.encode()):
            return step
    return None


def address(secret: bytes, account: str, issuer: str) -> str:
    """What the QR code says to an authenticator."""
    label = quote(f"{issuer}:{account}")
    return f"otpauth://totp/{label}?{urlencode({'secret': shown(secret), 'issuer': issuer})}"


def shown(secret: bytes) -> str:
    """The secret for typing in by hand."""
    return b32encode(secret).decode()


def recovery_codes() -> list[str]:
    """Codes for when the phone is lost; each works once."""
    return [
        "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(2)) for _ in range(RECOVERY_CODES)
    ]


def recovery_hash(given: str) -> str:
    """How a recovery code is kept: 49 random bits need no slow hash behind the lock after five failures."""
    return sha256(given.strip().lower().encode()).hexdigest()


def plain_code(given: str) -> str:
    """A code as typed, without blanks. Raises Refused for none."""
    typed = "".join(given.split())
    if not typed:
        raise Refused("code_wrong", "code")
    return typed
