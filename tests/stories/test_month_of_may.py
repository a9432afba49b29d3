"""A month from its sheets and punches to lists, ranking and prizes; every expectation was worked out by hand."""

from collections.abc import Iterator

import pytest
from may import MONTH, WORKDAYS, month_of_may, withdraw_the_badge

from projections.ledger import Json, Ledger


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    hall = month_of_may(tmp_path_factory.mktemp("may"))
    withdraw_the_badge(hall)
    yield Ledger(hall)
    hall.close()


@pytest.fixture(scope="module")
def may(ledger: Ledger) -> Json:
    return ledger.month(MONTH)


def test_the_workdays_leave_out_the_holiday_and_take_in_the_adjusted_saturday(may: Json) -> None:
    assert may["workdays"] == [day.isoformat() for day in WORKDAYS]
    assert (len(may["workdays"]), may["workdays"][0]) == (19, "2026-05-06")
    assert "2026-05-09" in may["workdays"]


def test_full_attendance(may: Json) -> None:
    """A bad rating, official leave, a finding, an outage and even a veto leave a person on this list."""
    assert [(row["no"], row["name"]) for row in may["full_attendance"]] == [
        ("1001", "钱桐雅"),
        ("3002", "郑可"),
        ("4001", "何远"),
    ]


def test_who_is_off_the_list_and_why(may: Json) -> None:
    assert {row["name"]: tuple(row["because"].values()) for row in may["off_the_list"]} == {
        "周宁": ("2026-05-12", "am", "迟"),
        "孙可岚": ("2026-05-13", "pm", "事"),
        "吴小满": ("2026-05-06", None, "未满月"),
        "许念": ("2026-05-25", "pm", "补"),
    }


def test_lateness_by_date_and_window(may: Json) -> None:
    told = ("date", "session", "name", "window", "minutes", "relief_for")
    assert [tuple(row[key] for key in told) for row in may["lateness"]] == [
        ("2026-05-12", "am", "周宁", "税务窗口", 12, None),
        ("2026-05-13", "pm", "李若茗", "公安窗口", 5, "2001"),
    ]


def test_findings_with_what_became_of_them(may: Json) -> None:
    assert [(row["seen_at"], row["name"], row["code"], row["state"]) for row in may["findings"]] == [
        ("2026-05-12 09:05:00", "周宁", "late", "noted"),
        ("2026-05-14 10:00:00", "许念", "badge", "withdrawn"),
        ("2026-05-21 10:20:00", "郑可", "phone", "noted"),
    ]


def test_the_ranking(may: Json) -> None:
    """钱桐雅 (0.8 × 99.8 + 0.1 × 90) ÷ 0.9 + 0.8; 郑可 (0.8 × 98 + 0.1 × 95) ÷ 0.9 + 0.3; 何远 is vetoed."""
    told = ("rank", "name", "score", "deductions", "bonus")
    assert [tuple(row[key] for key in told) for row in may["ranking"]] == [
        (1, "许念", "102.00", "0.00", "2.00"),
        (2, "钱桐雅", "99.51", "0.20", "0.80"),
        (3, "孙可岚", "99.30", "1.00", "0.30"),
        (4, "郑可", "97.97", "2.00", "0.30"),
        (5, "周宁", "97.91", "2.00", "0.80"),
        (6, "何远", "60.00", "0.00", "0.00"),
    ]


def test_every_point_stands_on_a_line(may: Json) -> None:
    """孙可岚 answers for the relief; 周宁's lateness, which terminal and inspector both saw, costs once."""
    assert {
        row["name"]: [(line["date"], line["rule"], line["points"]) for line in row["lines"]] for row in may["ranking"]
    } == {
        "许念": [],
        "钱桐雅": [("2026-05-18", "rating", "0.2")],
        "孙可岚": [("2026-05-13", "late", "1")],
        "郑可": [("2026-05-21", "finding:phone", "2")],
        "周宁": [("2026-05-12", "late", "2")],
        "何远": [],
    }


def test_a_line_opens_down_to_the_terminals_own_and_the_inspectors(ledger: Ledger, may: Json) -> None:
    (line,) = next(row["lines"] for row in may["ranking"] if row["name"] == "周宁")
    facts = [ledger.evidence(event)[-1] for event in line["evidence"]]
    by_topic = {fact["topic"]: fact for fact in facts}
    assert by_topic["punch"]["raw"].split("\t")[:2] == ["1002", "2026-05-12 09:12:30"]
    assert by_topic["finding.noted"]["fields"]["note"] == "九点零五分无人"
    assert by_topic["timetable.set"]["fields"]["session"] == "am"
    assert by_topic["staff.posted"]["fields"]["name"] == "周宁"


