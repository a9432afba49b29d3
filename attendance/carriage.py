"""People carried to terminals: what each terminal is told to do about whom, and what became of it.

An *order* says that a terminal is to hold a person under a PIN, or to forget one with every template there. It is
given, sent, and answered; a delivered order is not an applied one, so it is sent again until the terminal says what it
did. Faces do not travel: the terminal enrols them itself.
"""

from datetime import date
from itertools import takewhile
from typing import TYPE_CHECKING, Any, NamedTuple

from attendance import known
from attendance.belonging import belonging, departed
from attendance.facts import Entry, Fact, Refused, Sealed, topic
from attendance.shelf import Shelf
from attendance.terminals import TerminalAccepted
from attendance.visits import DEEDS, PersonCarried

if TYPE_CHECKING:
    from attendance.book import Book
    from attendance.hall import Draft

PUT, REMOVED = DEEDS
MINUTE = 60 * 1_000_000
"""Microseconds, as every moment of this module."""
LONGEST_PAUSE = 240 * MINUTE
LIFETIME = 24 * 60 * MINUTE
"""After which an order nobody carried out is dropped: the terminal was away. It is given anew when it calls."""
MOST_REFUSALS = 5
"""In a row, after which the terminal is not bothered any more until a person says so."""
MOST_ROUNDS = 3
"""The same for orders it fetched and let expire without a word."""
CARRIED_TO = ("zkteco", "hikvision", "dahua")
"""The families whose terminals take people. Sheets know none, and the hall's own terminal looks everybody up."""
OPEN = ("given", "sent", "retried")
FAILED = ("refused", "expired")


@topic("person.ordered")
class PersonOrdered(Fact, frozen=True, kw_only=True):
    """A terminal is to hold a person, or to forget one with every template; it learns of it when it next calls."""

    terminal: str
    number: int
    """Counted for each terminal from 1; a later order about a PIN stands over an earlier one."""
    pin: str
    deed: str
    """put or removed"""
    no: str
    """Whose PIN it is, or was."""
    name: Sealed | None = None
    """Under which the terminal is to show the person; none for a removal."""

    def key(self) -> tuple[str, ...]:
        return (self.terminal, str(self.number))

    def says(self) -> tuple[str, str, Sealed | None]:
        return (self.deed, self.no, self.name)


@topic("order.sent")
class OrderSent(Fact, frozen=True, kw_only=True):
    """A terminal was told an order."""

    terminal: str
    number: int
    attempt: int
    """Counted from 1."""

    def key(self) -> tuple[str, ...]:
        return (self.terminal, str(self.number), str(self.attempt))


@topic("order.dropped")
class OrderDropped(Fact, frozen=True, kw_only=True):
    """An order will not be sent again."""

    terminal: str
    number: int
    why: str
    """expired (no answer for a day) or overtaken (the person is to be otherwise by now)"""

    def key(self) -> tuple[str, ...]:
        return (self.terminal, str(self.number))


class Order(NamedTuple):
    """An order and what became of it."""

    given: Entry[PersonOrdered]
    sent: list[Entry[OrderSent]]
    receipts: list[Entry[PersonCarried]]
    """What the terminal answered, oldest first."""
    dropped: Entry[OrderDropped] | None

    @property
    def fact(self) -> PersonOrdered:
        return self.given.fact

    @property
    def attempts(self) -> int:
        return len(self.sent)

    @property
    def state(self) -> str:
        """given, sent, retried (refused or unanswered so far), applied, refused, expired or overtaken."""
        if any(entry.fact.applied for entry in self.receipts):
            return "applied"
        if self.dropped:
            return self.dropped.fact.why
        if len(self.receipts) >= MOST_REFUSALS:
            return "refused"
        return ("given", "sent")[self.attempts] if self.attempts < 2 and not self.receipts else "retried"

    @property
    def may_have_been_done(self) -> bool:
        """Whether the terminal said so, or was told and has not answered."""
        return self.state == "applied" or (bool(self.sent) and not self.receipts)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def since(self) -> int:
        """When it came into its present state."""
        told: list[Entry[Any]] = [self.given, *self.sent, *self.receipts, *([self.dropped] if self.dropped else [])]
        return max(entry.recorded_at for entry in told)

    def is_due(self, now: int) -> bool:
        return self.due_at() <= now < self.given.recorded_at + LIFETIME

    def due_at(self) -> int:
        """When it is to be sent: at once, then after a minute, four, sixteen, … of silence or refusal."""
        if not self.attempts:
            return self.given.recorded_at
        return self.since + min(MINUTE << 2 * (self.attempts - 1), LONGEST_PAUSE)


