"""One reading, judged: a punch, or set aside with the reason."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance.punches import Origin, Punched, Reading, ReadingQuarantined, judge, judge_all, moment_of, unreadable

RECEIVED = datetime(2026, 9, 28, 1, 0, tzinfo=UTC)
"""09:00 in China."""
ORIGIN = Origin("A001", 480, "push", "10.0.0.7", RECEIVED)


def reading(time: str = "2026-09-28 08:59:30", pin: str = "7") -> Reading:
    return Reading(pin, time, "0", "15", "", f"{pin}\t{time}\t0\t15")


def reason(of: Reading, origin: Origin = ORIGIN) -> str:
    judged = judge(of, origin)
    return judged.reason if isinstance(judged, ReadingQuarantined) else "punch"


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("2026-09-28 08:59:30", "punch"),
        ("2026-9-28 8:59:30", "punch"),
        ("2026/09/28 08:59:30", "punch"),
        ("2026-09-28T08:59:30", "punch"),
        ("2015-01-01 00:00:00", "punch"),
        ("2014-12-31 23:59:59", "too_old"),
        ("2000-01-01 00:00:00", "too_old"),
        ("1971--10--29 -23:-59:-53", "impossible_time"),
        ("1990-00--8 -16:-29:-40", "impossible_time"),
        ("2026-02-29 08:00:00", "impossible_time"),
        ("2026-09-28 24:00:00", "impossible_time"),
        ("2026-09-28 23:60:00", "impossible_time"),
        ("2026-13-01 08:00:00", "impossible_time"),
        ("2026-09-28 08:59", "impossible_time"),
        ("2026-W39-1 08:59:30", "impossible_time"),
        ("20260928T085930.123", "impossible_time"),
        ("2026-09-28 08:59:3", "punch"),
        ("2026-09-28 0８:59:30", "impossible_time"),
        ("", "impossible_time"),
        ("2026-09-28 09:05:00", "punch"),
        ("2026-09-28 09:05:01", "in_future"),
        ("9999-12-31 23:59:59", "in_future"),
    ],
)
def test_times(time: str, expected: str) -> None:
    assert reason(reading(time)) == expected


@pytest.mark.parametrize(("zone", "clock"), [(480, "09:05:00"), (330, "06:35:00"), (0, "01:05:00"), (-180, "22:05:00")])
def test_the_future_begins_five_minutes_ahead_in_the_terminals_own_zone(zone: int, clock: str) -> None:
    day = "2026-09-27" if zone < 0 else "2026-09-28"
    there = ORIGIN._replace(zone=zone)
    assert reason(reading(f"{day} {clock}"), there) == "punch"
    assert reason(reading(f"{day} {clock[:-1]}1"), there) == "in_future"


def test_when_it_was_received_is_one_moment_whatever_its_zone() -> None:
    shifted = ORIGIN._replace(received=RECEIVED.astimezone(timezone(timedelta(hours=-5))))
    assert reason(reading("2026-09-28 09:05:00"), shifted) == "punch"
    assert reason(reading("2026-09-28 09:05:01"), shifted) == "in_future"


@pytest.mark.parametrize(
    ("pin", "stored"), [("7", "7"), ("0007", "7"), ("  7", "7"), ("5_4968", "5_4968"), ("A-12.b", "A-12.b")]
)
def test_pins_without_padding_and_leading_zeros(pin: str, stored: str) -> None:
    judged = judge(reading(pin=pin), ORIGIN)
    assert isinstance(judged, Punched)
    assert judged.pin == stored


@pytest.mark.parametrize(("pin", "expected"), [("", "no_pin"), ("0", "no_pin"), ("000", "no_pin"), (" ", "no_pin")])
def test_nobodys_pin(pin: str, expected: str) -> None:
    assert reason(reading(pin=pin)) == expected


@pytest.mark.parametrize("pin", ["PIN=7", "7 8", "欧阳若棠", "7" * 33, "7\x00", "<script>"])
def test_what_cannot_be_a_pin_is_set_aside_without_its_text(pin: str) -> None:
    judged = judge(reading(pin=pin), ORIGIN)
    assert isinstance(judged, ReadingQuarantined)
    assert (judged.reason, judged.raw) == ("malformed", "")


def test_a_punch_keeps_where_it_came_from() -> None:
    judged = judge(reading()._replace(place="#17"), ORIGIN._replace(road="usb", source="sha256:ab"))
    assert isinstance(judged, Punched)
    assert (judged.terminal, judged.zone, judged.road, judged.source) == ("A001", 480, "usb", "sha256:ab#17")


def test_an_unreadable_line_leaves_length_and_hash() -> None:
    judged = judge(unreadable("malformed", "口令".encode()), ORIGIN)
    assert isinstance(judged, ReadingQuarantined)
    assert (judged.raw, judged.length, len(judged.sha256)) == ("", 6, 64)


def test_one_second_of_one_pin_at_one_terminal_is_one_punch_whatever_else_differs() -> None:
    first = judge(reading(), ORIGIN)
    again = judge(Reading("007", "2026-9-28 8:59:30", "1", "1", "5", "another line"), ORIGIN._replace(road="usb"))
    assert first.key() == again.key()
    assert first.key() != judge(reading("2026-09-28 08:59:31"), ORIGIN).key()
    assert first.key() != judge(reading(), ORIGIN._replace(terminal="A002")).key()


@given(st.datetimes(min_value=datetime(2015, 1, 1), max_value=datetime(2026, 9, 28, 9, 5)))
def test_every_moment_is_read_as_it_was_written(at: datetime) -> None:
    at = at.replace(microsecond=0)
    assert moment_of(f"{at:%Y-%m-%d %H:%M:%S}") == at
    assert moment_of(f"{at.year}-{at.month}-{at.day} {at.hour}:{at.minute}:{at.second}") == at
    assert reason(reading(f"{at:%Y-%m-%d %H:%M:%S}")) == "punch"


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_is_judged(pin: str, time: str) -> None:
    [judged] = judge_all([Reading(pin, time)], ORIGIN)
    assert judged.terminal == "A001"
