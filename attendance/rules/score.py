"""A person's and a window's score (scoring.md, A person's score; A window's score). Exact until the last rounding."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from attendance.book import Book
from attendance.policy import BonusItem, Policy
from attendance.ratings import ReviewReceived
from attendance.rules.tally import Charge

Counts = dict[str, Fraction]
"""How often each bonus item was earned, shares of joint claims included."""


@lru_cache(maxsize=4096)
def exact(number: Decimal) -> Fraction:
    """A decimal as a fraction; the same few stand in every policy and every line."""
    return Fraction(number)


class BonusSum(NamedTuple):
    """Bonus after the caps of its items and of the whole, and before any cap."""

    capped: Fraction
    uncapped: Fraction


class CategoryKept(NamedTuple):
    id: str
    name: str
    weight: Fraction
    deducted: Fraction
    kept: Fraction


class Part(NamedTuple):
    """One part of the composite: daily, public_review or peer_review."""

    name: str
    weight: Fraction
    value: Fraction


class PersonScore(NamedTuple):
    """A person's sum, with every step of it."""

    categories: list[CategoryKept]
    parts: list[Part]
    composite: Fraction
    counts: Counts
    bonus: BonusSum
    vetoed: bool
    deductions: Fraction
    score: Decimal


class WindowScore(NamedTuple):
    deductions: Fraction
    counts: Counts
    bonus: BonusSum
    score: Decimal


def rounded(number: Fraction, decimals: int) -> Decimal:
    """Half-up to the policy's decimals: what is printed is what is ranked."""
    exact = Fraction(number) * 10**decimals
    whole = abs(exact.numerator) * 2 + exact.denominator
    digits = whole // (2 * exact.denominator)
    return Decimal(-digits if exact < 0 else digits).scaleb(-decimals)


def shown(number: Fraction, decimals: int) -> str:
    return str(rounded(number, decimals).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP))


def person_score(
    charges: Sequence[Charge], reviews: list[Part], counts: Counts, vetoed: bool, policy: Policy
) -> PersonScore:
    """A person's score from their charges, the reviews that are valid for them, and their bonus counts."""
    categories = kept_by_category(charges, policy)
    daily = sum((category.kept for category in categories), Fraction(0))
    parts = [Part("daily", exact(policy.composite.daily), daily), *reviews]
    composite = weighted_mean(parts)
    bonus = bonus_sum(counts, policy.bonus_items(), policy.bonus_total.person_cap)
    score = composite + bonus.capped
    if vetoed:
        score = min(score, exact(policy.veto.effects.score_cap))
    score = max(score, exact(policy.base.score_floor))
    deductions = sum((exact(charge.points) for charge in charges), Fraction(0))
    return PersonScore(
        categories, parts, composite, counts, bonus, vetoed, deductions, rounded(score, policy.base.decimals)
    )


def kept_by_category(charges: Iterable[Charge], policy: Policy) -> list[CategoryKept]:
    """What is left of each category, not below 0 when `category_floor` (扣完为止)."""
    deducted: dict[str, Fraction] = {}
    for charge in charges:
        deducted[charge.category] = deducted.get(charge.category, Fraction(0)) + exact(charge.points)
    found = []
    for category in policy.category:
        weight, points = exact(category.weight), deducted.get(category.id, Fraction(0))
        kept = max(Fraction(0), weight - points) if policy.base.category_floor else weight - points
        found.append(CategoryKept(category.id, category.name, weight, points, kept))
    return found


def weighted_mean(parts: Iterable[Part]) -> Fraction:
    """Over the parts that exist: missing ones give their weight to the others (折算)."""
    listed = list(parts)
    weights = sum((part.weight for part in listed), Fraction(0))
    if not weights:
        return Fraction(0)
    return sum((part.weight * part.value for part in listed), Fraction(0)) / weights


class Reviewed:
    """A month's reviews, by whom they are about."""

    def __init__(self, reviews: Iterable[ReviewReceived]) -> None:
        self._of: dict[tuple[str, str, str], list[ReviewReceived]] = {}
        for row in reviews:
            about = (row.kind, row.no, "" if row.no else row.window)
            self._of.setdefault(about, []).append(row)

    def valid_for(self, no: str, window: str, policy: Policy) -> list[Part]:
        """Those that count for a person: their own before their window's."""
        parts = []
        for kind, name, weight in (
            ("public", "public_review", policy.composite.public_review),
            ("peer", "peer_review", policy.composite.peer_review),
        ):
            rows = [*self._of.get((kind, no, ""), ()), *self._of.get((kind, "", window), ())]
            chosen = next((row for row in rows if _enough(row, policy)), None)
            if chosen:
                parts.append(Part(name, exact(weight), exact(chosen.score)))
        return parts


def _enough(review: ReviewReceived, policy: Policy) -> bool:
    return review.kind == "peer" or review.samples >= policy.composite.public_review_min_samples


def bonus_sum(counts: Counts, items: Mapping[str, BonusItem], cap: Decimal) -> BonusSum:
    """Each item up to its cap, the sum up to the whole cap (苍南: 附加分加满为止)."""
    earned = [(items[code], exact(items[code].points) * count) for code, count in counts.items() if code in items]
    uncapped = sum((points for _, points in earned), Fraction(0))
    capped = sum((min(exact(item.cap_per_month), points) for item, points in earned), Fraction(0))
    return BonusSum(min(exact(cap), capped), uncapped)


class BonusCounts(NamedTuple):
    """Who earned what in a month."""

    people: dict[str, Counts]
    windows: dict[str, Counts]


def bonus_counts(book: Book, month: str, policy: Policy) -> BonusCounts:
    """A claim with a number is that person's; a claim of windows is shared equally among them, and with
    `window_bonus_to_person = "full"` each regular in post at a window on the date earns its whole share."""
    earned = BonusCounts({}, {})
    for entry in book.bonuses.find("month", month):
        claim = entry.fact
        if claim.no:
            _add(earned.people, claim.no, claim.code, Fraction(claim.count))
            continue
        windows = list(dict.fromkeys(claim.windows))
        for window in windows:
            share = Fraction(claim.count, len(windows))
            _add(earned.windows, window, claim.code, share)
            if policy.bonus_total.window_bonus_to_person == "full":
                for no in _regulars_at(book, window, claim.date.toordinal()):
                    _add(earned.people, no, claim.code, share)
    return earned


def _add(table: dict[str, Counts], who: str, code: str, share: Fraction) -> None:
    counts = table.setdefault(who, {})
    counts[code] = counts.get(code, Fraction(0)) + share


def _regulars_at(book: Book, window: str, day: int) -> list[str]:
    """Regular staff in post at a window on a day."""
    posted = {
        entry.fact.no
        for entry in book.people.find("window", window)
        if (entry.fact.start is None or entry.fact.start.toordinal() <= day)
        and (entry.fact.end is None or day <= entry.fact.end.toordinal())
    }
    return sorted(no for no in posted if not book.people.is_relief(no))


def window_score(charges: Iterable[Charge], counts: Counts, policy: Policy) -> WindowScore:
    """`base.window` less the window's lines, plus its capped bonus, not below `score_floor`."""
    deductions = sum((exact(charge.window_points) for charge in charges), Fraction(0))
    bonus = bonus_sum(counts, policy.bonus_items(), policy.bonus_total.window_cap)
    score = max(exact(policy.base.window) - deductions + bonus.capped, exact(policy.base.score_floor))
    return WindowScore(deductions, counts, bonus, rounded(score, policy.base.decimals))
