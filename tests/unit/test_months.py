"""The life of a month: what leads to what, what is refused and why, and that what was published stays as it was."""

import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from halls import POLICY, do
from sites import MONTH, fill_a_month, punched

from api import office
from attendance import bulletins, corrections, months, policy
from attendance.facts import Refused
from attendance.hall import Hall
from projections.ledger import Ledger

TODAY = date(2026, 4, 1)
"""A Wednesday; three workdays later is the 7th: the 6th is a holiday (清明)."""
DEADLINE = date(2026, 4, 7)
OVER_IT = "已由督导室核实"
LATE_PUNCH = punched("102", datetime(2026, 3, 10, 8, 45, 30))


@pytest.fixture
def month(hall: Hall) -> Hall:
    """A hall with March 2026 in it."""
    fill_a_month(hall)
    return hall


@pytest.fixture
def ledger(month: Hall) -> Ledger:
    return Ledger(month)


def review(hall: Hall, ledger: Ledger, today: date = TODAY) -> months.ReviewOpened:
    edition = ledger.edition(MONTH)
    position = edition["as_of"]["position"]
    return hall.decide(
        lambda draft: months.open_review(draft, month=MONTH, edition=edition, position=position, today=today),
        "user:supervisor",
    )


def publish(hall: Hall, ledger: Ledger, **details: Any) -> months.MonthPublished:
    edition = ledger.edition(MONTH)
    told = {"open_questions": ["unknown_pin"], "today": TODAY, "reason": OVER_IT} | details
    return hall.decide(
        lambda draft: months.publish(
            draft, month=MONTH, edition=edition, position=edition["as_of"]["position"], **told
        ),
        "user:director",
    )


def object_(hall: Hall, **details: Any) -> Any:
    told = {"objection": "o1", "month": MONTH, "no": "102", "text": "4日我在岗", "today": TODAY} | details
    return do(hall, months.raise_objection, **told)


def refusal(action: Any, *args: Any, **details: Any) -> tuple[str, str | None]:
    with pytest.raises(Refused) as refused:
        action(*args, **details)
    return refused.value.code, refused.value.column


def state(hall: Hall) -> str:
    return hall.book().months.state(MONTH)


def test_a_month_is_open_then_in_review_then_published_then_amended(month: Hall, ledger: Ledger) -> None:
    assert state(month) == "open"
    review(month, ledger)
    assert state(month) == "in_review"
    publish(month, ledger)
    assert state(month) == "published"
    month.receive([LATE_PUNCH], "terminal:A001")
    do(month, corrections.approve, no="102", date=date(2026, 3, 4), session="am", mark="on")
    office.amend(month, ledger, MONTH, "user:director", reason="补卡后到")
    assert state(month) == "amended"


def test_three_workdays_of_review_step_over_a_holiday_and_a_weekend(month: Hall, ledger: Ledger) -> None:
    assert review(month, ledger).deadline == DEADLINE
    assert review(month, ledger, date(2026, 4, 3)).round == 2


def test_an_open_month_takes_no_publication_no_objection_no_agreement(month: Hall, ledger: Ledger) -> None:
    not_yet = ("month_not_in_review", "month")
    assert refusal(publish, month, ledger) == not_yet
    assert refusal(object_, month) == not_yet
    assert refusal(do, month, months.confirm, month=MONTH, no="102") == not_yet
    assert refusal(office.amend, month, ledger, MONTH, "office", reason="x") == ("month_not_published", "month")


@pytest.mark.parametrize("today", [date(2026, 3, 1), date(2026, 3, 31)])
def test_a_month_that_is_not_over_is_neither_shown_nor_published(month: Hall, ledger: Ledger, today: date) -> None:
    assert refusal(review, month, ledger, today) == ("month_not_over", "month")
    review(month, ledger)
    assert refusal(publish, month, ledger, today=today) == ("month_not_over", "month")


def test_a_published_month_is_not_shown_or_published_or_objected_to_again(month: Hall, ledger: Ledger) -> None:
    review(month, ledger)
    publish(month, ledger)
    published = ("month_published", "month")
    assert refusal(review, month, ledger) == published
    assert refusal(publish, month, ledger) == published
    assert refusal(object_, month) == published
    assert refusal(do, month, bulletins.edit, month=MONTH, section="closing", text="再接再厉") == published


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        ({"no": "777"}, ("person_unknown", "no")),
        ({"text": " \n"}, ("objection_empty", "text")),
        ({"today": DEADLINE + timedelta(days=1)}, ("objection_late", "text")),
    ],
)
def test_what_is_no_objection(month: Hall, ledger: Ledger, details: dict[str, Any], expected: tuple[str, str]) -> None:
    review(month, ledger)
    assert refusal(object_, month, **details) == expected
    assert object_(month, today=DEADLINE) == "new"


