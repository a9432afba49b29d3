"""Dahua's door under many terminals and under noise: nothing lost, nothing twice, never a 5xx, memory bounded."""

import json
import random
import resource
import zlib
from datetime import datetime, timedelta
from threading import Thread
from time import perf_counter

import pytest
from dahuas import dahua
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wires import OpenDoor, head_of

from devices.dahua.simulator import SimulatedTerminal
from devices.exchange import NotAcknowledged

MORNING = datetime(2026, 9, 1, 8)
TERMINALS, BACKLOG = 24, 200
"""The short form of a hundred terminals with a thousand records each."""
relaxed = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def live(terminal: SimulatedTerminal, dice: random.Random) -> None:
    """A backlog goes out in changing shapes over lines that break, and is sent again from the start now and then."""
    terminal.batch = 100
    while terminal.sent < len(terminal.records):
        terminal.mood.shape = dice.choice(["list", "lines"])
        terminal.mood.wrapping = dice.choice(["", "mixed", "x-mixed-replace"])
        terminal.mood.packing = dice.choice(["", "zlib", "raw", "lie"])
        terminal.mood.cut_after = dice.randrange(2_000) if dice.random() < 0.3 else None
        try:
            terminal.upload()
        except NotAcknowledged as refused:
            assert refused.reply.status == 0
    if dice.random() < 0.3:
        terminal.sent = 0
        terminal.upload()


def test_many_terminals_bring_their_backlog_at_once(door: OpenDoor) -> None:
    terminals = [dahua(door, f"D{number:03d}") for number in range(TERMINALS)]
    for terminal in terminals:
        for number in range(BACKLOG):
            terminal.punch(str(number % 50 + 1), MORNING + timedelta(seconds=number * 7))
    lives = [Thread(target=live, args=[terminal, random.Random(n)]) for n, terminal in enumerate(terminals)]
    for life in lives:
        life.start()
    for life in lives:
        life.join()
    punches = [(punch.terminal, punch.serial) for punch in door.punches()]
    assert len(punches) == len(set(punches)) == TERMINALS * BACKLOG
    assert set(punches) == {(terminal.serial, record["RecNo"]) for terminal in terminals for record in terminal.records}
    assert door.quarantine() == []


@pytest.fixture(scope="module")
def noisy(shared_door: OpenDoor) -> SimulatedTerminal:
    return dahua(shared_door, "NOISY")


def posted(door: OpenDoor, terminal: SimulatedTerminal, body: bytes, lines: str = "") -> int:
    head = head_of(f"/dahua/{terminal.secret}", f"{lines}Content-Length: {len(body)}\r\n")
    return door.send(head + body).status


@relaxed
@given(body=st.binary(max_size=600), packed=st.booleans())
def test_any_bytes_are_answered(shared_door: OpenDoor, noisy: SimulatedTerminal, body: bytes, packed: bool) -> None:
    content = zlib.compress(body) if packed else body
    assert posted(shared_door, noisy, content, "Content-Encoding: deflate\r\n") == 200


scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20))
names = st.sampled_from(["Code", "Data", "Events", "UserID", "UTC", "Status", "ErrorCode", "RecNo", "DataSource", "x"])
values = st.recursive(
    st.one_of(scalars, st.sampled_from(["AccessControl", "TimeChange", "Offline"])),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(names, inner, max_size=6)),
    max_leaves=20,
)


@relaxed
@given(value=values)
def test_any_json_is_answered(shared_door: OpenDoor, noisy: SimulatedTerminal, value: object) -> None:
    assert posted(shared_door, noisy, json.dumps(value).encode()) == 200


@pytest.mark.parametrize(
    ("flood", "lines", "status"),
    [
        pytest.param(b"[" * (3 << 20), "", 200, id="endless depth"),
        pytest.param(b'{"Events":[' + b'{"Code":"x"},' * 200_000, "", 200, id="many strange events"),
        pytest.param(b"--x\r\n" * 500_000, "", 200, id="nothing but boundaries"),
        pytest.param(b"Code=A;" * 400_000, "", 200, id="nothing but codes"),
        pytest.param(b"Events[0].UserID=" + b"7" * (3 << 20), "", 200, id="one endless line"),
        pytest.param(b"\0" * (3 << 20), "", 200, id="zeros"),
        pytest.param(b"x" + b"\n" * (3 << 20) + b"x", "", 200, id="nothing but line ends"),
        pytest.param(b"x" + b" " * (3 << 20) + b"x", "", 200, id="nothing but blanks"),
        pytest.param(b"{}" * (1 << 19), "", 200, id="many empty values"),
        pytest.param(zlib.compress(b"0" * (64 << 20)), "Content-Encoding: deflate\r\n", 413, id="bomb"),
        pytest.param(b"x" * (5 << 20), "", 413, id="too large"),
    ],
)
def test_a_flood_stays_within_memory_and_time(
    shared_door: OpenDoor, noisy: SimulatedTerminal, flood: bytes, lines: str, status: int
) -> None:
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, perf_counter()
    assert posted(shared_door, noisy, flood, lines) in (status, 0 if status == 413 else status)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000
    assert perf_counter() - started < 10
    assert noisy.keepalive().status == 200
