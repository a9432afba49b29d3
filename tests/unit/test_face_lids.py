"""Eyes that shut are told from pictures: laid over each other, frames of a picture are one."""

from collections.abc import Callable, Iterator

import cv2
import numpy as np
import portraits
import pytest
from portraits import Moving, Picture, for_a_moment, jpeg, portrait, tilted

from devices.face.examining import Examiner
from devices.face.lids import SIDE, changes
from devices.face.liveness import SHUT, Moment
from devices.face.seen import Straight, Wanted
from devices.face.starting import examiner

STRAIGHT = Wanted(face=False, straight=True)
OPEN = 1.3


@pytest.fixture(scope="module")
def looking() -> Iterator[Examiner]:
    yield examiner("sface")


def eyes_alone(looking: Examiner, film: Moving) -> list[float]:
    """Of each frame, how many times as much as everything around them the eyes changed."""
    seen = [looking.examine(frame, STRAIGHT) for _, frame in film]
    found = changes([one.straight for one in seen])
    return [Moment(0.0, one, change).eyes_alone for one, change in zip(seen, found, strict=True)]


@pytest.mark.parametrize("name", ["astronaut", "actor"])
def test_eyes_change_alone_while_they_are_shut(looking: Examiner, name: str):
    found = eyes_alone(looking, portraits.blinking(name, range(6, 9), 12))
    assert min(found[6:9]) > 2 * SHUT
    assert max(found[:6] + found[9:]) < OPEN


def test_a_head_that_sways_while_it_blinks_is_believed(looking: Examiner):
    """A solid one, whose nose wanders."""
    sway = [3 * np.sin(number) for number in range(12)]
    found = eyes_alone(looking, portraits.blinking("astronaut", range(6, 9), 12, sway=sway))
    assert min(found[6:9]) > SHUT
    assert max(found[:6] + found[9:]) < OPEN


def lit(picture: Picture, light: float) -> Picture:
    return np.asarray(np.clip(picture * light, 0, 255), np.uint8)


def crossed(picture: Picture, colour: float, thick: int) -> Picture:
    """Something held before the eyes."""
    seen = picture.copy()
    cv2.line(seen, (200, 205), (440, 212), (colour * 0.8, colour * 0.9, colour), thick, cv2.LINE_AA)
    return seen


def smeared(picture: Picture, length: int) -> Picture:
    """Moved up and down while the frame was taken: lids and lashes run into each other."""
    return np.asarray(cv2.blur(picture, (1, length)), np.uint8)


ATTACKS: dict[str, Callable[[], Picture]] = {
    "tilted to a side": lambda: tilted("astronaut", 55, 0, 1.2),
    "tilted forward": lambda: tilted("astronaut", 0, 45),
    "tilted back and aside": lambda: tilted("astronaut", -30, -40, 1.3),
    "brought nearer": lambda: portraits.nearer(portrait("astronaut"), 1.4),
    "smeared": lambda: smeared(portrait("astronaut"), 15),
    "in the dark": lambda: lit(portrait("astronaut"), 0.3),
    "in glaring light": lambda: lit(portrait("astronaut"), 1.8),
    "behind a pencil": lambda: crossed(portrait("astronaut"), 60, 10),
    "behind a finger": lambda: crossed(portrait("astronaut"), 190, 24),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_whatever_is_done_to_a_picture_its_eyes_do_not_change_alone(looking: Examiner, attack: str):
    found = eyes_alone(looking, for_a_moment("astronaut", ATTACKS[attack](), range(4, 7), 9))
    assert max(found) < SHUT


def test_a_face_without_anything_to_hold_on_to_proves_nothing():
    corners = ((100.0, 100.0), (160.0, 100.0), (155.0, 160.0), (105.0, 160.0))
    grey = bytes(SIDE * SIDE), bytes(SIDE * SIDE // 2) + b"\xff" * (SIDE * SIDE // 2)
    blank, half = (Straight(one, corners) for one in grey)
    assert all((change.eyes, change.around) == (0, 0) for change in changes([blank] * 4))
    assert all(change.eyes <= change.around for change in changes([blank, blank, half, half]))


def test_a_face_is_seen_straight_on_only_when_that_is_asked_for(looking: Examiner):
    frame = jpeg(portrait("astronaut"))
    assert len(looking.examine(frame, STRAIGHT).straight.grey) == SIDE * SIDE
    assert looking.examine(frame, Wanted(face=False)).straight == Straight()
    assert looking.examine(portraits.empty_room(), STRAIGHT).straight == Straight()