def test_an_objection_is_answered_once_and_in_words(month: Hall, ledger: Ledger) -> None:
    review(month, ledger)
    object_(month)
    settle = {"objection": "o1", "upheld": True}
    assert refusal(do, month, months.settle_objection, answer=" ", **settle) == ("answer_empty", "answer")
    assert refusal(do, month, months.settle_objection, objection="o2", upheld=True, answer="是") == (
        "objection_unknown",
        "objection",
    )
    do(month, months.settle_objection, answer="查看监控属实", **settle)
    assert refusal(do, month, months.settle_objection, answer="再看", **settle) == ("objection_settled", "objection")
    assert month.book().months.open_objections(MONTH) == []


def test_an_objection_raised_while_the_director_looks_still_needs_a_reason(month: Hall, ledger: Ledger) -> None:
    review(month, ledger)
    object_(month)
    assert refusal(publish, month, ledger, open_questions=[], reason=" ") == ("questions_open", "reason")
    assert publish(month, ledger, open_questions=[]).open_questions == ("objection_open",)


def test_agreement_is_of_one_showing_and_may_be_given_twice(month: Hall, ledger: Ledger) -> None:
    review(month, ledger)
    assert do(month, months.confirm, month=MONTH, no="0102") == "new"
    assert do(month, months.confirm, month=MONTH, no="102") == "repeated"
    assert [entry.fact.no for entry in month.book().months.confirmations(MONTH)] == ["102"]
    review(month, ledger)
    assert month.book().months.confirmations(MONTH) == []


def test_publishing_over_open_questions_needs_a_reason_that_is_sealed(month: Hall, ledger: Ledger) -> None:
    review(month, ledger)
    assert refusal(publish, month, ledger, reason="  ") == ("questions_open", "reason")
    published = publish(month, ledger)
    assert published.open_questions == ("unknown_pin",)
    assert OVER_IT.encode() not in b"".join(row.state for row in month.store.read(0, 1000))
    assert (ledger.published(MONTH) or {})["reason"] == OVER_IT


def test_nothing_open_needs_no_reason(month: Hall, ledger: Ledger) -> None:
    review(month, ledger)
    assert publish(month, ledger, open_questions=[], reason="").reason is None


@pytest.mark.parametrize("number", ["2026年12号", "〔2026〕012号", "〔26〕12号", "〔2026〕0号", "[2026]12号"])
def test_a_number_is_written_as_offices_write_it(month: Hall, ledger: Ledger, number: str) -> None:
    review(month, ledger)
    assert refusal(publish, month, ledger, number=number) == ("number_malformed", "number")


def test_numbers_continue_over_bulletins_and_notices_and_are_never_given_twice(month: Hall, ledger: Ledger) -> None:
    review(month, ledger)
    assert publish(month, ledger, number="〔2026〕12号").number == "〔2026〕12号"
    do(month, corrections.approve, no="102", date=date(2026, 3, 4), session="am", mark="on")
    taken = refusal(office.amend, month, ledger, MONTH, "office", reason="补卡", number="〔2026〕12号")
    assert taken == ("number_taken", "number")
    year = office.today_in(month, MONTH).year
    assert office.amend(month, ledger, MONTH, "office", reason="补卡").number == f"〔{year}〕13号"
    assert months.next_number(month.book().months, year + 1) == f"〔{year + 1}〕1号"


def test_of_two_managers_who_publish_at_once_one_is_refused(month: Hall, ledger: Ledger) -> None:
    review(month, ledger)
    outcomes = at_once(lambda name: office.publish(month, Ledger(month), MONTH, f"user:{name}", reason=OVER_IT).number)
    assert set(outcomes) == {f"〔{office.today_in(month, MONTH).year}〕1号", "month_published"}
    assert len(list(month.book().months.published)) == 1


def test_two_managers_who_amend_at_once_do_not_tell_one_change_twice(month: Hall, ledger: Ledger) -> None:
    review(month, ledger)
    publish(month, ledger)
    do(month, corrections.approve, no="102", date=date(2026, 3, 4), session="am", mark="on")
    outcomes = at_once(lambda name: office.amend(month, Ledger(month), MONTH, f"user:{name}", reason="补卡").number)
    refused = [outcome for outcome in outcomes if not outcome.startswith("〔")]
    assert len(refused) == 1
    assert set(refused) <= {"amended_meanwhile", "nothing_to_amend"}
    assert len(list(month.book().months.amended)) == 1


def at_once(deed: Any) -> list[str]:
    start = Barrier(2)

    def run(name: str) -> str:
        start.wait()
        try:
            return str(deed(name))
        except Refused as refused:
            return refused.code

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run, ["zhou", "zheng"]))


