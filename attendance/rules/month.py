"""A month weighed: lists, ranking, windows and prizes from everybody's tallies (scoring.md, The lists; The ranking)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from attendance.facts import Entry
from attendance.localtime import DAY
from attendance.people import StaffPosted
from attendance.rules.awards import Award, Candidate, Key, awards, places
from attendance.rules.lines import Cost, finding_cost, sighting
from attendance.rules.person_month import MonthRules
from attendance.rules.score import (
    BonusCounts,
    Counts,
    PersonScore,
    Reviewed,
    WindowScore,
    bonus_counts,
    person_score,
    rounded,
    window_score,
)
from attendance.rules.tally import Because, Charge, Lateness, Tally, is_bad, rating_cost
from attendance.windows import WindowRegistered

NOT_WHOLE_MONTH = "未满月"
Reason = Literal["relief", "nothing_due", "attendance", "new"]


class Off(NamedTuple):
    """Someone off the full-attendance list, and why."""

    no: str
    because: Because


class Late(NamedTuple):
    no: str
    lateness: Lateness


class RankedPerson(NamedTuple):
    rank: int
    no: str
    window: str
    sum: PersonScore
    lines: list[Charge]


class Unranked(NamedTuple):
    no: str
    reason: Reason


class RankedWindow(NamedTuple):
    rank: int
    window: str
    sum: WindowScore
    lines: list[Charge]


class MonthResult(NamedTuple):
    """Everything a month comes to. People appear by staff number."""

    full_attendance: list[str]
    off_the_list: list[Off]
    lateness: list[Late]
    ranking: list[RankedPerson]
    unranked: list[Unranked]
    windows: list[RankedWindow]
    prizes: list[Award]


class _Borne(NamedTuple):
    """All charges by who bears them."""

    people: dict[str, list[Charge]]
    windows: dict[str, list[Charge]]


def weigh(rules: MonthRules, tallies: Iterable[Tally]) -> MonthResult:
    """The month's result from the tally of everyone whom `rules.people()` names."""
    by_no = {one.no: one for one in sorted(tallies, key=lambda one: one.no)}
    borne = _borne(by_no.values(), hall_charges(rules))
    counts = bonus_counts(rules.book, rules.month, rules.policy)
    full, off = attendance_lists(rules, by_no)
    ranked, unranked = _people(rules, by_no, Scales(rules, borne.people, counts.people), set(full))
    windows = _windows(rules, borne, counts, {standing_posting(rules, no).window for no in full})
    return MonthResult(
        full_attendance=full,
        off_the_list=off,
        lateness=_lateness(by_no.values()),
        ranking=ranked,
        unranked=unranked,
        windows=windows,
        prizes=awards(
            rules.policy, _candidates(ranked), [Candidate(one.window, one.rank, one.window) for one in windows]
        ),
    )


def standing_posting(rules: MonthRules, no: str) -> StaffPosted:
    """The person's posting for the ranking: the last that touches the month, else the last of all."""
    postings = rules.book.people.postings(no)
    return (_in_month(rules, postings) or postings)[-1].fact


def _in_month(rules: MonthRules, postings: Sequence[Entry[StaffPosted]]) -> list[Entry[StaffPosted]]:
    first, last = date.fromordinal(rules.days.start), date.fromordinal(rules.days.stop - 1)
    return [
        entry
        for entry in postings
        if (entry.fact.start is None or entry.fact.start <= last)
        and (entry.fact.end is None or entry.fact.end >= first)
    ]


def _borne(tallies: Iterable[Tally], of_the_hall: Iterable[Charge]) -> _Borne:
    borne = _Borne({}, {})
    for charge in [*(charge for one in tallies for charge in one.charges), *of_the_hall]:
        if charge.person and charge.points:
            borne.people.setdefault(charge.person, []).append(charge)
        if charge.window and charge.window_points:
            borne.windows.setdefault(charge.window, []).append(charge)
    for lines in [*borne.people.values(), *borne.windows.values()]:
        lines.sort(key=lambda charge: (charge.day, charge.rule, charge.evidence))
    return borne


def hall_charges(rules: MonthRules) -> list[Charge]:
    """Charges that no person bears: findings and ratings without a name, and cases overdue."""
    return [*_nameless_findings(rules), *_nameless_ratings(rules), *_overdue_cases(rules)]


