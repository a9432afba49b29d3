"""One Dahua record: who, when on the terminal's wall clock, let in or not, and what of it is kept."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance.punches import Reading, Unreadable
from devices.dahua.records import moment_text, number_of, reading_of, succeeded, word

AT = 1_790_553_570
"""2026-09-28 07:59:30 in China."""


def record(**fields: Any) -> dict[str, Any]:
    return {"userid": "7", "status": 1, "utc": AT, "method": 15, "type": "Entry"} | fields


def test_a_record_is_a_reading() -> None:
    reading = reading_of(record(cardname="欧阳若棠", recno="550478", attendancestate="1"), 480)
    assert reading == Reading(
        pin="7",
        time="2026-09-28 07:59:30",
        status="1",
        verify="15",
        raw=f"RecNo=550478;UserID=7;UTC={AT};Method=15;Type=Entry;Status=1;AttendanceState=1",
        serial=550478,
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"errorcode": 0, "status": 0}, True),
        ({"errorcode": "0", "status": "0"}, True),
        ({"errorcode": 16, "status": 1}, False),
        ({"errorcode": "", "status": "1"}, True),
        ({"status": 1}, True),
        ({"status": "Open"}, False),
        ({"status": True}, None),
        ({"status": [1]}, None),
        ({}, None),
    ],
)
def test_the_error_code_counts_before_the_status(fields: dict[str, Any], expected: bool | None) -> None:
    assert succeeded(fields) is expected


@pytest.mark.parametrize(
    ("fields", "zone", "expected"),
    [
        ({"realutc": AT, "utc": 1, "createtime": 2}, 480, "2026-09-28 07:59:30"),
        ({"realutc": 0, "utc": str(AT), "createtime": 2}, 480, "2026-09-28 07:59:30"),
        ({"createtime": AT}, 0, "2026-09-27 23:59:30"),
        ({"createtime": AT}, 330, "2026-09-28 05:29:30"),
        ({"createtime": AT}, -180, "2026-09-27 20:59:30"),
        ({"createtime": float(AT)}, 480, "2026-09-28 07:59:30"),
        ({"createtime": AT * 1000}, 480, str(AT * 1000)),
        ({"createtime": -5}, 480, "-5"),
        ({"createtime": "12３"}, 480, "12３"),
        ({"createtime": float("inf")}, 480, "inf"),
        ({"createtime": {"a": 1}}, 480, ""),
        ({}, 480, ""),
    ],
)
def test_the_moment_is_that_of_the_most_trustworthy_clock(fields: dict[str, Any], zone: int, expected: str) -> None:
    assert moment_text(fields, zone) == expected


@pytest.mark.parametrize("pin", ["", "  ", None, False, ["7"], {"a": 1}])
def test_without_a_person_there_is_no_reading(pin: object) -> None:
    assert reading_of(record(userid=pin), 480) is None


def test_without_a_verdict_only_length_and_hash_are_left() -> None:
    left = reading_of({"userid": "7", "utc": AT, "cardname": "欧阳若棠"}, 480)
    assert isinstance(left, Unreadable)
    assert left.reason == "malformed"


@pytest.mark.parametrize(
    ("fields", "number"),
    [
        ({"recno": 550478, "blockid": 3}, 550478),
        ({"recno": "", "blockid": "3"}, 3),
        ({"recno": -1}, 0),
        ({"recno": "9" * 30}, 0),
        ({"recno": "9" * 19}, (1 << 63) - 1),
        ({}, 0),
    ],
)
def test_the_terminals_own_number(fields: dict[str, Any], number: int) -> None:
    assert number_of(fields) == number


@pytest.mark.parametrize(("value", "text"), [(7, "7"), (" 7 ", "7"), (7.0, "7"), (True, ""), (None, ""), ([], "")])
def test_only_numbers_and_texts_are_words(value: object, text: str) -> None:
    assert word(value) == text


values = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30), st.lists(st.integers()))
fields = st.sampled_from(["userid", "status", "errorcode", "realutc", "utc", "createtime", "recno", "type", "method"])


@given(st.dictionaries(fields, values), st.integers(-720, 840))
def test_any_record_is_read_and_its_line_is_plain(told: dict[str, Any], zone: int) -> None:
    reading = reading_of(told, zone)
    if isinstance(reading, Reading):
        assert reading.raw.isascii()
        assert reading.raw.isprintable()