class Carriage:
    """Every order."""

    def __init__(self, carried: Shelf[PersonCarried]) -> None:
        self.ordered: Shelf[PersonOrdered] = Shelf(
            terminal=lambda fact: fact.terminal,
            number=lambda fact: (fact.terminal, fact.number),
            no=lambda fact: fact.no,
        )
        self.sent: Shelf[OrderSent] = Shelf(number=lambda fact: (fact.terminal, fact.number))
        self.dropped: Shelf[OrderDropped] = Shelf(number=lambda fact: (fact.terminal, fact.number))
        self.carried = carried

    def order(self, terminal: str, number: int) -> Order | None:
        """The order of a number, if the terminal was ever given it."""
        given = self.ordered.find("number", (terminal, number))
        return self._order(given[0]) if given else None

    def _order(self, given: Entry[PersonOrdered]) -> Order:
        key = (given.fact.terminal, given.fact.number)
        dropped = self.dropped.find("number", key)
        return Order(given, self.sent.find("number", key), self.carried.find("number", key), next(iter(dropped), None))

    def of(self, terminal: str) -> list[Order]:
        """Every order of a terminal, oldest first."""
        return [self._order(entry) for entry in self.ordered.find("terminal", terminal)]

    def about(self, no: str) -> list[Order]:
        """Every order about a person, oldest first."""
        return [self._order(entry) for entry in self.ordered.find("no", no)]

    def by_pin(self, terminal: str) -> dict[str, list[Order]]:
        """Every order of a terminal by PIN, oldest first."""
        found: dict[str, list[Order]] = {}
        for order in self.of(terminal):
            found.setdefault(order.fact.pin, []).append(order)
        return found

    def newest(self, terminal: str) -> dict[str, Order]:
        """By PIN, the newest order about it that the terminal carried out, or may have."""
        return {order.fact.pin: order for order in self.of(terminal) if order.may_have_been_done}

    def open(self, terminal: str) -> list[Order]:
        """What a terminal still has to do, oldest first."""
        return [order for order in self.of(terminal) if order.is_open]

    def due(self, terminal: str, now: int) -> list[Order]:
        """What a terminal is to be told now."""
        return [order for order in self.open(terminal) if order.is_due(now)]


class Needed(NamedTuple):
    """What a terminal must be told about a PIN."""

    pin: str
    deed: str
    no: str
    name: Sealed | None = None

    def says(self) -> tuple[str, str, Sealed | None]:
        return (self.deed, self.no, self.name)


class Plan(NamedTuple):
    """What brings a terminal in step with the register."""

    dropped: list[OrderDropped]
    needed: list[Needed]
    in_step: bool = False
    """Nothing is missing and nothing under way: while the register says the same, there is nothing to look at."""


def needs(book: "Book", terminal: str, day: date) -> dict[str, Needed]:
    """What a terminal should hold and forget on a day of its own clock, by PIN; what it does already is left out."""
    newest = book.carriage.newest(terminal)
    found = {pin: Needed(pin, REMOVED, no) for pin, no in departed(book, terminal, day).items()}
    for pin, order in newest.items():
        if order.fact.deed == PUT and order.may_have_been_done:
            found.setdefault(pin, Needed(pin, REMOVED, order.fact.no))
    found |= {pin: Needed(pin, PUT, *who) for pin, who in belonging(book, terminal, day).items()}
    return {pin: need for pin, need in found.items() if not _is_done(need, newest.get(pin))}


def _is_done(need: Needed, order: Order | None) -> bool:
    """Whoever was taken off once stays off, whosever the PIN was."""
    if order is None or order.state != "applied":
        return False
    return need.deed == order.fact.deed == REMOVED or need.says() == order.fact.says()


