"""Finding the face in a frame, and its measures. OpenCV is imported here and in the engines alone."""

from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from devices.face.engines import Image, Points
from devices.face.models import YUNET
from devices.face.quality import Measures

WIDTH = 320
"""Faces are looked for in the frame scaled to this width: ten times as fast as 1280. Of 156 faces in a frame of 1280,
3 of 80 pixels were missed, 1 of 100, and none of 120 (docs/faces.md)."""
SIDE = 112
LARGEST_FRAME = 4096
PLACES = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]], np.float64
)
"""Where the five points lie in an aligned face of SIDE pixels, as SFace learned it."""
BURNT, BLACK = 250, 5
MIDDLE_GREY = 128.0


class Found(NamedTuple):
    """The largest face of a frame."""

    measures: Measures
    points: Points


def decoded(jpeg: bytes) -> Image | None:
    """The picture; None when it is none, or larger than any camera's."""
    if not jpeg:
        return None
    try:
        image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:
        return None
    return None if image is None or max(image.shape[:2]) > LARGEST_FRAME else np.asarray(image, np.uint8)


class Finder:
    """YuNet, for one thread."""

    def __init__(self) -> None:
        self._net = cv2.FaceDetectorYN.create(str(YUNET.path()), "", (WIDTH, WIDTH), 0.6, 0.3, 20)

    def find(self, image: Image) -> tuple[int, Found | None]:
        """How many faces there are, beside those too small to matter, and the largest."""
        rows = self.rows(image)
        if not len(rows):
            return 0, None
        areas = rows[:, 2] * rows[:, 3]
        largest = rows[int(np.argmax(areas))]
        # A second face matters from a quarter of the first one's area on: behind it, people queue.
        count = int((areas > areas.max() / 4).sum())
        return count, _measured(image, largest)

    def rows(self, image: Image) -> NDArray[np.float32]:
        """Every face: x, y, width, height of its box, its five points, and how sure it is to be one."""
        height, width = image.shape[:2]
        scale = WIDTH / width
        small = cv2.resize(image, (WIDTH, max(1, round(height * scale))), interpolation=cv2.INTER_AREA)
        self._net.setInputSize((small.shape[1], small.shape[0]))
        # OpenCV's own types do not say that there is None where there is no face.
        rows: Any = self._net.detect(small)[1]
        if rows is None:
            return np.empty((0, 15), np.float32)
        rows[:, :14] /= scale
        return np.asarray(rows, np.float32)


def aligned(image: Image, points: Points) -> Image:
    """The face turned and scaled so that its five points lie where engines expect them."""
    return np.asarray(cv2.warpAffine(image, _similarity(points.astype(np.float64)), (SIDE, SIDE)), np.uint8)


def _similarity(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """The turn, scale and shift that take points nearest to their places, by least squares."""
    middle, target = points.mean(axis=0), PLACES.mean(axis=0)
    here, there = points - middle, PLACES - target
    size = max(float((here**2).sum()), 1e-9)
    cosine = float((here * there).sum()) / size
    sine = float((here[:, 0] * there[:, 1] - here[:, 1] * there[:, 0]).sum()) / size
    turn = np.array([[cosine, -sine], [sine, cosine]])
    return np.column_stack([turn, target - turn @ middle])


def _measured(image: Image, row: NDArray[np.float32]) -> Found:
    points = row[4:14].reshape(5, 2)
    grey = cv2.cvtColor(aligned(image, points), cv2.COLOR_BGR2GRAY)
    light = float(grey.mean())
    # Twice the light is twice the contrast of every edge: without this a dim face would pass for a blurred one.
    evened = grey.astype(np.float32) * (MIDDLE_GREY / max(light, 1.0))
    height, width = image.shape[:2]
    return Found(
        Measures(
            box=(float(row[0]), float(row[1]), float(row[2]), float(row[3])),
            frame=(width, height),
            sure=float(row[14]),
            sharpness=float(cv2.Laplacian(evened, cv2.CV_32F).var()),
            light=light,
            clipped=float(((grey >= BURNT) | (grey <= BLACK)).mean()),
            nose=nose_place(points),
            roll=_roll(points),
        ),
        points,
    )


def nose_place(points: Points) -> tuple[float, float]:
    """Where the nose lies in the square of eyes and mouth corners: 0 to 1 across, 0 to 1 down.

    Nothing that one does to a flat picture of a face changes it, however it is moved, tilted, or seen (a projective
    invariant of five points of a plane). Of a head that turns, the nose stands out and wanders.
    """
    corners = np.asarray(points[[0, 1, 4, 3]], np.float32)
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    x, y, depth = cv2.getPerspectiveTransform(corners, square) @ np.array([points[2][0], points[2][1], 1.0])
    return (float(x / depth), float(y / depth)) if abs(depth) > 1e-9 else (0.5, 0.5)


def _roll(points: Points) -> float:
    """Degrees the head leans, from the line of the eyes; positive to its own left."""
    across = points[1] - points[0]
    return float(np.degrees(np.arctan2(across[1], across[0])))
