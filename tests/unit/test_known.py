"""What a command may name."""

from datetime import date, datetime

import pytest
from halls import do, refusal_of

from attendance import bonus, corrections, known, leave, patrol, people, pins, ratings, relief, timetable, vetoes
from attendance.facts import Refused
from attendance.hall import Hall

DAY = date(2026, 3, 2)
NINE, TEN = datetime(2026, 3, 2, 9), datetime(2026, 3, 2, 10)

UNKNOWN = [
    (leave.approve, {"no": "777", "type": "sick", "start": NINE, "end": TEN}, "person_unknown", "no"),
    (leave.approve, {"no": "", "type": "sick", "start": NINE, "end": TEN}, "missing", "no"),
    (leave.approve, {"no": "102", "type": "siesta", "start": NINE, "end": TEN}, "leave_type_unknown", "type"),
    (corrections.approve, {"no": "7", "date": DAY, "session": "am", "mark": "on"}, "person_unknown", "no"),
    (corrections.approve, {"no": "102", "date": DAY, "session": "夜", "mark": "on"}, "session_unknown", "session"),
    (corrections.declare_outage, {"terminal": "Z9", "start": NINE, "end": TEN}, "terminal_unknown", "sn"),
    (people.post, {"no": "5", "name": "周宁", "window": "海关窗口"}, "window_unknown", "window"),
    (people.post, {"no": "5", "name": "周宁", "window": "税务窗口", "unit": "海关"}, "unit_unknown", "unit"),
    (people.post, {"no": "", "name": "周宁", "window": "税务窗口"}, "missing", "no"),
    (people.post, {"no": "5", "name": "", "window": "税务窗口"}, "missing", "name"),
    (pins.assign, {"terminal": "Z9", "pin": "8", "no": "102"}, "terminal_unknown", "sn"),
    (pins.assign, {"terminal": "A001", "pin": "8", "no": "77"}, "person_unknown", "no"),
    (pins.assign, {"terminal": "A001", "pin": "", "no": "102"}, "missing", "pin"),
    (relief.arrange, {"window": "海关", "relief_no": "9001", "start": NINE, "end": TEN}, "window_unknown", "window"),
    (
        relief.arrange,
        {"window": "税务窗口", "relief_no": "8", "start": NINE, "end": TEN},
        "person_unknown",
        "relief_no",
    ),
    (
        relief.arrange,
        {"window": "税务窗口", "relief_no": "9001", "regular_no": "8", "start": NINE, "end": TEN},
        "person_unknown",
        "regular_no",
    ),
    (patrol.note, {"seen_at": NINE, "window": "税务窗口", "code": "yawn"}, "finding_code_unknown", "code"),
    (patrol.note, {"seen_at": NINE, "window": "海关", "code": "phone"}, "window_unknown", "window"),
    (patrol.note, {"seen_at": NINE, "no": "8", "code": "phone"}, "person_unknown", "no"),
    (bonus.claim, {"date": DAY, "no": "102", "code": "smile", "count": 1}, "bonus_code_unknown", "code"),
    (bonus.claim, {"date": DAY, "windows": ["海关"], "code": "door", "count": 1}, "window_unknown", "windows"),
    (ratings.rate, {"date": DAY, "window": "税务窗口", "level": "差劲"}, "level_unknown", "level"),
    (ratings.rate, {"date": DAY, "window": "", "level": "满意"}, "missing", "window"),
    (ratings.review, {"month": "2026-03", "kind": "peer", "window": "海关", "score": 90}, "window_unknown", "window"),
    (ratings.report_cases, {"month": "2026-03", "unit": "海关"}, "unit_unknown", "unit"),
    (vetoes.veto, {"month": "2026-03", "no": "102", "trigger": "bad_luck"}, "trigger_unknown", "trigger"),
    (timetable.assign_duty, {"no": "8", "date": DAY, "session": "am", "on": NINE, "off": TEN}, "person_unknown", "no"),
    (timetable.set_session, {"window": "海关", "session": "am", "on": NINE, "off": TEN}, "window_unknown", "window"),
]


@pytest.mark.parametrize(("command", "details", "code", "column"), UNKNOWN)
def test_what_nobody_registered_is_refused(hall: Hall, command, details, code, column):
    assert refusal_of(hall, command, **details) == (code, column)


def test_leading_zeros_are_ignored_when_one_person_fits(hall: Hall):
    for number in ("101", "0101", "000101"):
        do(hall, leave.approve, no=number, type="sick", start=NINE, end=TEN)
    assert [entry.fact.no for entry in hall.book().leaves] == ["0101"]


def test_a_number_that_fits_two_people_is_refused_unless_it_is_written_in_full(hall: Hall):
    do(hall, people.post, no="101", name="吴涵", window="税务窗口")
    assert refusal_of(hall, vetoes.veto, month="2026-03", no="00101", trigger="proxy_punch")[0] == "person_ambiguous"
    do(hall, vetoes.veto, month="2026-03", no="0101", trigger="proxy_punch")
    assert [entry.fact.no for entry in hall.book().vetoes] == ["0101"]


def test_a_code_nobody_knows_is_answered_with_those_there_are(hall: Hall):
    with pytest.raises(Refused) as refused:
        do(hall, leave.approve, no="102", type="siesta", start=NINE, end=TEN)
    assert refused.value.details["listed"][:2] == ["official 公出/公假", "training 培训/会议"]


def test_an_end_at_midnight_is_told_as_the_24_hours_of_the_day_before():
    assert known.until(datetime(2026, 3, 3)) == "2026-03-02 24:00"
    assert known.until(TEN) == TEN


def test_codes_may_be_given_by_the_name_in_the_policy(hall: Hall):
    do(hall, leave.approve, no="102", type="病假", start=NINE, end=TEN)
    do(hall, patrol.note, seen_at=NINE, no="102", code="未挂工作牌")
    do(hall, bonus.claim, date=DAY, no="102", code="上门服务", count=2)
    book = hall.book()
    assert next(iter(book.leaves)).fact.type == "sick"
    assert next(iter(book.patrol.findings)).fact.code == "badge"
    assert next(iter(book.bonuses)).fact.code == "door"
