"""The rows of the log, as every store keeps them."""

from typing import NamedTuple, Protocol
from uuid import UUID

from attendance.facts import Entry, Fact, decode


class NewRow(NamedTuple):
    """A fact on its way into the log; position, time and hash are given inside the transaction."""

    id: bytes
    version: int
    topic: str
    state: bytes


class Row(NamedTuple):
    """A fact as stored."""

    position: int
    id: bytes
    version: int
    topic: str
    state: bytes
    recorded_at: int
    actor: str
    hash: bytes

    def entry(self) -> Entry[Fact]:
        fact = decode(self.topic, self.state)
        return Entry(UUID(bytes=self.id), self.version, self.position, self.recorded_at, self.actor, fact)


class Appended(NamedTuple):
    """What became of the rows of one append: how many are new, how many the log already had."""

    stored: int
    repeated: int
    head: int
    """Position of the newest row of the hall after the commit."""


class Head(NamedTuple):
    position: int
    recorded_at: int


class Overtaken(Exception):  # noqa: N818 - a business word
    """Somebody else decided something since the position on which this decision rests: take it again."""


class StorageFailed(Exception):  # noqa: N818 - a business word
    """The log could not make a fact durable. Nothing of the batch was stored; the sender must send it again."""


class Store(Protocol):
    """What the hall needs of a store; `sqlite.py` and `postgres.py` are the two."""

    hall: UUID

    def append(self, jobs: "list[Job]") -> "list[Appended | Exception]":
        """Store many jobs in one durable transaction, each whole or not at all."""
        ...

    def read(self, after: int, limit: int, upto: int | None = None) -> list[Row]:
        """Rows with `after < position <= upto`, without a gap, at most `limit`."""
        ...

    def read_decisions(self, after: int, upto: int | None = None) -> list[Row]:
        """Every row but punches with `after < position <= upto`."""
        ...

    def versions(self, id: bytes) -> list[Row]: ...

    def head(self) -> Head: ...

    def position_at(self, recorded_at: int) -> Head:
        """The newest row recorded not after a moment."""
        ...

    def close(self) -> None: ...


class Job(NamedTuple):
    """Rows that one caller wants stored together.

    With `since`, the rows are a decision: they go in only if no row but punches came after that position.
    """

    rows: list[NewRow]
    actor: str
    since: int | None = None
