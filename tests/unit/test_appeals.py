"""The right of reply: told, accepted, appealed, judged by somebody else, all within workdays."""

from datetime import date, datetime
from typing import Any

import pytest
from halls import do, refusal_of
from tablets import deed, tell

from attendance import appeals, patrol, relief
from attendance.appeals import Judge, Party
from attendance.concerned import refuse_publisher
from attendance.facts import Refused
from attendance.hall import Hall
from projections.patrol import stage

FRIDAY, WEDNESDAY, THURSDAY = date(2026, 3, 13), date(2026, 3, 18), date(2026, 3, 19)
PERSON, UNIT = Party(no="102"), Party(unit="公安局")
JUDGE = Judge("li")


def noted(hall: Hall, **fields: Any) -> str:
    told = deed("finding", "2026-03-13 10:20", code="phone", window="公安窗口", no="102") | fields
    tell(hall, told)
    return str(told["id"])


def as_user(hall: Hall, account: str, command: Any, **details: Any) -> None:
    hall.decide(lambda draft: command(draft, **details), f"user:{account}")


def test_the_time_to_appeal_runs_from_the_day_one_hears_of_it_in_workdays(hall: Hall):
    finding = noted(hall)
    assert stage(hall.book(), finding) == "noted"
    assert do(hall, appeals.tell, finding=finding, today=FRIDAY, party=PERSON) == "new"
    assert do(hall, appeals.tell, finding=finding, today=THURSDAY, party=PERSON) == "repeated"
    told = hall.book().appeals.notice(finding)
    assert told is not None
    assert told.fact.answer_by == WEDNESDAY
    late = {"finding": finding, "party": PERSON, "text": "在查业务", "today": THURSDAY}
    assert refusal_of(hall, appeals.lodge, **late) == ("appeal_late", "text")
    assert do(hall, appeals.lodge, **late | {"today": WEDNESDAY}) == "new"
    assert stage(hall.book(), finding) == "appealed"


def test_an_upheld_appeal_takes_the_finding_off_and_a_rejected_one_leaves_it(hall: Hall):
    for verdict, then, state in ((True, "overturned", "overturned"), (False, "confirmed", "noted")):
        finding = noted(hall)
        do(hall, appeals.lodge, finding=finding, party=PERSON, text="在查业务", today=FRIDAY)
        do(hall, appeals.judge, finding=finding, upheld=verdict, answer="已核对监控", judge=JUDGE)
        assert (stage(hall.book(), finding), hall.book().patrol.state(finding)) == (then, state)
        judged = hall.book().appeals.judgement(finding)
        assert judged is not None
        assert hall.opened(judged.fact.answer) == "已核对监控"
        again = {"finding": finding, "upheld": True, "answer": "再", "judge": JUDGE}
        assert refusal_of(hall, appeals.judge, **again)[0] in ("no_open_appeal", "finding_not_standing")


def test_neither_the_inspector_nor_whom_it_concerns_nor_who_appealed_judges(hall: Hall):
    finding = noted(hall)
    as_user(hall, "sun", appeals.lodge, finding=finding, party=PERSON, text="在查业务", today=FRIDAY)
    judged = {"finding": finding, "upheld": True, "answer": "属实"}
    assert refusal_of(hall, appeals.judge, judge=Judge("zhou"), **judged)[0] == "judge_inspected"
    assert refusal_of(hall, appeals.judge, judge=Judge("sun"), **judged)[0] == "judge_concerned"
    assert refusal_of(hall, appeals.judge, judge=Judge("boss", "102"), **judged)[0] == "judge_concerned"
    assert refusal_of(hall, appeals.judge, judge=JUDGE, finding=finding, upheld=False, answer=" ")[0] == "missing"
    as_user(hall, "li", appeals.judge, judge=JUDGE, **judged)


def test_inspector_and_judge_do_not_publish_the_month(hall: Hall):
    finding = noted(hall)
    do(hall, appeals.lodge, finding=finding, party=PERSON, text="在查业务", today=FRIDAY)
    as_user(hall, "li", appeals.judge, finding=finding, upheld=True, answer="属实", judge=JUDGE)
    for account in ("zhou", "li"):
        with pytest.raises(Refused) as refused:
            refuse_publisher(hall.book(), "2026-03", account)
        assert refused.value.code == "publisher_inspected"
        refuse_publisher(hall.book(), "2026-02", account)
    refuse_publisher(hall.book(), "2026-03", "boss")


def test_others_neither_accept_nor_appeal(hall: Hall):
    finding = noted(hall)
    for party in (Party(no="0101"), UNIT, Party()):
        assert refusal_of(hall, appeals.accept, finding=finding, party=party)[0] == "not_concerned"
        stranger = {"finding": finding, "party": party, "text": "不对", "today": FRIDAY}
        assert refusal_of(hall, appeals.lodge, **stranger)[0] == "not_concerned"


def test_for_a_finding_that_names_nobody_the_unit_speaks(hall: Hall):
    finding = noted(hall, no="", code="desk")
    assert refusal_of(hall, appeals.accept, finding=finding, party=Party(unit="税务局"))[0] == "not_concerned"
    assert do(hall, appeals.accept, finding=finding, party=UNIT) == "new"
    assert stage(hall.book(), finding) == "accepted"


def test_the_regular_answers_for_a_relief_and_may_appeal_too(hall: Hall):
    day = {"start": datetime(2026, 3, 13, 9), "end": datetime(2026, 3, 13, 12)}
    do(hall, relief.arrange, window="公安窗口", relief_no="9001", regular_no="102", **day)
    finding = noted(hall, no="9001")
    assert do(hall, appeals.lodge, finding=finding, party=PERSON, text="不是我", today=FRIDAY) == "new"


def test_one_appeal_a_finding_and_none_of_what_no_longer_counts(hall: Hall):
    finding = noted(hall)
    words = {"finding": finding, "party": PERSON, "today": FRIDAY}
    assert refusal_of(hall, appeals.lodge, text=" ", **words) == ("missing", "text")
    do(hall, appeals.accept, finding=finding, party=PERSON)
    do(hall, appeals.lodge, text="想起来了，在查业务", **words)
    assert refusal_of(hall, appeals.lodge, text="再说一遍", **words)[0] == "appeal_lodged"
    assert refusal_of(hall, appeals.accept, finding=finding, party=PERSON)[0] == "appeal_open"
    do(hall, patrol.withdraw, finding=finding, reason="看错人")
    assert refusal_of(hall, appeals.accept, finding=finding, party=PERSON)[0] == "finding_not_standing"