def test_what_moved_since_the_page_was_opened_is_not_published(month: Hall, ledger: Ledger) -> None:
    office.open_review(month, ledger, MONTH, "office")
    seen = office.seal_of(ledger.edition(MONTH))
    do(month, corrections.approve, no="102", date=date(2026, 3, 4), session="am", mark="on")
    moved = refusal(office.publish, month, ledger, MONTH, "office", reason=OVER_IT, seen=seen)
    assert moved == ("month_moved", "seen")
    again = office.seal_of(ledger.edition(MONTH))
    assert office.publish(month, ledger, MONTH, "office", reason=OVER_IT, seen=again).month == MONTH


def test_facts_of_another_month_do_not_move_the_page(month: Hall, ledger: Ledger) -> None:
    seen = office.seal_of(ledger.edition(MONTH))
    month.receive([punched("102", datetime(2026, 4, 10, 8, 45))], "terminal:A001")
    assert office.seal_of(ledger.edition(MONTH)) == seen


def test_a_published_month_stays_byte_for_byte(month: Hall, ledger: Ledger) -> None:
    review(month, ledger)
    publish(month, ledger)
    before = json.dumps(ledger.month(MONTH), ensure_ascii=False)
    month.receive([LATE_PUNCH], "terminal:A001")
    do(month, corrections.approve, no="102", date=date(2026, 3, 4), session="am", mark="on")
    do(month, policy.put_in_force, text=POLICY.replace("grace_minutes = 0", "grace_minutes = 9"))
    assert json.dumps(ledger.month(MONTH), ensure_ascii=False) == before
    ledger.rebuild()
    assert json.dumps(ledger.month(MONTH), ensure_ascii=False) == before
    assert ledger.differences(MONTH) != []


def test_the_command_line_prints_the_published_month_whatever_came_later(month: Hall, ledger: Ledger) -> None:
    review(month, ledger)
    publish(month, ledger)
    before = printed(month.folder.data)
    do(month, corrections.approve, no="102", date=date(2026, 3, 4), session="am", mark="on")
    assert printed(month.folder.data) == before


def printed(data: Path) -> bytes:
    command = [sys.executable, "-m", "api.cli", "--data", str(data), "month", MONTH, "--json"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def test_a_policy_of_mid_month_leaves_the_month_alone_and_is_told(month: Hall, ledger: Ledger) -> None:
    before = ledger.month(MONTH)["ranking"]
    changed = re.sub(r"effective_from = \S+", "effective_from = 2026-03-16", POLICY, count=1)
    changed = changed.replace("missing_punch_points = ", "missing_punch_points = 1", 1)
    do(month, policy.put_in_force, text=changed)
    assert ledger.month(MONTH)["ranking"] == before
    assert [one["since"] for one in ledger.completeness(MONTH) if one["kind"] == "policy_changed"] == ["2026-03-16"]
    assert "policy_changed" not in [one["kind"] for one in ledger.completeness("2026-04")]


def test_the_amendment_says_exactly_what_changed(month: Hall, ledger: Ledger) -> None:
    review(month, ledger)
    publish(month, ledger)
    do(month, corrections.approve, no="102", date=date(2026, 3, 4), session="am", mark="on", reason="系统故障")
    amended = office.amend(month, ledger, MONTH, "user:director", reason="补卡获批")
    told = {(change["part"], change["subject"]) for change in amended.changes}
    assert told == {
        ("off_the_list", "102"),
        ("lateness", "102 2026-03-04 am"),
        ("ranking", "102"),
        ("windows", "公安窗口"),
    }
    hers = next(change for change in amended.changes if change["part"] == "ranking")
    assert (hers["before"]["score"], hers["after"]["score"]) == ("96.00", "97.00")
    assert refusal(office.amend, month, ledger, MONTH, "office", reason="再来") == ("nothing_to_amend", "month")


def test_an_amendment_gives_its_reason(month: Hall, ledger: Ledger) -> None:
    review(month, ledger)
    publish(month, ledger)
    do(month, corrections.approve, no="102", date=date(2026, 3, 4), session="am", mark="on")
    assert refusal(office.amend, month, ledger, MONTH, "office", reason=" ") == ("amendment_needs_reason", "reason")


def test_the_editors_paragraphs_are_frozen_with_the_month(month: Hall, ledger: Ledger) -> None:
    do(month, bulletins.edit, month=MONTH, section="closing", text="请各窗口对照整改。")
    review(month, ledger)
    office.publish(month, ledger, MONTH, "user:director", reason=OVER_IT)
    frozen = month.book().months.published.find("month", MONTH)[0].fact.edition
    sealed = bulletins.sealed_texts(frozen, "paragraphs")["closing"]
    assert month.opened(sealed) == "请各窗口对照整改。"
