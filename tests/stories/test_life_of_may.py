"""May's life: shown, objected to, mended, shown again, published; then a punch comes late, and a notice corrects it."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from halls import do
from may import MONTH, month_of_may, withdraw_the_badge

from api import office
from attendance import corrections, months
from attendance.facts import Refused
from attendance.hall import Hall
from attendance.punches import Punched
from projections.ledger import Ledger

LATE = Punched(terminal="GATE1", pin="4002", at=datetime(2026, 5, 25, 17, 3), verify="15", raw="4002\t2026-05-25 17:03")


def lateness(body: dict[str, Any]) -> list[tuple[str, str]]:
    return [(row["date"], row["no"]) for row in body["lateness"]]


def full(body: dict[str, Any]) -> list[str]:
    return [row["no"] for row in body["full_attendance"]]


@pytest.fixture
def hall(tmp_path: Path) -> Any:
    opened = month_of_may(tmp_path)
    withdraw_the_badge(opened)
    yield opened
    opened.close()


def object_and_answer(hall: Hall) -> None:
    """周宁 was at her window; the terminal's clock ran fast. The office looks, and upholds it."""
    office.object_to(hall, MONTH, "1002", "user:zhouning", text="终端走快了，我八点五十五就到了", about="2026-05-12")
    (raised,) = hall.book().months.open_objections(MONTH)
    do(hall, months.settle_objection, objection=raised.fact.objection, upheld=True, answer="查看监控属实")
    do(hall, corrections.approve, no="1002", date=date(2026, 5, 12), session="am", mark="on", reason="异议成立")


def test_from_the_first_showing_to_the_correction_notice(hall: Hall) -> None:
    ledger = Ledger(hall)
    office.open_review(hall, ledger, MONTH, "user:office")
    assert ("2026-05-12", "1002") in lateness((ledger.in_review(MONTH) or {})["edition"])
    object_and_answer(hall)
    assert ("lateness", "1002 2026-05-12 am") in [(one["part"], one["subject"]) for one in ledger.differences(MONTH)]

    again = office.open_review(hall, ledger, MONTH, "user:office")
    assert again.round == 2
    assert ledger.differences(MONTH) == []
    do(hall, months.confirm, month=MONTH, no="1002")
    kinds = {one["kind"] for one in office.unsettled(ledger, MONTH)}
    assert {"unknown_pin", "review_running"} <= kinds
    with pytest.raises(Refused, match="questions_open"):
        office.publish(hall, ledger, MONTH, "user:office")
    published = office.publish(hall, ledger, MONTH, "user:office", number="〔2026〕12号", reason="PIN 555 是访客")
    assert lateness(published.edition) == [("2026-05-13", "9001")]

    as_published = ledger.month(MONTH)
    assert "4002" not in full(as_published)
    hall.receive([LATE], "terminal:GATE1")
    assert ledger.month(MONTH) == as_published
    changes = {(one["part"], one["subject"]): (one["before"], one["after"]) for one in ledger.differences(MONTH)}
    assert changes["full_attendance", "4002"] == (None, "不动产窗口")
    assert changes["off_the_list", "4002"] == ({"date": "2026-05-25", "session": "pm", "symbol": "补"}, None)
    (between,) = ledger.facts_since(MONTH, published.position)
    assert (between["topic"], between["people"], between["at"]) == ("punch", ["4002"], "2026-05-25 17:03:00")

    notice = office.amend(hall, ledger, MONTH, "user:office", reason="终端补传", number="〔2026〕13号")
    assert {(one["part"], one["subject"]) for one in notice.changes} == set(changes)
    amended = ledger.month(MONTH)
    assert amended["state"] == "amended"
    assert "4002" in full(amended)
    assert ledger.differences(MONTH) == []
    original = hall.book().months.published.find("month", MONTH)[0].fact
    assert "4002" not in full(original.edition)
    ledger.rebuild()
    assert ledger.month(MONTH) == amended
