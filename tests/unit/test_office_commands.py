"""What the office's commands refuse beside unknown names, and that telling them twice changes nothing."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from halls import do, refusal_of

from attendance import bonus, calendar, corrections, leave, people, pins, ratings, relief, timetable, vetoes, windows
from attendance.facts import Refused
from attendance.hall import Draft, Hall, Outcome

DAY = date(2026, 3, 2)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute)


TELLINGS = [
    (calendar.set_day, {"date": DAY, "workday": False}, {"workday": True}),
    (windows.register, {"window": "医保窗口", "unit": "医保局"}, {"unit": "人社局"}),
    (people.post, {"no": "103", "name": "郑希", "window": "税务窗口"}, {"name": "郑文希"}),
    (pins.assign, {"terminal": "A001", "pin": "7", "no": "102"}, {"no": "0101"}),
    (timetable.set_session, {"session": "am", "on": time(9), "off": time(12)}, {"off": time(11, 30)}),
    (
        timetable.assign_duty,
        {"no": "102", "date": DAY, "session": "晚", "on": time(17), "off": time(19)},
        {"on": time(18)},
    ),
    (leave.approve, {"no": "102", "type": "sick", "start": at(2, 9), "end": at(2, 12)}, {"reason": "发热"}),
    (corrections.approve, {"no": "102", "date": DAY, "session": "am", "mark": "on"}, {"reason": "忘记"}),
    (corrections.declare_outage, {"terminal": "A001", "start": at(2, 9), "end": at(2, 12)}, {"end": at(2, 13)}),
    (
        relief.arrange,
        {"window": "公安窗口", "relief_no": "9001", "regular_no": "102", "start": at(2, 9), "end": at(2, 12)},
        {"end": at(2, 11)},
    ),
    (bonus.claim, {"date": DAY, "windows": ["税务窗口"], "code": "door", "count": 3}, {"count": 4}),
    (ratings.rate, {"date": DAY, "window": "税务窗口", "level": "不满意"}, {"verified": "yes"}),
    (ratings.review, {"month": "2026-03", "kind": "peer", "no": "102", "score": Decimal(90)}, {"score": Decimal(91)}),
    (ratings.report_cases, {"month": "2026-03", "unit": "税务局", "total": 5}, {"overdue": 1}),
    (vetoes.veto, {"month": "2026-03", "no": "102", "trigger": "proxy_punch"}, {"note": "代刷"}),
]


@pytest.mark.parametrize(("command", "details", "other"), TELLINGS)
def test_a_fact_is_new_once_then_known_then_changed(hall: Hall, command, details, other):
    assert do(hall, command, **details) == "new"
    position = hall.store.head().position
    assert do(hall, command, **details) == "repeated"
    assert hall.store.head().position == position
    assert do(hall, command, **details | other) == "changed"
    assert hall.store.head().position == position + 1


def test_dates_and_times_must_be_in_order(hall: Hall):
    backwards = {"start": date(2026, 3, 2), "end": date(2026, 3, 1)}
    assert refusal_of(hall, windows.register, window="新", unit="新", **backwards) == ("ends_before_start", "to")
    assert refusal_of(hall, people.post, no="5", name="周宁", window="税务窗口", **backwards) == (
        "ends_before_start",
        "to",
    )
    assert refusal_of(hall, pins.assign, terminal="A001", pin="1", no="102", **backwards) == ("ends_before_start", "to")
    nothing = {"start": at(2, 9), "end": at(2, 9)}
    assert refusal_of(hall, leave.approve, no="102", type="sick", **nothing) == ("ends_before_start", "end")
    assert refusal_of(hall, relief.arrange, window="税务窗口", relief_no="9001", **nothing) == (
        "ends_before_start",
        "end",
    )
    outage = {"start": at(2, 9), "end": at(2, 8, 59)}
    assert refusal_of(hall, corrections.declare_outage, terminal="A001", **outage) == ("ends_before_start", "end")
    assert do(hall, corrections.declare_outage, terminal="A001", **nothing) == "new"


@pytest.mark.parametrize(
    ("first", "second", "refused"),
    [
        ((None, None), (date(2026, 3, 1), None), True),
        ((None, date(2026, 3, 1)), (date(2026, 3, 1), None), True),
        ((None, date(2026, 2, 28)), (date(2026, 3, 1), None), False),
        ((date(2026, 3, 1), date(2026, 3, 31)), (date(2026, 3, 10), date(2026, 3, 12)), True),
        ((date(2026, 3, 10), date(2026, 3, 12)), (date(2026, 3, 1), date(2026, 3, 31)), True),
        ((date(2026, 3, 10), date(2026, 3, 12)), (None, date(2026, 3, 9)), False),
    ],
)
def test_postings_windows_and_pins_must_not_overlap(hall: Hall, first, second, refused):
    for command, details, code in (
        (people.post, {"no": "55", "name": "周宁", "window": "税务窗口"}, "posting_overlaps"),
        (windows.register, {"window": "医保窗口", "unit": "医保局"}, "window_overlaps"),
        (pins.assign, {"terminal": "A001", "pin": "055", "no": "102"}, "pin_overlaps"),
    ):
        do(hall, command, **details, start=first[0], end=first[1])
        again = details | {"start": second[0], "end": second[1]}
        if refused:
            assert refusal_of(hall, command, **again) == (code, "from")
        else:
            assert do(hall, command, **again) == "new"


def test_one_stand_in_is_at_one_place_at_a_time(hall: Hall):
    morning = {"relief_no": "9001", "start": at(2, 9), "end": at(2, 12)}
    do(hall, relief.arrange, window="税务窗口", regular_no="0101", **morning)
    overlapping = morning | {"start": at(2, 11, 59), "end": at(2, 14)}
    assert refusal_of(hall, relief.arrange, window="公安窗口", **overlapping) == ("relief_overlaps", "start")
    after = morning | {"start": at(2, 12), "end": at(2, 14)}
    assert do(hall, relief.arrange, window="公安窗口", **after) == "new"


def test_nobody_stands_in_for_himself(hall: Hall):
    details = {"window": "税务窗口", "relief_no": "101", "regular_no": "0101", "start": at(2, 9), "end": at(2, 12)}
    assert refusal_of(hall, relief.arrange, **details) == ("relief_of_oneself", "regular_no")


def test_sessions_of_one_group_lie_apart(hall: Hall):
    do(hall, timetable.set_session, session="am", on=time(9), off=time(12))
    do(hall, timetable.set_session, session="night", on=time(22), off=time(6))
    overlapping = {"session": "noon", "on": time(11, 59), "off": time(13)}
    assert refusal_of(hall, timetable.set_session, **overlapping) == ("session_overlaps", "on")
    late = {"session": "late", "on": time(21), "off": time(22, 1)}
    assert refusal_of(hall, timetable.set_session, **late) == ("session_overlaps", "on")
    assert do(hall, timetable.set_session, **overlapping, weekday=6) == "new"


def test_a_session_has_a_length_and_a_weekday_a_number_from_1_to_7(hall: Hall):
    hours = {"session": "am", "on": time(9), "off": time(12)}
    assert refusal_of(hall, timetable.set_session, **hours, weekday=8) == ("weekday_wrong", "weekday")
    assert refusal_of(hall, timetable.set_session, session="am", on=time(9), off=time(9)) == ("session_empty", "off")
    duty = {"no": "102", "date": DAY, "session": "晚", "on": time(9), "off": time(9)}
    assert refusal_of(hall, timetable.assign_duty, **duty) == ("session_empty", "off")


def test_a_correction_may_be_of_a_rota_duty_that_day(hall: Hall):
    wanted = {"no": "102", "date": DAY, "session": "晚", "mark": "off"}
    assert refusal_of(hall, corrections.approve, **wanted)[0] == "session_unknown"
    do(hall, timetable.assign_duty, no="102", date=DAY, session="晚", on=time(17), off=time(19))
    assert do(hall, corrections.approve, **wanted) == "new"


@pytest.mark.parametrize("count", [0, -1])
def test_a_bonus_count_is_positive(hall: Hall, count: int):
    details = {"date": DAY, "no": "102", "code": "door", "count": count}
    assert refusal_of(hall, bonus.claim, **details) == ("not_positive", "count")


def test_a_claim_names_windows_or_a_person_and_each_window_once(hall: Hall):
    assert refusal_of(hall, bonus.claim, date=DAY, code="door", count=1) == ("nobody_named", "windows")
    do(hall, bonus.claim, date=DAY, windows=["公安窗口", "税务窗口", "公安窗口"], code="door", count=1)
    assert next(iter(hall.book().bonuses)).fact.windows == ("公安窗口", "税务窗口")


def test_a_review_is_of_a_person_or_a_window_and_out_of_100(hall: Hall):
    wanted = {"month": "2026-03", "kind": "public", "score": Decimal(90)}
    assert refusal_of(hall, ratings.review, **wanted) == ("person_or_window", "no")
    assert refusal_of(hall, ratings.review, **wanted, no="102", window="税务窗口") == ("person_or_window", "no")
    for score in (Decimal("-0.1"), Decimal("100.1")):
        assert refusal_of(hall, ratings.review, **wanted | {"score": score}, no="102") == (
            "score_out_of_range",
            "score",
        )


def test_one_sheet_gives_a_review_once(hall: Hall):
    def twice(draft: Draft) -> Outcome:
        for _ in range(2):
            outcome = ratings.review(draft, month="2026-03", kind="peer", no="102", score=Decimal(90))
        return outcome

    assert refusal_of(hall, twice) == ("review_repeated", "kind")


def test_one_decision_cannot_say_two_things_about_one(hall: Hall):
    def twice(draft: Draft) -> Outcome:
        draft.row = 4
        calendar.set_day(draft, date=DAY, workday=True)
        calendar.set_day(draft, date=DAY, workday=True)
        return calendar.set_day(draft, date=DAY, workday=False)

    with pytest.raises(Refused) as refused:
        do(hall, twice)
    assert (refused.value.code, refused.value.details) == ("said_otherwise", {"row": 4})
    assert hall.book().calendar.own(DAY) is None


def test_equal_rows_of_one_sheet_are_told_apart(hall: Hall):
    def claim_twice(draft: Draft) -> Outcome:
        bonus.claim(draft, date=DAY, no="102", code="door", count=1)
        return bonus.claim(draft, date=DAY, no="102", code="door", count=1)

    assert do(hall, claim_twice) == "new"
    assert do(hall, claim_twice) == "repeated"
    assert [entry.fact.ordinal for entry in hall.book().bonuses] == [1, 2]


def test_a_person_without_a_unit_is_of_the_unit_at_the_window(hall: Hall):
    assert hall.book().people.find("no", "0101")[0].fact.unit == "税务局"
