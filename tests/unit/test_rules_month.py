"""The month's lists, and a month that is not over (scoring.md, The lists)."""

from typing import Any

import pytest
from hall_builder import ToldHall

KEPT = "08:55 12:01 13:20 17:05"


def hall_of(*numbers: str, **policy: Any) -> ToldHall:
    """People at 税务窗口 who keep all of March."""
    hall = ToldHall(**policy)
    for no in numbers:
        hall.staff(no)
        hall.keeps(no)
    return hall


def hall_but(clock: str, **policy: Any) -> ToldHall:
    """1001 keeps March but for Monday the 9th."""
    hall = ToldHall(**policy)
    hall.staff("1001")
    hall.keeps("1001", but="03-09")
    hall.punches("1001", "03-09", clock)
    return hall


# Full attendance, and what takes off the list.

OFF = {
    "late": ("09:01 12:01 13:20 17:05", "1001 03-09 am 迟"),
    "early": ("08:55 12:01 13:20 16:59", "1001 03-09 pm 早"),
    "missing": ("08:55 12:01 13:20", "1001 03-09 pm 缺"),
    "absent": ("08:55 12:01", "1001 03-09 pm 旷"),
    "the earliest session": ("09:01 12:01 13:20 16:59", "1001 03-09 am 迟"),
}


@pytest.mark.parametrize(("clock", "off"), OFF.values(), ids=OFF.keys())
def test_what_takes_a_person_off_the_list(clock: str, off: str) -> None:
    hall = hall_but(clock)
    assert (hall.month().full_attendance, hall.off_the_list()) == ([], [off])


def test_every_session_kept_is_full_attendance() -> None:
    hall = hall_of("1002", "1001")
    assert (hall.month().full_attendance, hall.off_the_list()) == (["1001", "1002"], [])


def test_grace_keeps_on_the_list() -> None:
    assert hall_but("09:05 12:01 13:20 17:05", attendance__grace_minutes=5).month().full_attendance == ["1001"]


LEAVES = {
    "a type that breaks": ("sick", "03-09", "03-09", "1001 03-09 am 病"),
    "a part of a session is enough": ("sick", "03-09 09:00", "03-09 09:30", "1001 03-09 am 病"),
    "a hole in the middle too": ("annual", "03-09 10:00", "03-09 10:30", "1001 03-09 am 年"),
    "a type that does not": ("official", "03-09", "03-09", None),
    "neither does compensatory rest": ("comp", "03-09", "03-09", None),
    "nor leave on a day of rest": ("sick", "03-07", "03-08", None),
    "nor leave in the lunch hour": ("sick", "03-09 12:00", "03-09 13:30", None),
}


@pytest.mark.parametrize(("kind", "start", "end", "off"), LEAVES.values(), ids=LEAVES.keys())
def test_leave_and_full_attendance(kind: str, start: str, end: str, off: str | None) -> None:
    hall = hall_but("08:55 09:30 12:01 13:20 17:05")
    hall.leave("1001", kind, start, end)
    assert hall.off_the_list() == ([off] if off else [])


def test_a_breaking_leave_beside_a_longer_one_that_does_not_break_still_breaks() -> None:
    hall = hall_but("")
    hall.leave("1001", "official", "03-09", "03-09")
    hall.leave("1001", "sick", "03-09 09:00", "03-09 09:30")
    assert hall.off_the_list() == ["1001 03-09 am 公"]


def test_a_correction_takes_off_the_list() -> None:
    hall = hall_but("09:05 12:01 13:20 17:05")
    hall.correction("1001", "03-09", "am", "on")
    assert hall.off_the_list() == ["1001 03-09 am 补"]


def test_unless_the_policy_lets_it() -> None:
    hall = hall_but("09:05 12:01 13:20 17:05", attendance__correction={"counts_against_full_attendance": False})
    hall.correction("1001", "03-09", "am", "on")
    assert hall.month().full_attendance == ["1001"]


def test_a_correction_of_a_mark_in_time_takes_nobody_off() -> None:
    hall = hall_but(KEPT)
    hall.correction("1001", "03-09", "am", "on")
    assert hall.month().full_attendance == ["1001"]


def test_an_outage_takes_nobody_off() -> None:
    hall = hall_but("12:01 13:20 17:05")
    hall.outage("03-09 08:00", "03-09 09:30")
    assert hall.month().full_attendance == ["1001"]


def test_in_post_on_every_workday_or_not_for_the_whole_month() -> None:
    hall = ToldHall()
    hall.staff("1001", start="03-03")
    hall.staff("1002", end="03-30")
    hall.staff("1003", start="03-02", end="03-31")
    for no in ("1001", "1002", "1003"):
        hall.keeps(no)
    assert hall.month().full_attendance == ["1003"]
    assert hall.off_the_list() == ["1001 03-02 未满月", "1002 03-31 未满月"]


def test_a_gap_on_days_of_rest_alone_is_no_gap() -> None:
    hall = ToldHall()
    hall.staff("1001", end="03-06")
    hall.staff("1001", start="03-09")
    hall.keeps("1001")
    assert hall.month().full_attendance == ["1001"]


def test_a_gap_between_two_postings_is_one() -> None:
    hall = ToldHall()
    hall.staff("1001", end="03-06")
    hall.staff("1001", start="03-10")
    hall.keeps("1001")
    assert hall.off_the_list() == ["1001 03-09 未满月"]


def test_the_earlier_of_session_and_gap_and_on_the_same_day_the_session() -> None:
    hall = ToldHall()
    for no, last in (("1001", "03-06"), ("1002", "03-10"), ("1003", "03-05")):
        hall.staff(no, end=last)
        hall.keeps(no, but="03-06")
    assert hall.off_the_list() == ["1001 03-06 am 旷", "1002 03-06 am 旷", "1003 03-06 未满月"]
    hall = ToldHall(sessions=False)
    hall.session("night", "20:00", "08:00", weekday=5)
    hall.staff("1001", end="03-06")
    assert hall.off_the_list() == ["1001 03-06 night 旷"]


