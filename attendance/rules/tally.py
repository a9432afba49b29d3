"""One person's month: what was due and kept, what took them off the list, and every charge that follows."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

import msgspec

from attendance.book import Book
from attendance.facts import Entry
from attendance.localtime import DAY, second_of
from attendance.policy import FindingCode, LeaveType, Policy
from attendance.ratings import RatingReceived
from attendance.relief import ReliefArranged
from attendance.rules.day import ABSENT, KEPT, DaySheet, Judged
from attendance.rules.due import PersonDue, Stand, stands
from attendance.rules.lines import (
    DISCIPLINE,
    MERGED_CODES,
    Cost,
    Sighting,
    extra_leave,
    finding_cost,
    holds,
    session_costs,
    settle,
    sighting,
)
from attendance.rules.punched import Punches

BREAKING_STATES = frozenset({"late", "early", "missing"})


class Charge(msgspec.Struct, frozen=True, array_like=True):
    """One score line: points off a person, off a window, or both."""

    day: int
    rule: str
    category: str
    person: str
    points: Decimal
    window: str
    window_points: Decimal
    evidence: tuple[UUID, ...]


class Because(msgspec.Struct, frozen=True, array_like=True):
    """What took a person off the full-attendance list first."""

    day: int
    session: str | None
    symbol: str


class Lateness(msgspec.Struct, frozen=True, array_like=True):
    """An on-mark judged late."""

    day: int
    start: int
    session: str
    window: str
    minutes: int
    relief_for: str | None
    evidence: tuple[UUID, ...]


class Tally(msgspec.Struct, frozen=True):
    """What one person's month comes to."""

    no: str
    due: int
    attended: int
    because: Because | None
    lateness: list[Lateness]
    charges: list[Charge]


class Ruling(NamedTuple):
    """What tallying needs of policy and book."""

    book: Book
    policy: Policy
    leave_types: dict[str, LeaveType]
    codes: dict[str, FindingCode]


class Person(NamedTuple):
    """The person whose month is tallied."""

    no: str
    relief: bool
    stands: list[Stand]
    due: PersonDue
    punches: Punches


def tally(no: str, month: str, due: PersonDue, sheets: Sequence[DaySheet], punches: Punches, ruling: Ruling) -> Tally:
    """Everything a person's month comes to, before it is weighed against the others'."""
    person = Person(no, ruling.book.people.is_relief(no), stands(ruling.book, no), due, punches)
    settled = [(sheet, judged) for sheet in sheets for judged in sheet.sessions if _is_settled(judged)]
    charges = [
        *_session_and_finding_charges(person, month, settled, ruling),
        *_leave_charges(person, sheets, ruling),
        *_rating_charges(person, month, ruling),
    ]
    return Tally(
        no=no,
        due=len(settled),
        attended=sum(_attended(judged, ruling) for _, judged in settled),
        because=next((_because(sheet, one) for sheet, one in settled if breaks_full(one, ruling)), None),
        lateness=[_lateness(sheet, one, punches) for sheet, one in settled if one.on and one.on.state == "late"],
        charges=sorted(charges, key=lambda charge: (charge.day, charge.rule, charge.evidence)),
    )


def _is_settled(judged: Judged) -> bool:
    return judged.symbol == KEPT or "pending" not in judged.states()


def _attended(judged: Judged, ruling: Ruling) -> bool:
    """Not absent, and not wholly excused by a type that does not count as present."""
    if judged.excused:
        return ruling.leave_types[judged.due.covers[0].type].present
    return judged.symbol != ABSENT


def breaks_full(judged: Judged, ruling: Ruling) -> bool:
    """Whether a session takes a person off the full-attendance list (咸宁: 满勤即无迟到早退、无请假、无缺卡)."""
    if judged.symbol == KEPT:
        return False
    if any(ruling.leave_types[cover.type].breaks_full for cover in judged.due.covers):
        return True
    states = judged.states()
    if "corrected" in states and ruling.policy.attendance.correction.counts_against_full_attendance:
        return True
    return judged.symbol == ABSENT or bool(states & BREAKING_STATES)


def _because(sheet: DaySheet, judged: Judged) -> Because:
    return Because(sheet.day, judged.due.session.name, judged.symbol)


def _lateness(sheet: DaySheet, judged: Judged, punches: Punches) -> Lateness:
    session, on = judged.due.session, judged.on
    assert on is not None and on.punch is not None, "a late mark has a punch"
    relief_for = session.relief.fact.regular_no or None if session.relief else None
    return Lateness(
        sheet.day, session.on, session.name, session.window, on.minutes, relief_for, punches.facts(on.punch)
    )


