"""Whatever comes in: an answer or a closed line, never a 5xx, and the door stays open."""

import random
import resource

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wires import OpenDoor, head_of

LINE = b"7\t2026-09-28 08:59:30\t0\t15\t0\t0\t0\n"
TABLES = ["ATTLOG", "OPERLOG", "options", "BIODATA", "", "x", "rtlog", "rtstate", "tabledata&tablename=transaction"]
EVENT = [
    "time",
    "pin",
    "event",
    "2026-09-28 08:30:00",
    "7",
    "0",
    "27",
    "欧阳",
    "=",
    "&",
    ",",
    "transaction ",
    "time_second",
]
WORDS = ["7", "ATTLOG", "2026-09-28 08:59:30", "1971--10--29 -23:-59:-53"]
PLACES = [
    "cdata",
    "getrequest",
    "devicecmd",
    "ping",
    "fdata",
    "exchange",
    "registry",
    "push",
    "rtdata",
    "querydata",
    "",
    "unknown",
]
relaxed = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@relaxed
@given(body=st.binary(max_size=600), place=st.sampled_from(PLACES), table=st.sampled_from(TABLES))
def test_any_bytes_anywhere_are_answered(shared_door: OpenDoor, body: bytes, place: str, table: str) -> None:
    reply = shared_door.post(body, f"SN=A001&table={table}", f"/iclock/{place}")
    assert 200 <= reply.status < 500


@relaxed
@given(
    fields=st.lists(
        st.one_of(
            st.text(max_size=12), st.sampled_from(["7", "ATTLOG", "2026-09-28 08:59:30", "1971--10--29 -23:-59:-53"])
        ),
        max_size=14,
    ),
    encoding=st.sampled_from(["utf-8", "gb18030"]),
)
def test_any_fields_are_a_punch_or_set_aside(shared_door: OpenDoor, fields: list[str], encoding: str) -> None:
    line = "\t".join(fields).replace("\n", " ").replace("\r", " ").encode(encoding, "replace") + b"\n"
    before = shared_door.hall.store.head().position
    reply = shared_door.post(line)
    assert reply.text in ("OK: 0", "OK: 1")
    assert shared_door.hall.store.head().position - before in (0, 1)


@relaxed
@given(
    parts=st.lists(st.one_of(st.text(max_size=8), st.sampled_from(EVENT)), max_size=20),
    between=st.sampled_from(["=", "\t", ",", "&", ""]),
)
def test_any_event_is_taken_set_aside_or_left_out(shared_door: OpenDoor, parts: list[str], between: str) -> None:
    line = between.join(parts).replace("\n", " ").replace("\r", " ").encode("utf-8", "replace") + b"\n"
    before = shared_door.hall.store.head().position
    assert shared_door.post(line, "SN=A001&table=rtlog").text == "OK"
    assert shared_door.hall.store.head().position - before in (0, 1)


@relaxed
@given(query=st.binary(max_size=80))
def test_any_query_is_answered(shared_door: OpenDoor, query: bytes) -> None:
    target = b"/iclock/cdata?" + bytes(byte for byte in query if byte > 32 and byte not in b"#")
    reply = shared_door.send(b"GET " + target + b" HTTP/1.1\r\nConnection: close\r\n\r\n")
    assert reply.status < 500


def test_raw_bytes_that_are_no_http_end_in_400_or_a_closed_line(shared_door: OpenDoor) -> None:
    dice = random.Random(7)
    for _ in range(40):
        noise = dice.randbytes(dice.randrange(1, 400)) + b"\r\n\r\n"
        assert shared_door.send(noise).status in (0, 400)
    assert shared_door.post(LINE).text == "OK: 1"


@pytest.mark.parametrize(
    "flood",
    [
        pytest.param(b"x" * (3 << 20), id="one endless line"),
        pytest.param(b"\n" * (3 << 20), id="nothing but line ends"),
        pytest.param(b"\t" * (3 << 20), id="nothing but tabs"),
        pytest.param(b"\0" * (3 << 20), id="zeros"),
        pytest.param(b"7\t\n" * (1 << 16), id="many bad lines"),
        pytest.param(b"pin=\n" * (1 << 14), id="many bad events"),
        pytest.param(b"pin=7&" * (1 << 19), id="one event of many fields"),
    ],
)
def test_a_flood_stays_within_memory(shared_door: OpenDoor, flood: bytes) -> None:
    table = "rtlog" if b"pin=" in flood else "ATTLOG"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert shared_door.send(
        head_of(f"/iclock/cdata?SN=A001&table={table}", f"Content-Length: {len(flood)}\r\n") + flood
    ).status in (200, 413)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000
    assert shared_door.post(LINE).text == "OK: 1"


def test_an_endless_head_is_cut_short(shared_door: OpenDoor) -> None:
    assert shared_door.send(b"GET /iclock/cdata?SN=" + b"A" * 200_000).status in (0, 400)
    assert shared_door.post(LINE).text == "OK: 1"
