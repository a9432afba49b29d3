"""Dahua's bodies taken apart: each shape, several at once, broken ones, and packed ones that may lie."""

import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.dahua.encoding import TooLarge, unpacked
from devices.dahua.shapes import Event, told_by

PASSAGE = {"Code": "AccessControl", "Data": {"UserID": "7"}}
SEVEN = Event("AccessControl", {"userid": "7"})


def text(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(text(PASSAGE), id="one"),
        pytest.param(text({"Events": [PASSAGE], "Time": "18-04-2026 22:35:31"}), id="list"),
        pytest.param(text([PASSAGE]), id="bare list"),
        pytest.param(text({"Events": {"Events": [PASSAGE]}}), id="nested twice"),
        pytest.param(b"\xef\xbb\xbf\r\n" + text(PASSAGE) + b"\0\r\n", id="byte order mark and padding"),
        pytest.param(b'Code=AccessControl;action=Pulse;index=0;data={\n"UserID" : "7"\n}\r\n', id="text"),
        pytest.param(b"Events[0].EventBaseInfo.Code=AccessControl\r\nEvents[0].UserID=7", id="lines"),
        pytest.param(text({"EventBaseInfo": {"Code": "AccessControl"}, "Data": {"UserID": "7"}}), id="base info"),
        pytest.param(b'--x\r\n\r\n{"Code":"AccessControl","Data":{"UserID":"7"}}\r\n--x--', id="part without head"),
        pytest.param(
            b"--x\r\nContent-Type: text/plain\r\n\r\nHeartbeat\r\n--x\r\n\r\n" + text(PASSAGE), id="heartbeat"
        ),
        pytest.param(b'{"Code":"AccessControl","Data":{"CardName":"a\nb","UserID":"7"}}', id="control character"),
    ],
)
def test_the_event_is_found_whatever_the_shape(body: bytes) -> None:
    told = told_by(body)
    assert told.left == []
    [event] = told.events
    assert event.code == "AccessControl"
    assert event.data["userid"] == "7"


def test_several_values_follow_one_another() -> None:
    assert told_by(text(PASSAGE) + b"\r\n" + text([PASSAGE, PASSAGE])).events == [SEVEN] * 3
    two = b'Code=AccessControl;action=Pulse;index=0;data={"UserID":"7"}\r\nCode=DoorStatus;action=Start;index=1\r\n'
    assert [event.code for event in told_by(two).events] == ["AccessControl", "DoorStatus"]


def test_lines_of_several_events_stay_apart() -> None:
    body = b"Events[0].Code=A\nEvents[1].Code=B\nEvents[1].Data.UserID=8\nEvents[0].UserID=7\nEvents[0].Image[0].Type=1"
    assert [(event.code, event.data["userid"]) for event in told_by(body).events] == [("A", "7"), ("B", "8")]


@pytest.mark.parametrize("where", ["event", "data"])
def test_an_event_that_was_kept_back_says_so(where: str) -> None:
    event = {"Code": "AccessControl", "Data": {"UserID": "7"}}
    (event if where == "event" else event["Data"])["DataSource"] = "Offline"  # type: ignore[index]
    assert [event.is_live for event in told_by(text([event, PASSAGE])).events] == [False, True]


@pytest.mark.parametrize(
    ("body", "events"),
    [
        (b"", 0),
        (b"Heartbeat\r\n", 0),
        (b"{}", 0),
        (text({"Events": []}), 0),
    ],
)
def test_what_says_nothing_leaves_nothing(body: bytes, events: int) -> None:
    told = told_by(body)
    assert (len(told.events), told.left) == (events, [])


@pytest.mark.parametrize(
    ("body", "events"),
    [
        (b"no event", 0),
        (b'{"Code":"AccessControl","Data":{"UserID":', 0),
        (text(PASSAGE) + b'{"Code":"Acc', 1),
        (b"[" * 100_000, 0),
        (b'{"a":' * 50_000, 0),
        (b'{"Code":' + b"9" * 5_000 + b"}", 0),
        (b'Code=AccessControl;action=Pulse;index=0;data={"UserID":', 0),
        (b"\xff\xfe\x00\x01", 0),
    ],
)
def test_what_is_broken_is_left_over_and_the_rest_goes_through(body: bytes, events: int) -> None:
    told = told_by(body)
    assert len(told.events) == events
    assert len(told.left) == 1


@pytest.mark.parametrize("value", [7, "x", None, True, [1, "x", None], {"Events": [1, 2]}])
def test_json_that_holds_no_event_is_no_event(value: object) -> None:
    assert told_by(text(value)).events == []


def test_an_event_is_not_dug_out_of_any_depth() -> None:
    body: object = PASSAGE
    for _ in range(40):
        body = {"Events": [body]}
    assert told_by(text(body)).events == []


@given(st.binary(max_size=400))
def test_any_bytes_are_told_apart(body: bytes) -> None:
    told = told_by(body)
    assert all(isinstance(event.data, dict) and isinstance(event.code, str) for event in told.events)


@given(st.binary(max_size=2_000), st.sampled_from(["zlib", "raw", "gzip"]))
def test_what_was_packed_comes_out(content: bytes, packing: str) -> None:
    packer = zlib.compressobj(wbits={"zlib": 15, "raw": -15, "gzip": 31}[packing])
    packed = packer.compress(content) + packer.flush()
    assert unpacked(packed, "deflate", 10_000) == content


@pytest.mark.parametrize(
    "plain", [text(PASSAGE), b"Code=AccessControl;action=Pulse", b"--x\r\n\r\n{}\r\n--x--", b"Events[0].Code=A", b""]
)
@pytest.mark.parametrize("encoding", ["deflate", "Deflate ", "gzip", "", "br"])
def test_a_header_that_lies_changes_nothing(plain: bytes, encoding: str) -> None:
    assert unpacked(plain, encoding, 10_000) == plain


def test_plain_bytes_that_happen_to_begin_like_a_packed_body_stay_whole() -> None:
    empty_block = b"\x03\x00"
    assert unpacked(empty_block + text(PASSAGE), "deflate", 10_000) == empty_block + text(PASSAGE)


def test_a_packed_body_cut_short_is_not_half_taken() -> None:
    packed = zlib.compress(text(PASSAGE) * 50)
    assert unpacked(packed[:-6], "deflate", 100_000) == packed[:-6]


@pytest.mark.parametrize("window", [15, -15, 31])
def test_a_bomb_is_refused_before_it_unfolds(window: int) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, window)
    bomb = packer.compress(b"0" * (64 << 20)) + packer.flush()
    assert len(bomb) < 100_000
    with pytest.raises(TooLarge):
        unpacked(bomb, "deflate", 4 << 20)
