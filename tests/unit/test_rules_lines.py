"""What each judgement costs, whom it is charged to, and on what evidence (scoring.md, Score lines)."""

from typing import Any

import pytest
from hall_builder import ToldHall

from attendance.rules.score import shown

MONDAY = "03-02"
KEPT = "08:55 12:01 13:20 17:05"


def hall_with(clock: str = KEPT, **policy: Any) -> ToldHall:
    """1001 keeps March, but punches like this on Monday the 2nd."""
    hall = ToldHall(**policy)
    hall.staff("1001")
    hall.keeps("1001", but=MONDAY)
    hall.punches("1001", MONDAY, clock)
    return hall


# The terminals' lines go to the person and to the window served.

TERMINAL_LINES = {
    "nothing": (KEPT, []),
    "late by one minute": ("09:01 12:01 13:20 17:05", ["03-02 late 1"]),
    "late by ten": ("09:10:59 12:01 13:20 17:05", ["03-02 late 1"]),
    "late by eleven": ("09:11 12:01 13:20 17:05", ["03-02 late 2"]),
    "late by twenty-nine": ("09:29:59 12:01 13:20 17:05", ["03-02 late 2"]),
    "late by thirty": ("09:30 12:01 13:20 17:05", ["03-02 absent_half_day 5"]),
    "early by one minute": ("08:55 12:01 13:20 16:59", ["03-02 early 1"]),
    "early by eleven": ("08:55 12:01 13:20 16:49", ["03-02 early 2"]),
    "early by thirty": ("08:55 12:01 13:20 16:30", ["03-02 absent_half_day 5"]),
    "one punch missing": ("08:55 12:01 13:20", ["03-02 missing_punch 2"]),
    "a punch missing in each session": ("08:55 17:05", ["03-02 missing_punch 2", "03-02 missing_punch 2"]),
    "late and early": ("09:05 11:50 13:20 17:05", ["03-02 early 1", "03-02 late 1"]),
    "late twice": ("09:05 12:01 13:35 17:05", ["03-02 late 1", "03-02 late 1"]),
    "late and missing": ("09:05 13:20 17:05", ["03-02 late 1", "03-02 missing_punch 2"]),
    "absent for half a day": ("08:55 12:01", ["03-02 absent_half_day 5"]),
    "absent all day": ("", ["03-02 absent_half_day 5", "03-02 absent_half_day 5"]),
    "absence replaces the early line too": ("09:31 11:50 13:20 17:05", ["03-02 absent_half_day 5"]),
}


@pytest.mark.parametrize(("clock", "lines"), TERMINAL_LINES.values(), ids=TERMINAL_LINES.keys())
def test_what_the_terminals_charge(clock: str, lines: list[str]) -> None:
    hall = hall_with(clock)
    assert sorted(hall.lines("1001")) == lines
    assert sorted(hall.window_lines()) == lines


def test_beyond_the_last_tier_that_is_no_absence_costs_the_last_tier() -> None:
    hall = hall_with("10:00 12:01 13:20 17:05", attendance__late_over_is="late")
    assert hall.lines("1001") == ["03-02 late 2"]


def test_tiers_may_stand_in_any_order() -> None:
    tiers = [{"max_minutes": 29, "points": 2}, {"max_minutes": 10, "points": 1}]
    assert hall_with("09:05 12:01 13:20 17:05", attendance__late_tiers=tiers).lines("1001") == ["03-02 late 1"]


@pytest.mark.parametrize("satisfy", ["correction", "outage"])
def test_a_satisfied_mark_costs_nothing(satisfy: str) -> None:
    hall = hall_with("12:01 13:20 17:05")
    if satisfy == "correction":
        hall.correction("1001", MONDAY, "am", "on")
    else:
        hall.outage("03-02 08:50", "03-02 09:10")
    assert hall.lines("1001") == []


def test_an_excused_session_costs_nothing() -> None:
    hall = hall_with("13:20 17:05")
    hall.leave("1001", "sick", "03-02 09:00", "03-02 12:00")
    assert hall.lines("1001") == []


