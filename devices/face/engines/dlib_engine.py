"""face_recognition (dlib), with the faces that YuNet found: dlib's own detector is slower and misses more."""

from importlib import import_module
from typing import Any

import numpy as np

from attendance.facts import Refused
from devices.face.engines import DLIB_KIND, Image, Kind, Points, Vector
from devices.face.models import DETECTOR, FIVE_POINTS, LANDMARKS, RESNET

SIDE = 2.37
"""dlib's square around a face, in distances from the eyes to the mouth: measured to lose nothing on LFW."""


class Dlib:
    kind: Kind = DLIB_KIND

    def __init__(self, library: Any) -> None:
        self._library = library

    def embed(self, image: Image, points: Points) -> Vector:
        colours = np.ascontiguousarray(image[:, :, ::-1])
        square = _square(points)
        (vector,) = self._library.face_encodings(colours, known_face_locations=[square], num_jitters=1, model="small")
        return np.asarray(vector, np.float32)


def _square(points: Points) -> tuple[int, int, int, int]:
    """Top, right, bottom, left."""
    eyes, mouth = points[:2].mean(axis=0), points[3:].mean(axis=0)
    (x, y), half = (eyes + mouth) / 2, float(np.linalg.norm(eyes - mouth)) * SIDE / 2
    return round(y - half), round(x + half), round(y + half), round(x - half)


def load() -> Dlib:
    for read_at_import in (RESNET, FIVE_POINTS, LANDMARKS, DETECTOR):
        read_at_import.path()
    try:
        return Dlib(import_module("face_recognition"))
    # With the models missing, face_recognition ends the process with status 0 instead of raising.
    except (ImportError, SystemExit) as error:
        raise Refused("faces_unavailable", reason=str(error)) from None
