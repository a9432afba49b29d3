"""Who may come in through a terminals' door: the protocols themselves prove nothing."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from time import monotonic
from typing import NamedTuple, TypeVar

from api.doors.contacts import contacts_of
from api.doors.secrets import TerminalSecrets
from attendance.book import Book
from attendance.facts import Refused
from attendance.hall import Draft, Hall
from attendance.terminals import TerminalAccepted, bind_first, note_call, serial

STALE = 1.0
"""Seconds for which the register of terminals is taken as read: another process may accept one meanwhile."""
DOUBTED = 0.0
"""The same when the register says no: a terminal accepted just now comes in at once."""
T = TypeVar("T")
logger = logging.getLogger("manqin.doors")


class TurnedAway(Exception):
    """The caller is not let in; `reason` is one of no_serial, waiting, waiting_list_full, family, secret, address,
    suspended."""

    def __init__(self, reason: str, status: int = 403) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


class Calling(NamedTuple):
    """Who says to be calling, from where."""

    sn: str
    family: str
    address: str
    received: datetime
    secret: str | None = None
    words: str = ""


class Gate:
    """Lets accepted terminals in, from their address or with their secret; puts the others on the waiting list."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._contacts = contacts_of(hall)
        self._secrets = TerminalSecrets(hall.folder.keys, hall.id)
        self.book: Book | None = None
        self._read_at = 0.0
        self._noted: set[str] = set()

    async def admit(self, calling: Calling) -> TerminalAccepted:
        """The terminal that calls. Raises TurnedAway, having noted who was turned away and why."""
        try:
            sn = serial(calling.sn)
        except Refused:
            raise TurnedAway("no_serial", 400) from None
        try:
            terminal = await self._accepted(sn, calling)
            await self._check_origin(terminal, calling)
        except TurnedAway as turned:
            self._note_refusal(sn, calling, turned.reason)
            raise
        self._contacts.note(sn, calling.address, calling.received)
        return terminal

    def owner(self, secret: str) -> str | None:
        """The terminal whose secret this is."""
        return self._secrets.owner(secret)

    def _note_refusal(self, sn: str, calling: Calling, reason: str) -> None:
        if self._contacts.note(sn, calling.address, calling.received, reason):
            logger.warning("terminal %s at %s turned away: %s", sn, calling.address, reason)

    async def _accepted(self, sn: str, calling: Calling) -> TerminalAccepted:
        known = (await self.register()).terminals.known(sn)
        known = known or (await self.register(DOUBTED)).terminals.known(sn)
        if known is None:
            raise TurnedAway(await self._wait(sn, calling))
        if known.family != calling.family:
            raise TurnedAway("family")
        if await self._is_suspended(sn):
            raise TurnedAway("suspended")
        return known

    async def _is_suspended(self, sn: str) -> bool:
        """A terminal resumed just now comes in at once."""
        suspended = (await self.register()).terminals.suspension(sn)
        return bool(suspended and (await self.register(DOUBTED)).terminals.suspension(sn))

    async def register(self, stale: float = STALE) -> Book:
        """The hall's book, read anew when older than `stale` seconds."""
        if self.book is None or monotonic() - self._read_at >= stale:
            self._read_at = monotonic()
            self.book = await asyncio.to_thread(self._hall.book)
        return self.book

    async def _wait(self, sn: str, calling: Calling) -> str:
        """Put a stranger on the waiting list; returns why it must wait."""
        if sn in self._noted:
            return "waiting"
        told = {"sn": sn, "family": calling.family, "address": calling.address, "words": calling.words}
        noted = await self._decide(lambda draft: note_call(draft, **told), sn)
        if noted:
            self._noted.add(sn)
        return "waiting" if noted else "waiting_list_full"

    async def _check_origin(self, terminal: TerminalAccepted, calling: Calling) -> None:
        sn = terminal.terminal
        if not calling.address:
            raise TurnedAway("address")
        if calling.secret is not None:
            if self._secrets.owner(calling.secret) != sn:
                raise TurnedAway("secret")
        elif await self._bound_address(sn, calling) != calling.address:
            raise TurnedAway("address")

    async def _bound_address(self, sn: str, calling: Calling) -> str:
        """The one address the bare door takes this terminal's words from: that of its first call after acceptance."""
        bound = (await self.register()).terminals.address_of(sn)
        if bound is None:
            bound = await self._decide(lambda draft: bind_first(draft, sn=sn, address=calling.address), sn)
        elif bound != calling.address:
            bound = (await self.register(DOUBTED)).terminals.address_of(sn) or bound
        return bound

    async def _decide(self, decision: Callable[[Draft], T], sn: str) -> T:
        return await asyncio.to_thread(self._hall.decide, decision, f"terminal:{sn}")
