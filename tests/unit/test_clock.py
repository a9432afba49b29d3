"""How far a terminal's clock is off, estimated from the delays of its punches."""

from datetime import datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from devices.clock import ALIKE, WINDOW, Sample, behind

NINE = datetime(2026, 3, 2, 9)


def sample(minute: float, delay: float) -> Sample:
    """A punch that arrives some minutes after nine, with a delay in seconds."""
    received = NINE + timedelta(minutes=minute)
    return Sample(received, received - timedelta(seconds=delay))


@pytest.mark.parametrize(
    ("samples", "seconds"),
    [
        ([], None),
        ([(0, 3)], None),
        ([(0, 3), (5, 3)], None),
        ([(0, 3), (5, 4), (9, 2)], 2),
        ([(0, 75), (5, 74), (9, 77)], 74),
        ([(0, -120), (5, -118), (9, -121)], -121),
        # A minute's batches: each punch has waited for some part of it.
        ([(0, 61), (1, 40), (2, 62), (3, 45), (4, 58)], 40),
        # Three hours of backlog in one second, then nothing else.
        ([(0, 9000), (0, 6000), (0.01, 3000), (0.01, 60)], None),
        # A backlog first, then punches as they happen.
        ([(0, 9000), (0, 6000), (0.1, 300), (2, 2), (4, 3), (6, 2)], 2),
        # The clock was lost in between: what it says now counts.
        ([(0, 2), (2, 3), (4, 2), (10, 86400 * 3000), (12, 86400 * 3000 + 2), (14, 86400 * 3000 + 1)], 86400 * 3000),
        # One odd punch at the end changes nothing.
        ([(0, 2), (2, 3), (4, 2), (6, 700)], 2),
        # The same, long ago.
        ([(0, 2), (2, 3), (4, 2), (300, 700)], None),
    ],
)
def test_the_error_is_the_least_delay_of_punches_sent_as_they_happened(samples: list, seconds: float | None):
    found = behind(sample(*one) for one in samples)
    assert found == (None if seconds is None else timedelta(seconds=seconds))


LIVE = st.lists(st.tuples(st.integers(1, 30), st.floats(0, 20)), min_size=4, max_size=30)
"""Minutes since the last one, and seconds on the way."""
ERRORS = st.integers(-86400 * 4000, 86400 * 4000)


def live(steps: list[tuple[int, float]], error: int) -> list[Sample]:
    minute, found = 0, []
    for step, way in steps:
        minute += step
        found.append(sample(minute, error + way))
    return found


@given(LIVE, ERRORS)
def test_punches_sent_as_they_happen_tell_any_error_to_the_second_on_the_way(steps: list, error: int):
    found = live(steps, error)
    within = [one for one in found if found[-1].received - one.received <= WINDOW]
    assume(len(within) >= 3)
    told = behind(found)
    assert told is not None
    ways = sorted(one.delay.total_seconds() - error for one in within)
    assert ways[0] - 0.001 <= told.total_seconds() - error <= ways[-1] + 0.001


@given(LIVE, ERRORS, st.lists(st.tuples(st.floats(0, 0.5), st.integers(3600, 86400 * 3)), max_size=60))
def test_a_backlog_never_counts_as_an_error_of_the_clock(steps: list, error: int, backlog: list):
    """Whatever a terminal kept comes within half a minute, before the punches as they happen."""
    late = [sample(-1 + minute, error + age) for minute, age in backlog]
    told = behind(late + live(steps, error))
    assert told is None or told.total_seconds() - error <= 20 + ALIKE.total_seconds()
    assert behind(late) is None


@given(LIVE, ERRORS, st.randoms())
def test_the_order_in_which_samples_are_told_does_not_matter(steps: list, error: int, chance):
    found = live(steps, error)
    shuffled = list(found)
    chance.shuffle(shuffled)
    assert behind(shuffled) == behind(found)
