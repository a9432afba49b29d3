"""Who is ranked, in what order, and who wins (scoring.md, The ranking)."""

from typing import Any

import pytest
from hall_builder import ToldHall

from attendance.rules.awards import Candidate, awards, places, prize_slots


def hall_of(*numbers: str, **policy: Any) -> ToldHall:
    """People at 税务窗口 who keep all of March."""
    hall = ToldHall(**policy)
    for no in numbers:
        hall.staff(no)
        hall.keeps(no)
    return hall


# Who is not ranked, and why.


def test_a_stand_in_is_not_ranked() -> None:
    hall = hall_of("1001")
    hall.staff("9001", relief=True)
    assert (hall.ranks(), hall.unranked()) == (["1 1001"], ["9001 relief"])


def test_who_owed_nothing_is_not_ranked() -> None:
    hall = hall_of("1001")
    hall.window("公安窗口", end="02-28")
    hall.staff("1002", "公安窗口")
    assert hall.unranked() == ["1002 nothing_due"]


def test_who_was_not_in_post_is_not_mentioned() -> None:
    hall = hall_of("1001")
    hall.staff("1002", end="02-28")
    hall.staff("9001", end="02-28", relief=True)
    hall.finding("phone", "03-02 10:00", "1002", "税务窗口")
    assert (hall.ranks(), hall.unranked()) == (["1 1001"], [])
    assert hall.window_lines() == ["03-02 finding:phone 2"]


ATTENDED = {
    "half is enough": ("03-16", "sick", "03-17", True),  # 2 to 16 March is 11 of 22 workdays
    "less is not": ("03-15", "sick", "03-16", False),
    "absence without leave": ("03-15", "", "", False),
    "official leave is presence": ("03-15", "official", "03-16", True),
}


@pytest.mark.parametrize(("last", "kind", "away", "ranked"), ATTENDED.values(), ids=ATTENDED.keys())
def test_who_attended_less_than_half_is_not_ranked(last: str, kind: str, away: str, ranked: bool) -> None:
    hall = ToldHall()
    hall.staff("1001")
    hall.keeps("1001", last=last)
    if kind:
        hall.leave("1001", kind, away, "03-31")
    assert (hall.ranks(), hall.unranked()) == ((["1 1001"], []) if ranked else ([], ["1001 attendance"]))


def test_sessions_are_counted_singly() -> None:
    hall = ToldHall()
    hall.staff("1001")
    hall.keeps("1001", last="03-16")
    hall.leave("1001", "sick", "03-17", "03-31")
    hall.leave("1001", "sick", "03-02 09:00", "03-02 12:00")
    assert hall.unranked() == ["1001 attendance"]


NEW = {
    "fifteen workdays": ("03-11", "", True),
    "fourteen": ("03-12", "", False),
    "fifteen, but leaving": ("03-11", "03-30", False),
    "leaving after fifteen": ("03-10", "03-30", True),
    "long in post": ("2025-06-01", "", True),
    "joined before the calendar begins": ("2012-01-01", "", True),
    "joined late last month": ("02-27", "03-31", True),
    "without a date": ("", "03-03", True),
}


@pytest.mark.parametrize(("start", "end", "ranked"), NEW.values(), ids=NEW.keys())
def test_newcomers_are_not_ranked(start: str, end: str, ranked: bool) -> None:
    hall = ToldHall()
    hall.staff("1001", start=start, end=end)
    hall.keeps("1001")
    assert hall.unranked() == ([] if ranked else ["1001 new"])


def test_a_months_people_are_those_in_post_or_named_by_what_was_seen() -> None:
    hall = hall_of("1001")
    for no, start, end in (("1002", "", "02-28"), ("1003", "04-01", ""), ("1004", "03-31", ""), ("1005", "", "03-01")):
        hall.staff(no, start=start, end=end)
    assert hall.rules().people() == ["1001", "1004", "1005"]
    hall.finding("phone", "03-02 10:00", "1002")
    hall.rating("不满意", "03-02", "1003")
    hall.finding("vacant", "03-02 10:00", window="税务窗口")
    assert hall.rules().people() == ["1001", "1002", "1003", "1004", "1005"]


