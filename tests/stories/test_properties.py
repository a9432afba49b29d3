"""What must hold whatever happens, in whatever order: hypothesis draws small halls and lets things happen there."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from deeds import (
    AFTERWARDS,
    DEEDS,
    EXCUSES,
    LEAVES,
    MOMENTS,
    MONTHS,
    PUNCHES,
    Deed,
    perform,
    punch,
    small_hall,
    tables_of,
    told,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attendance.hall import Hall
from projections.ledger import Ledger

SMALL = settings(
    max_examples=10,
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
)


@SMALL
@given(st.lists(st.lists(DEEDS, min_size=1, max_size=4), min_size=3, max_size=10))
def test_following_step_by_step_equals_rebuilding_in_bulk(steps: list[list[Deed]]) -> None:
    with small_hall() as hall:
        followed = Ledger(hall)
        for deeds in steps:
            perform(hall, deeds)
            followed.follow(AFTERWARDS)
        assert_rebuilt_alike(hall, followed, AFTERWARDS)


@SMALL
@given(st.lists(st.tuples(DEEDS, st.timedeltas(timedelta(), timedelta(days=2))), min_size=5, max_size=20))
def test_following_while_the_month_runs_equals_rebuilding_at_its_moment(steps: list[tuple[Deed, timedelta]]) -> None:
    now = datetime(2026, 3, 27, tzinfo=UTC)
    with small_hall() as hall:
        followed = Ledger(hall)
        for deed, later in steps:
            perform(hall, [deed])
            now += later
            followed.follow(now)
        assert_rebuilt_alike(hall, followed, now)


def assert_rebuilt_alike(hall: Hall, followed: Ledger, now: datetime) -> None:
    rebuilt = Ledger(hall, hall.folder.data / "rebuilt.db")
    rebuilt.rebuild(now)
    at_once = Ledger(hall, hall.folder.data / "at-once.db")
    at_once.follow(now)
    assert tables_of(followed) == tables_of(rebuilt) == tables_of(at_once)
    assert told(hall, followed) == told(hall, rebuilt) == told(hall, at_once)


@SMALL
@given(st.lists(PUNCHES, min_size=5, max_size=25), st.lists(EXCUSES, max_size=3), st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_nor_road_matters(
    punches: list[Deed],
    excuses: list[Deed],
    dice: "st.random.Random",  # type: ignore[name-defined]
) -> None:
    deeds = punches + one_leave_each(excuses)
    with small_hall() as hall, small_hall() as other:
        perform(hall, deeds)
        shuffled = deeds * 2
        dice.shuffle(shuffled)
        perform(other, shuffled[: len(deeds)], "usb")
        Ledger(other).follow()
        perform(other, shuffled[len(deeds) :])
        assert told(hall, Ledger(hall)) == told(other, Ledger(other))


def one_leave_each(excuses: Sequence[Deed]) -> list[Deed]:
    """Of two leaves that cover a session alike the earlier row counts: there, and only there, order means something."""
    return list({(deed.details.get("no"), deed.command): deed for deed in excuses}.values())


@SMALL
@given(st.lists(DEEDS, min_size=10, max_size=30))
def test_the_same_again_changes_nothing(deeds: list[Deed]) -> None:
    punches = [deed for deed in deeds if deed.command is None]
    with small_hall() as hall:
        perform(hall, deeds)
        ledger = Ledger(hall)
        ledger.follow()
        before, head = tables_of(ledger), hall.store.head()
        perform(hall, punches, "usb")
        ledger.follow()
        assert (tables_of(ledger), hall.store.head()) == (before, head)


@SMALL
@given(st.lists(st.one_of(PUNCHES, LEAVES), max_size=20), EXCUSES.filter(lambda deed: "type" not in deed.details))
def test_a_correction_or_an_outage_never_adds_points(deeds: list[Deed], excuse: Deed) -> None:
    with small_hall() as hall:
        perform(hall, deeds)
        ledger = Ledger(hall)
        before = deductions(ledger)
        perform(hall, [excuse])
        after = deductions(ledger)
        assert all(after[who] <= points for who, points in before.items())


def deductions(ledger: Ledger) -> dict[tuple[str, str], Decimal]:
    return {
        (month, row.get("no") or row["window"]): Decimal(row["deductions"])
        for month in MONTHS
        for body in [ledger.month(month)]
        for row in [*body["ranking"], *body["windows"]]
    }


@SMALL
@given(st.lists(DEEDS, min_size=10, max_size=30))
def test_every_point_is_on_a_line_and_every_line_opens(deeds: list[Deed]) -> None:
    with small_hall() as hall:
        perform(hall, deeds)
        ledger = Ledger(hall)
        for month in MONTHS:
            body = ledger.month(month)
            for row in body["ranking"]:
                assert sum(Decimal(line["points"]) for line in row["lines"]) == Decimal(row["deductions"])
            cited = [row for ranked in body["ranking"] for row in ranked["lines"]] + body["lateness"] + body["findings"]
            for one in cited:
                assert one["evidence"]
                assert all(ledger.evidence(event)[-1]["id"] == event for event in one["evidence"])


@SMALL
@given(st.lists(st.tuples(st.sampled_from(["1001", "2001"]), MOMENTS), min_size=5, max_size=30))
def test_every_punch_serves_one_mark_or_is_shown_unused(punched: list[tuple[str, datetime]]) -> None:
    with small_hall() as hall:
        perform(hall, [punch("A001", no, at) for no, at in punched])
        ledger = Ledger(hall)
        sheets = [sheet for month in MONTHS for sheet in ledger.days(month)]
        for no in ("1001", "2001"):
            mine = [sheet for sheet in sheets if sheet["no"] == no]
            served = [moment for sheet in mine for moment in moments_of(sheet)]
            unused = [f"{sheet['date']} {clock}" for sheet in mine for clock in sheet["unused"]]
            due = {sheet["date"] for sheet in mine}
            shown = {str(at) for who, at in punched if who == no and str(at.date()) in due}
            assert len(served) == len(set(served))
            assert not set(served) & set(unused)
            assert shown <= set(served) | set(unused)


def moments_of(sheet: dict[str, object]) -> list[str]:
    found = []
    for session in sheet["sessions"]:  # type: ignore[attr-defined]
        for mark in (session["on"], session["off"]):
            if mark and mark["punch"]:
                clock, _, later = mark["punch"].partition("+")
                day = datetime.fromisoformat(str(sheet["date"])) + timedelta(days=int(later or 0))
                found.append(f"{day:%Y-%m-%d} {clock}")
    return found
