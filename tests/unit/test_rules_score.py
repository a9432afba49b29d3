"""A person's and a window's score, step by step (scoring.md, A person's score; A window's score)."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hall_builder import ToldHall
from hypothesis import given
from hypothesis import strategies as st

from attendance.rules.score import rounded, shown


def hall_with(**policy: Any) -> ToldHall:
    """1001 keeps all of March."""
    hall = ToldHall(**policy)
    hall.staff("1001")
    hall.keeps("1001")
    return hall


def score(hall: ToldHall, no: str = "1001") -> str:
    return str(hall.ranked(no).sum.score)


# Categories.


def test_without_lines_everything_is_kept() -> None:
    hall = hall_with()
    assert score(hall) == "100.00"
    assert [(kept.id, int(kept.weight), int(kept.kept)) for kept in hall.ranked("1001").sum.categories] == [
        ("discipline", 30, 30),
        ("image", 15, 15),
        ("service", 25, 25),
        ("quality", 20, 20),
        ("integrity", 10, 10),
    ]


def test_each_line_lowers_its_own_category() -> None:
    hall = hall_with()
    hall.finding("phone", "03-02 10:00", "1001")
    hall.finding("badge", "03-02 10:00", "1001")
    hall.rating("不满意", "03-02", "1001")
    kept = {one.id: shown(one.kept, 2) for one in hall.ranked("1001").sum.categories}
    assert kept == {
        "discipline": "28.00",
        "image": "14.00",
        "service": "24.80",
        "quality": "20.00",
        "integrity": "10.00",
    }
    assert score(hall) == "96.80"


def test_a_category_is_emptied_and_no_further() -> None:
    hall = hall_with()
    for hour in (9, 10):
        hall.finding("extra_fee", f"03-02 {hour:02d}:10", "1001")
    assert score(hall) == "90.00"
    assert shown(hall.ranked("1001").sum.deductions, 2) == "20.00"


def test_without_the_floor_a_category_goes_below_nothing() -> None:
    hall = hall_with(base__category_floor=False)
    for hour in (9, 10):
        hall.finding("extra_fee", f"03-02 {hour:02d}:10", "1001")
    assert score(hall) == "80.00"


# Parts.

PARTS = {
    "daily alone": ([], "98.00"),
    "public too": ([("public", "80", "1001", "", 10)], "96.00"),  # (0.8 × 98 + 0.1 × 80) ÷ 0.9
    "peer too": ([("peer", "89", "1001", "", 0)], "97.00"),  # (0.8 × 98 + 0.1 × 89) ÷ 0.9
    "all three": ([("public", "80", "1001", "", 10), ("peer", "90", "1001", "", 0)], "95.40"),
    "the window's where the person has none": ([("public", "80", "", "税务窗口", 10)], "96.00"),
    "the person's before the window's": ([("peer", "50", "", "税务窗口", 0), ("peer", "89", "1001", "", 0)], "97.00"),
    "another window's is not theirs": ([("public", "80", "", "公安窗口", 10)], "98.00"),
    "another person's is not theirs": ([("peer", "50", "1002", "", 0)], "98.00"),
    "five samples are enough": ([("public", "80", "1001", "", 5)], "96.00"),
    "four are too few": ([("public", "80", "1001", "", 4)], "98.00"),
    "too few for the person leaves the window's": (
        [("public", "0", "1001", "", 4), ("public", "80", "", "税务窗口", 10)],
        "96.00",
    ),
    "a peer review needs no samples": ([("peer", "89", "1001", "", 0)], "97.00"),
}


@pytest.mark.parametrize(("reviews", "expected"), PARTS.values(), ids=PARTS.keys())
def test_missing_parts_give_their_weight_to_the_others(
    reviews: list[tuple[str, str, str, str, int]], expected: str
) -> None:
    hall = hall_with()
    hall.window("公安窗口")
    hall.finding("phone", "03-02 10:00", "1001")
    for kind, points, no, window, samples in reviews:
        hall.review(kind, points, no, window, samples)  # type: ignore[arg-type]
    assert score(hall) == expected


def test_the_window_whose_review_counts_is_that_of_the_last_posting() -> None:
    hall = ToldHall()
    hall.window("公安窗口")
    hall.staff("1001", end="03-15")
    hall.staff("1001", "公安窗口", start="03-16")
    hall.keeps("1001")
    hall.review("peer", "82", window="公安窗口")
    hall.review("peer", "10", window="税务窗口")
    assert hall.part("1001", "peer_review") == "82.00"
    assert score(hall) == "98.00"  # (0.8 × 100 + 0.1 × 82) ÷ 0.9


# Bonus.

BONUS = {
    "points × count": ([("door", 3)], "0.60"),
    "not above the item's cap": ([("door", 11)], "2.00"),
    "counts of a month are summed before the cap": ([("door", 6), ("door", 6)], "2.00"),
    "items are summed": ([("door", 3), ("speed_up", 4)], "1.00"),
    "not above the whole cap": ([("door", 99), ("overtime", 99), ("banner", 99)], "5.00"),
    "full attendance is never automatic": ([], "0.00"),
    "nor worth anything when claimed at no points": ([("full", 1)], "0.00"),
}


@pytest.mark.parametrize(("claims", "earned"), BONUS.values(), ids=BONUS.keys())
def test_what_a_person_earns(claims: list[tuple[str, int]], earned: str) -> None:
    hall = hall_with()
    for ordinal, (code, count) in enumerate(claims):
        hall.bonus(code, count, no="1001", ordinal=ordinal)
    assert shown(hall.ranked("1001").sum.bonus.capped, 2) == earned
    assert Decimal(score(hall)) == 100 + Decimal(earned)
    assert hall.ranked_window().sum.bonus.capped == 0


def test_the_uncapped_bonus_is_kept_for_ties() -> None:
    hall = hall_with()
    hall.bonus("door", 99, no="1001")
    assert shown(hall.ranked("1001").sum.bonus.uncapped, 2) == "19.80"


def two_windows(**policy: Any) -> ToldHall:
    hall = hall_with(**policy)
    hall.window("公安窗口")
    hall.staff("1002")
    hall.staff("2001", "公安窗口")
    hall.keeps("1002")
    hall.keeps("2001")
    return hall


def bonuses(hall: ToldHall) -> dict[str, str]:
    result = hall.month()
    earned = {one.no: one.sum.bonus.capped for one in result.ranking} | {
        one.window: one.sum.bonus.capped for one in result.windows
    }
    return {who: shown(points, 2) for who, points in sorted(earned.items())}


def test_a_windows_claim_counts_in_full_for_each_of_its_regulars() -> None:
    hall = two_windows()
    hall.bonus("door", 4, "税务窗口")
    assert bonuses(hall) == {"1001": "0.80", "1002": "0.80", "2001": "0.00", "税务窗口": "0.80", "公安窗口": "0.00"}


def test_a_joint_claim_is_shared_equally() -> None:
    hall = two_windows()
    hall.bonus("door", 3, "税务窗口", "公安窗口")
    assert bonuses(hall) == {"1001": "0.30", "1002": "0.30", "2001": "0.30", "税务窗口": "0.30", "公安窗口": "0.30"}


def test_shares_are_exact_until_the_last_rounding() -> None:
    hall = two_windows()
    hall.window("医保窗口")
    for ordinal in range(3):
        hall.bonus("door", 1, "税务窗口", "公安窗口", "医保窗口", ordinal=ordinal)
    assert hall.ranked("1001").sum.bonus.capped == Fraction(1, 5)


def test_a_window_named_twice_counts_once() -> None:
    hall = two_windows()
    hall.bonus("door", 4, "税务窗口", "税务窗口", "公安窗口")
    assert bonuses(hall)["税务窗口"] == bonuses(hall)["公安窗口"] == "0.40"


def test_a_claim_with_a_number_is_that_persons_alone() -> None:
    hall = two_windows()
    hall.bonus("door", 4, "税务窗口", no="2001")
    assert bonuses(hall) == {"1001": "0.00", "1002": "0.00", "2001": "0.80", "税务窗口": "0.00", "公安窗口": "0.00"}


def test_the_policy_may_leave_a_windows_bonus_to_the_window() -> None:
    hall = two_windows(bonus_total__window_bonus_to_person="none")
    hall.bonus("door", 4, "税务窗口")
    assert bonuses(hall)["1001"] == "0.00"
    assert bonuses(hall)["税务窗口"] == "0.80"


def test_a_windows_bonus_is_for_those_in_post_there_on_its_date() -> None:
    hall = ToldHall(ranking__exclude_new_staff_days=0)
    hall.window("公安窗口")
    hall.staff("1001", end="03-15")
    hall.staff("1001", "公安窗口", start="03-16")
    hall.staff("1002", start="03-16")
    hall.staff("9001", relief=True)
    for no in ("1001", "1002"):
        hall.keeps(no)
    hall.bonus("door", 1, "税务窗口", on_day="03-15")
    hall.bonus("overtime", 2, "税务窗口", on_day="03-16")
    assert bonuses(hall)["1001"] == "0.20"
    assert bonuses(hall)["1002"] == "0.40"


def test_claims_of_another_month_are_not_this_months() -> None:
    hall = hall_with()
    hall.bonus("door", 1, no="1001", on_day="02-28")
    hall.bonus("door", 1, no="1001", on_day="04-01")
    assert score(hall) == "100.00"


# Veto, floor, rounding.


def test_a_veto_caps_the_score() -> None:
    hall = hall_with()
    hall.veto("1001")
    assert score(hall) == "60.00"
    assert hall.ranked("1001").sum.vetoed


def test_a_veto_leaves_a_lower_score_as_it_is() -> None:
    hall = hall_with(veto__effects={"score_cap": 99.5})
    hall.finding("phone", "03-02 10:00", "1001")
    hall.veto("1001")
    assert score(hall) == "98.00"


def test_a_veto_comes_after_the_bonus() -> None:
    hall = hall_with()
    hall.bonus("banner", 2, no="1001")
    hall.veto("1001")
    assert score(hall) == "60.00"


def test_no_score_goes_below_the_floor() -> None:
    hall = hall_with(base__category_floor=False, base__score_floor=85)
    for hour in (9, 10):
        hall.finding("extra_fee", f"03-02 {hour:02d}:10", "1001")
    assert score(hall) == "85.00"


def test_the_floor_holds_for_the_vetoed_too() -> None:
    hall = hall_with(base__score_floor=70)
    hall.veto("1001")
    assert score(hall) == "70.00"


ROUNDED = [
    ("2.005", 2, "2.01"),
    ("2.0049999", 2, "2.00"),
    ("2.015", 2, "2.02"),
    ("99.995", 2, "100.00"),
    ("0.5", 0, "1"),
    ("1.5", 0, "2"),
    ("2.5", 0, "3"),
    ("0", 2, "0.00"),
    ("-0.005", 2, "-0.01"),
]


@pytest.mark.parametrize(("number", "decimals", "text"), ROUNDED)
def test_halves_are_rounded_up(number: str, decimals: int, text: str) -> None:
    assert shown(Fraction(number), decimals) == text
    assert rounded(Fraction(number), decimals) == Decimal(text)


@given(st.fractions(-1000, 1000), st.integers(0, 6))
def test_rounding_moves_a_number_by_half_a_unit_at_most(number: Fraction, decimals: int) -> None:
    assert abs(Fraction(rounded(number, decimals)) - number) <= Fraction(1, 2 * 10**decimals)


def test_a_score_is_rounded_once_at_the_end() -> None:
    hall = hall_with(base__decimals=1)
    hall.review("peer", "99.44", "1001")
    hall.review("public", "99.11", "1001")  # 80 + 9.944 + 9.911 = 99.855
    assert score(hall) == "99.9"


# Windows.


def test_a_windows_score_is_its_base_less_its_lines_and_its_capped_bonus() -> None:
    hall = two_windows()
    hall.finding("vacant", "03-02 10:00", window="税务窗口")
    hall.finding("phone", "03-02 11:00", "1001")
    hall.bonus("door", 3, "税务窗口")
    window = hall.ranked_window().sum
    assert (str(window.score), shown(window.deductions, 2), shown(window.bonus.capped, 2)) == ("96.60", "4.00", "0.60")


def test_a_windows_bonus_has_its_own_cap() -> None:
    hall = two_windows()
    for code in ("door", "overtime", "honor", "banner", "lost_found", "speed_up"):
        hall.bonus(code, 99, "税务窗口")
    assert shown(hall.ranked_window().sum.bonus.capped, 2) == "10.00"
    assert shown(hall.ranked("1001").sum.bonus.capped, 2) == "5.00"


def test_each_item_of_a_window_has_its_cap() -> None:
    hall = two_windows()
    hall.bonus("door", 99, "税务窗口")
    assert shown(hall.ranked_window().sum.bonus.capped, 2) == "2.00"


def test_a_window_has_no_categories_to_empty() -> None:
    hall = two_windows()
    for hour in (9, 10):
        hall.finding("extra_fee", f"03-02 {hour:02d}:10", window="税务窗口")
    assert str(hall.ranked_window().sum.score) == "80.00"


def test_a_window_does_not_go_below_the_floor_either() -> None:
    hall = two_windows(base__score_floor=95)
    hall.finding("extra_fee", "03-02 10:00", window="税务窗口")
    assert str(hall.ranked_window().sum.score) == "95.00"


def test_the_veto_of_a_person_is_not_the_windows() -> None:
    hall = two_windows()
    hall.veto("1001")
    assert str(hall.ranked_window().sum.score) == "100.00"