def test_a_transfer_is_no_new_beginning() -> None:
    hall = ToldHall()
    hall.window("公安窗口")
    hall.staff("1001", start="01-05", end="03-20")
    hall.staff("1001", "公安窗口", start="03-21")
    hall.keeps("1001")
    assert (hall.unranked(), hall.ranked("1001").window) == ([], "公安窗口")


def test_the_first_reason_that_holds_is_given() -> None:
    hall = ToldHall()
    hall.window("公安窗口", end="02-28")
    hall.staff("1001", start="03-30")
    hall.staff("1002", "公安窗口", start="03-30")
    hall.staff("9001", "公安窗口", start="03-30", relief=True)
    assert hall.unranked() == ["1001 attendance", "1002 nothing_due", "9001 relief"]


# The order, and ties.


def test_higher_scores_rank_higher() -> None:
    hall = hall_of("1001", "1002", "1003")
    hall.finding("phone", "03-02 10:00", "1001")
    hall.bonus("door", 1, no="1003")
    assert hall.ranks() == ["1 1003", "2 1002", "3 1001"]


def test_equals_share_a_rank_and_the_next_one_skips() -> None:
    hall = hall_of("1004", "1003", "1002", "1001")
    hall.bonus("door", 1, no="1003")
    hall.finding("phone", "03-02 10:00", "1002")
    assert hall.ranks() == ["1 1003", "2 1001", "2 1004", "4 1002"]


def test_what_is_printed_is_what_is_ranked() -> None:
    hall = hall_of("1001", "1002", base__decimals=0, ranking__tie_break=["score"])
    hall.bonus("door", 1, no="1002")
    assert hall.ranks() == ["1 1001", "1 1002"]


def test_at_equal_scores_fewer_deductions_rank_higher() -> None:
    hall = hall_of("1001", "1002")
    hall.finding("phone", "03-02 10:00", "1001")
    hall.bonus("banner", 2, no="1001")
    assert hall.ranks() == ["1 1002", "2 1001"]


def test_then_full_attendance() -> None:
    hall = hall_of("1001", "1002")
    hall.leave("1001", "sick", "03-02", "03-02")
    assert hall.ranks() == ["1 1002", "2 1001"]


def test_then_the_bonus_before_its_caps() -> None:
    hall = hall_of("1001", "1002")
    hall.bonus("door", 10, no="1001")
    hall.bonus("door", 11, no="1002")
    assert hall.ranks() == ["1 1002", "2 1001"]


def test_then_the_case_volume_of_the_unit() -> None:
    hall = hall_of("1001")
    hall.window("公安窗口", "公安局")
    hall.staff("2001", "公安窗口")
    hall.keeps("2001")
    hall.cases("税务窗口", total=10)
    hall.cases("公安局", total=11)
    assert hall.ranks() == ["1 2001", "2 1001"]


def test_a_unit_that_reported_no_cases_had_none() -> None:
    hall = hall_of("1001")
    hall.window("公安窗口", "公安局")
    hall.staff("2001", "公安窗口")
    hall.keeps("2001")
    hall.cases("公安局", total=1)
    assert hall.ranks() == ["1 2001", "2 1001"]


def test_only_the_policys_reasons_break_ties() -> None:
    hall = hall_of("1001", "1002", ranking__tie_break=["score", "case_volume"])
    hall.leave("1001", "sick", "03-02", "03-02")
    assert hall.ranks() == ["1 1001", "1 1002"]


def test_the_policys_reasons_hold_in_its_order() -> None:
    hall = hall_of("1001", "1002", ranking__tie_break=["score", "full_attendance", "deductions_asc"])
    hall.finding("phone", "03-02 10:00", "1001")
    hall.bonus("banner", 2, no="1001")
    hall.leave("1002", "sick", "03-02", "03-02")
    assert hall.ranks() == ["1 1001", "2 1002"]


