"""What a family of terminals needs of the hall; the doors supply it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from attendance.facts import Entry, Fact
from attendance.punches import Reading, Unreadable
from attendance.questions import TerminalAsked
from attendance.terminals import TerminalAccepted


class Caller(NamedTuple):
    """A terminal the hall trusts, calling now."""

    terminal: TerminalAccepted
    address: str
    received: datetime
    road: str = "push"
    """stream where the hall stays on the terminal's line"""


class Post(NamedTuple):
    """What a terminal sent to its secret path, freed of HTTP."""

    body: bytes
    headers: dict[str, str]
    """Names in lower case. They may lie: what counts is the body."""


class Answer(NamedTuple):
    """What the terminal is told."""

    status: int
    text: str
    kind: str = "text/plain"
    encoding: str = "utf-8"
    """In which the terminal reads."""


class Order(NamedTuple):
    """What a terminal is to do about a person; carried out twice, it does no harm."""

    number: int
    """Counted for each terminal from 1."""
    attempt: int
    deed: str
    """put or removed; a removal takes every template with it"""
    pin: str
    name: str = ""
    """Empty for a removal."""


class Hall(Protocol):
    """The hall as a terminal's conversation sees it."""

    async def keep(self, facts: Sequence[Fact], caller: Caller) -> None:
        """Returns when the facts are durable. Raises StorageFailed when they are not."""
        ...

    def questions(self, caller: Caller) -> list[Entry[TerminalAsked]]:
        """What this terminal is to be asked now."""
        ...

    def asked(self, caller: Caller, number: int) -> TerminalAsked | None:
        """The question this terminal was asked under a number; None when it never was."""
        ...

    def word_for(self, caller: Caller, purpose: str) -> str:
        """A word of 32 hexadecimal digits for this terminal and purpose, always the same. It proves nothing."""
        ...

    async def orders(self, caller: Caller) -> list[Order]:
        """What this terminal is to do about people now; it is noted that it was told. Raises StorageFailed."""
        ...

    def ordered(self, caller: Caller, number: int) -> Order | None:
        """The order of this number, as it was last told to this terminal; None when it never was."""
        ...

    def answered(self, caller: Caller, order: Order, *, applied: bool, answer: str) -> Fact:
        """The fact that the terminal did, or did not do, what it was ordered."""
        ...

    def encoding(self, caller: Caller) -> str:
        """In which the terminal reads names."""
        ...

    def heard(self, caller: Caller, told: dict[str, str]) -> None:
        """The terminal told something of itself that is worth showing while the server runs."""
        ...

    def told(self, caller: Caller, name: str) -> str:
        """What the terminal last told of itself under a name; empty when nothing."""
        ...

    def alive(self, caller: Caller) -> None:
        """The terminal called only to say that it is there, as it does at its own steady interval."""
        ...

    def clock_read(self, caller: Caller, at: datetime) -> None:
        """The terminal's wall clock showed this when it sent its call, or a little earlier."""
        ...

    def clock_told(self, caller: Caller, at: datetime) -> None:
        """The terminal says that its wall clock shows this now, in a message that is no reading and never kept back."""
        ...


class Listener(Protocol):
    """A family whose terminals post events to a secret path."""

    async def answer(self, post: Post, caller: Caller) -> Answer:
        """The reply to one post. Raises StorageFailed when what it brought is not durable."""
        ...


class Mark(NamedTuple):
    """How far a terminal's records were read without a gap."""

    serial: int = 0
    """The last record's running number; 0 where the family counts by time alone, and before the first visit."""
    at: str = ""
    """Its time as the terminal wrote it."""


class Reconciling(Protocol):
    """One visit to a terminal that can be asked for its records again."""

    table: str
    """What the family calls such records."""
    records: int
    """Read so far, those that are no punches included."""

    @property
    def mark(self) -> Mark:
        """How far the records were read and taken: the next visit reads on from a little before."""
        ...

    def batches(self) -> Iterator[list[Reading | Unreadable]]:
        """The attendance in what the terminal holds, batch by batch. Raises Refused when the visit ends early."""
        ...


class Person(NamedTuple):
    """Somebody who may clock in at a terminal."""

    pin: str
    name: str


class Receipt(NamedTuple):
    """What a terminal answered when a person was put on it or removed."""

    pin: str
    applied: bool
    answer: str
    """The terminal's own word or number."""


class Visit(Protocol):
    """A visit to a terminal that the hall can call. Every step may raise Refused, with what stands in the way."""

    def check_identity(self, serial: str) -> None:
        """Raises Refused when another terminal answers at this address."""
        ...

    def reconciliation(self, since: Mark) -> Reconciling: ...

    def clock(self) -> datetime | None:
        """The terminal's wall clock; None when it tells none."""
        ...

    def set_clock(self, at: datetime) -> None: ...

    def present(self) -> dict[str, str]:
        """The names of the people on the terminal by number."""
        ...

    def put(self, those: Sequence[Person]) -> Iterator[Receipt]: ...

    def remove(self, pins: Sequence[str]) -> Iterator[Receipt]: ...
