"""How far the eyes are open, from dlib's 68 points of a face."""

from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from attendance.facts import Refused
from devices.face.engines import Image
from devices.face.looking import Found
from devices.face.models import LANDMARKS

LIDS = ((37, 41), (38, 40), (43, 47), (44, 46))
"""Upper and lower lid, twice for each eye, in dlib's numbering."""


class Lids:
    """dlib's predictor: 100 MB, so one process for the hall has it, from the first blink that is asked for."""

    def __init__(self) -> None:
        path = LANDMARKS.path()
        try:
            self._dlib: Any = import_module("dlib")
        except ImportError as error:
            raise Refused("faces_unavailable", reason=str(error)) from None
        self._predictor = self._dlib.shape_predictor(str(path))

    def opening(self, image: Image, found: Found) -> float:
        """The opening of the lids, in distances from the eyes to the mouth.

        Measured against that distance, and not against the width of the eye: tilting a picture forward shortens both,
        so it does not look like a blink.
        """
        x, y, width, height = (round(side) for side in found.measures.box)
        # dlib learned on squares that reach from the brows to the chin; YuNet's boxes begin at the hair.
        top = y + height - width
        colours = np.ascontiguousarray(image[:, :, ::-1])
        shape = self._predictor(colours, self._dlib.rectangle(x, top, x + width, y + height))
        points = np.array([[shape.part(i).x, shape.part(i).y] for i in range(68)], np.float64)
        return _opening(points, found.points.astype(np.float64))


def _opening(points: NDArray[np.float64], five: NDArray[np.float64]) -> float:
    gaps = [float(np.linalg.norm(points[upper] - points[lower])) for upper, lower in LIDS]
    length = float(np.linalg.norm(five[:2].mean(axis=0) - five[3:].mean(axis=0)))
    return sum(gaps) / len(gaps) / max(length, 1e-6)
