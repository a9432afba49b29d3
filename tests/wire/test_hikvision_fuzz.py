"""Whatever a Hikvision terminal posts: an answer, never a 5xx, bounded memory, and the door stays open."""

import json
import random
import resource

import pytest
from hikvisions import MORNING, listened_to
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wires import OpenDoor

from devices.hikvision.simulator import SimulatedTerminal

relaxed = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NAMES = ["majorEventType", "subEventType", "major", "minor", "dateTime", "time", "eventType", "employeeNoString"]
NAMES += ["serialNo", "AccessControllerEvent", "EventNotificationAlert", "event_log", "currentEvent", "name"]
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.just(5), st.just(75))
MESSAGES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(NAMES), inner, max_size=6)),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def terminal(shared_door: OpenDoor) -> SimulatedTerminal:
    return listened_to(shared_door)


@relaxed
@given(body=st.binary(max_size=600), label=st.sampled_from(["application/json", "multipart/form-data; boundary=", "x"]))
def test_any_bytes_are_answered(terminal: SimulatedTerminal, body: bytes, label: str) -> None:
    assert terminal.post(body, label).status == 200


@relaxed
@given(message=MESSAGES)
def test_any_message_is_answered(terminal: SimulatedTerminal, message: object) -> None:
    assert terminal.post(json.dumps(message).encode()).status == 200


@pytest.mark.parametrize("shape", ["multipart", "json", "xml", "quoted"])
def test_a_proper_post_with_bytes_changed_or_cut_is_answered(terminal: SimulatedTerminal, shape: str) -> None:
    dice = random.Random(11)
    terminal.mood.shape = shape
    body, label = terminal.body(terminal.punch("7", MORNING))
    for _ in range(40):
        changed = bytearray(body)
        for _ in range(dice.randrange(1, 6)):
            changed[dice.randrange(len(changed))] = dice.randrange(256)
        assert terminal.post(bytes(changed[: dice.randrange(len(changed))]), label).status == 200
        assert terminal.post(bytes(changed), label).status == 200


FLOODS = {
    "open braces": b"{" * (3 << 20),
    "nested objects": b'{"AccessControllerEvent":' * (1 << 17),
    "nested elements": b"<EventNotificationAlert>" * (1 << 17),
    "entities that grow": b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb">]><EventNotificationAlert>&b;</EventNotificationAlert>',
    "boundaries": b"--a\r\n" * (1 << 19),
    "a boundary and blanks": b"--a\r\n" + b"\t" * (3 << 20),
    "empty messages": b"{}" * (1 << 20),
    "a number without end": b'{"major":' + b"9" * (3 << 20),
    "zeros": b"\0" * (3 << 20),
}


@pytest.mark.parametrize("flood", list(FLOODS.values()), ids=FLOODS)
def test_a_flood_stays_within_time_and_memory(terminal: SimulatedTerminal, flood: bytes) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert terminal.post(flood).status == 200
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000
    terminal.punch("7", MORNING)
    assert terminal.upload() > 0


def test_hostile_text_stays_text(terminal: SimulatedTerminal, shared_door: OpenDoor) -> None:
    for pin in ("../../etc/passwd", "=cmd|' /C calc'!A0", "<script>alert(1)</script>", "'; DROP TABLE events; --"):
        assert terminal.post(json.dumps({"major": 5, "minor": 75, "employeeNoString": pin}).encode()).status == 200
        assert pin.encode() not in shared_door.log_bytes()
