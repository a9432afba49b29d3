"""The records of port 4370, in every size that was seen."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance.facts import Refused
from attendance.punches import Reading, Unreadable
from devices.zkteco import clock
from devices.zkteco.records import JUNK, SIZES, Record, reading_of, records_of
from devices.zkteco.served import PortMood, ServedTerminal
from devices.zkteco.userlist import NEW, OLD, fitted, new_user, users_of

MORNING = datetime(2026, 9, 28, 8, 30)
ROWS = {n: str(100 + n) for n in range(1, 8)}


def with_records(count: int, **mood: Any) -> ServedTerminal:
    terminal = ServedTerminal("A001", mood=PortMood(**mood))
    for row, pin in ROWS.items():
        terminal.enrol(row, pin)
    for number in range(count):
        terminal.punch(str(101 + number % 7), MORNING + timedelta(minutes=number))
    return terminal


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("junk", [False, True])
@pytest.mark.parametrize("count", [1, 2, 100])
@pytest.mark.parametrize("miscounts", [0, 1, 30])
def test_every_record_of_every_size(size: int, junk: bool, count: int, miscounts: int) -> None:
    terminal = with_records(count, size=size, junk=junk)
    records = records_of(terminal.log_bytes(), count + miscounts, ROWS)
    assert [(one.pin, one.time) for one in records if isinstance(one, Record)] == [
        (str(101 + number % 7), str(MORNING + timedelta(minutes=number))) for number in range(count)
    ]


def test_junk_before_every_record_is_passed_over() -> None:
    terminal = with_records(5)
    bodies = [terminal.record(stored, {}) for stored in terminal.log]
    body = b"".join(JUNK + one for one in bodies)
    records = records_of(len(body).to_bytes(4, "little") + body, 5, ROWS)
    assert [one.pin for one in records if isinstance(one, Record)] == ["101", "102", "103", "104", "105"]


def test_one_impossible_time_spoils_no_other_record() -> None:
    terminal = with_records(2)
    the_31st_of_february = clock.number_of(datetime(2026, 3, 1)) - 86_400
    terminal.store("103", the_31st_of_february)
    terminal.punch("104", MORNING)
    times = [one.time for one in records_of(terminal.log_bytes(), 4, ROWS) if isinstance(one, Record)]
    assert times == [str(MORNING), "2026-09-28 08:31:00", "2026-02-31 00:00:00", str(MORNING)]


def test_a_row_of_no_user_is_nobodys() -> None:
    terminal = with_records(1, size=8)
    terminal.store("999", clock.number_of(MORNING))
    found = records_of(terminal.log_bytes(), 2, ROWS)
    assert [one.pin for one in map(reading_of, found) if isinstance(one, Reading)] == ["101", "0"]


def test_a_number_that_is_none_leaves_length_and_hash() -> None:
    terminal = with_records(1)
    terminal.store("张三", clock.number_of(MORNING))
    last = reading_of(records_of(terminal.log_bytes(), 2, ROWS)[-1])
    assert isinstance(last, Unreadable)


def test_a_log_shorter_than_announced_is_refused() -> None:
    with pytest.raises(Refused, match="pull_broken"):
        records_of(with_records(5).log_bytes()[:-1], 5, ROWS)


def test_a_form_nobody_knows_is_refused() -> None:
    body = bytes(range(1, 256)) * 3
    with pytest.raises(Refused, match="unknown_records"):
        records_of(len(body).to_bytes(4, "little") + body, 7, ROWS)


@given(st.binary(max_size=400), st.integers(1, 50))
def test_any_bytes_are_records_or_refused(body: bytes, count: int) -> None:
    try:
        found = records_of(len(body).to_bytes(4, "little") + body, count, ROWS)
    except Refused:
        return
    assert all(isinstance(reading_of(one), Reading | Unreadable) for one in found)


@pytest.mark.parametrize(("encoding", "width", "left"), [("utf-8", 24, "欧阳若棠欧阳若棠"), ("gb18030", 8, "欧阳若棠")])
def test_a_name_ends_with_a_whole_character(encoding: str, width: int, left: str) -> None:
    raw = fitted("欧阳若棠欧阳若棠欧阳", encoding, width)
    assert (len(raw), raw.rstrip(b"\0").decode(encoding)) == (width, left)


@pytest.mark.parametrize("form", [OLD, NEW])
def test_a_new_person_has_no_password_and_no_privilege(form: Any) -> None:
    user = new_user(form, 7, "1001").named("钱桐雅", "gb18030")
    assert (len(user.record), user.row, user.pin, user.name.decode("gb18030")) == (form.size, 7, "1001", "钱桐雅")
    assert user.record[2] == 0
    assert user.record.count(0) > form.size / 2


def test_half_a_table_of_people_is_refused() -> None:
    data = with_records(0).user_bytes()
    assert [user.pin for user in users_of(data, 7)] == list(ROWS.values())
    for short in (data[:-1], data[: 4 + 72 * 3]):
        with pytest.raises(Refused, match="pull_broken"):
            users_of(short, 7)