def is_followed(book: "Book", terminal: TerminalAccepted) -> bool:
    """Whether the hall keeps the people of a terminal up."""
    sn = terminal.terminal
    in_use = book.terminals.state(sn) == "accepted" and not book.terminals.placing(sn).by_hand
    return in_use and terminal.family in CARRIED_TO


def plan(book: "Book", terminal: str, day: date, now: int, called_at: int = 0) -> Plan:
    """What is to be dropped and ordered so that a terminal holds whom it should on a day of its own clock.

    `called_at` is when the terminal last called: what expired while it was away is given anew once it is back.
    """
    missing, history, open_ones = (
        needs(book, terminal, day),
        book.carriage.by_pin(terminal),
        book.carriage.open(terminal),
    )
    dropped = [
        OrderDropped(terminal=terminal, number=order.fact.number, why=why)
        for order in open_ones
        if (why := _why_dropped(order, missing.get(order.fact.pin), now))
    ]
    needed = [need for pin, need in missing.items() if not _waits(need, history.get(pin, []), called_at)]
    return Plan(dropped, needed, in_step=not missing and not open_ones)


def _why_dropped(order: Order, need: Needed | None, now: int) -> str:
    if need is None or need.says() != order.fact.says():
        return "overtaken"
    return "expired" if now - order.given.recorded_at >= LIFETIME else ""


def _waits(need: Needed, orders: list[Order], called_at: int) -> bool:
    """Whether the last order about a PIN says this already, and has to be waited for or looked at by a person."""
    if not orders or orders[-1].fact.says() != need.says():
        return False
    last = orders[-1]
    if last.dropped and last.state == "expired":
        return called_at <= last.dropped.recorded_at or _unanswered_rounds(orders) >= MOST_ROUNDS
    return last.is_open or last.state == "refused"


def _unanswered_rounds(orders: list[Order]) -> int:
    """How many orders of the same words, the last ones, were fetched and expired without an answer."""
    rounds = takewhile(
        lambda order: order.state == "expired" and order.attempts and order.fact.says() == orders[-1].fact.says(),
        reversed(orders),
    )
    return sum(1 for _ in rounds)


def keep_up(draft: "Draft", *, sn: str, day: date, now: int, called_at: int = 0) -> Plan:
    """Order what brings a terminal in step with the register, and drop what is overtaken."""
    terminal = known.terminal(draft.book, sn)
    planned = plan(draft.book, terminal, day, now, called_at)
    for fact in planned.dropped:
        draft.record(fact)
    for need in planned.needed:
        give(draft, terminal, need)
    return planned


def stand_down(draft: "Draft", *, sn: str) -> Plan:
    """Drop whatever a terminal still has to do: its people are not the hall's to keep up, now."""
    terminal = known.terminal(draft.book, sn)
    open_ones = draft.book.carriage.open(terminal)
    dropped = [OrderDropped(terminal=terminal, number=order.fact.number, why="overtaken") for order in open_ones]
    for fact in dropped:
        draft.record(fact)
    return Plan(dropped, [])


def give(draft: "Draft", terminal: str, need: Needed) -> PersonOrdered:
    """Give a terminal an order."""
    number = len(draft.book.carriage.ordered.find("terminal", terminal)) + 1
    fact = PersonOrdered(terminal=terminal, number=number, **need._asdict())
    draft.record(fact)
    return fact


def again(draft: "Draft", *, sn: str, number: int) -> PersonOrdered:
    """A person says that a failed order is to be tried again. Raises Refused for one that did not fail, or after which
    another about the same PIN was given."""
    terminal = known.terminal(draft.book, sn)
    order = draft.book.carriage.order(terminal, number)
    last = draft.book.carriage.by_pin(terminal)[order.fact.pin][-1] if order else None
    if order is None or order != last or order.state not in FAILED:
        raise Refused("order_not_failed", "number", number=number, sn=terminal)
    fact = order.fact
    return give(draft, terminal, Needed(fact.pin, fact.deed, fact.no, fact.name))
