"""The hall as terminals' conversations see it: `devices.ports.Hall`, supplied."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from api.doors.contacts import contacts_of
from api.doors.gate import Gate
from attendance.facts import Entry, Fact
from attendance.hall import Hall
from attendance.questions import TerminalAsked
from devices.ports import Caller

ASK_AGAIN_AFTER = timedelta(minutes=1)
"""A delivered command is not an applied one: without an answer it is delivered again."""
OPEN_AT_ONCE = 1_000
logger = logging.getLogger("manqin.doors")


class Port:
    """One hall, for every family's conversations."""

    def __init__(self, hall: Hall, gate: Gate) -> None:
        self._hall = hall
        self._gate = gate
        self._contacts = contacts_of(hall)
        self._asked_at: dict[tuple[str, int], datetime] = {}

    async def keep(self, facts: Sequence[Fact], caller: Caller) -> None:
        await self._hall.received(facts, f"terminal:{caller.terminal.terminal}")

    def questions(self, caller: Caller) -> list[Entry[TerminalAsked]]:
        if self._gate.book is None:
            return []
        now = int(caller.received.timestamp() * 1_000_000)
        open_ones = self._gate.book.questions.open(caller.terminal.terminal, now)
        return [entry for entry in open_ones if self._is_due(entry.fact, caller.received)]

    def was_asked(self, caller: Caller, number: int) -> bool:
        book = self._gate.book
        return book is not None and book.questions.asked_once(caller.terminal.terminal, number)

    def _is_due(self, question: TerminalAsked, now: datetime) -> bool:
        key = (question.terminal, question.number)
        if now - self._asked_at.get(key, datetime.min.replace(tzinfo=now.tzinfo)) < ASK_AGAIN_AFTER:
            return False
        if len(self._asked_at) > OPEN_AT_ONCE:
            self._asked_at.clear()
        self._asked_at[key] = now
        return True

    def heard(self, caller: Caller, told: dict[str, str]) -> None:
        if told and (contact := self._contacts.of(caller.terminal.terminal)):
            contact.told |= told

    def clock_read(self, caller: Caller, at: datetime) -> None:
        contact = self._contacts.of(caller.terminal.terminal)
        if contact:
            here = caller.received.replace(tzinfo=None) + timedelta(minutes=caller.terminal.zone)
            contact.clock = (at, here)

    def not_spoken(self, caller: Caller, dialect: str) -> None:
        if self._contacts.note(caller.terminal.terminal, caller.address, caller.received, dialect):
            logger.warning("terminal %s speaks %s, which is not understood here", caller.terminal.terminal, dialect)
