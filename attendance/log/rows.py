"""The rows of the log, as every store keeps them."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol
from uuid import UUID

from attendance.facts import Entry, Fact, decode

PUNCH = "punch"
"""The one topic that is no decision and no part of the book."""


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
    """Position of the hall's newest row once these rows were in: who has followed the log this far has seen them."""


class Head(NamedTuple):
    """The newest row: its position and when it was recorded, in microseconds since 1970; zeros for an empty log."""

    position: int
    recorded_at: int


class Overtaken(Exception):
    """Somebody else decided something since the position on which this decision rests: take it again."""


class StorageFailed(Exception):
    """The log could not make a fact durable. Nothing of the batch was stored; the sender must send it again."""


class StorageDamaged(StorageFailed):
    """A file is no database any more: trying again will not help, a backup will."""


class LogDamaged(Exception):
    """The log lacks a row: reading on would pass over facts in silence."""


class Job(NamedTuple):
    """Rows that one caller wants stored together.

    With `since`, the rows are a decision: they go in only if no row but punches came after that position. `fresh` rows
    go in only if the log has none of them. Other rows may be repeats, which are counted and left as they are.
    """

    rows: Sequence[NewRow]
    actor: str
    since: int | None = None
    fresh: bool = False


class Store(Protocol):
    """What the hall needs of a store; `sqlite.py` and `postgres.py` are the two."""

    hall: UUID

    def append(self, jobs: Sequence[Job]) -> list[Appended | Exception]:
        """Store many jobs in one durable transaction, each whole or not at all.

        A job that is refused (Overtaken) does not hurt the others; when the storage fails, all get StorageFailed.
        """
        ...

    def read(self, after: int, limit: int, upto: int | None = None) -> list[Row]:
        """Rows with `after < position <= upto`, at most `limit`. Raises LogDamaged at a gap."""
        ...

    def read_states(self, after: int, limit: int) -> list[tuple[int, str, bytes]]:
        """Position, topic and stored bytes of rows after a position. Raises LogDamaged at a gap."""
        ...

    def read_decisions(self, after: int, upto: int | None = None) -> list[Row]:
        """Every row but punches with `after < position <= upto`."""
        ...

    def versions(self, id: bytes) -> list[Row]:
        """Every version of one fact, oldest first."""
        ...

    def head(self) -> Head: ...

    def position_at(self, recorded_at: int) -> Head:
        """The newest row recorded not after a moment."""
        ...

    def close(self) -> None: ...
