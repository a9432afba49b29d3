"""What a policy must hold to before a hall is judged by it. Every refusal names the key at fault."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from attendance.facts import Refused

if TYPE_CHECKING:
    from attendance.policy import Hourly, Policy, Schedule, Summer

Number = Decimal | int
LARGEST = 1_000_000
MOST_PLACES = 6
MAY_BE_NEGATIVE = ("base.score_floor",)
"""Where points are taken without end (扣分不封顶), a score may fall below zero."""
RATIOS = ("ranking.eligible_min_attended_ratio", "prize.quota_ratio")
SOME_DAY = date(2024, 2, 29)
"""In a leap year, so that every day of a year can be written."""
WEEK = 7


def check(policy: "Policy") -> None:
    """Raises Refused for the first thing that cannot be applied, or would be applied otherwise than it reads."""
    for key, number in _numbers(policy, ""):
        _check_number(key, number)
    _check_zone(policy.meta.timezone)
    _check_weights(policy)
    _check_repeats(policy)
    _check_categories(policy)
    _check_tiers(policy)
    _check_prizes(policy)
    if policy.schedule:
        _check_schedule(policy.schedule)


def _numbers(value: object, key: str) -> Iterator[tuple[str, Number]]:
    """Every number of the policy under its dotted key."""
    if isinstance(value, msgspec.Struct):
        for field in msgspec.structs.fields(value):
            inner = f"{key}.{field.encode_name}".lstrip(".")
            yield from _numbers(getattr(value, field.name), inner)
    elif isinstance(value, list):
        for item in value:
            yield from _numbers(item, key)
    elif isinstance(value, Decimal | int) and not isinstance(value, bool):
        yield key, value


def _check_number(key: str, number: Number) -> None:
    exact = Decimal(number)
    if not exact.is_finite() or exact.copy_abs() > LARGEST or exact != round(exact, MOST_PLACES):
        raise Refused("policy_number", key, key=key, value=_short(number), largest=LARGEST, places=MOST_PLACES)
    if exact < 0 and key not in MAY_BE_NEGATIVE:
        raise Refused("policy_negative", key, key=key, value=number)
    most = MOST_PLACES if key == "base.decimals" else 1 if key.endswith(RATIOS) else LARGEST
    if exact > most:
        raise Refused("policy_above", key, key=key, value=number, most=most)


def _short(number: Number) -> str:
    """A number that may be a million digits long, for a sentence."""
    return str(number) if isinstance(number, Decimal) else f"{Decimal(number):.6g}"


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise Refused("policy_zone", "meta.timezone", key="meta.timezone", value=name) from error


def _check_weights(policy: "Policy") -> None:
    weights = sum((category.weight for category in policy.category), Decimal(0))
    if weights != policy.base.person:
        raise Refused("policy_weights", "category.weight", total=weights, expected=policy.base.person)
    if not policy.composite.daily:  # the one part that everybody has: without it a score would be nothing by nothing
        raise Refused("policy_zero", "composite.daily", key="composite.daily")


def _check_repeats(policy: "Policy") -> None:
    for key, values in (
        ("category.id", [category.id for category in policy.category]),
        ("finding.code", [finding.code for finding in policy.finding]),
        ("bonus.code", [item.code for item in policy.bonus]),
        ("leave.types.id", [leave.id for leave in policy.leave.types]),
        ("prize.name", [prize.name for prize in policy.prize]),
    ):
        if repeated := next((value for value in values if values.count(value) > 1), None):
            raise Refused("policy_repeats", key, key=key, value=repeated)
        if "" in values:
            raise Refused("policy_key_missing", key, key=key)
    if nameless := next((leave.id for leave in policy.leave.types if not leave.symbol), None):
        key = f"leave.types.symbol ({nameless})"
        raise Refused("policy_key_missing", key, key=key)


def _check_categories(policy: "Policy") -> None:
    known = {category.id for category in policy.category} | {"discipline"}
    named = [(f"finding.category ({finding.code})", finding.category) for finding in policy.finding]
    named += [
        ("evaluation.category", policy.evaluation.category),
        ("case_timeout.category", policy.case_timeout.category),
    ]
    for key, category in named:
        if category not in known:
            raise Refused("policy_category", key, key=key, value=category)


def _check_tiers(policy: "Policy") -> None:
    for name in ("late_tiers", "early_tiers"):
        minutes = [tier.max_minutes for tier in getattr(policy.attendance, name)]
        key = f"attendance.{name}"
        if not minutes:
            raise Refused("policy_empty", key, key=key)
        if len(set(minutes)) < len(minutes):
            raise Refused("policy_repeats", key, key=f"{key}.max_minutes", value=max(minutes, key=minutes.count))


def _check_prizes(policy: "Policy") -> None:
    """A prize says in one way how many it has; one with a rule is won by the rule."""
    for prize in policy.prize:
        if not prize.rule and (prize.quota is None) == (prize.quota_ratio is None):
            key = f"prize.quota ({prize.name})"
            raise Refused("policy_quota", key, key=key)


def _check_schedule(schedule: "Schedule") -> None:
    friday = schedule.friday
    if not 1 <= friday.weekday <= WEEK:
        raise Refused("policy_weekday", key="schedule.friday.weekday", value=friday.weekday)
    shorter = timedelta(minutes=friday.pm_end_earlier_minutes if friday.enabled else 0)
    _check_hours("schedule.default", schedule.default, shorter)
    if summer := schedule.summer:
        _check_hours("schedule.summer", summer, shorter)
        _check_days_of_year("schedule.summer", summer.start, summer.to)


def _check_hours(key: str, hours: "Hourly | Summer", shorter: timedelta) -> None:
    """Morning before afternoon, each with some time in it, also on the day that ends earlier."""
    try:
        on, noon, after, off = (datetime.combine(SOME_DAY, time.fromisoformat(at)) for at in (*hours.am, *hours.pm))
    except ValueError as error:
        raise Refused("policy_key_wrong", key, key=key, problem=error) from error
    off -= shorter
    for first, second, apart in ((on, noon, True), (noon, after, False), (after, off, True)):
        if second < first or (apart and second == first):
            raise Refused("policy_order", key, key=key, first=f"{first:%H:%M}", second=f"{second:%H:%M}")


def _check_days_of_year(key: str, start: str, end: str) -> None:
    for day in (start, end):
        try:
            date.fromisoformat(f"{SOME_DAY.year}-{day}")
        except ValueError as error:
            raise Refused("policy_day", key, key=key, value=day) from error
    if end < start:
        raise Refused("policy_order", key, key=key, first=start, second=end)
