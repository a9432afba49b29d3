"""A packet of ZKTeco's port 4370: a header of four 16-bit numbers, little-endian, and what is said. Over TCP a prefix
with the packet's length stands before it; over UDP every datagram is one packet."""

from struct import Struct, unpack
from typing import NamedTuple

HEADER = Struct("<4H")
"""Command, checksum, session, reply number."""
PREFIX = Struct("<4sI")
MAGIC = b"\x50\x50\x82\x7d"
CHECKSUM = slice(2, 4)
WORD = 0xFFFF
LONGEST = 4 << 20
"""Bytes of one packet; the longest seen are of 64 KB."""
TICKS = 50
"""With which a key is scrambled; any would do, it travels beside the key."""
KEY_LETTERS = b"ZKSO"


class Packet(NamedTuple):
    command: int
    session: int
    reply: int
    """The number of the question; its answers carry the same."""
    data: bytes = b""

    @property
    def raw(self) -> bytes:
        blank = HEADER.pack(self.command, 0, self.session, self.reply) + self.data
        return blank[: CHECKSUM.start] + checksum(blank).to_bytes(2, "little") + blank[CHECKSUM.stop :]


def packet_of(raw: bytes) -> Packet:
    """Raises ValueError for what is shorter than a header. The checksum is not looked at: TCP and UDP have their own,
    and since no client known checks it, nobody knows which firmware gets it right."""
    if len(raw) < HEADER.size:
        raise ValueError("no packet")
    command, _, session, reply = HEADER.unpack_from(raw)
    return Packet(command, session, reply, raw[HEADER.size :])


def checksum(raw: bytes) -> int:
    """The ones' complement of the sum of all words, carries folded in; the checksum's own place counts as zero."""
    padded = raw + b"\0" * (len(raw) % 2)
    words: tuple[int, ...] = unpack(f"<{len(padded) // 2}H", padded)
    total = sum(words) - words[1]
    while total > WORD:
        total = (total & WORD) + (total >> 16)
    return total ^ WORD


def is_sound(raw: bytes) -> bool:
    """Whether a packet carries its checksum; 0 and 0xFFFF are the same number in this arithmetic."""
    return len(raw) >= HEADER.size and (int.from_bytes(raw[CHECKSUM], "little") - checksum(raw)) % WORD == 0


def framed(raw: bytes) -> bytes:
    """A packet as it goes over TCP."""
    return PREFIX.pack(MAGIC, len(raw)) + raw


def length_of(prefix: bytes) -> int:
    """How long the packet behind a prefix is. Raises ValueError for a prefix that is none, or claims too much."""
    magic, length = PREFIX.unpack(prefix)
    if magic != MAGIC or not HEADER.size <= length <= LONGEST:
        raise ValueError("no packet")
    return int(length)


def scrambled(key: int, session: int, ticks: int = TICKS) -> bytes:
    """The communication key (通讯密码) as it must be shown in a session: its 32 bits mirrored, the session added, mixed
    with letters, halves swapped, mixed with the ticks, one byte given up for the ticks themselves."""
    mirrored = int(f"{key:032b}"[::-1], 2) + session & 0xFFFFFFFF
    mixed = bytes(byte ^ letter for byte, letter in zip(mirrored.to_bytes(4, "little"), KEY_LETTERS, strict=True))
    third, fourth, _, second = mixed[2:] + mixed[:2]
    return bytes((third ^ ticks, fourth ^ ticks, ticks, second ^ ticks))
