"""Score lines: what each judgement costs, whom it is charged to, and on what evidence (scoring.md, Score lines)."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple
from uuid import UUID

from attendance.facts import Entry
from attendance.localtime import second_of
from attendance.patrol import FindingNoted
from attendance.policy import FindingCode, Policy, Tier
from attendance.rules.day import ABSENT, DaySheet, Judged, Mark
from attendance.rules.punched import Punches

DISCIPLINE = "discipline"
MERGED_CODES = ("late", "absent")
"""Findings that say what the terminal says too: one fact costs once."""


class Cost(NamedTuple):
    """Points for one thing, before it is known who bears them."""

    rule: str
    points: Decimal
    window_points: Decimal
    category: str
    evidence: tuple[UUID, ...]


class Sighting(NamedTuple):
    """A standing finding of one person, as the rules see it."""

    at: int
    entry: Entry[FindingNoted]
    code: FindingCode


class Settled(NamedTuple):
    """A session after terminal and patrol were put together: its costs, and the finding that stands for it."""

    costs: list[Cost]
    finding: Sighting | None
    finding_evidence: tuple[UUID, ...]


def tier_points(minutes: int, tiers: Sequence[Tier]) -> Decimal:
    """The points of the first tier that holds the minutes, of the last one beyond them all."""
    ordered = sorted(tiers, key=lambda tier: tier.max_minutes)
    return next((tier.points for tier in ordered if minutes <= tier.max_minutes), ordered[-1].points)


def session_costs(judged: Judged, punches: Punches, posting: UUID, policy: Policy) -> list[Cost]:
    """What the terminals alone charge for a session."""
    rules = policy.attendance
    due_facts = (judged.due.session.source, posting)
    if judged.excused:
        return []
    if judged.symbol == ABSENT:
        return [_cost("absent_half_day", rules.absent_half_day_points, judged.marks(), punches, due_facts)]
    costs = []
    for mark in judged.marks():
        if mark.state == "late":
            points = tier_points(mark.minutes, rules.late_tiers)
            costs.append(_cost("late", points, [mark], punches, due_facts))
        elif mark.state == "early":
            points = tier_points(mark.minutes, rules.early_tiers)
            costs.append(_cost("early", points, [mark], punches, due_facts))
        elif mark.state == "missing":
            costs.append(_cost("missing_punch", rules.missing_punch_points, [], punches, due_facts))
    return costs


def _cost(rule: str, points: Decimal, marks: Iterable[Mark], punches: Punches, due_facts: tuple[UUID, ...]) -> Cost:
    """A line opens to the punches behind it, then to what made the mark due."""
    seen = [fact for mark in marks if mark.punch is not None for fact in punches.facts(mark.punch)]
    return Cost(rule, points, points, DISCIPLINE, tuple(dict.fromkeys([*seen, *due_facts])))


def finding_cost(sighting: Sighting, evidence: tuple[UUID, ...] = ()) -> Cost:
    code = sighting.code
    facts = (sighting.entry.id, *evidence)
    return Cost(f"finding:{code.code}", code.points, code.window_points, code.category, facts)


def dearest(sightings: Iterable[Sighting]) -> Sighting | None:
    """Of several findings for one session only the dearest counts, then the earliest, then by id."""
    return min(sightings, key=lambda one: (-one.code.points, one.at, one.entry.fact.finding), default=None)


def settle(costs: list[Cost], sightings: Sequence[Sighting]) -> Settled:
    """Terminal and patrol in one place: the finding stays if it is dearer than the terminals' lines, else they stay."""
    finding = dearest(sightings)
    if finding is None or not costs:
        return Settled(costs, finding, tuple(one.entry.id for one in sightings if one is not finding))
    seen = tuple(one.entry.id for one in sightings)
    if finding.code.points > sum((cost.points for cost in costs), Decimal(0)):
        facts = [fact for cost in costs for fact in cost.evidence]
        return Settled([], finding, tuple(dict.fromkeys([*seen, *facts])))
    return Settled([cost._replace(evidence=(*cost.evidence, *seen)) for cost in costs], None, ())


def holds(judged: Judged, second: int) -> bool:
    """Whether a moment lies in a session's span, before leave."""
    return judged.due.session.on <= second < judged.due.session.off


class ExtraLeave(NamedTuple):
    """Leave of one type beyond what the policy leaves free (莱芜: 事假超过 2 天)."""

    day: int
    points: Decimal
    evidence: tuple[UUID, ...]


def extra_leave(sheets: Iterable[DaySheet], policy: Policy) -> list[ExtraLeave]:
    """`points_per_extra_day` for each started day beyond `free_days_per_month`, dated the last such day."""
    found = []
    for leave in policy.leave.types:
        if leave.points_per_extra_day is None:
            continue
        taken, last, facts = _days_of(sheets, leave.id)
        beyond = taken - Fraction(leave.free_days_per_month)
        if beyond > 0:
            points = -(-beyond.numerator // beyond.denominator) * leave.points_per_extra_day
            found.append(ExtraLeave(last, points, tuple(dict.fromkeys(facts))))
    return found


def _days_of(sheets: Iterable[DaySheet], leave_type: str) -> tuple[Fraction, int, list[UUID]]:
    """Days of a leave type: a wholly excused session is its share of that day's sessions."""
    taken, last, facts = Fraction(0), 0, []
    for sheet in sheets:
        excused = [one for one in sheet.sessions if one.excused and one.due.excuse == leave_type]
        if excused:
            taken += Fraction(len(excused), sheet.owed)
            last = sheet.day
            facts += [cover.id for one in excused for cover in one.due.covers if cover.type == leave_type]
    return taken, last, facts


def sighting(entry: Entry[FindingNoted], code: FindingCode) -> Sighting:
    return Sighting(second_of(entry.fact.seen_at), entry, code)
