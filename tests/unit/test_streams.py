"""Streams without end: taken apart the same, wherever the network cuts them, and no piece waits for the next."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.streams import LONGEST_PIECE, Pieces

EVENT = '{"a": {"b": "}{ \\"quoted\\" 某人"},\n "c": "\\\\"}'.encode()
JPEG = b"\xff\xd8\xff\xe0 {not an event\r\n--not the boundary\r\n{ \xff\xd9"
DAHUA = b'Code=AccessControl;action=Pulse;index=0;data={\n  "UserID" : "7",\n  "Name" : "}"\n}'
XML = b"<EventNotificationAlert>\n<a>{</a>\n</EventNotificationAlert>"


def part(content: bytes, kind: str = "application/json", rule: str = "--MIME_boundary") -> bytes:
    return f"{rule}\r\nContent-Type: {kind}\r\nContent-Length: 7\r\n\r\n".encode() + content + b"\r\n"


def taken(stream: bytes, cuts: list[int]) -> list[bytes]:
    pieces, begun, found = Pieces(), 0, []
    for cut in [*sorted(cuts), len(stream)]:
        found += pieces.feed(stream[begun:cut])
        begun = max(begun, cut)
    return [piece.strip() for piece in found]


STREAM = b"".join(
    (
        part(EVENT),
        part(JPEG, "image/jpeg"),
        part(b"Heartbeat", "text/plain"),
        part(JPEG, "application/octet-stream"),
        part(DAHUA, "text/plain"),
        part(b'{"broken": "never closed', "application/json"),
        part(XML, "application/xml"),
        part(EVENT + EVENT),
        b"--MIME_boundary--\r\n",
    )
)


def test_every_piece_comes_out_and_no_picture() -> None:
    assert taken(STREAM, []) == [EVENT, b"Heartbeat", DAHUA, b'{"broken": "never closed', XML, EVENT + EVENT]


@given(cuts=st.lists(st.integers(0, len(STREAM)), max_size=30))
def test_where_the_network_cuts_makes_no_difference(cuts: list[int]) -> None:
    assert b"".join(taken(STREAM, cuts)) == b"".join(taken(STREAM, []))


def test_byte_by_byte_too() -> None:
    assert b"".join(taken(STREAM, list(range(len(STREAM))))) == b"".join(taken(STREAM, []))


@pytest.mark.parametrize("event", [EVENT, DAHUA, XML], ids=["json", "text", "xml"])
def test_a_piece_is_handed_on_before_the_next_one_is_announced(event: bytes) -> None:
    pieces = Pieces()
    assert [piece.strip() for piece in pieces.feed(part(event).rstrip())] == [event]


def test_a_stream_without_any_boundary_is_taken_apart_by_its_braces() -> None:
    assert [json.loads(piece) for piece in taken(b'{"a":1}{"b":2}\n{"c":3}'[7:] + b'\n{"d":4}', [7, 9])] == [
        {"b": 2},
        {"c": 3},
        {"d": 4},
    ]


def test_an_event_without_head_or_empty_line_is_still_one() -> None:
    assert taken(b"--x\r\n" + DAHUA + b"\r\n--x\r\n" + EVENT, [7]) == [DAHUA, EVENT]


def test_what_never_closes_is_handed_on_once_and_holds_no_memory() -> None:
    pieces = Pieces()
    pieces.feed(b"--x\r\n\r\n")
    found = [piece for _ in range(40) for piece in pieces.feed(b'{"a":' * 10_000)]
    assert [LONGEST_PIECE < len(piece) < LONGEST_PIECE + 60_000 for piece in found] == [True]
    assert pieces.feed(b"\r\n--x\r\n\r\n" + EVENT) == [EVENT]


@given(noise=st.binary(max_size=300), cuts=st.lists(st.integers(0, 300), max_size=5))
def test_noise_before_an_event_costs_that_part_alone(noise: bytes, cuts: list[int]) -> None:
    stream = b"--rule\r\n\r\n" + noise + b"\r\n--rule\r\n\r\n" + EVENT + b"\r\n"
    assert taken(stream, cuts)[-1] == EVENT
