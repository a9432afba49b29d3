"""Challenges: a person who does what was asked, and pictures held up to the camera."""

from collections.abc import Callable, Iterator
from random import Random

import numpy as np
import portraits
import pytest
from portraits import Moving

from devices.face.decisions import vector_of
from devices.face.engines import SFACE_KIND
from devices.face.examining import Examiner
from devices.face.liveness import Moment, draw, judge
from devices.face.ports import FrameReport, Step
from devices.face.seen import Seen, Wanted
from devices.face.starting import examiner

FACE = np.eye(1, 128, dtype=np.float32)[0]
OTHER = np.eye(1, 128, 1, dtype=np.float32)[0]


@pytest.fixture(scope="module")
def looking() -> Iterator[Examiner]:
    yield examiner("sface")


def judged(looking: Examiner, step: Step, moving: Moving, who: str = "astronaut") -> tuple[str, ...]:
    """The reasons for which a challenge is not met; none when it is."""
    template = vector_of(looking.examine(portraits.jpeg(portraits.portrait(who)), Wanted()))
    moments = [Moment(seconds, looking.examine(frame, Wanted())) for seconds, frame in moving]
    return judge(SFACE_KIND, step, moments, template).reasons


def test_somebody_who_turns_their_head_as_asked_has_met_the_challenge(looking: Examiner):
    assert judged(looking, "turn_left", portraits.turning("astronaut")) == ()
    assert judged(looking, "turn_right", portraits.mirrored(portraits.turning("astronaut"))) == ()


def test_turning_the_other_way_or_standing_still_is_not_what_was_asked(looking: Examiner):
    assert judged(looking, "turn_right", portraits.turning("astronaut")) == ("not_done",)
    assert judged(looking, "turn_left", portraits.turning("astronaut", 0.0)) == ("not_done",)


@pytest.mark.parametrize("step", ["turn_left", "turn_right", "closer"])
@pytest.mark.parametrize("degrees", [-45, -30, 30, 45])
def test_a_picture_tilted_and_brought_nearer_is_refused(looking: Examiner, step: Step, degrees: float):
    """A print, or a telephone that shows a still picture: both are flat."""
    assert judged(looking, step, portraits.picture_in_hand("astronaut", degrees=degrees)) != ()


def test_coming_closer_counts_with_a_look_aside_and_alone_proves_nothing(looking: Examiner):
    assert judged(looking, "closer", portraits.coming_closer("astronaut", looking_aside=True)) == ()
    assert judged(looking, "closer", portraits.coming_closer("astronaut", looking_aside=False)) == ("not_done",)


def test_two_pictures_held_up_one_after_the_other_are_refused(looking: Examiner):
    assert judged(looking, "turn_left", portraits.swapped("astronaut")) == ("jumped",)


def test_nobody_may_step_in_for_the_movement(looking: Examiner):
    moving = portraits.joined(portraits.turning("astronaut", 0.0), portraits.turning("actor", 0.0))
    assert judged(looking, "turn_left", moving) == ("another_person",)


def moments(
    across: list[float],
    *,
    eyes: Callable[[int], float] = lambda _: 60.0,
    opening: Callable[[int], float] = lambda _: 0.15,
    every: float = 0.2,
) -> list[Moment]:
    """Frames of FACE with the nose at these places."""
    good = FrameReport((), 1)
    return [
        Moment(n * every, Seen(good, FACE.tobytes(), eyes(n), 65.0, (place, 0.54), opening(n)))
        for n, place in enumerate(across)
    ]


STILL = [0.5] * 12
TURN = [0.5, 0.5, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.75, 0.75, 0.75, 0.75]


@pytest.mark.parametrize(
    ("taken", "reason"),
    [
        (moments(TURN[:7]), "too_few_frames"),
        (moments(TURN, every=0.05), "too_short"),
        (moments(TURN, every=0.8), "too_slow"),
        (moments(TURN, every=0.0), "jumped"),
        (moments([0.5] * 6 + [0.75] * 6), "jumped"),
        (moments([0.75] * 12), "turned"),
        (moments([0.5] * 11 + [0.9]), "not_done"),
        (moments(STILL, eyes=lambda n: 60.0 - 3 * n), "flat"),
        (moments(STILL), "not_done"),
    ],
)
def test_frames_that_do_not_serve_say_why(taken: list[Moment], reason: str):
    assert judge(SFACE_KIND, "turn_left", taken, FACE).reasons == (reason,)


def test_the_same_figures_pass_when_nothing_is_wrong_with_them():
    assert judge(SFACE_KIND, "turn_left", moments(TURN), FACE).passed
    assert judge(SFACE_KIND, "turn_left", moments(TURN), OTHER).reasons == ("another_person",)


def test_a_face_out_of_sight_or_a_second_one_breaks_the_challenge_off():
    taken = moments(TURN)
    hidden = [*taken[:5], Moment(1.0, Seen(FrameReport(("no_face",)))), *taken[6:]]
    crowd = [*taken[:5], taken[5]._replace(seen=taken[5].seen._replace(report=FrameReport((), 2))), *taken[6:]]
    assert judge(SFACE_KIND, "turn_left", hidden, FACE).reasons == ("face_lost",)
    assert judge(SFACE_KIND, "turn_left", crowd, FACE).reasons == ("face_lost",)


@pytest.mark.parametrize(
    ("opening", "reasons"),
    [
        (lambda n: 0.05 if n in (5, 6) else 0.15, ()),
        (lambda _: 0.15, ("not_done",)),
        (lambda n: 0.05 if n > 5 else 0.15, ("not_done",)),
        (lambda n: 0.05 if n < 5 else 0.15, ("not_done",)),
    ],
)
def test_a_blink_shuts_the_eyes_and_opens_them_again(opening: Callable[[int], float], reasons: tuple[str, ...]):
    assert judge(SFACE_KIND, "blink", moments(STILL, opening=opening), FACE).reasons == reasons


def test_the_setting_says_how_often_people_are_asked():
    drawn = [draw("random", chance=Random(number)) for number in range(400)]
    assert 60 < len([step for step in drawn if step]) < 140
    assert {step for step in drawn if step} == {"turn_left", "turn_right", "closer"}
    assert draw("never") is None
    assert draw("always") is not None
