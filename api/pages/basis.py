"""The rule of the policy behind a charge, as a sentence: why it cost what it cost."""

from collections.abc import Iterator
from decimal import Decimal

from api.settings import Language
from api.text import say
from attendance.policy import HALF_DAY, Policy, Tier


def basis(rule: str, policy: Policy, language: Language) -> str:
    """What the policy says of a score line's rule; empty for a rule it does not have."""
    kind, _, code = rule.partition(":")
    attendance = policy.attendance
    if kind == "finding":
        found = policy.finding_codes().get(code)
        return _say("each", language, points=_points(found.points)) if found else ""
    if kind in ("late", "early"):
        tiers, over = (
            (attendance.late_tiers, attendance.late_over_is)
            if kind == "late"
            else (attendance.early_tiers, attendance.early_over_is)
        )
        return say("value.clause", language).join(_tiers(tiers, over, attendance.grace_minutes, language))
    each = {
        "missing_punch": attendance.missing_punch_points,
        "absent_half_day": attendance.absent_half_day_points,
        "rating": policy.evaluation.bad_verified_points,
    }
    if kind in each:
        return _say("each", language, points=_points(each[kind]))
    return _say("leave_extra", language) if kind == "leave_extra" else ""


def _tiers(tiers: list[Tier], over: str, grace: int, language: Language) -> Iterator[str]:
    first = grace + 1
    for tier in tiers:
        yield _say("tier", language, first=first, last=tier.max_minutes, points=_points(tier.points))
        first = tier.max_minutes + 1
    if over == HALF_DAY:
        yield _say("over", language, last=first - 1)


def _points(points: Decimal) -> str:
    return format(points.normalize(), "f")


def _say(key: str, language: Language, **details: object) -> str:
    return say(f"page.basis.{key}", language, **details)
