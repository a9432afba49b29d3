"""Tickets: what a person's phone shows instead of a face, as a QR code and as eight figures beneath it.

A ticket is good for half a minute and a little more. It names the person and is signed with a key of the hall, so a
terminal without the network can keep it with its two clocks and have it checked later.
"""

import hmac
import secrets
from base64 import b32encode
from pathlib import Path
from typing import NamedTuple

from attendance.facts import Refused
from attendance.log.files import write_once

STEP_SECONDS = 30
STEPS_BACK = 2
"""A ticket shown at the end of its step is read in the next; a slow hand takes another."""
MARK = "MQ1"


class Ticket(NamedTuple):
    """What the phone shows now."""

    text: str
    """For the QR code."""
    figures: str
    """For whoever types; together with the staff number."""
    lasts: float
    """Seconds until the next one."""


class Tickets:
    """The tickets of one hall."""

    def __init__(self, keys: Path) -> None:
        self._key = write_once(keys / "tickets.key", secrets.token_bytes(32))

    def ticket(self, no: str, now: float) -> Ticket:
        """The ticket of a person at a moment (seconds since 1970)."""
        step = int(now // STEP_SECONDS)
        text = ":".join((MARK, no, str(step), self._seal(no, step)))
        return Ticket(text, self._figures(no, step), (step + 1) * STEP_SECONDS - now)

    def holder(self, text: str, now: float) -> str:
        """Whose a ticket is. Raises Refused for one that is forged or over."""
        mark, _, rest = text.strip().partition(":")
        no, _, signed = rest.partition(":")
        step, _, seal = signed.partition(":")
        if mark != MARK or not step.isdecimal() or len(step) > 12:
            raise Refused("ticket_unknown", "ticket")
        if not hmac.compare_digest(seal.encode(), self._seal(no, int(step)).encode()):
            raise Refused("ticket_unknown", "ticket")
        if int(step) not in _steps(now):
            raise Refused("ticket_over", "ticket")
        return no

    def fits(self, no: str, figures: str, now: float) -> bool:
        """Whether the figures typed are those of a person's phone."""
        typed = "".join(figures.split()).encode()
        return any(hmac.compare_digest(self._figures(no, step).encode(), typed) for step in _steps(now))

    def _seal(self, no: str, step: int) -> str:
        return b32encode(self._digest("seal", no, step)[:15]).decode()

    def _figures(self, no: str, step: int) -> str:
        return f"{int.from_bytes(self._digest('figures', no, step)[:8], 'big') % 100_000_000:08}"

    def _digest(self, what: str, no: str, step: int) -> bytes:
        return hmac.digest(self._key, f"{what}\0{no}\0{step}".encode(), "sha256")


def _steps(now: float) -> range:
    here = int(now // STEP_SECONDS)
    return range(here - STEPS_BACK, here + 2)
