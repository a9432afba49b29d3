"""Whether the eyes changed while the face around them did not, from one frame of a film to the next.

Whatever one does to a flat picture, its eyes and all around them move alike: seen straight on, and laid over each other
by what surrounds the eyes, its frames are one. Of a person who blinks, the eyes alone differ.
"""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from devices.face.engines import Image, Points
from devices.face.seen import Change, Place, Straight

SIDE = 160
"""Pixels of a face seen straight on: about as many as a camera sees at arm's length."""
CORNERS = np.array([[52, 62], [108, 62], [104, 118], [56, 118]], np.float32)
"""Where eyes and mouth corners lie in it."""
FIRST = 3
"""Frames, from the first, that show how the face looks usually: nobody has yet done what they are asked."""
FAINT = 0.08
"""A difference that the camera's noise makes, in spreads of the face's brightness."""
SLIPPED = 1.0
"""Pixels; a mark further from its place moved by itself, and does not say how the face lies."""
MARKS, FEWEST_MARKS, MARKS_APART = 80, 12, 5

Grey = NDArray[np.float32]
Part = NDArray[np.bool_]
Way = NDArray[np.float64]
"""A homography."""
TINY = 1e-9


def straightened(image: Image, points: Points) -> Straight:
    """The face as SIDE by SIDE pixels of grey."""
    corners = np.asarray(points[[0, 1, 4, 3]], np.float32)
    way = cv2.getPerspectiveTransform(corners, 2 * CORNERS)
    seen = cv2.warpPerspective(image, way, (2 * SIDE, 2 * SIDE), borderMode=cv2.BORDER_REPLICATE)
    small = cv2.resize(seen, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    places = tuple((float(x), float(y)) for x, y in corners)
    return Straight(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY).tobytes(), places)


def changes(faces: Sequence[Straight]) -> list[Change]:
    """Of each face of a film, against how the film begins."""
    smooth = [_smoothed(face.grey) for face in faces]
    ways = _ways_over(smooth)
    laid = np.stack([_evened(_laid(face, way)) for face, way in zip(smooth, ways, strict=True)])
    usual = laid[:FIRST].mean(axis=0)
    differing = np.abs(laid - usual) / (FAINT + _edges(usual))
    eyes = np.min([_strength(differing, part) for part in (RIGHT, LEFT)], axis=0)
    around = np.max([_strength(differing, part) for part in (BETWEEN, SURROUNDINGS, REST)], axis=0)
    middles = [_middle(face, way) for face, way in zip(faces, ways, strict=True)]
    return [Change(float(one), float(other), place) for one, other, place in zip(eyes, around, middles, strict=True)]


def _smoothed(face: bytes) -> Image:
    grey = np.frombuffer(face, np.uint8).reshape(SIDE, SIDE)
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), 1.0), np.uint8)


def _ways_over(faces: Sequence[Image]) -> list[Way]:
    """What lays each face over the first, by marks that lie outside the eyes."""
    mask = np.where(FACE & ~LIDS, 255, 0).astype(np.uint8)
    marks = cv2.goodFeaturesToTrack(faces[0], MARKS, 0.01, MARKS_APART, mask=mask)
    return [_way_over(face, faces[0], marks) if marks is not None else np.eye(3) for face in faces]


def _way_over(face: Image, first: Image, marks: NDArray[Any]) -> Way:
    """It stays as it is where too little of it is found again: then all of it differs, and nothing is proved."""
    found, known, _ = cv2.calcOpticalFlowPyrLK(first, face, marks, np.empty(0), winSize=(13, 13), maxLevel=2)
    kept = known.ravel() == 1
    if kept.sum() < FEWEST_MARKS:
        return np.eye(3)
    way, _ = cv2.findHomography(found[kept], marks[kept], cv2.RANSAC, SLIPPED)
    return np.eye(3) if way is None else np.asarray(way, np.float64)


def _laid(face: Image, way: Way) -> Image:
    return np.asarray(cv2.warpPerspective(face, way, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _middle(face: Straight, way: Way) -> Place:
    """Where the first face's middle has come to lie in this one's frame."""
    straight = cv2.getPerspectiveTransform(np.array(face.corners, np.float32), CORNERS)
    x, y, depth = np.linalg.pinv(way @ straight) @ np.array([*CORNERS.mean(axis=0), 1.0])
    return (float(x / depth), float(y / depth)) if abs(depth) > TINY else (0.0, 0.0)


def _evened(face: Image) -> Grey:
    """With the brightness of the face at 0 and its spread at 1: more light, or less, is no change."""
    grey = face.astype(np.float32)
    return np.asarray((grey - grey[FACE].mean()) / (grey[FACE].std() + 1e-6), np.float32)


def _edges(grey: Grey) -> Grey:
    """How much the brightness changes within one pixel."""
    across, down = cv2.Sobel(grey, cv2.CV_32F, 1, 0) / 8, cv2.Sobel(grey, cv2.CV_32F, 0, 1) / 8
    return np.asarray(np.hypot(across, down), np.float32)


def _strength(differing: NDArray[np.float32], part: Part) -> NDArray[np.float32]:
    return np.asarray(np.sqrt((differing[:, part] ** 2).mean(axis=1)), np.float32)


def _ellipses(wide: int, high: int, lower: int) -> tuple[Part, Part]:
    """About the right and the left eye."""
    parts = []
    for x, y in CORNERS[:2]:
        place = np.zeros((SIDE, SIDE), np.uint8)
        cv2.ellipse(place, (int(x), int(y) + lower), (wide, high), 0, 0, 360, 1, -1)
        parts.append(place > 0)
    return parts[0], parts[1]


def _rectangle(top: int, bottom: int, left: int, right: int) -> Part:
    place = np.zeros((SIDE, SIDE), np.bool_)
    place[top:bottom, left:right] = True
    return place


# The lids open a little below the middle that the detector tells, and draw the skin near them along.
RIGHT, LEFT = _ellipses(12, 6, 1)
LIDS = np.logical_or(*_ellipses(22, 13, 0))
FACE = _rectangle(20, 146, 24, 136)
BETWEEN = _rectangle(55, 72, 73, 88)
SURROUNDINGS = _rectangle(40, 86, 26, 134) & ~LIDS
REST = FACE & ~SURROUNDINGS & ~LIDS