def test_a_line_opens_to_the_punch_to_what_made_it_due_and_to_the_posting() -> None:
    hall = ToldHall()
    posting = hall.staff("1001")
    hall.keeps("1001", but=MONDAY)
    hall.punches("1001", MONDAY, "09:05 12:01 13:20 17:05")
    morning = next(entry.id for entry in hall.book.timetable if entry.fact.session == "am")
    (line,) = hall.ranked("1001").lines
    (late,) = hall.punched["1001"][next(s for s in hall.punched["1001"] if s % 86400 == 9 * 3600 + 300)]
    assert line.evidence == (late, morning, posting)


def test_absence_opens_to_the_punches_that_did_not_suffice() -> None:
    hall = hall_with("09:40 12:01 13:20 17:05")
    (line,) = hall.ranked("1001").lines
    assert len(line.evidence) == 4


# A person who serves elsewhere: lines go to the window served.


def test_lines_of_a_transferred_person_stay_with_the_window_served() -> None:
    hall = ToldHall()
    hall.window("公安窗口")
    hall.staff("1001", end="03-15")
    hall.staff("1001", "公安窗口", start="03-16")
    hall.keeps("1001", but="03-02 03-16")
    hall.punches("1001", "03-02", "09:05 12:01 13:20 17:05")
    hall.punches("1001", "03-16", "09:15 12:01 13:20 17:05")
    assert hall.lines("1001") == ["03-02 late 1", "03-16 late 2"]
    assert hall.window_lines() == ["03-02 late 1"]
    assert hall.window_lines("公安窗口") == ["03-16 late 2"]


# Relief: the covered window and its regular answer, each by its ratio.


def hall_with_relief(regular: str = "2001", but: str = "", **policy: Any) -> ToldHall:
    """9001 stands in at 公安窗口 on the 2nd, and is five minutes late; 2001 of that window is on official leave."""
    hall = ToldHall(**policy)
    hall.window("公安窗口")
    hall.staff("1001")
    hall.staff("2001", "公安窗口")
    hall.staff("9001", relief=True)
    hall.stand_in("9001", "公安窗口", MONDAY, MONDAY, regular_no=regular)
    hall.leave("2001", "official", MONDAY, MONDAY)
    hall.keeps("1001", but=but)
    hall.keeps("2001", but=MONDAY)
    hall.punches("9001", MONDAY, "09:05 12:01 13:20 17:05")
    return hall


def test_a_reliefs_lines_go_to_the_covered_window_and_its_regular() -> None:
    hall = hall_with_relief()
    assert hall.lines("2001") == ["03-02 late 1"]
    assert hall.window_lines("公安窗口") == ["03-02 late 1"]
    assert hall.window_lines("税务窗口") == []


def test_the_ratios_weigh_what_each_of_them_bears() -> None:
    hall = hall_with_relief(substitute__charge_window_ratio="0.5", substitute__charge_regular_ratio="0.25")
    assert hall.lines("2001") == ["03-02 late 0.25"]
    assert hall.window_lines("公安窗口") == ["03-02 late 0.5"]


def test_relief_for_nobody_in_particular_is_the_windows_alone() -> None:
    hall = hall_with_relief(regular="")
    assert hall.lines("2001") == []
    assert hall.window_lines("公安窗口") == ["03-02 late 1"]


def test_a_reliefs_lateness_says_for_whom() -> None:
    (late,) = hall_with_relief().month().lateness
    assert (late.no, late.lateness.window, late.lateness.relief_for) == ("9001", "公安窗口", "2001")
    (late,) = hall_with_relief(regular="").month().lateness
    assert late.lateness.relief_for is None


def test_a_regular_who_stands_in_charges_the_covered_windows_regular() -> None:
    hall = hall_with_relief(but="03-03")
    hall.stand_in("1001", "公安窗口", "03-03", "03-03", regular_no="2001")
    hall.leave("2001", "official", "03-03", "03-03")
    hall.punches("1001", "03-03", "09:05 12:01 13:20 17:05")
    assert hall.lines("1001") == []
    assert hall.lines("2001") == ["03-02 late 1", "03-03 late 1"]


