"""The month as the contract shows it (design.md 5.5), by staff number; names are put in when it is read."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from attendance.rules.month import MonthResult, standing_posting, weigh
from attendance.rules.person_month import MonthRules
from attendance.rules.score import shown
from attendance.rules.tally import Because, Charge, Tally

Json = dict[str, Any]
MONTH_KEYS = (
    "month",
    "state",
    "workdays",
    "as_of",
    "policy",
    "full_attendance",
    "off_the_list",
    "lateness",
    "findings",
    "ranking",
    "unranked",
    "windows",
    "prizes",
    "open_questions",
)
"""What the contract shows of a month (design.md 5.5)."""


def month_body(rules: MonthRules, tallies: Iterable[Tally]) -> Json:
    """The month's lists, ranking, windows and prizes."""
    result = weigh(rules, tallies)
    meta = rules.policy.meta
    return {
        "month": rules.month,
        "state": "open",
        "workdays": [_date(day) for day in rules.workdays],
        "policy": {"id": meta.id, "version": meta.version, "sha256": rules.policy.sha256},
        "full_attendance": [{"no": no, "window": _window(rules, no)} for no in result.full_attendance],
        "off_the_list": [
            {"no": off.no, "window": _window(rules, off.no), "because": _because(off.because)}
            for off in result.off_the_list
        ],
        "lateness": _lateness(result),
        "findings": _findings(rules),
        "ranking": _ranking(result, rules.policy.base.decimals),
        "unranked": [{"no": one.no, "reason": one.reason} for one in result.unranked],
        "windows": _windows(result, rules.policy.base.decimals),
        "prizes": [{"prize": one.prize, "scope": one.scope, "winner": one.winner} for one in result.prizes],
    }


def _window(rules: MonthRules, no: str) -> str:
    return standing_posting(rules, no).window


def _because(because: Because) -> Json:
    return {"date": _date(because.day), "session": because.session, "symbol": because.symbol}


def _lateness(result: MonthResult) -> list[Json]:
    return [
        {
            "date": _date(late.day),
            "session": late.session,
            "no": no,
            "window": late.window,
            "minutes": late.minutes,
            "relief_for": late.relief_for,
            "evidence": _ids(late.evidence),
        }
        for no, late in result.lateness
    ]


def _findings(rules: MonthRules) -> list[Json]:
    """Every finding of the month, in the order of what was seen, whatever became of it."""
    patrol = rules.book.patrol
    noted = sorted(
        patrol.findings.find("month", rules.month), key=lambda entry: (entry.fact.seen_at, entry.fact.finding)
    )
    return [
        {
            "seen_at": entry.fact.seen_at.isoformat(" "),
            "window": entry.fact.window,
            "no": entry.fact.no or None,
            "code": entry.fact.code,
            "state": patrol.state(entry.fact.finding),
            "evidence": [str(entry.id)],
        }
        for entry in noted
    ]


def _ranking(result: MonthResult, decimals: int) -> list[Json]:
    return [
        {
            "rank": one.rank,
            "no": one.no,
            "window": one.window,
            "score": str(one.sum.score),
            "deductions": shown(one.sum.deductions, decimals),
            "bonus": shown(one.sum.bonus.capped, decimals),
            "lines": [_line(line) for line in one.lines],
        }
        for one in result.ranking
    ]


def _line(line: Charge) -> Json:
    points = format(line.points.normalize(), "f")
    return {"date": _date(line.day), "rule": line.rule, "points": points, "evidence": _ids(line.evidence)}


def _windows(result: MonthResult, decimals: int) -> list[Json]:
    return [
        {
            "rank": one.rank,
            "window": one.window,
            "score": str(one.sum.score),
            "deductions": shown(one.sum.deductions, decimals),
            "bonus": shown(one.sum.bonus.capped, decimals),
        }
        for one in result.windows
    ]


def _date(day: int) -> str:
    return date.fromordinal(day).isoformat()


def _ids(facts: Iterable[UUID]) -> list[str]:
    return [str(fact) for fact in facts]
