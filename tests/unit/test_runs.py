"""Runs of readings with a wrong clock: told apart, decided by a person once, and counted on the days they were made."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID, uuid5

import pytest
from halls import do, refusal_of
from hypothesis import given
from hypothesis import strategies as st

from attendance import runs
from attendance.facts import Entry, Refused
from attendance.hall import Hall
from attendance.punches import Origin, Punched, Reading, ReadingQuarantined, judge_all
from attendance.questions import TerminalCounted
from attendance.runs import LONGEST_GAP, MOST, Run, grouped, shift_of, shown
from projections import tables
from projections.counted import terminals_that_count_less, terminals_that_count_more
from projections.ledger import Ledger

LOST = datetime(2000, 1, 1, 0, 0, 5)
TRUE = datetime(2026, 3, 2, 8, 52, 10)
SHIFT = TRUE - LOST
READ_AT = datetime(2026, 3, 2, 1, tzinfo=UTC)


def reading(pin: str, at: datetime) -> Reading:
    return Reading(pin, str(at), "1", "15", raw=f"{pin}\t{at}\t1\t15\t0\t0")


def receive(hall: Hall, *readings: Reading, road: str = "push", received: datetime = READ_AT) -> None:
    hall.receive(judge_all(readings, Origin("A001", 480, road, "10.0.0.5", received)), "terminal:A001")


def lost(hall: Hall) -> Run:
    """Two people punch at a terminal that begins again at 2000."""
    receive(hall, reading("102", LOST), reading("0101", LOST + timedelta(seconds=50)))
    (run,) = hall.book().open_runs()
    return run


def punches(hall: Hall) -> list[Punched]:
    return [fact for row in hall.store.read(0, 10_000) if isinstance(fact := row.entry().fact, Punched)]


def entry(number: int, at: datetime, terminal: str = "A001", reason: str = "too_old") -> Entry[ReadingQuarantined]:
    fact = ReadingQuarantined(terminal=terminal, reason=reason, pin=f"{number}", at=at, sha256=f"{number}")
    return Entry(uuid5(UUID(int=0), str(number)), 1, number, int(READ_AT.timestamp() * 1e6), "", fact)


def test_an_accepted_run_counts_on_the_days_it_was_made_and_the_original_stays(hall: Hall):
    run = lost(hall)
    assert do(hall, runs.accept, run=run.id, count=2, shift=SHIFT, reason="停电后时钟回到2000年") == "new"
    first, second = punches(hall)
    assert (first.pin, first.at, first.shifted_from) == ("102", TRUE, str(run.id))
    assert first.raw == "102\t2000-01-01 00:00:05\t1\t15\t0\t0"
    assert (second.pin, second.at) == ("101", TRUE + timedelta(seconds=50))
    days = Ledger(hall).days("2026-03", "102")
    assert days[0]["sessions"][0]["on"]["punch"] == "08:52:10"
    assert hall.book().open_runs() == []
    assert len(hall.book().quarantine) == 2


def test_the_same_decision_told_twice_adds_nothing_and_another_is_refused(hall: Hall):
    run = lost(hall)
    do(hall, runs.accept, run=run.id, count=2, shift=SHIFT)
    assert do(hall, runs.accept, run=run.id, count=2, shift=SHIFT) == "repeated"
    later = SHIFT + timedelta(minutes=1)
    assert refusal_of(hall, runs.accept, run=run.id, count=2, shift=later) == ("run_decided", "run")
    assert refusal_of(hall, runs.dismiss, run=run.id, count=2, reason="不算") == ("run_decided", "run")
    assert len(punches(hall)) == 2


def test_the_readings_sent_again_by_another_road_stay_what_they_were_decided_to_be(hall: Hall):
    run = lost(hall)
    do(hall, runs.accept, run=run.id, count=2, shift=SHIFT)
    receive(hall, reading("102", LOST)._replace(raw="      102\t2000-01-01 00:00:05\t1\t0\t1\t0"), road="usb")
    assert (len(punches(hall)), len(hall.book().quarantine)) == (2, 2)
    assert hall.book().open_runs() == []


def test_a_shifted_punch_that_the_log_has_already_is_one(hall: Hall):
    receive(hall, reading("102", TRUE), received=READ_AT)
    run = lost(hall)
    do(hall, runs.accept, run=run.id, count=2, shift=SHIFT)
    assert [punch.shifted_from for punch in punches(hall)] == ["", str(run.readings[1].id)]


def test_a_time_that_lay_in_the_future_once_does_not_pass_later(hall: Hall):
    ahead = reading("102", TRUE + timedelta(days=1))
    receive(hall, ahead)
    assert len(hall.book().quarantine) == 1
    receive(hall, ahead, received=READ_AT + timedelta(days=3))
    assert punches(hall) == []
    assert [entry.fact.reason for entry in hall.book().quarantine] == ["in_future"]


def test_a_dismissed_run_is_no_open_question_and_owes_a_reason(hall: Hall):
    run = lost(hall)
    assert refusal_of(hall, runs.dismiss, run=run.id, count=2, reason=" ") == ("dismissal_needs_reason", "reason")
    assert do(hall, runs.dismiss, run=run.id, count=2, reason="安装时试机") == "new"
    assert do(hall, runs.dismiss, run=run.id, count=2, reason="安装时试机") == "repeated"
    assert (hall.book().open_runs(), hall.book().undecided(), punches(hall)) == ([], [], [])


def test_a_terminals_own_count_is_compared_with_what_it_showed(hall: Hall):
    do(hall, runs.accept, run=lost(hall).id, count=2, shift=SHIFT)
    counts = [(LOST.date(), 2), (TRUE.date(), 0)]
    for number, (day, records) in enumerate(counts, 1):
        start = datetime.combine(day, time())
        span = {"start": start, "end": start + timedelta(hours=24, seconds=-1)}
        hall.receive([TerminalCounted(terminal="A001", number=number, records=records, **span)], "terminal:A001")
    days = range(LOST.toordinal(), TRUE.toordinal() + 1)
    ledger = Ledger(hall)
    ledger.follow()
    with tables.opened(ledger.path) as db:
        assert [
            *terminals_that_count_more(db, hall.book(), days),
            *terminals_that_count_less(db, hall.book(), days),
        ] == []


def test_a_run_that_grew_since_it_was_looked_at_is_looked_at_again(hall: Hall):
    run = lost(hall)
    receive(hall, reading("102", LOST + timedelta(minutes=3)))
    assert refusal_of(hall, runs.accept, run=run.id, count=2, shift=SHIFT) == ("run_moved", "run")
    assert do(hall, runs.accept, run=run.id, count=3, shift=SHIFT) == "new"


@pytest.mark.parametrize(
    ("shift", "code"),
    [
        (timedelta(days=365 * 30), "shift_after_receipt"),
        (timedelta(days=365 * 10), "shift_too_early"),
        (timedelta(days=365 * 9000), "shift_impossible"),
        (timedelta(), "shift_too_early"),
    ],
)
def test_a_shift_that_cannot_be_the_truth_is_refused(hall: Hall, shift: timedelta, code: str):
    assert refusal_of(hall, runs.accept, run=lost(hall).id, count=2, shift=shift) == (code, "shift")


def test_nobodys_run_is_refused(hall: Hall):
    assert refusal_of(hall, runs.accept, run=UUID(int=7), count=1, shift=SHIFT) == ("run_unknown", "run")


@pytest.mark.parametrize(
    ("text", "shift"),
    [
        ("+9427d 3h 12m", timedelta(days=9427, hours=3, minutes=12)),
        ("9427天3小时12分5秒", timedelta(days=9427, hours=3, minutes=12, seconds=5)),
        ("-5m", timedelta(minutes=-5)),
        ("- 1 时 30 分钟", timedelta(hours=-1, minutes=-30)),
        ("90s", timedelta(seconds=90)),
    ],
)
def test_a_shift_is_read_as_people_write_it(text: str, shift: timedelta):
    assert shift_of(text) == shift


@pytest.mark.parametrize("text", ["", "5", "+", "3h 2d", "1e9d", "9999999d", "tomorrow", "1d; rm"])
def test_what_is_no_shift_is_refused(text: str):
    with pytest.raises(Refused, match="bad_shift"):
        shift_of(text)


def test_a_clock_that_is_lost_once_more_begins_another_run():
    entries = [entry(n, LOST + timedelta(hours=h)) for n, h in enumerate((0, 1, 30, 0, 2))]
    assert [len(run.readings) for run in grouped(entries)] == [3, 2]


def test_terminals_and_reasons_make_runs_of_their_own():
    entries = [
        entry(1, LOST),
        entry(2, LOST, terminal="B002"),
        entry(3, datetime(2030, 1, 1), reason="in_future"),
        entry(4, LOST + timedelta(minutes=1)),
    ]
    assert [(run.terminal, run.reason, len(run.readings)) for run in grouped(entries)] == [
        ("A001", "too_old", 2),
        ("B002", "too_old", 1),
        ("A001", "in_future", 1),
    ]


def test_a_very_long_run_is_decided_in_parts():
    entries = [entry(n, LOST + timedelta(seconds=n)) for n in range(MOST + 3)]
    assert [len(run.readings) for run in grouped(entries)] == [MOST, 3]


MOMENTS = st.lists(st.integers(0, 40 * 24 * 60).map(lambda minutes: LOST + timedelta(minutes=minutes)), max_size=40)


@given(MOMENTS, st.sampled_from([("A001",), ("A001", "B002")]))
def test_every_reading_is_in_one_run_which_goes_forward_without_a_gap(moments: list[datetime], terminals: tuple):
    entries = [entry(n, at, terminals[n % len(terminals)]) for n, at in enumerate(moments)]
    found = grouped(entries)
    assert sorted(one.position for run in found for one in run.readings) == list(range(len(entries)))
    for run in found:
        steps = [shown(after) - shown(before) for before, after in pairwise(run.readings)]
        assert all(timedelta() <= step <= LONGEST_GAP for step in steps)
        assert {one.fact.terminal for one in run.readings} == {run.terminal}


@given(MOMENTS.filter(bool))
def test_a_run_keeps_its_name_while_it_grows(moments: list[datetime]):
    entries = [entry(n, at) for n, at in enumerate(moments)]
    assert {run.id for run in grouped(entries[:-1])} <= {run.id for run in grouped(entries)}