def test_a_stand_ins_duty_outside_any_arrangement_is_the_windows_alone() -> None:
    hall = ToldHall()
    hall.staff("1001")
    hall.staff("9001", relief=True)
    hall.keeps("1001")
    hall.duty("9001", MONDAY, "值班", "18:00", "20:00")
    assert hall.window_lines() == ["03-02 absent_half_day 5"]
    assert hall.lines("1001") == []


def test_the_evidence_of_a_reliefs_line_holds_the_arrangement() -> None:
    hall = hall_with_relief()
    (arrangement,) = [entry.id for entry in hall.book.reliefs]
    (line,) = hall.ranked("2001").lines
    assert arrangement in line.evidence


# Leave beyond what is free.

EXTRA = {
    "two days are free": (["03-02 03-03"], []),
    "the third costs a point": (["03-02 03-04"], ["03-04 leave_extra 1"]),
    "half a day more is a started day": (["03-02 03-03", "03-04 09:00 03-04 12:00"], ["03-04 leave_extra 1"]),
    "four halves are two days": (
        ["03-02 09:00 03-02 12:00", "03-03 09:00 03-03 12:00", "03-04 09:00 03-04 12:00", "03-05 09:00 03-05 12:00"],
        [],
    ),
    "four days cost two points": (["03-02 03-05"], ["03-05 leave_extra 2"]),
    "a part of a session is no leave day": (["03-02 03-03", "03-04 09:00 03-04 11:00"], []),
    "a weekend between counts nothing": (["03-06 03-09"], []),
    "dated by the last such day, in whatever order": (["03-11 03-11", "03-02 03-03"], ["03-11 leave_extra 1"]),
}


@pytest.mark.parametrize(("leaves", "lines"), EXTRA.values(), ids=EXTRA.keys())
def test_leave_beyond_what_is_free(leaves: list[str], lines: list[str]) -> None:
    hall = ToldHall(ranking__eligible_min_attended_ratio=0)
    hall.staff("1001")
    for number in range(1, 32):
        hall.punches("1001", f"03-{number:02d}", "08:55 11:00 12:01 13:20 17:05")
    for leave in leaves:
        words = leave.split()
        start, end = " ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])
        hall.leave("1001", "personal", start, end)
    assert hall.lines("1001") == lines
    assert hall.window_lines() == []


def test_leave_of_a_type_without_a_price_costs_nothing() -> None:
    hall = hall_with()
    hall.leave("1001", "sick", "03-02", "03-06")
    assert hall.lines("1001") == []


def test_a_day_of_three_sessions_counts_each_as_a_third() -> None:
    hall = hall_with()
    for on_day in ("03-02", "03-03"):
        hall.duty("1001", on_day, "晚", "18:00", "20:00")
    hall.leave("1001", "personal", "03-02 07:00", "03-02 17:30")
    hall.leave("1001", "personal", "03-03 07:00", "03-03 23:00")
    hall.leave("1001", "personal", "03-04 09:00", "03-04 12:00")
    hall.punches("1001", "03-02", "17:55 20:00")
    assert hall.lines("1001") == ["03-04 leave_extra 1"]  # 2/3 + 1 + 1/2 = 2 1/6 days


def test_half_a_day_of_leave_is_half_even_before_the_afternoon_begins() -> None:
    hall = hall_with()
    hall.leave("1001", "personal", "03-02", "03-02")
    hall.leave("1001", "personal", "03-03 09:00", "03-03 12:00")
    hall.leave("1001", "personal", "03-04 09:00", "03-04 12:00")
    assert [c.rule for c in hall.person("1001", until="03-04 10:00").tally.charges] == []


def test_personal_leave_opens_to_its_rows() -> None:
    hall = hall_with()
    row = hall.leave("1001", "personal", "03-02", "03-04")
    (line,) = hall.ranked("1001").lines
    assert line.evidence == (row,)


# Findings.


def test_a_finding_charges_person_and_window() -> None:
    hall = hall_with(finding=_codes(phone=("2", "3")))
    hall.finding("phone", "03-02 10:00", "1001", "税务窗口")
    assert hall.lines("1001") == ["03-02 finding:phone 2"]
    assert hall.window_lines() == ["03-02 finding:phone 3"]


