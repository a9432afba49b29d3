"""What every fact has in common, and the catalogue of all facts.

A *fact* says what happened, in the words of one module. The log stores it under an identity made from its natural key,
so the same fact told twice is stored once. A later fact with the same identity and other content replaces it in the
book, and both stay in the log.
"""

from collections.abc import Callable
from hashlib import sha1
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar
from uuid import UUID

import msgspec

SEPARATOR = "\x1f"


class Sealed(msgspec.Struct, frozen=True, array_like=True):
    """Text that only the key of `subject` opens: a name, a reason, a note."""

    subject: str
    box: bytes


class Fact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that happened. `topic` is its stable name in the log."""

    topic: ClassVar[str] = ""
    purpose: ClassVar[str] = ""

    def key(self) -> tuple[str, ...]:
        """The natural key: two facts of one topic with equal keys speak of the same thing."""
        raise NotImplementedError


F = TypeVar("F", bound=Fact)
F_co = TypeVar("F_co", bound=Fact, covariant=True)

CATALOGUE: dict[str, type[Fact]] = {}
_decoders: dict[str, msgspec.json.Decoder[Any]] = {}
_encoder = msgspec.json.Encoder()


def topic(name: str) -> Callable[[type[F]], type[F]]:
    """Register a fact class in the catalogue under its stable topic."""

    def register(cls: type[F]) -> type[F]:
        if name in CATALOGUE:
            raise TypeError(f"topic {name} is taken by {CATALOGUE[name].__qualname__}")
        cls.topic = name
        CATALOGUE[name] = cls
        _decoders[name] = msgspec.json.Decoder(cls)
        return cls

    return register


def encode(fact: Fact) -> bytes:
    """The fact's bytes as the log stores them: JSON, absent where a field has its default."""
    return _encoder.encode(fact)


def decode(topic_name: str, state: bytes) -> Fact:
    """The fact of stored bytes. Raises KeyError for a topic this version does not know."""
    fact: Fact = _decoders[topic_name].decode(state)
    return fact


def identity(hall: UUID, topic_name: str, key: tuple[str, ...]) -> UUID:
    """UUIDv5 of a natural key within one hall."""
    return UUID(bytes=identity_bytes(hall.bytes, topic_name, key))


def identity_bytes(hall: bytes, topic_name: str, key: tuple[str, ...]) -> bytes:
    """`identity` as stored; for the road of punches, where a UUID object costs more than its hash."""
    digest = bytearray(sha1(hall + SEPARATOR.join((topic_name, *key)).encode(), usedforsecurity=False).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    return bytes(digest)


class Entry(NamedTuple, Generic[F_co]):
    """A fact as the log holds it."""

    id: UUID
    version: int
    position: int
    recorded_at: int
    """Microseconds since 1970, UTC; never decreasing with the position."""
    actor: str
    fact: F_co


class Refused(Exception):
    """A command that the hall's rules refuse.

    `code` names the reason (its sentence stands in the text catalogues), `details` fill the sentence, and `column`
    names the input at fault where there is one.
    """

    def __init__(self, code: str, column: str | None = None, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.column = column
        self.details = details

    def __str__(self) -> str:
        return ", ".join([self.code, *(f"{name}={value}" for name, value in self.details.items())])
