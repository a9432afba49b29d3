"""One Hikvision event, taken apart: tables of cases."""

from datetime import datetime
from typing import Any

import pytest

from attendance.punches import moment_of
from devices.hikvision.clock import posix_zone
from devices.hikvision.events import PUNCHES, Event, event_of, moment, number, offset, operation_of, raw_of, reading_of
from devices.hikvision.messages import messages_of
from devices.slots import Slot, slot_for

CHINA = 480


def event(**fields: Any) -> Event:
    message = {"major": 5, "minor": 75, "time": "2026-09-28T08:59:30+08:00", "employeeNoString": "7"} | fields
    found = event_of({name.lower(): value for name, value in message.items()}, CHINA)
    assert found is not None
    return found


def test_the_allow_list_is_that_of_the_protocol() -> None:
    listed = {1, 2, 16, 34, 38, 40, 43, 46, 69, 72, 75, 77, 101, 105, 153, 159, 179, 181}
    assert {minor for minor in range(3000) if event(minor=minor).is_punch} == listed == PUNCHES


@pytest.mark.parametrize("major", [0, 1, 2, 3, 4, 6])
def test_only_major_five_is_a_punch(major: int) -> None:
    assert not event(major=major).is_punch


@pytest.mark.parametrize(
    ("written", "text", "minutes"),
    [
        ("2026-09-28T08:59:30+08:00", "2026-09-28 08:59:30", 480),
        ("2026-09-28T08:59:30+08:30", "2026-09-28 08:59:30", 510),
        ("2026-09-28T08:59:30-0330", "2026-09-28 08:59:30", -210),
        ("2026-09-28 08:59:30", "2026-09-28 08:59:30", None),
        ("2026-09-28T08:59:30.123+08:00", "2026-09-28 08:59:30", 480),
        ("2026-09-28T00:59:30Z", "2026-09-28 08:59:30", 480),
        ("2026-9-28T8:59:30+8:00", "2026-9-28 8:59:30", 480),
        ("0000-00-00T00:00:00+00:00", "0000-00-00 00:00:00", 0),
        ("9999-12-31T23:59:59Z", "", 480),
        ("yesterday", "yesterday", None),
        ("", "", None),
        (None, "", None),
        (20260928, "20260928", None),
    ],
)
def test_times_as_written(written: object, text: str, minutes: int | None) -> None:
    assert tuple(moment(written, CHINA)) == (text, minutes)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(5, 5), ("5", 5), (" 75 ", 75), (True, None), (5.0, None), (-1, None), ("", None), ("٥", None), ("9" * 30, None)],
)
def test_numbers(value: object, expected: int | None) -> None:
    assert number(value) == expected


@pytest.mark.parametrize(
    ("fields", "pin"),
    [
        ({"employeeNoString": "0007"}, "0007"),
        ({"employeeNoString": 7}, "7"),
        ({"employeeNoString": "null"}, ""),
        ({"employeeNoString": None}, ""),
        ({"employeeNoString": "", "employeeNo": 9}, ""),
    ],
)
def test_whom_an_event_names(fields: dict[str, Any], pin: str) -> None:
    assert event(**fields).pin == pin


def test_firmware_with_a_number_alone() -> None:
    found = event_of({"major": 5, "minor": 1, "employeeno": 9}, CHINA)
    assert found is not None
    assert found.pin == "9"


def test_a_reading_leaves_out_what_means_nothing() -> None:
    reading = reading_of(event(attendanceStatus="undefined", currentVerifyMode="invalid", serialNo=12))
    assert (reading.status, reading.verify, reading.serial) == ("", "", 12)


def test_free_text_and_health_do_not_reach_the_line_that_is_kept() -> None:
    raw = raw_of(event(name="欧阳若棠", currTemperature=36.6, cardNo="88", label="上班", userType="欧阳 若棠"))
    assert raw == '{"major":5,"minor":75,"time":"2026-09-28T08:59:30+08:00","employeeNoString":"7"}'


def test_both_roads_leave_the_same_line() -> None:
    pushed = {"majorEventType": 5, "subEventType": 75, "dateTime": "2026-09-28T08:59:30+08:00", "serialNo": 3}
    [message] = messages_of(b'{"AccessControllerEvent":%b}' % str(pushed).replace("'", '"').encode())
    found = event_of(message, CHINA)
    assert found is not None
    searched = event_of({"major": 5, "minor": 75, "time": "2026-09-28T08:59:30+08:00", "serialno": 3}, CHINA)
    assert searched is not None
    assert raw_of(found) == raw_of(searched)


def test_an_operation_without_a_true_time_keeps_none() -> None:
    assert operation_of(event(major=3, minor=1029, time="2026-99-99T00:00:00"), "H1").at == ""


@pytest.mark.parametrize(("zone", "posix"), [(480, "CST-8:00:00"), (330, "CST-5:30:00"), (-240, "CST+4:00:00")])
def test_the_posix_zone_has_its_sign_turned_round(zone: int, posix: str) -> None:
    assert posix_zone(zone) == posix


@pytest.mark.parametrize(("zone", "text"), [(480, "+08:00"), (-210, "-03:30"), (0, "+00:00")])
def test_offsets_as_written(zone: int, text: str) -> None:
    assert offset(zone) == text


def test_wall_clock_of_a_reading_is_a_moment() -> None:
    assert moment_of(reading_of(event()).time) == datetime(2026, 9, 28, 8, 59, 30)


FREE, OURS = Slot("2", "0.0.0.0", "0", ""), Slot("1", "10.0.0.5", "8080", "/hikvision/old")
ALIEN, TWIN = Slot("1", "192.0.2.7", "80", "/x"), Slot("2", "10.0.0.5", "8080", "/hikvision/older")


@pytest.mark.parametrize(("slots", "chosen"), [([ALIEN, FREE], FREE), ([OURS, FREE], OURS), ([ALIEN, TWIN], TWIN)])
def test_the_slot_that_is_taken(slots: list[Slot], chosen: Slot) -> None:
    assert slot_for(slots, "10.0.0.5", 8080, "hikvision") == chosen


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"[[[[[[[[[[[[{}]]]]]]]]]]]]",
        b"--x\r\n",
        b"<a/>",
        b"\xff\xd8\xff",
        b'{"name": "x"}',
        b'<!DOCTYPE a [<!ENTITY b "5">]><EventNotificationAlert><major>&b;</major></EventNotificationAlert>',
    ],
)
def test_bodies_without_a_message(body: bytes) -> None:
    assert messages_of(body) == []


@pytest.mark.parametrize(
    "body",
    [
        b'{"major":5}',
        b'\xef\xbb\xbf {"major":5}\0\0',
        b'[{"major":5}]',
        b'noise {not json} {"major":5} \xff\xd8',
        b'--b\r\nContent-Type: image/jpeg\r\n\r\n{"major":5}\r\n--b--',
        b'--b\n\n{"major":5}\n--b--',
        b'--b\r\n{"major":5}',
        b'preamble\r\n--b\r\n\r\n{"major":5}\r\n--b--',
        b"<x><EventNotificationAlert><major>5</major></EventNotificationAlert></x>",
        b"junk <EventNotificationAlert><major>5</major></EventNotificationAlert> junk",
    ],
)
def test_a_message_is_found_wherever_it_lies(body: bytes) -> None:
    [message] = messages_of(body)
    assert number(message["major"]) == 5