def test_a_finding_at_another_window_charges_that_window() -> None:
    hall = hall_with()
    hall.window("公安窗口")
    hall.finding("phone", "03-02 10:00", "1001", "公安窗口")
    assert (hall.lines("1001"), hall.window_lines()) == (["03-02 finding:phone 2"], [])
    assert hall.window_lines("公安窗口") == ["03-02 finding:phone 2"]


def test_a_finding_without_a_window_charges_the_persons() -> None:
    hall = hall_with()
    hall.finding("phone", "03-02 10:00", "1001")
    assert hall.window_lines() == ["03-02 finding:phone 2"]


def test_a_finding_without_a_person_charges_the_window_alone() -> None:
    hall = hall_with()
    hall.finding("vacant", "03-02 10:00", window="税务窗口")
    assert (hall.lines("1001"), hall.window_lines()) == ([], ["03-02 finding:vacant 2"])


@pytest.mark.parametrize("undo", ["withdraw", "overturn"])
@pytest.mark.parametrize("no", ["1001", ""])
def test_a_finding_withdrawn_or_overturned_charges_nobody(undo: str, no: str) -> None:
    hall = hall_with()
    hall.finding("phone", "03-02 10:00", no, "税务窗口", number="F1")
    getattr(hall, undo)("F1")
    assert (hall.lines("1001"), hall.window_lines()) == ([], [])


def test_a_finding_of_another_month_is_not_this_months() -> None:
    hall = hall_with()
    hall.finding("phone", "02-27 10:00", "1001")
    hall.finding("phone", "04-01 10:00", "1001")
    assert hall.lines("1001") == []


def test_a_finding_of_a_stand_in_goes_by_the_arrangement() -> None:
    hall = hall_with_relief()
    hall.finding("phone", "03-02 10:00", "9001", "公安窗口")
    assert hall.lines("2001") == ["03-02 finding:phone 2", "03-02 late 1"]
    assert hall.window_lines("公安窗口") == ["03-02 finding:phone 2", "03-02 late 1"]


def test_a_finding_of_a_stand_in_outside_any_arrangement_is_the_windows_alone() -> None:
    hall = hall_with_relief()
    hall.finding("phone", "03-03 10:00", "9001", "公安窗口")
    assert hall.lines("2001") == ["03-02 late 1"]
    assert hall.window_lines("公安窗口") == ["03-02 late 1", "03-03 finding:phone 2"]


def test_a_stand_in_found_elsewhere_is_still_the_covered_windows() -> None:
    hall = hall_with_relief()
    hall.finding("phone", "03-02 10:00", "9001", "税务窗口")
    assert hall.lines("2001") == ["03-02 finding:phone 2", "03-02 late 1"]
    assert hall.window_lines("公安窗口") == ["03-02 finding:phone 2", "03-02 late 1"]
    assert hall.window_lines("税务窗口") == []


@pytest.mark.parametrize(("seen_at", "theirs"), [("03-02 00:00", 1), ("03-02 23:59", 1), ("03-03 00:00", 0)])
def test_an_arrangement_holds_from_its_start_up_to_its_end(seen_at: str, theirs: int) -> None:
    hall = hall_with_relief()
    hall.finding("phone", seen_at, "9001", "公安窗口")
    assert sum(line.rule == "finding:phone" for line in hall.ranked("2001").lines) == theirs


# Terminal and patrol in one place: one fact costs once.