def test_who_is_not_ranked_and_why(may: Json) -> None:
    assert [(row["name"], row["reason"]) for row in may["unranked"]] == [("吴小满", "new"), ("李若茗", "relief")]


def test_the_windows(may: Json) -> None:
    """医保 and 公安 are equal but for 郑可 on the full-attendance list; 公安 bears the relief and an overdue case."""
    assert [(row["rank"], row["window"], row["score"], row["deductions"], row["bonus"]) for row in may["windows"]] == [
        (1, "不动产窗口", "100.00", "0.00", "0.00"),
        (2, "税务窗口", "98.60", "2.20", "0.80"),
        (3, "医保窗口", "98.30", "2.00", "0.30"),
        (4, "公安窗口", "98.30", "2.00", "0.30"),
    ]


def test_the_prizes(may: Json) -> None:
    assert [(row["prize"], row["winner"]) for row in may["prizes"]] == [
        ("一等奖", "4002"),
        ("二等奖", "1001"),
        ("三等奖", "2001"),
        ("优秀服务窗口", "不动产窗口"),
        ("流动红旗", "不动产窗口"),
        ("优质服务标兵", "4002"),
    ]


def test_one_persons_sum(ledger: Ledger) -> None:
    told = ledger.arithmetic(MONTH, "1001")
    assert told is not None
    kept = {one["id"]: (one["weight"], one["deducted"], one["kept"]) for one in told["categories"]}
    assert kept["service"] == ("25.00", "0.20", "24.80")
    assert kept["discipline"] == ("30.00", "0.00", "30.00")
    assert [(part["part"], part["value"]) for part in told["parts"]] == [("daily", "99.80"), ("public_review", "90.00")]
    assert [(one["code"], one["count"], one["earned"]) for one in told["bonus"]] == [("door", "4", "0.80")]
    assert (told["daily"], told["composite"], told["bonus_total"], told["score"]) == ("99.80", "98.71", "0.80", "99.51")


def test_the_veto_shows_in_the_sum(ledger: Ledger) -> None:
    told = ledger.arithmetic(MONTH, "4001")
    assert told is not None
    assert (told["vetoed"], told["composite"], told["score"]) == (True, "100.00", "60.00")


def test_a_day_sheet_as_the_contract_shows_it(ledger: Ledger) -> None:
    (sheet,) = [one for one in ledger.days(MONTH, "1002") if one["date"] == "2026-05-12"]
    assert sheet == {
        "no": "1002",
        "name": "周宁",
        "window": "税务窗口",
        "date": "2026-05-12",
        "sessions": [
            {
                "session": "am",
                "symbol": "迟",
                "on": {"due": "09:00", "punch": "09:12:30", "late_minutes": 12},
                "off": {"due": "12:00", "punch": "12:03:00", "early_minutes": 0},
                "excuse": None,
            },
            {
                "session": "pm",
                "symbol": "√",
                "on": {"due": "13:30", "punch": "13:21:00", "late_minutes": 0},
                "off": {"due": "17:00", "punch": "17:04:30", "early_minutes": 0},
                "excuse": None,
            },
        ],
        "unused": [],
    }


def test_the_days_of_leave_relief_and_outage(ledger: Ledger) -> None:
    symbols = {(one["no"], one["date"]): [s["symbol"] for s in one["sessions"]] for one in ledger.days(MONTH)}
    assert symbols["2001", "2026-05-13"] == ["√", "事"]
    assert symbols["9001", "2026-05-13"] == ["迟"]
    assert symbols["3002", "2026-05-20"] == ["公", "公"]
    assert symbols["4001", "2026-05-26"] == ["补", "√"]
    assert symbols["4002", "2026-05-25"] == ["√", "补"]
    assert len(symbols) == 19 * 6 + 10 + 1


def test_the_pin_that_is_nobodys_is_an_open_question(may: Json) -> None:
    (question,) = may["open_questions"]
    assert (question["kind"], question["subject"]) == ("unknown_pin", "GATE1/555")
    assert question["detail"]["punches"] == 1


def test_a_punch_that_came_by_two_roads_is_one(ledger: Ledger) -> None:
    punches = {one["sn"]: one["punches"] for one in ledger.terminals()}
    assert punches["GATE1"] == 19 * 4 * 5 - 2 - 4 - 1 + 10 * 4 + 2 + 1
