"""A whole table of a ZKTeco terminal over port 4370: at once where it is small, piece by piece where it is large, in
one stream where the firmware is too old to keep it ready."""

from contextlib import suppress
from struct import Struct

from devices.zkteco.commands import Command, Said
from devices.zkteco.packet import Packet
from devices.zkteco.talk import Declined, Talk
from devices.zkteco.wire import MOST_BYTES, CutOff, Garbled

WANTED = Struct("<BHII")
"""A 1, the table's own command, the part of it that is meant, a 0."""
KEPT = Struct("<xI")
"""A table kept ready has so many bytes."""
PIECE = Struct("<II")
"""First byte and length."""
LENGTH = Struct("<I")
GIVEN = frozenset({Said.DATA, Said.DATA_FOLLOWS, Said.OK})


def read(talk: Talk, table: Command, part: int = 0) -> bytes:
    """The bytes of a table, which begin with their own count. Raises Declined, and what a talk raises."""
    answer = talk.ask(Command.PREPARE_BUFFER, WANTED.pack(1, table, part, 0))
    if answer.command not in GIVEN:
        answer = talk.ask(table, bytes([part] if part else []))
    match answer.command:
        case Said.DATA:
            return answer.data
        case Said.DATA_FOLLOWS:
            data = _rest(talk, b"", _size(answer, LENGTH))
        case Said.OK:
            data = _pieces(talk, _size(answer, KEPT))
        case refused:
            raise Declined(refused)
    talk.ask(Command.FREE_BUFFER)
    return data


def _pieces(talk: Talk, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        data += _piece(talk, len(data), min(talk.wire.piece, size - len(data)))
    return bytes(data)


def _size(answer: Packet, form: Struct) -> int:
    """What a terminal announces. Raises Garbled for no number, and for more than any has."""
    size = int(form.unpack_from(answer.data)[0]) if len(answer.data) >= form.size else 0
    if not LENGTH.size <= size <= MOST_BYTES:
        raise Garbled("no size")
    return size


def _piece(talk: Talk, first: int, length: int) -> bytes:
    for _ in range(talk.wire.tries - 1):
        with suppress(OSError):
            return _asked(talk, first, length)
    return _asked(talk, first, length)


def _asked(talk: Talk, first: int, length: int) -> bytes:
    answer = talk.ask(Command.READ_BUFFER, PIECE.pack(first, length))
    if answer.command not in (Said.DATA, Said.DATA_FOLLOWS):
        raise Declined(answer.command)
    return _rest(talk, answer.data if answer.command == Said.DATA else b"", length)


def _rest(talk: Talk, begun: bytes, length: int) -> bytes:
    """Data packets until so many bytes are there; the answer that ends them is passed over with the next question."""
    data = bytearray(begun)
    while len(data) < length:
        packet = talk.more()
        if packet.command != Said.DATA:
            raise CutOff("less than announced")
        data += packet.data
    if len(data) > length:
        raise Garbled("more than announced")
    return bytes(data)
