"""Shut eyes, in pictures whose lids are drawn over the eyes."""

from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from portraits import Picture, jpeg, portrait, tilted

from devices.face.examining import Examiner
from devices.face.liveness import SHUT
from devices.face.seen import Wanted
from devices.face.starting import examiner

LIDS = Wanted(face=False, lids=True)
EYE_LINE, APART = 205, 34
"""Row of the eyes in a portrait, and how far each is from the middle."""


@pytest.fixture(scope="module")
def looking() -> Iterator[Examiner]:
    yield examiner("sface", lids=True)


def eyes_shut(name: str) -> Picture:
    """Skin drawn over the eyes, with the lashes' line at their lower edge."""
    picture = portrait(name).copy()
    for side in (-1, 1):
        x, y = 320 + side * APART, EYE_LINE
        skin = tuple(int(colour) for colour in picture[y + 22, x])
        cv2.ellipse(picture, (x, y), (17, 9), 0, 0, 360, skin, -1, cv2.LINE_AA)
        cv2.ellipse(picture, (x, y), (15, 7), 0, 20, 160, (40, 45, 60), 2, cv2.LINE_AA)
    return np.asarray(picture, np.uint8)


def opening(looking: Examiner, picture: Picture) -> float:
    return looking.examine(jpeg(picture), LIDS).opening


def test_shut_eyes_are_told_from_open_ones(looking: Examiner):
    assert opening(looking, eyes_shut("astronaut")) < SHUT * opening(looking, portrait("astronaut"))


@pytest.mark.parametrize("forward", [-35, 35])
def test_a_picture_tilted_forward_does_not_blink(looking: Examiner, forward: float):
    assert opening(looking, tilted("astronaut", 0, forward)) > SHUT * opening(looking, portrait("astronaut"))


def test_lids_are_not_looked_at_unless_asked_for(looking: Examiner):
    assert looking.examine(jpeg(portrait("astronaut")), Wanted(face=False)).opening == 0