MERGED = {
    "the finding alone": (KEPT, [("late", "09:30")], ["finding:late 1"]),
    "the same lateness twice": ("09:05 12:01 13:20 17:05", [("late", "09:03")], ["late 1"]),
    "the dearer line stays": ("09:15 12:01 13:20 17:05", [("late", "09:03")], ["late 2"]),
    "the dearer finding stays": ("09:05 12:01 13:20 17:05", [("absent", "09:03")], ["finding:absent 5"]),
    "at equal points the lines stay": ("09:35 12:01 13:20 17:05", [("absent", "09:03")], ["absent_half_day 5"]),
    "all the session's lines together": ("09:15 11:50 13:20 17:05", [("absent", "09:03")], ["finding:absent 5"]),
    "of several only the dearest": (KEPT, [("late", "09:03"), ("absent", "09:20")], ["finding:absent 5"]),
    "of several the dearest against the lines": (
        "09:05 12:01 13:20 17:05",
        [("late", "09:02"), ("absent", "09:03"), ("late", "09:04")],
        ["finding:absent 5"],
    ),
    "another session's finding": (
        "09:05 12:01 13:20 17:05",
        [("late", "13:31")],
        ["finding:late 1", "late 1"],
    ),
    "at the session's end it is no longer held": (
        "09:05 12:01 13:20 17:05",
        [("late", "12:00")],
        ["finding:late 1", "late 1"],
    ),
    "at its start it is": ("09:05 12:01 13:20 17:05", [("late", "09:00")], ["late 1"]),
    "outside every session each counts": (KEPT, [("late", "12:30"), ("late", "12:31")], ["finding:late 1"] * 2),
    "one in each session": (KEPT, [("late", "09:30"), ("late", "14:00")], ["finding:late 1"] * 2),
    "another code is another fact": ("09:05 12:01 13:20 17:05", [("phone", "09:30")], ["finding:phone 2", "late 1"]),
    "other codes all count": (KEPT, [("phone", "09:30"), ("phone", "09:40")], ["finding:phone 2"] * 2),
}


@pytest.mark.parametrize(("clock", "findings", "lines"), MERGED.values(), ids=MERGED.keys())
def test_one_fact_costs_once(clock: str, findings: list[tuple[str, str]], lines: list[str]) -> None:
    hall = hall_with(clock)
    for code, at in findings:
        hall.finding(code, f"03-02 {at}", "1001", "税务窗口")
    assert sorted(hall.lines("1001")) == [f"03-02 {line}" for line in lines]
    assert sorted(hall.window_lines()) == [f"03-02 {line}" for line in lines]


def test_whichever_line_stays_both_are_evidence() -> None:
    hall = hall_with("09:05 12:01 13:20 17:05")
    seen = hall.finding("late", "03-02 09:03", "1001")
    (line,) = hall.ranked("1001").lines
    assert line.rule == "late"
    assert seen in line.evidence
    dearer = hall.finding("absent", "03-02 09:04", "1001")
    (line,) = hall.ranked("1001").lines
    assert line.rule == "finding:absent"
    late = next(iter(f) for s, f in hall.punched["1001"].items() if s == min(hall.punched["1001"]))
    assert {seen, dearer, next(late)} <= set(line.evidence)


@pytest.mark.parametrize(
    ("findings", "standing"),
    [
        ([("absent", "03-02 09:20", "a"), ("absent", "03-02 09:10", "b")], "b"),
        ([("absent", "03-02 09:10", "b"), ("absent", "03-02 09:10", "a")], "a"),
        ([("late", "03-02 09:01", "a"), ("absent", "03-02 09:10", "b")], "b"),
    ],
)
def test_the_dearest_then_the_earliest_then_by_number(findings: list[tuple[str, str, str]], standing: str) -> None:
    hall = hall_with()
    ids = {number: hall.finding(code, at, "1001", number=number) for code, at, number in findings}
    (line,) = hall.ranked("1001").lines
    assert line.evidence[0] == ids[standing]


def test_a_withdrawn_finding_merges_with_nothing() -> None:
    hall = hall_with("09:05 12:01 13:20 17:05")
    hall.finding("absent", "03-02 09:03", "1001", number="F1")
    hall.withdraw("F1")
    assert hall.lines("1001") == ["03-02 late 1"]


def test_a_finding_in_an_excused_part_still_belongs_to_the_session() -> None:
    hall = hall_with("10:05 12:01 13:20 17:05")
    hall.leave("1001", "official", "03-02 09:00", "03-02 10:00")
    hall.finding("late", "03-02 09:30", "1001")
    assert hall.lines("1001") == ["03-02 late 1"]


def test_a_reliefs_finding_merges_with_the_reliefs_lines() -> None:
    hall = hall_with_relief()
    hall.finding("late", "03-02 09:03", "9001", "公安窗口")
    assert hall.lines("2001") == ["03-02 late 1"]
    assert hall.window_lines("公安窗口") == ["03-02 late 1"]


