"""One person's score, step by step: categories, parts, bonus, veto (scoring.md, A person's score)."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from attendance.policy import BonusItem
from attendance.rules.month import RankedPerson, scales, standing_posting, weigh
from attendance.rules.person_month import MonthRules
from attendance.rules.score import CategoryKept, shown
from attendance.rules.tally import Tally

Json = dict[str, Any]


def person_arithmetic(rules: MonthRules, tallies: Iterable[Tally], rank: int, no: str) -> Json:
    """One person's sum alone, at a rank known already."""
    weighing = scales(rules, tallies)
    window = standing_posting(rules, no).window
    return _sum(RankedPerson(rank, no, window, weighing.score(no), weighing.lines(no)), rules)


def arithmetic(rules: MonthRules, tallies: Iterable[Tally]) -> dict[str, Json]:
    """The sum of everyone who is ranked, by staff number."""
    return {one.no: _sum(one, rules) for one in weigh(rules, tallies).ranking}


def _sum(one: RankedPerson, rules: MonthRules) -> Json:
    decimals, total = rules.policy.base.decimals, one.sum
    items = rules.policy.bonus_items()
    return {
        "rank": one.rank,
        "categories": [_category(kept, decimals) for kept in total.categories],
        "daily": shown(total.parts[0].value, decimals),
        "parts": [
            {"part": part.name, "weight": str(float(part.weight)), "value": shown(part.value, decimals)}
            for part in total.parts
        ],
        "composite": shown(total.composite, decimals),
        "bonus": [_bonus(items[code], count, decimals) for code, count in total.counts.items() if code in items],
        "bonus_raw": shown(total.bonus.uncapped, decimals),
        "bonus_total": shown(total.bonus.capped, decimals),
        "vetoed": total.vetoed,
        "deductions": shown(total.deductions, decimals),
        "score": str(total.score),
    }


def _category(kept: CategoryKept, decimals: int) -> Json:
    return {
        "id": kept.id,
        "name": kept.name,
        "weight": shown(kept.weight, decimals),
        "deducted": shown(kept.deducted, decimals),
        "kept": shown(kept.kept, decimals),
    }


def _bonus(item: BonusItem, count: Fraction, decimals: int) -> Json:
    points = Fraction(item.points) * count
    return {
        "code": item.code,
        "name": item.name,
        "count": _count_text(count),
        "points": str(item.points),
        "earned": shown(points, decimals),
        "cap": str(item.cap_per_month),
        "capped": shown(min(Fraction(item.cap_per_month), points), decimals),
    }


def _count_text(count: Fraction) -> str:
    """A whole count, or a share of a joint claim as a fraction: 4, 2/3."""
    return str(count)
