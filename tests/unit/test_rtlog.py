"""Access control's events, in every spelling that was seen."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance.punches import Reading, Unreadable
from devices.zkteco import clock
from devices.zkteco.rtlog import Event, event_of, is_spoken, read_rtlog

LINE = (
    "time=2026-09-28 11:40:45\tpin=41235478\tcardno=0\teventaddr=1\tevent=0\tinoutstatus=1\tverifytype=15\tindex=13355"
)
SPELLINGS = {
    "tabs": LINE,
    "any order": "\t".join(reversed(LINE.split("\t"))),
    "commas": LINE.replace("\t", ","),
    "ampersands": LINE.replace("\t", "&"),
    "ampersands, escaped": LINE.replace("\t", "&").replace(" ", "%20").replace(":", "%3A"),
    "shouting": LINE.replace("time", "Time").replace("pin=", "PIN=").replace("event=", "EVENT="),
    "with health": LINE + "\tsitecode=0\tlinkid=0\tmaskflag=1\ttemperature=36.6\tconvtemperature=97.9",
    "a row of the table": "transaction cardno=0\tpin=41235478\tverified=15\tdoorid=1\teventtype=0\tinoutstate=1\t"
    f"time_second={((26 * 12 + 8) * 31 + 27) * 86400 + 11 * 3600 + 40 * 60 + 45}\tindex=13355",
}


@pytest.mark.parametrize("line", SPELLINGS.values(), ids=SPELLINGS)
def test_the_same_event_in_any_spelling(line: str) -> None:
    event = event_of(line)
    assert isinstance(event, Event)
    assert event[:7] == ("41235478", "2026-09-28 11:40:45", 0, "1", "15", "1", 13355)
    assert "36.6" not in event.raw


@pytest.mark.parametrize(
    ("number", "pin", "becomes"),
    [
        (0, "7", "punch"),
        (19, "7", "punch"),
        (200, "7", "punch"),
        (253, "7", "punch"),
        (0, "0", "left out"),
        (0, "", "left out"),
        (0, "000", "left out"),
        (20, "7", "operation"),
        (27, "0", "left out"),
        (99, "7", "operation"),
        (100, "0", "operation"),
        (199, "7", "operation"),
        (202, "0", "left out"),
        (206, "0", "operation"),
        (254, "7", "left out"),
        (255, "0", "left out"),
    ],
)
def test_what_becomes_of_an_event(number: int, pin: str, becomes: str) -> None:
    log = read_rtlog([f"time=2026-09-28 08:30:00\tpin={pin}\tevent={number}\teventaddr=2"], "A001")
    assert (len(log.readings), len(log.operations), log.left_out.total()) == {
        "punch": (1, 0, 0),
        "operation": (0, 1, 0),
        "left out": (0, 0, 1),
    }[becomes]
    for operation in log.operations:
        assert operation.kind == 10_000 + number
        assert operation.operator == ("" if pin == "0" else pin)


@pytest.mark.parametrize("bits", ["0000000000000001", "1000000000000000", "15", ""])
def test_the_verify_type_may_be_bits_and_stays_text(bits: str) -> None:
    [reading] = read_rtlog([f"time=2026-09-28 08:30:00\tpin=7\tevent=0\tverifytype={bits}"], "A001").readings
    assert isinstance(reading, Reading)
    assert reading.verify == bits


@pytest.mark.parametrize(
    "line",
    [
        "time=2026-09-28 08:30:00\tpin=7",
        "time=2026-09-28 08:30:00\tevent=0",
        "pin=7\tevent=0",
        "time=2026-09-28 08:30:00\tpin=7\tevent=face",
        "time=2026-09-28 08:30:00\tpin=7\tevent=99999",
        "time=2026-09-28 08:30:00\tpin=欧阳若棠\tevent=0",
        "time=2026-09-28 08:30:00\tpin=7'--\tevent=0",
        "=\t=",
    ],
)
def test_what_lacks_a_part_leaves_length_and_hash(line: str) -> None:
    event = event_of(line)
    assert isinstance(event, Unreadable)
    assert event.reason == "malformed"


def test_an_attendance_line_among_events_is_one() -> None:
    log = read_rtlog([LINE, "8\t2026-09-28 08:59:30\t0\t15\t0\t0\t0"], "A001")
    assert [reading.pin for reading in log.readings if isinstance(reading, Reading)] == ["41235478", "8"]


@pytest.mark.parametrize(
    ("body", "spoken"), [(LINE.encode(), True), (b"7\t2026-09-28 08:59:30\t0\n", False), (b"", False)]
)
def test_events_are_known_by_their_keys(body: bytes, spoken: bool) -> None:
    assert is_spoken(body) is spoken


@given(st.text(max_size=200))
def test_any_text_is_read_or_set_aside(line: str) -> None:
    assert isinstance(event_of(line), Event | Reading | Unreadable)


@given(st.integers(0, 2**32 - 1))
def test_any_number_is_a_time_or_one_that_cannot_be(number: int) -> None:
    assert len(clock.text_of(number)) == len("2026-09-28 08:30:00")


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2099, 12, 31)))
def test_a_moment_comes_back_from_its_number(moment: datetime) -> None:
    assert clock.text_of(clock.number_of(moment)) == f"{moment:%Y-%m-%d %H:%M:%S}"
