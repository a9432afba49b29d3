"""The packets of port 4370, beside what terminals were seen to send and what another client makes of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyzk2.base import make_commkey

from devices.zkteco.packet import (
    CHECKSUM,
    HEADER,
    LONGEST,
    MAGIC,
    PREFIX,
    Packet,
    checksum,
    framed,
    is_sound,
    length_of,
    packet_of,
    scrambled,
)

WORDS = st.integers(0, 0xFFFF)
PACKETS = st.builds(Packet, WORDS, WORDS, WORDS, st.binary(max_size=200))
CAPTURED = ["0b005a17f38d03005a4b4661636556657273696f6e00", "d007296af38d0a0009"]
"""A question of the maker's own software and an answer of a terminal, zk-protocol's test vectors."""


@pytest.mark.parametrize("seen", CAPTURED)
def test_what_was_seen_on_a_real_line_is_what_is_written(seen: str) -> None:
    raw = bytes.fromhex(seen)
    assert is_sound(raw)
    assert packet_of(raw).raw == raw


@given(PACKETS)
def test_a_packet_is_read_as_it_was_written(packet: Packet) -> None:
    assert packet_of(packet.raw) == packet
    assert is_sound(packet.raw)


@given(PACKETS, st.data())
def test_a_changed_bit_makes_a_packet_unsound(packet: Packet, data: st.DataObject) -> None:
    raw = bytearray(packet.raw)
    place = data.draw(st.integers(0, 8 * len(raw) - 1))
    raw[place // 8] ^= 1 << place % 8
    assert not is_sound(bytes(raw))


@given(PACKETS)
def test_the_checksum_does_not_count_itself(packet: Packet) -> None:
    raw = bytearray(packet.raw)
    raw[CHECKSUM] = b"\xab\xcd"
    assert checksum(bytes(raw)) == checksum(packet.raw)


@given(st.binary(max_size=HEADER.size - 1))
def test_less_than_a_header_is_no_packet(raw: bytes) -> None:
    assert not is_sound(raw)
    with pytest.raises(ValueError, match="no packet"):
        packet_of(raw)


@given(PACKETS)
def test_a_prefix_tells_the_length_of_what_follows(packet: Packet) -> None:
    frame = framed(packet.raw)
    assert length_of(frame[: PREFIX.size]) == len(frame) - PREFIX.size


@given(st.binary(min_size=8, max_size=8))
def test_any_other_eight_bytes_are_no_prefix(prefix: bytes) -> None:
    length = int.from_bytes(prefix[4:], "little")
    if prefix[:4] != MAGIC or not HEADER.size <= length <= LONGEST:
        with pytest.raises(ValueError, match="no packet"):
            length_of(prefix)


@pytest.mark.parametrize("length", [0, 7, LONGEST + 1, 2**32 - 1])
def test_a_length_no_packet_has_is_not_waited_for(length: int) -> None:
    with pytest.raises(ValueError, match="no packet"):
        length_of(PREFIX.pack(MAGIC, length))


@given(key=st.integers(0, 2**32 - 1), session=WORDS, ticks=st.integers(0, 255))
def test_a_key_is_scrambled_as_another_client_does_it(key: int, session: int, ticks: int) -> None:
    mirrored = int(f"{key:032b}"[::-1], 2)
    if mirrored + session < 1 << 32:  # beyond, the other one breaks
        assert scrambled(key, session, ticks) == make_commkey(key, session, ticks)
    assert scrambled(key, session, ticks)[2] == ticks
