"""When each terminal last called and what it said of itself: kept in memory, so that heartbeats do not fill the log."""

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import NamedTuple
from weakref import WeakKeyDictionary

from attendance.hall import Hall
from devices.clock import Sample, behind
from devices.watch import Serials

MOST = 1_000
"""Serial numbers remembered; whoever invents more pushes out the one that was silent longest."""
REPEAT_AFTER = timedelta(minutes=1)
SAMPLES = 64
"""Readings kept of each terminal to tell its clock by."""
BEATS = 16
LOOKED_AT_EVERY = timedelta(seconds=5)
"""A backlog comes in thousands of posts; none of them makes the clock better known than the one before."""
GOOD_FOR = timedelta(hours=4)
"""A clock that was read from the terminal itself is believed so long before guesses."""

TOLD_LATELY = timedelta(minutes=5)
"""A clock told with a heartbeat may have been set since; they come every minute or oftener."""


class Measured(NamedTuple):
    """A terminal's clock, asked of the terminal or told by it."""

    at: datetime
    behind: timedelta


@dataclass
class Contact:
    """The last that was heard of a terminal."""

    terminal: str
    address: str
    at: datetime
    told: dict[str, str] = field(default_factory=dict)
    """Model, firmware, counts, as the terminal names them."""
    refused: str = ""
    """Why the last call was turned away; empty when it was let in."""
    heard: datetime | None = None
    """When it was last let in, or answered the hall's own call."""
    samples: deque[Sample] = field(default_factory=lambda: deque(maxlen=SAMPLES))
    """The newest reading of each upload on its arrival."""
    measured: Measured | None = None
    told_clock: Measured | None = None
    """Told by the terminal of its own accord, with a heartbeat or the state of its door."""
    beats: deque[datetime] = field(default_factory=lambda: deque(maxlen=BEATS))
    """When it called only to ask, or to say that it is there."""
    serials: Serials = field(default_factory=Serials)
    """The running numbers it sent since it was last read whole."""
    usual: timedelta | None = None
    """How often it called so before the server was started again."""
    _guess: tuple[datetime, timedelta | None] | None = None

    def clock_behind(self, now: datetime) -> timedelta | None:
        """How far the terminal's clock is behind ours: asked of it, or else told by its punches; None if unknown."""
        if self.measured and now - self.measured.at <= GOOD_FOR:
            return self.measured.behind
        if self._guess is None or not timedelta() <= now - self._guess[0] < LOOKED_AT_EVERY:
            self._guess = now, behind(self.samples)
        return self._guess[1]

    def clock_errors(self, now: datetime) -> list[timedelta]:
        """How far the clock may be behind ours by now: what the terminal itself said last, and what is known of it.

        The alert waits for more than one such word: some firmware may say one and the same time for ever.
        """
        told = self.told_clock.behind if self.told_clock and now - self.told_clock.at <= TOLD_LATELY else None
        return [error for error in (told, self.clock_behind(now)) if error is not None]

    def forget_clock(self) -> None:
        """Somebody set the clock: what was known of it says nothing any more."""
        self.samples.clear()
        self.measured = self.told_clock = self._guess = None

    @property
    def interval(self) -> timedelta | None:
        """How often it calls though there is nothing to tell; None for one that calls with punches alone."""
        if len(self.beats) < 3:
            return self.usual
        return timedelta(seconds=median((later - earlier).total_seconds() for earlier, later in pairwise(self.beats)))


class Contacts:
    """Every terminal that called since the server started."""

    def __init__(self) -> None:
        self._by_terminal: dict[str, Contact] = {}
        self.since = datetime.now(UTC)
        """Since when this process listens."""

    def note(self, terminal: str, address: str, at: datetime, refused: str = "") -> bool:
        """Note a call. True when it says something new: another address, another refusal, or a minute has passed."""
        old = self._by_terminal.pop(terminal, None)
        contact = old or Contact(terminal, address, at)
        news = old is None or (old.address, old.refused) != (address, refused) or at - old.at > REPEAT_AFTER
        contact.address, contact.at, contact.refused = address, at, refused
        contact.heard = contact.heard if refused else at
        self._by_terminal[terminal] = contact
        if len(self._by_terminal) > MOST:
            self._by_terminal.pop(next(iter(self._by_terminal)))
        return news

    def met(self, terminal: str, address: str, at: datetime) -> Contact:
        """Note that a terminal was heard though it did not call: the hall called it, or remembers it."""
        contact = self._by_terminal.setdefault(terminal, Contact(terminal, address, at))
        contact.at = max(contact.at, at)
        contact.heard = max(contact.heard or at, at)
        return contact

    def of(self, terminal: str) -> Contact | None:
        return self._by_terminal.get(terminal)

    def all(self) -> list[Contact]:
        """Every contact, the latest last."""
        return list(self._by_terminal.values())


_contacts: WeakKeyDictionary[Hall, Contacts] = WeakKeyDictionary()


def contacts_of(hall: Hall) -> Contacts:
    """The contacts of an open hall, shared by its doors and its pages."""
    return _contacts.setdefault(hall, Contacts())