def test_who_owed_nothing_is_on_neither_list() -> None:
    hall = ToldHall()
    hall.window("公安窗口", end="02-28")
    hall.staff("1001", "公安窗口")
    hall.staff("1002", end="02-27")
    assert (hall.month().full_attendance, hall.off_the_list()) == ([], [])


def test_stand_ins_are_on_neither_list() -> None:
    hall = hall_of("1001")
    hall.staff("9001", relief=True)
    hall.staff("9002", relief=True)
    for no in ("9001", "9002"):
        hall.stand_in(no, "税务窗口", "03-09", "03-09")
    hall.punches("9001", "03-09", KEPT)
    assert (hall.month().full_attendance, hall.off_the_list()) == (["1001"], [])


def test_a_regular_who_is_late_standing_in_is_off_the_list() -> None:
    hall = ToldHall()
    hall.window("公安窗口")
    hall.staff("1001")
    hall.keeps("1001", but="03-09")
    hall.stand_in("1001", "公安窗口", "03-09", "03-09")
    hall.punches("1001", "03-09", "09:05 12:01 13:20 17:05")
    assert hall.off_the_list() == ["1001 03-09 am 迟"]


# Lateness.


def test_lateness_is_listed_by_date_number_and_start() -> None:
    hall = ToldHall()
    for no in ("1002", "1001"):
        hall.staff(no)
        hall.punches(no, "03-03", "09:01 12:01 13:32 17:05")
        hall.punches(no, "03-02", "09:03 12:01 13:20 17:05")
    found = hall.month().lateness
    assert [(one.no, one.lateness.session, one.lateness.minutes) for one in found] == [
        ("1001", "am", 3),
        ("1002", "am", 3),
        ("1001", "am", 1),
        ("1001", "pm", 2),
        ("1002", "am", 1),
        ("1002", "pm", 2),
    ]


@pytest.mark.parametrize(
    ("clock", "minutes"),
    [
        ("09:45 12:01 13:20 17:05", [45]),  # absence is lateness too
        ("09:05 11:20 13:20 17:05", [5]),  # so is lateness in a session that became absence by leaving
        ("12:01 13:20 17:05", []),
        (KEPT, []),
    ],
)
def test_every_on_mark_judged_late_is_listed(clock: str, minutes: list[int]) -> None:
    assert [one.lateness.minutes for one in hall_but(clock).month().lateness] == minutes


def test_lateness_that_a_correction_satisfied_is_not_listed() -> None:
    hall = hall_but("09:05 12:01 13:20 17:05")
    hall.correction("1001", "03-09", "am", "on")
    assert hall.month().lateness == []


def test_lateness_opens_to_the_punch() -> None:
    hall = hall_but("09:05 12:01 13:20 17:05")
    (late,) = hall.month().lateness
    assert late.lateness.evidence in hall.punched["1001"].values()


# A month that is not over charges nobody and takes nobody off for what is not yet due.


def test_what_is_not_yet_due_charges_nobody() -> None:
    hall = ToldHall()
    hall.staff("1001")
    hall.keeps("1001", last="03-10")
    result = hall.month(until="03-11 10:00")
    assert result.full_attendance == ["1001"]
    assert [(str(one.sum.score), one.lines) for one in result.ranking] == [("100.00", [])]
    assert hall.off_the_list(until="03-11 10:00") == []


def test_and_once_it_is_it_does() -> None:
    hall = ToldHall()
    hall.staff("1001")
    hall.keeps("1001", last="03-10")
    assert hall.off_the_list(until="03-11 21:00") == ["1001 03-11 am 旷"]
    (ranked,) = hall.month(until="03-11 21:00").ranking
    assert [line.rule for line in ranked.lines] == ["absent_half_day", "absent_half_day"]


def test_the_ranking_of_a_running_month_counts_what_was_due_so_far() -> None:
    hall = ToldHall()
    hall.staff("1001")
    hall.keeps("1001", last="03-04")
    assert hall.month(until="03-04 22:00").unranked == []
    assert [one.reason for one in hall.month(until="03-09 22:00").unranked] == []
    assert [one.reason for one in hall.month(until="03-10 22:00").unranked] == ["attendance"]


def test_before_the_month_begins_nobody_owes_anything() -> None:
    hall = hall_of("1001")
    result = hall.month(until="02-28 23:59")
    assert (result.full_attendance, result.off_the_list, result.ranking) == ([], [], [])
    assert [one.reason for one in result.unranked] == ["nothing_due"]


TURNS = [
    ("03-10 12:00", "03-10 13:30"),
    ("03-10 20:59:59", "03-10 21:00"),
    ("03-10 22:00", "03-11 09:00"),
    ("03-11 09:00", "03-11 10:30"),
]


@pytest.mark.parametrize(("now", "turn"), TURNS)
def test_the_moment_at_which_time_alone_changes_something_is_known(now: str, turn: str) -> None:
    hall = hall_of("1001")
    person = hall.person("1001", until=now)
    assert person.changes_at == hall.rules(until=turn).day_rules.horizon


def test_between_two_turns_nothing_changes_and_a_month_long_past_never_does() -> None:
    hall = ToldHall()
    hall.staff("1001")
    hall.keeps("1001", last="03-10")
    before, still = (hall.person("1001", until=now) for now in ("03-11 09:00", "03-11 10:29:59"))
    assert (before.days, before.tally) == (still.days, still.tally)
    assert hall.person("1001", until="04-20 00:00").changes_at is None
