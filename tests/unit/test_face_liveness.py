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
from devices.face.lids import changes
from devices.face.liveness import Moment, draw, judge
from devices.face.ports import STEPS, FrameReport, Step
from devices.face.seen import Change, Seen, Wanted
from devices.face.starting import examiner

FACE = np.eye(1, 128, dtype=np.float32)[0]
OTHER = np.eye(1, 128, 1, dtype=np.float32)[0]


@pytest.fixture(scope="module")
def looking() -> Iterator[Examiner]:
    yield examiner("sface")


def looked_at(looking: Examiner, film: Moving) -> list[Moment]:
    seen = [looking.examine(frame, Wanted(straight=True)) for _, frame in film]
    compared = changes([one.straight for one in seen])
    return [Moment(frame[0], one, change) for frame, one, change in zip(film, seen, compared, strict=True)]


def judged(looking: Examiner, step: Step, film: Moving, who: str = "astronaut") -> tuple[str, ...]:
    """The reasons for which a challenge is not met; none when it is."""
    template = vector_of(looking.examine(portraits.jpeg(portraits.portrait(who)), Wanted()))
    return judge(SFACE_KIND, step, looked_at(looking, film), template).reasons


def test_somebody_who_turns_their_head_as_asked_has_met_the_challenge(looking: Examiner):
    assert judged(looking, "turn_left", portraits.turning("astronaut")) == ()
    assert judged(looking, "turn_right", portraits.mirrored(portraits.turning("astronaut"))) == ()


def test_turning_the_other_way_or_standing_still_is_not_what_was_asked(looking: Examiner):
    assert judged(looking, "turn_right", portraits.turning("astronaut")) == ("not_done",)
    assert judged(looking, "turn_left", portraits.turning("astronaut", 0.0)) == ("not_done",)


@pytest.mark.parametrize("degrees", [-55, -30, 15, 45])
def test_a_picture_tilted_and_brought_nearer_meets_no_challenge(looking: Examiner, degrees: float):
    """A print, or a telephone that shows a still picture: both are flat. Its template is made of that very picture."""
    film = looked_at(looking, portraits.picture_in_hand("astronaut", degrees=degrees))
    held = vector_of(film[0].seen)
    assert [step for step in STEPS if judge(SFACE_KIND, step, film, held).passed] == []


@pytest.mark.parametrize(("across", "forward"), [(55, 0), (0, -50), (-30, 35)])
def test_a_picture_tilted_for_a_moment_and_back_meets_no_challenge(looking: Examiner, across: float, forward: float):
    tilted = portraits.tilted("astronaut", across, forward, 1.2)
    film = looked_at(looking, portraits.for_a_moment("astronaut", tilted, range(4, 8), 11))
    # The best case for whoever tries: each frame is taken for the person's.
    film = [one._replace(seen=one.seen._replace(vector=film[0].seen.vector)) for one in film]
    held = vector_of(film[0].seen)
    assert [step for step in STEPS if judge(SFACE_KIND, step, film, held).passed] == []


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
    every: float = 0.2,
) -> list[Moment]:
    """Frames of FACE with the nose at these places."""
    good = FrameReport((), 1)
    return [
        Moment(n * every, Seen(good, FACE.tobytes(), eyes(n), 65.0, (place, 0.54))) for n, place in enumerate(across)
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


CHANGED, USUAL = Change(1.2, 0.2), Change(0.1, 0.2)


def eyes(*shut: int, count: int = 14, moved: float = 0.0, every: float = 0.2) -> list[Moment]:
    """Frames of FACE in which the eyes alone change where they are shut, and the face moves with the first of these."""
    return [
        one._replace(
            change=(CHANGED if number in shut else USUAL)._replace(
                middle=(300 + (moved if shut and number >= shut[0] else 0), 200.0)
            ),
        )
        for number, one in enumerate(moments([0.5] * count, every=every))
    ]


@pytest.mark.parametrize(
    ("taken", "reasons"),
    [
        (eyes(5, 6, 7), ()),
        (eyes(5, 6, 8), ()),
        (eyes(2, 8, 9, 10), ()),
        (eyes(5, 6, 7, moved=4.0), ()),
        (eyes(), ("not_done",)),
        (eyes(6), ("not_done",)),
        (eyes(4, 8), ("not_done",)),
        (eyes(11, 12, 13), ("not_done",)),
        (eyes(*range(2, 12)), ("not_done",)),
        (eyes(5, 6, 7, moved=5.5), ("jumped",)),
    ],
)
def test_a_blink_is_short_ends_in_open_eyes_and_holds_the_head_still(taken: list[Moment], reasons: tuple[str, ...]):
    assert judge(SFACE_KIND, "blink", taken, FACE).reasons == reasons


def test_eyes_that_change_no_more_than_the_face_around_them_do_not_blink():
    shaken = [one._replace(change=Change(2.0, 1.0)) if 4 <= n < 8 else one for n, one in enumerate(eyes())]
    assert judge(SFACE_KIND, "blink", shaken, FACE).reasons == ("not_done",)
    tilted = [one._replace(seen=one.seen._replace(eyes=60.0 - 3 * n)) for n, one in enumerate(shaken)]
    assert judge(SFACE_KIND, "blink", tilted, FACE).reasons == ("flat",)


def test_the_setting_says_how_often_people_are_asked():
    drawn = [draw("random", chance=Random(number)) for number in range(400)]
    assert 60 < len([step for step in drawn if step]) < 140
    assert {step for step in drawn if step} == set(STEPS)
    assert draw("never") is None
    assert draw("always") is not None