def _nameless_findings(rules: MonthRules) -> list[Charge]:
    codes = rules.ruling.codes
    seen = [
        sighting(entry, codes[entry.fact.code])
        for entry in rules.book.patrol.standing("month", rules.month)
        if not entry.fact.no and entry.fact.code in codes
    ]
    return [_window_charge(one.entry.fact.window, one.at // DAY, finding_cost(one)) for one in seen]


def _nameless_ratings(rules: MonthRules) -> list[Charge]:
    return [
        _window_charge(entry.fact.window, entry.fact.date.toordinal(), rating_cost(entry, rules.policy))
        for entry in rules.book.ratings.find("month", rules.month)
        if not entry.fact.no and is_bad(entry.fact, rules.month, rules.policy)
    ]


def _overdue_cases(rules: MonthRules) -> list[Charge]:
    """Each unit's overdue cases fall on its first window in the file that is open at the month's end."""
    last = rules.days.stop - 1
    timeout = rules.policy.case_timeout
    charges = []
    listed = open_at_end(rules)
    for entry in rules.book.cases.find("month", rules.month):
        window = next((w.window for w in listed if w.unit == entry.fact.unit), None)
        if window and entry.fact.overdue:
            points = entry.fact.overdue * timeout.points_per_case
            charges.append(_window_charge(window, last, Cost("overdue", points, points, timeout.category, (entry.id,))))
    return charges


def open_at_end(rules: MonthRules) -> list[WindowRegistered]:
    return rules.book.windows.open_on(date.fromordinal(rules.days.stop - 1))


def _window_charge(window: str, day: int, cost: Cost) -> Charge:
    return Charge(day, cost.rule, cost.category, "", Decimal(0), window, cost.window_points, cost.evidence)


def attendance_lists(rules: MonthRules, tallies: Mapping[str, Tally]) -> tuple[list[str], list[Off]]:
    """Full attendance, and everyone else who owed something with what took them off the list."""
    full: list[str] = []
    off: list[Off] = []
    for no, one in tallies.items():
        if rules.book.people.is_relief(no) or not one.due:
            continue
        because = _earlier(one.because, _first_gap(rules, no))
        if because is None:
            full.append(no)
        else:
            off.append(Off(no, because))
    return full, off


def _first_gap(rules: MonthRules, no: str) -> Because | None:
    """The first workday on which the person was not in post."""
    postings = [entry.fact for entry in rules.book.people.postings(no)]
    if any(posting.start is None and posting.end is None for posting in postings):
        return None
    for day in rules.workdays:
        on_date = date.fromordinal(day)
        if not any(posting.holds_on(on_date) for posting in postings):
            return Because(day, None, NOT_WHOLE_MONTH)
    return None


def _earlier(session: Because | None, gap: Because | None) -> Because | None:
    """The earlier reason; on the same day, the session."""
    if session is None or gap is None:
        return session or gap
    return session if session.day <= gap.day else gap


def _lateness(tallies: Iterable[Tally]) -> list[Late]:
    late = [Late(one.no, lateness) for one in tallies for lateness in one.lateness]
    return sorted(late, key=lambda one: (one.lateness.day, one.no, one.lateness.start))


class Scales:
    """What weighs one person's month: everything a score is made of, gathered once for all."""

    def __init__(self, rules: MonthRules, borne: Mapping[str, list[Charge]], counts: Mapping[str, Counts]) -> None:
        self._rules = rules
        self._borne = borne
        self._counts = counts
        self._reviews = Reviewed(entry.fact for entry in rules.book.reviews.find("month", rules.month))
        self._vetoed = {entry.fact.no for entry in rules.book.vetoes.find("month", rules.month)}

    def lines(self, no: str) -> list[Charge]:
        """What a person is charged with."""
        return self._borne.get(no, [])

    def score(self, no: str) -> PersonScore:
        window = standing_posting(self._rules, no).window
        parts = self._reviews.valid_for(no, window, self._rules.policy)
        return person_score(self.lines(no), parts, self._counts.get(no, {}), no in self._vetoed, self._rules.policy)


def scales(rules: MonthRules, tallies: Iterable[Tally]) -> Scales:
    """The scales of a month, to weigh somebody alone."""
    counts = bonus_counts(rules.book, rules.month, rules.policy)
    return Scales(rules, _borne(tallies, ()).people, counts.people)


def _people(
    rules: MonthRules, tallies: Mapping[str, Tally], weighing: Scales, full: set[str]
) -> tuple[list[RankedPerson], list[Unranked]]:
    volumes = _volumes(rules)
    rows: list[tuple[str, StaffPosted, PersonScore]] = []
    keys: list[Key] = []
    unranked: list[Unranked] = []
    for no, one in tallies.items():
        reason = _unranked_because(rules, one)
        if reason:
            unranked.append(Unranked(no, reason))
        if reason or not one.due:
            continue
        me, total = standing_posting(rules, no), weighing.score(no)
        rows.append((no, me, total))
        keys.append(_person_key(rules, total, no in full, volumes.get(me.unit, 0)))
    ranked = [
        RankedPerson(place.rank, no, me.window, total, weighing.lines(no))
        for place in places(keys)
        for no, me, total in [rows[place.item]]
    ]
    return ranked, unranked


def _volumes(rules: MonthRules) -> dict[str, int]:
    """Case volume by unit."""
    volumes: dict[str, int] = {}
    for entry in rules.book.cases.find("month", rules.month):
        volumes[entry.fact.unit] = volumes.get(entry.fact.unit, 0) + entry.fact.total
    return volumes


def _unranked_because(rules: MonthRules, one: Tally) -> Reason | None:
    """The first reason that holds. People who owed nothing and were not in post are not mentioned at all."""
    in_post = bool(_in_month(rules, rules.book.people.postings(one.no)))
    if rules.book.people.is_relief(one.no):
        return "relief" if in_post or one.due else None
    if not one.due:
        return "nothing_due" if in_post else None
    if Fraction(one.attended, one.due) < Fraction(rules.policy.ranking.eligible_min_attended_ratio):
        return "attendance"
    return "new" if _is_new(rules, one.no) else None


def _is_new(rules: MonthRules, no: str) -> bool:
    """Fewer than `exclude_new_staff_days` workdays from joining to the month's end, or to the person's own."""
    least = rules.policy.ranking.exclude_new_staff_days
    joined = rules.book.people.postings(no)[0].fact.start
    if joined is None:
        return False
    last = date.fromordinal(rules.days.stop - 1)
    left = standing_posting(rules, no).end
    day, count = min(last, left or last).toordinal(), 0
    while day >= joined.toordinal() and count < least:
        count += _works(rules, date.fromordinal(day))
        day -= 1
    return count < least


def _works(rules: MonthRules, day: date) -> bool:
    """A workday; before the calendar's first year, any weekday."""
    calendar = rules.book.calendar
    return calendar.is_workday(day) if calendar.is_known(day) else day.isoweekday() <= 5


def _person_key(rules: MonthRules, total: PersonScore, full: bool, volume: int) -> Key:
    """score ↓, then the policy's `tie_break` in turn; printed deductions are what is compared."""
    by_name: dict[str, object] = {
        "deductions_asc": -rounded(total.deductions, rules.policy.base.decimals),
        "full_attendance": full,
        "bonus_uncapped": total.bonus.uncapped,
        "case_volume": volume,
    }
    return (total.score, *(by_name[name] for name in rules.policy.ranking.tie_break if name != "score"))


def _windows(rules: MonthRules, borne: _Borne, counts: BonusCounts, with_full: set[str]) -> list[RankedWindow]:
    """score ↓, deductions ↑, any regular on the full-attendance list first, uncapped bonus ↓; equals in file order."""
    names = list(dict.fromkeys(window.window for window in open_at_end(rules)))
    sums = [window_score(borne.windows.get(name, ()), counts.windows.get(name, {}), rules.policy) for name in names]
    decimals = rules.policy.base.decimals
    keys: list[Key] = [
        (total.score, -rounded(total.deductions, decimals), name in with_full, total.bonus.uncapped)
        for name, total in zip(names, sums, strict=True)
    ]
    return [
        RankedWindow(place.rank, names[place.item], sums[place.item], borne.windows.get(names[place.item], []))
        for place in places(keys)
    ]


def _candidates(ranked: Iterable[RankedPerson]) -> list[Candidate]:
    return [Candidate(one.no, one.rank, one.window, one.sum.vetoed) for one in ranked]
