"""The hash chain: each row's hash covers its bytes and the hash of the row before it."""

from hashlib import sha256
from struct import Struct
from uuid import UUID

_NUMBERS = Struct(">QQqHH")


def genesis(hall: UUID) -> bytes:
    """What stands in for the hash before a hall's first row, so that no two halls share a chain."""
    return sha256(b"manqin log 1\0" + hall.bytes).digest()


def link(
    previous: bytes, position: int, id: bytes, version: int, topic: str, recorded_at: int, actor: str, state: bytes
) -> bytes:
    """The hash of a row. Every part but the last has a fixed or a stated length, so no two rows give the same bytes."""
    topic_bytes, actor_bytes = topic.encode(), actor.encode()
    numbers = _NUMBERS.pack(position, version, recorded_at, len(topic_bytes), len(actor_bytes))
    return sha256(b"".join((previous, id, numbers, topic_bytes, actor_bytes, state))).digest()
