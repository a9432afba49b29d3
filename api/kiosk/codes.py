"""The code a device shows until somebody in the office types it: which of the devices asking is the one on the wall.

Kept in memory: whoever restarts the server in between shows another code.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from attendance.facts import Refused

LASTS = 600.0
"""Seconds a code can be typed."""
MOST_WAITING = 100
DIGITS = 6


@dataclass
class Waiting:
    """A device that shows its code."""

    code: str
    claim: str
    """Known to the device alone: what it shows is seen by everybody in the hall."""
    until: float
    credential: str = ""
    """Laid ready once the code was typed."""


class PairingCodes:
    """The devices that ask to be paired with this server."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._waiting: dict[str, Waiting] = {}
        self._guard = Lock()

    def begin(self) -> Waiting:
        """A new code. Raises Refused while too many devices ask."""
        with self._guard:
            self._drop_old()
            if len(self._waiting) >= MOST_WAITING:
                raise Refused("too_many_pairing")
            code = self._unused_code()
            made = Waiting(code, secrets.token_urlsafe(24), self._clock() + LASTS)
            self._waiting[made.claim] = made
            return made

    def _unused_code(self) -> str:
        shown = {one.code for one in self._waiting.values()}
        while True:
            code = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
            if code not in shown:
                return code

    def left(self, waiting: Waiting) -> float:
        """Seconds a code can still be typed."""
        return max(0.0, waiting.until - self._clock())

    def asked(self, code: str) -> Waiting:
        """The device that shows a code. Raises Refused for a code nobody shows."""
        typed = "".join(code.split())
        with self._guard:
            self._drop_old()
            for one in self._waiting.values():
                if secrets.compare_digest(one.code.encode(), typed.encode()) and not one.credential:
                    return one
        raise Refused("pairing_code_wrong", "code")

    def collect(self, claim: str) -> str | None:
        """The credential laid ready for a device, once; empty while it waits, None for a claim that is over."""
        with self._guard:
            self._drop_old()
            one = self._waiting.get(claim)
            if one is not None and one.credential:
                self._waiting.pop(claim)
            return None if one is None else one.credential

    def _drop_old(self) -> None:
        now = self._clock()
        for claim in [claim for claim, one in self._waiting.items() if one.until < now]:
            self._waiting.pop(claim)
