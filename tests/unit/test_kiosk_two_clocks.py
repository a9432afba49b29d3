"""When something kept without the network happened: two accounts that agree are believed, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.kiosk.two_clocks import TOLERANCE, Anchor, Reading, when

HOUR = 3_600_000.0
START = 1_790_000_000_000.0
"""Any moment; milliseconds."""


class Device:
    """A device that was in touch at START; true time passes, its wall clock may be set, it may sleep or start anew."""

    def __init__(self, *, steady: bool = False) -> None:
        self.steady = steady
        """Its other clock counts on while it sleeps."""
        self.true, self.ahead, self.asleep, self.session, self.started = START, 0.0, 0.0, "a", START

    def reading(self) -> Reading:
        return Reading(self.true + self.ahead, self.true - self.started - self.asleep, self.session, self.steady)

    def anchor(self) -> Anchor:
        return Anchor(self.true, self.reading())

    def sleep(self, milliseconds: float) -> None:
        self.true += milliseconds
        self.asleep += 0.0 if self.steady else milliseconds

    def start_anew(self) -> None:
        self.session, self.started, self.asleep = self.session + "+", self.true, 0.0


def proved(device: Device, before: Anchor | None, entry: Reading) -> tuple[float, bool] | None:
    found = when(entry, before, device.anchor())
    return (found.server, found.clock_changed) if found else None


STEPS = st.lists(
    st.tuples(st.sampled_from(["pass", "set", "sleep", "restart"]), st.integers(-5 * 3600, 5 * 3600)), max_size=6
)


def live(device: Device, steps: list[tuple[str, int]]) -> None:
    for step, seconds in steps:
        if step == "pass":
            device.true += abs(seconds) * 1000
        elif step == "sleep":
            device.sleep(abs(seconds) * 1000)
        elif step == "set":
            device.ahead += seconds * 1000
        else:
            device.start_anew()


@given(STEPS, STEPS)
def test_while_nobody_sets_the_clock_a_moment_that_is_given_is_the_true_one(first: list, then: list):
    """However the device sleeps and starts anew."""
    honest = [[step for step in steps if step[0] != "set"] for steps in (first, then)]
    device = Device()
    before = device.anchor()
    live(device, honest[0])
    moment, entry = device.true, device.reading()
    live(device, honest[1])
    found = proved(device, before, entry)
    assert found is not None
    assert abs(found[0] - moment) <= TOLERANCE


@given(STEPS, STEPS)
def test_within_one_session_without_sleep_the_moment_is_always_found(first: list, then: list):
    awake = [[step for step in steps if step[0] in ("pass", "set")] for steps in (first, then)]
    device = Device()
    before = device.anchor()
    live(device, awake[0])
    moment, wrong, entry = device.true, device.ahead, device.reading()
    live(device, awake[1])
    found = proved(device, before, entry)
    assert found is not None
    assert abs(found[0] - moment) <= 1
    assert found[1] == (abs(wrong) > TOLERANCE)


@given(STEPS, STEPS, st.sampled_from(["never", "before", "after"]))
def test_where_the_other_clock_counts_through_sleep_no_setting_of_the_wall_clock_moves_a_punch(
    first: list, then: list, restarted: str
):
    """Also when the device was started anew before the entry, or before it could be sent."""
    asleep_or_set = [[step for step in steps if step[0] != "restart"] for steps in (first, then)]
    device = Device(steady=True)
    before = device.anchor()
    live(device, [*asleep_or_set[0], *([("restart", 0)] if restarted == "before" else [])])
    moment, entry = device.true, device.reading()
    live(device, [*([("restart", 0)] if restarted == "after" else []), *asleep_or_set[1]])
    found = proved(device, before, entry)
    assert found is not None
    assert abs(found[0] - moment) <= 1


def test_a_device_that_slept_is_believed_by_its_wall_clock_if_that_was_right_at_both_ends():
    device = Device()
    before = device.anchor()
    device.sleep(3 * HOUR)
    moment, entry = device.true, device.reading()
    device.sleep(HOUR)
    assert proved(device, before, entry) == (moment, False)


def test_a_device_that_slept_and_whose_clock_was_set_proves_nothing():
    device = Device()
    before = device.anchor()
    device.sleep(3 * HOUR)
    device.ahead = HOUR
    entry = device.reading()
    device.sleep(HOUR)
    assert proved(device, before, entry) is None


def test_started_anew_without_the_network_it_counts_back_from_the_next_contact():
    device = Device()
    before = device.anchor()
    device.true += HOUR
    device.start_anew()
    device.true += HOUR
    moment, entry = device.true, device.reading()
    device.true += HOUR
    assert proved(device, before, entry) == (moment, False)


@pytest.mark.parametrize("ahead", [2 * HOUR, -2 * HOUR])
def test_started_anew_twice_with_a_clock_set_in_between_it_proves_nothing(ahead: float):
    device = Device()
    before = device.anchor()
    device.start_anew()
    device.true += HOUR
    entry = device.reading()
    device.start_anew()
    device.ahead = ahead
    device.true += HOUR
    assert proved(device, before, entry) is None


def test_an_entry_from_before_the_first_contact_or_after_the_last_is_not_believed():
    device = Device()
    device.true += HOUR
    before = device.anchor()
    device.true += HOUR
    for wall in (START - HOUR, device.true + 5 * HOUR):
        assert proved(device, before, Reading(wall, 0.0, "another")) is None