# Ratings.

RATINGS = {
    "bad and verified": ("不满意", "yes", ["03-02 rating 0.2"]),
    "worse and verified": ("非常不满意", "yes", ["03-02 rating 0.2"]),
    "bad and pending": ("不满意", "pending", []),
    "bad and found untrue": ("不满意", "no", []),
    "good": ("满意", "yes", []),
}


@pytest.mark.parametrize(("level", "verified", "lines"), RATINGS.values(), ids=RATINGS.keys())
def test_a_bad_rating_costs_when_it_is_verified(level: str, verified: str, lines: list[str]) -> None:
    hall = hall_with()
    hall.rating(level, MONDAY, "1001", verified=verified)  # type: ignore[arg-type]
    assert hall.lines("1001") == hall.window_lines() == lines


def test_a_rating_of_nobody_in_particular_is_the_windows() -> None:
    hall = hall_with()
    hall.rating("不满意", MONDAY)
    assert (hall.lines("1001"), hall.window_lines()) == ([], ["03-02 rating 0.2"])


def test_a_rating_of_a_stand_in_goes_by_the_arrangement_of_that_day_and_window() -> None:
    hall = hall_with_relief()
    hall.rating("不满意", "03-02", "9001", "公安窗口")
    assert "03-02 rating 0.2" in hall.lines("2001")
    hall.rating("不满意", "03-03", "9001", "公安窗口")
    assert "03-03 rating 0.2" not in hall.lines("2001")
    assert hall.window_lines("公安窗口")[-1] == "03-03 rating 0.2"


def test_a_rating_at_a_window_that_the_stand_in_did_not_cover_is_that_windows_alone() -> None:
    hall = hall_with_relief()
    hall.rating("不满意", "03-02", "9001", "税务窗口")
    assert hall.lines("2001") == ["03-02 late 1"]
    assert hall.window_lines("税务窗口") == ["03-02 rating 0.2"]


# Overdue cases.


def test_overdue_cases_fall_on_the_units_first_window_open_at_the_months_end() -> None:
    hall = ToldHall()
    hall.window("税务旧窗口", "税务局", end="03-30")
    hall.window("税务一窗口", "税务局")
    hall.window("税务二窗口", "税务局")
    row = hall.cases("税务局", overdue=3)
    assert hall.window_lines("税务一窗口") == ["03-31 overdue 3"]
    assert hall.window_lines("税务二窗口") == []
    assert hall.ranked_window("税务一窗口").lines[0].evidence == (row,)


def test_cases_in_time_cost_nothing() -> None:
    hall = ToldHall()
    hall.cases("税务窗口", total=500)
    assert hall.window_lines() == []


# Sums.


def _codes(**codes: tuple[str, str]) -> list[dict[str, str]]:
    return [
        {"code": code, "name": code, "category": "discipline", "points": points, "window_points": window_points}
        for code, (points, window_points) in codes.items()
    ]


def test_a_persons_deductions_are_the_sum_of_their_lines_whatever_their_category() -> None:
    weights = [{"id": "service", "name": "服务", "weight": 100}]
    codes = [{"code": "rude", "name": "态度", "category": "service", "points": 1.5, "window_points": 0}]
    policy = {"finding": codes, "evaluation__category": "service", "case_timeout__category": "service"}
    hall = hall_with("09:05 12:01 13:20 17:05", category=weights, **policy)
    hall.finding("rude", "03-02 10:00", "1001")
    ranked = hall.ranked("1001")
    assert shown(ranked.sum.deductions, 2) == "2.50"
    assert str(ranked.sum.score) == "98.50"  # nothing weighs discipline here


def test_lines_come_by_date() -> None:
    hall = hall_with("09:05 12:01 13:20 17:05")
    hall.finding("phone", "03-20 10:00", "1001")
    hall.finding("phone", "03-01 10:00", "1001")
    assert hall.lines("1001") == ["03-01 finding:phone 2", "03-02 late 1", "03-20 finding:phone 2"]