@pytest.mark.parametrize(
    ("keys", "ranks"),
    [([], []), ([5], [1]), ([5, 5, 5], [1, 1, 1]), ([1, 3, 3, 2], [1, 1, 3, 4]), ([2, 2, 1, 1], [1, 1, 3, 3])],
)
def test_competition_ranks(keys: list[int], ranks: list[int]) -> None:
    assert [place.rank for place in places([(key,) for key in keys])] == ranks


# Windows.


def windows(hall: ToldHall) -> list[str]:
    return [f"{one.rank} {one.window}" for one in hall.month().windows]


def three_windows() -> ToldHall:
    hall = hall_of("1001")
    for number, name in ((2001, "公安窗口"), (3001, "医保窗口")):
        hall.window(name)
        hall.staff(str(number), name)
        hall.keeps(str(number))
    return hall


def test_windows_that_equal_each_other_stand_in_the_files_order() -> None:
    assert windows(three_windows()) == ["1 税务窗口", "1 公安窗口", "1 医保窗口"]


def test_windows_are_listed_when_open_at_the_months_end() -> None:
    hall = three_windows()
    hall.window("旧窗口", end="03-30")
    hall.window("新窗口", start="03-31")
    hall.window("未来窗口", start="04-01")
    assert {name.split()[1] for name in windows(hall)} == {"税务窗口", "公安窗口", "医保窗口", "新窗口"}


def test_windows_rank_by_score_then_deductions() -> None:
    hall = three_windows()
    hall.finding("vacant", "03-02 10:00", window="税务窗口")
    hall.bonus("door", 10, "税务窗口")
    hall.finding("badge", "03-02 10:00", window="医保窗口")
    assert windows(hall) == ["1 公安窗口", "2 税务窗口", "3 医保窗口"]


def test_then_by_anyone_on_the_full_attendance_list() -> None:
    hall = three_windows()
    hall.leave("1001", "sick", "03-02", "03-02")
    assert windows(hall) == ["1 公安窗口", "1 医保窗口", "3 税务窗口"]
    hall.staff("1002")
    hall.keeps("1002")
    assert windows(hall) == ["1 税务窗口", "1 公安窗口", "1 医保窗口"]


def test_then_by_the_bonus_before_its_caps() -> None:
    hall = three_windows()
    for name, count in (("税务窗口", 10), ("公安窗口", 11), ("医保窗口", 12)):
        hall.bonus("door", count, name)
    assert windows(hall) == ["1 医保窗口", "2 公安窗口", "3 税务窗口"]


# Prizes.


def ranking(*ranks: int, vetoed: tuple[int, ...] = ()) -> list[Candidate]:
    """People in order of rank, each at a window of their own."""
    return [Candidate(f"P{i}", rank, f"W{i}", i in vetoed) for i, rank in enumerate(ranks, 1)]


PRIZES = {
    "one, two, three": (ranking(1, 2, 3, 4), "一P1 二P2 三P3 旗W1 标P1"),
    "two firsts and no second": (ranking(1, 1, 3, 4), "一P1 一P2 三P3 旗W1 旗W2 标P1 标P2"),
    "three firsts": (ranking(1, 1, 1, 4), "一P1 一P2 一P3 旗W1 旗W2 旗W3 标P1 标P2 标P3"),
    "two seconds and no third": (ranking(1, 2, 2, 4), "一P1 二P2 二P3 旗W1 标P1"),
    "the vetoed take none and nobody moves up": (ranking(1, 2, 3, vetoed=(1,)), "二P2 三P3"),
    "a vetoed one among two firsts": (ranking(1, 1, 3, vetoed=(1,)), "一P2 三P3 旗W2 标P2"),
    "nobody": ([], ""),
    "one alone": (ranking(1), "一P1 旗W1 标P1"),
}


@pytest.mark.parametrize(("people", "expected"), PRIZES.values(), ids=PRIZES.keys())
def test_prizes_of_people(people: list[Candidate], expected: str) -> None:
    policy = ToldHall().policy
    short = {"一等奖": "一", "二等奖": "二", "三等奖": "三", "流动红旗": "旗", "优质服务标兵": "标"}
    assert " ".join(short[one.prize] + one.winner for one in awards(policy, people, [])) == expected


