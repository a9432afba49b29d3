"""Who should be where now, and whether they have clocked in: what a tablet shows before an inspector looks."""

import pytest
from hall_builder import MARCH, ToldHall, moment

from attendance.localtime import clock_text, second_of
from attendance.rules.day import DayRules
from attendance.rules.due import WholeDays
from attendance.rules.presence import presence
from attendance.rules.schedule import Schedule


def now(told: ToldHall, no: str, at: str) -> str:
    """`window state since–until`, with whom they stand in for."""
    policy_id = told.book.policies.entry_in_force(MARCH).id
    second = second_of(moment(at))
    whole = WholeDays(Schedule(told.book, told.policy, policy_id))
    rules = DayRules(told.policy.attendance, {}, float(second))
    found = presence(told.book, whole, rules, no, sorted(told.punched.get(no, {})), second)
    if found is None:
        return "nobody"
    day = moment(at).toordinal()
    clocks = [clock_text(one, day, seconds=False) if one is not None else "" for one in (found.since, found.until)]
    words = [found.window or "-", found.state, "–".join(clocks) if any(clocks) else "", found.regular]
    return " ".join(word for word in words if word)


def hall() -> ToldHall:
    told = ToldHall()
    told.window("公安窗口")
    told.staff("101")
    told.staff("102", "公安窗口")
    told.staff("900", relief=True)
    told.staff("300", end="03-09")
    told.punches("101", "03-10", "08:50 12:01")
    told.punches("102", "03-10", "09:10")
    return told


@pytest.mark.parametrize(
    ("no", "at", "expected"),
    [
        ("101", "03-10 08:40", "税务窗口 not_yet"),
        ("101", "03-10 08:55", "税务窗口 in 08:50–"),
        ("101", "03-10 11:59", "税务窗口 in 08:50–"),
        ("101", "03-10 13:00", "税务窗口 not_yet"),
        ("101", "03-10 15:20", "税务窗口 absent"),
        ("101", "03-10 17:30", "- unknown"),
        ("102", "03-10 09:05", "公安窗口 not_yet"),
        ("102", "03-10 09:40", "公安窗口 late 09:10–"),
        ("101", "03-14 10:00", "- unknown"),
        ("900", "03-10 10:00", "- unknown"),
        ("300", "03-10 10:00", "nobody"),
    ],
)
def test_the_state_of_somebody_at_a_moment(no: str, at: str, expected: str):
    assert now(hall(), no, at) == expected


def test_leave_and_outings_say_until_when():
    told = hall()
    told.leave("101", "personal", "03-11", "03-11")
    told.leave("102", "trip_short", "03-10 09:30", "03-10 10:00")
    assert now(told, "101", "03-11 10:00") == "税务窗口 leave 00:00–00:00+1"
    assert now(told, "102", "03-10 09:40") == "公安窗口 outing 09:30–10:00"
    assert now(told, "102", "03-10 10:05") == "公安窗口 late 09:10–"


def test_a_stand_in_is_where_they_stand_in():
    told = hall()
    told.stand_in("900", "公安窗口", "03-10 09:00", "03-10 12:00", regular_no="102")
    told.punches("900", "03-10", "08:58")
    assert now(told, "900", "03-10 09:30") == "公安窗口 in 08:58–12:00 102"
