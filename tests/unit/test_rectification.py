"""Orders to rectify: due in workdays, replied to, verified by somebody else, closed, or overdue."""

from datetime import date
from typing import Any

from halls import do, refusal_of
from tablets import deed, tell

from attendance import patrol, rectification
from attendance.hall import Hall

FRIDAY = date(2026, 3, 13)
DUE, AFTER = date(2026, 3, 20), date(2026, 3, 21)
UNIT = "公安局"


def ordered(hall: Hall, code: str = "desk") -> str:
    told = deed("finding", "2026-03-13 10:20", code=code, window="公安窗口")
    tell(hall, told)
    return str(told["id"])


def by(hall: Hall, who: str, command: Any, **details: Any) -> None:
    hall.decide(lambda draft: command(draft, **details), f"user:{who}")


def state(hall: Hall, finding: str, today: date = FRIDAY) -> str:
    return hall.book().rectifications.state(finding, today)


def test_an_order_is_due_after_the_policys_workdays_and_then_overdue(hall: Hall):
    finding = ordered(hall)
    assert [state(hall, finding, day) for day in (FRIDAY, DUE, AFTER)] == ["ordered", "ordered", "overdue"]


def test_reply_verify_close(hall: Hall):
    finding = ordered(hall)
    by(hall, "contact", rectification.reply, finding=finding, unit=UNIT, text="已清理台面")
    assert state(hall, finding, AFTER) == "replied"
    sent_back = {"finding": finding, "mended": False, "account": "zhou"}
    assert refusal_of(hall, rectification.verify, text="", **sent_back) == ("missing", "text")
    by(hall, "zhou", rectification.verify, text="抽屉里还有饭盒", **sent_back)
    assert [state(hall, finding, day) for day in (FRIDAY, AFTER)] == ["sent_back", "overdue"]
    by(hall, "contact", rectification.reply, finding=finding, unit=UNIT, text="这次都清了")
    by(hall, "zhou", rectification.verify, finding=finding, mended=True, text="", account="zhou")
    assert state(hall, finding, AFTER) == "verified"
    assert refusal_of(hall, rectification.reply, finding=finding, unit=UNIT, text="再")[0] == "reply_waits"
    by(hall, "office", rectification.close, finding=finding, reason="")
    assert state(hall, finding, AFTER) == "closed"
    assert refusal_of(hall, rectification.close, finding=finding, reason="再")[0] == "no_open_order"


def test_nobody_verifies_their_own_reply_nor_replies_for_another_unit(hall: Hall):
    finding = ordered(hall)
    assert refusal_of(hall, rectification.reply, finding=finding, unit="税务局", text="好")[0] == "not_your_order"
    assert refusal_of(hall, rectification.verify, finding=finding, mended=True, text="", account="li")[0] == "no_reply"
    by(hall, "both", rectification.reply, finding=finding, unit=UNIT, text="已清理")
    own = {"finding": finding, "mended": True, "text": "", "account": "both"}
    assert refusal_of(hall, rectification.verify, **own)[0] == "verifies_own_reply"
    assert refusal_of(hall, rectification.reply, finding=finding, unit=UNIT, text="再")[0] == "reply_waits"


def test_more_time_goes_no_further_than_the_policy_and_never_backwards(hall: Hall):
    finding = ordered(hall)
    longest = date(2026, 4, 3)
    more = {"finding": finding, "reason": "等采购"}
    assert refusal_of(hall, rectification.extend, due=date(2026, 4, 7), **more) == ("extended_too_far", "due")
    assert refusal_of(hall, rectification.extend, due=DUE, **more) == ("extended_backwards", "due")
    do(hall, rectification.extend, due=longest, **more)
    assert hall.book().rectifications.due(finding) == longest
    assert state(hall, finding, AFTER) == "ordered"


def test_the_office_may_order_what_the_code_does_not_and_close_unverified_with_a_reason(hall: Hall):
    finding = ordered(hall, "phone")
    assert state(hall, finding) == "none"
    do(hall, rectification.order, finding=finding, today=FRIDAY, text="全窗口自查")
    assert refusal_of(hall, rectification.order, finding=finding, today=FRIDAY)[0] == "already_ordered"
    assert refusal_of(hall, rectification.close, finding=finding, reason="")[0] == "missing"
    do(hall, rectification.close, finding=finding, reason="窗口撤并")
    assert state(hall, finding) == "closed"


def test_an_order_before_the_calendar_is_known_has_no_due_date_and_keeps_the_finding(hall: Hall):
    told = deed("finding", "2098-12-30 10:20", code="desk", window="公安窗口")
    tell(hall, told, now="2098-12-30 10:30")
    order = hall.book().rectifications.order(str(told["id"]))
    assert order is not None
    assert order.fact.due is None


def test_a_finding_taken_back_takes_its_order_with_it(hall: Hall):
    finding = ordered(hall)
    do(hall, patrol.withdraw, finding=finding, reason="看错窗口")
    assert refusal_of(hall, rectification.reply, finding=finding, unit=UNIT, text="好")[0] == "finding_not_standing"