def test_two_firsts_of_one_window_give_it_one_flag() -> None:
    people = [Candidate("P1", 1, "W1"), Candidate("P2", 1, "W1")]
    flags = [one.winner for one in awards(ToldHall().policy, people, []) if one.prize == "流动红旗"]
    assert flags == ["W1"]


@pytest.mark.parametrize(("candidates", "slots"), [(1, 1), (4, 1), (7, 1), (8, 2), (12, 2), (13, 3), (20, 4)])
def test_a_ratio_of_candidates_is_rounded_half_up_and_at_least_one(candidates: int, slots: int) -> None:
    policy = ToldHall().policy
    fifth = next(prize for prize in policy.prize if prize.name == "优秀服务窗口")
    assert prize_slots(fifth, candidates) == slots


def test_half_a_slot_is_a_slot() -> None:
    tenth = next(prize for prize in ToldHall().policy.prize if prize.name == "优质服务标兵")
    assert [prize_slots(tenth, candidates) for candidates in (14, 15, 24, 25)] == [1, 2, 2, 3]


def test_windows_count_when_listed() -> None:
    hall = three_windows()
    for number in range(5):
        hall.window(f"窗口{number}")
    hall.bonus("door", 2, "公安窗口")
    hall.bonus("door", 1, "医保窗口")
    assert [prize for prize in hall.prizes() if prize.startswith("优秀")] == [
        "优秀服务窗口 公安窗口",
        "优秀服务窗口 医保窗口",
    ]


def test_a_prize_of_two_takes_two_ranks() -> None:
    prizes = [
        {"name": "一等奖", "quota": 1, "scope": "person"},
        {"name": "二等奖", "quota": 2, "scope": "person"},
        {"name": "优秀窗口", "quota": 1, "scope": "window"},
        {"name": "三等奖", "quota": 1, "scope": "person"},
    ]
    policy = ToldHall(prize=prizes).policy
    given = awards(policy, ranking(1, 2, 3, 4, 5), [Candidate("W", 1, "W")])
    assert [f"{one.prize} {one.winner}" for one in given] == [
        "一等奖 P1",
        "二等奖 P2",
        "二等奖 P3",
        "优秀窗口 W",
        "三等奖 P4",
    ]


def test_the_flag_follows_the_first_prize_for_people_wherever_it_is_listed() -> None:
    prizes = [
        {"name": "优秀窗口", "quota": 1, "scope": "window"},
        {"name": "流动红旗", "quota": 1, "scope": "window", "rule": "一等奖获得者所在窗口"},
        {"name": "一等奖", "quota": 1, "scope": "person"},
    ]
    given = awards(ToldHall(prize=prizes).policy, ranking(1, 2), [Candidate("W9", 1, "W9")])
    assert [f"{one.prize} {one.winner}" for one in given] == ["优秀窗口 W9", "流动红旗 W1", "一等奖 P1"]


def test_a_quota_goes_before_a_ratio_and_without_either_there_is_no_prize() -> None:
    prizes = [
        {"name": "一等奖", "quota": 2, "quota_ratio": 0.9, "scope": "person"},
        {"name": "口头表扬", "scope": "person"},
    ]
    given = awards(ToldHall(prize=prizes).policy, ranking(1, 2, 3), [])
    assert [f"{one.prize} {one.winner}" for one in given] == ["一等奖 P1", "一等奖 P2"]


def test_a_vetoed_person_keeps_the_rank_and_takes_no_prize() -> None:
    hall = hall_of("1001", "1002", "1003", veto__effects={"score_cap": 100})
    hall.bonus("door", 2, no="1001")
    hall.finding("phone", "03-02 10:00", "1003")
    hall.finding("badge", "03-02 10:00", "1002")
    hall.veto("1001")
    assert hall.ranks() == ["1 1001", "2 1002", "3 1003"]
    assert hall.prizes() == ["二等奖 1002", "三等奖 1003", "优秀服务窗口 税务窗口"]
