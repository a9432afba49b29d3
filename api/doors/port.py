"""The hall as terminals' conversations see it: `devices.ports.Hall`, supplied."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import blake2b

from api.doors.clocks import astray, read_clock, received_there
from api.doors.contacts import Measured, contacts_of
from api.doors.gate import DOUBTED, Gate
from attendance.book import Book
from attendance.carriage import Order as Standing
from attendance.carriage import OrderSent, is_followed
from attendance.facts import Entry, Fact
from attendance.hall import Hall
from attendance.questions import TerminalAsked
from attendance.visits import PersonCarried
from devices.clock import Sample
from devices.ports import Caller, Order

ASK_AGAIN_AFTER = timedelta(minutes=1)
"""A delivered command is not an applied one: without an answer it is delivered again."""
OPEN_AT_ONCE = 1_000
ORDERS_AT_ONCE = 100
"""About people in one delivery: far below what terminals take, 900 KB."""
logger = logging.getLogger("manqin.doors")


class Port:
    """One hall, for every family's conversations."""

    def __init__(self, hall: Hall, gate: Gate) -> None:
        self._hall = hall
        self._gate = gate
        self._contacts = contacts_of(hall)
        self._asked_at: dict[tuple[str, int], datetime] = {}
        self._orders_of: Book | None = None
        self._orders: dict[str, list[Standing]] = {}
        self._attempts: dict[str, dict[int, int]] = {}
        """Of each terminal's last delivery, by order: the sending that an answer answers."""

    async def keep(self, facts: Sequence[Fact], caller: Caller) -> None:
        contact = self._contacts.of(caller.terminal.terminal)
        kept = facts if contact is None else astray(facts, contact, caller)
        await self._hall.received(kept, f"terminal:{caller.terminal.terminal}")
        if contact is not None:
            read_clock(kept, contact, caller)

    def questions(self, caller: Caller) -> list[Entry[TerminalAsked]]:
        self.alive(caller)
        if self._gate.book is None:
            return []
        now = int(caller.received.timestamp() * 1_000_000)
        open_ones = self._gate.book.questions.open(caller.terminal.terminal, now)
        return [entry for entry in open_ones if self._is_due(entry.fact, caller.received)]

    def asked(self, caller: Caller, number: int) -> TerminalAsked | None:
        book = self._gate.book
        return book.questions.of_number(caller.terminal.terminal, number) if book else None

    def word_for(self, caller: Caller, purpose: str) -> str:
        said = f"{purpose} {caller.terminal.terminal}".encode()
        return blake2b(said, digest_size=16, key=self._hall.id.bytes).hexdigest()

    def _is_due(self, question: TerminalAsked, now: datetime) -> bool:
        key = (question.terminal, question.number)
        if now - self._asked_at.get(key, datetime.min.replace(tzinfo=now.tzinfo)) < ASK_AGAIN_AFTER:
            return False
        if len(self._asked_at) > OPEN_AT_ONCE:
            self._asked_at.clear()
        self._asked_at[key] = now
        return True

    async def orders(self, caller: Caller) -> list[Order]:
        terminal, now = caller.terminal.terminal, int(caller.received.timestamp() * 1_000_000)
        if self._gate.book is None or not any(one.is_due(now) for one in self._open_orders(self._gate.book, terminal)):
            return []
        # What was sent a moment ago must not be sent again: the book at hand may be a second old.
        book = await self._gate.register(DOUBTED)
        if not is_followed(book, caller.terminal):
            return []
        due = book.carriage.due(terminal, now)[:ORDERS_AT_ONCE]
        told = [OrderSent(terminal=terminal, number=one.fact.number, attempt=one.attempts + 1) for one in due]
        if told:
            await self.keep(told, caller)
            self._attempts[terminal] = {one.number: one.attempt for one in told}
        return [self._order(one, one.attempts + 1) for one in due]

    def _open_orders(self, book: Book, terminal: str) -> list[Standing]:
        """Looked up once for each state of the register: terminals ask every few seconds, for years."""
        if self._orders_of is not book:
            self._orders_of, self._orders = book, {}
        if terminal not in self._orders:
            self._orders[terminal] = book.carriage.open(terminal)
        return self._orders[terminal]

    def ordered(self, caller: Caller, number: int) -> Order | None:
        book, terminal = self._gate.book, caller.terminal.terminal
        order = book.carriage.order(terminal, number) if book else None
        attempt = self._attempts.get(terminal, {}).get(number, order.attempts if order else 0)
        return self._order(order, attempt) if order and attempt else None

    def _order(self, order: Standing, attempt: int) -> Order:
        fact = order.fact
        return Order(fact.number, attempt, fact.deed, fact.pin, self._hall.opened(fact.name) or "")

    def answered(self, caller: Caller, order: Order, *, applied: bool, answer: str) -> PersonCarried:
        return PersonCarried(
            terminal=caller.terminal.terminal,
            pin=order.pin,
            deed=order.deed,
            applied=applied,
            answer=answer,
            number=order.number,
            attempt=order.attempt,
        )

    def encoding(self, caller: Caller) -> str:
        terminal = caller.terminal.terminal
        book, contact = self._gate.book, self._contacts.of(terminal)
        chosen = book.terminals.placing(terminal).encoding if book else ""
        return chosen or (contact.told.get("encoding", "") if contact else "") or "utf-8"

    def told(self, caller: Caller, name: str) -> str:
        contact = self._contacts.of(caller.terminal.terminal)
        return contact.told.get(name, "") if contact else ""

    def heard(self, caller: Caller, told: dict[str, str]) -> None:
        if told and (contact := self._contacts.of(caller.terminal.terminal)):
            contact.told |= told

    def alive(self, caller: Caller) -> None:
        if contact := self._contacts.of(caller.terminal.terminal):
            contact.beats.append(caller.received)

    def clock_read(self, caller: Caller, at: datetime) -> None:
        contact = self._contacts.of(caller.terminal.terminal)
        if contact:
            contact.samples.append(Sample(received_there(caller), at))

    def clock_told(self, caller: Caller, at: datetime) -> None:
        self.clock_read(caller, at)
        contact = self._contacts.of(caller.terminal.terminal)
        if contact:
            contact.told_clock = Measured(caller.received, received_there(caller) - at)