def _session_and_finding_charges(
    person: Person, month: str, settled: Iterable[tuple[DaySheet, Judged]], ruling: Ruling
) -> list[Charge]:
    """Terminals' lines and findings; a finding `late` or `absent` and its session's lines are one charge."""
    findings = _sightings(person.no, month, ruling)
    merging = [one for one in findings if one.code.code in MERGED_CODES]
    charges = []
    for sheet, judged in settled:
        if judged.symbol == KEPT and not merging:
            continue
        mine = [one for one in merging if holds(judged, one.at)]
        merging = [one for one in merging if one not in mine]
        costs = session_costs(judged, person.punches, _posting(person, sheet.day), ruling.policy)
        outcome = settle(costs, mine)
        session = judged.due.session
        charges += [
            bear(person, session.relief, session.window, sheet.day, cost, ruling.policy) for cost in outcome.costs
        ]
        if outcome.finding:
            charges.append(_finding_charge(person, outcome.finding, outcome.finding_evidence, ruling.policy))
    alone = [one for one in findings if one.code.code not in MERGED_CODES] + merging
    return charges + [_finding_charge(person, one, (), ruling.policy) for one in alone]


def _sightings(no: str, month: str, ruling: Ruling) -> list[Sighting]:
    """The person's findings of the month that still stand."""
    return [
        sighting(entry, ruling.codes[entry.fact.code])
        for entry in ruling.book.patrol.standing("no", no)
        if f"{entry.fact.seen_at:%Y-%m}" == month and entry.fact.code in ruling.codes
    ]


def _finding_charge(person: Person, seen: Sighting, evidence: tuple[UUID, ...], policy: Policy) -> Charge:
    day = seen.at // DAY
    stand = next((one for one in person.stands if one.start <= seen.at < one.end), None)
    posting = person.due.posting(day)
    window = seen.entry.fact.window or (posting.fact.window if posting else "")
    return bear(person, stand.entry if stand else None, window, day, finding_cost(seen, evidence), policy)


def _leave_charges(person: Person, sheets: Sequence[DaySheet], ruling: Ruling) -> list[Charge]:
    if person.relief:
        return []
    return [
        Charge(extra.day, "leave_extra", DISCIPLINE, person.no, extra.points, "", Decimal(0), extra.evidence)
        for extra in extra_leave(sheets, ruling.policy)
    ]


def _rating_charges(person: Person, month: str, ruling: Ruling) -> list[Charge]:
    """Verified bad ratings of the person (惠阳: 经核实属实每次扣 0.2 分)."""
    charges = []
    for entry in ruling.book.ratings.find("no", person.no):
        if is_bad(entry.fact, month, ruling.policy):
            day = entry.fact.date.toordinal()
            stand = _stand_on(person.stands, entry.fact.date, entry.fact.window)
            charges.append(
                bear(person, stand, entry.fact.window, day, rating_cost(entry, ruling.policy), ruling.policy)
            )
    return charges


def is_bad(rating: RatingReceived, month: str, policy: Policy) -> bool:
    bad = rating.level in policy.evaluation.bad_levels and rating.verified == "yes"
    return bad and f"{rating.date:%Y-%m}" == month


def rating_cost(entry: Entry[RatingReceived], policy: Policy) -> Cost:
    points = policy.evaluation.bad_verified_points
    return Cost("rating", points, points, policy.evaluation.category, (entry.id,))


def _stand_on(standing: Iterable[Stand], on_date: date, window: str) -> Entry[ReliefArranged] | None:
    """The arrangement that touches the date and covers the window."""
    start = second_of(datetime.combine(on_date, datetime.min.time()))
    end = start + int(timedelta(days=1).total_seconds())
    touching = (one for one in standing if one.entry.fact.window == window and one.start < end and start < one.end)
    return next((one.entry for one in touching), None)


def bear(
    person: Person, relief: Entry[ReliefArranged] | None, window: str, day: int, cost: Cost, policy: Policy
) -> Charge:
    """Who bears a cost: the person and the window; for relief the covered window and its regular, each by its ratio;
    for a stand-in outside any arrangement the window alone (scoring.md, Score lines)."""
    if relief is not None:
        ratios = policy.substitute
        regular = relief.fact.regular_no
        points = cost.points * ratios.charge_regular_ratio if regular else Decimal(0)
        window_points = cost.window_points * ratios.charge_window_ratio
        evidence = (*cost.evidence, relief.id)
        return Charge(day, cost.rule, cost.category, regular, points, relief.fact.window, window_points, evidence)
    if person.relief:
        return Charge(day, cost.rule, cost.category, "", Decimal(0), window, cost.window_points, cost.evidence)
    window_points = cost.window_points if window else Decimal(0)
    return Charge(day, cost.rule, cost.category, person.no, cost.points, window, window_points, cost.evidence)


def _posting(person: Person, day: int) -> UUID:
    entry = person.due.posting(day)
    assert entry is not None, "nobody owes a session outside their postings"
    return entry.id
