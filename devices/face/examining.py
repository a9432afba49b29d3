"""One frame examined. Runs in a worker, or in a terminal that matches by itself."""

import cv2
import numpy as np

from devices.face.engines import Engine
from devices.face.lids import straightened
from devices.face.looking import Finder, Found, decoded
from devices.face.ports import FrameReport
from devices.face.quality import CLOCK_IN, ENROL, judged
from devices.face.seen import Seen, Straight, Wanted


class Examiner:
    """Looks at frames, one after another."""

    def __init__(self, engine: Engine, finder: Finder) -> None:
        # One thread: where several processes look at frames, more were measured two to four times slower.
        cv2.setNumThreads(1)
        self.kind = engine.kind
        self._engine = engine
        self._finder = finder

    def examine(self, jpeg: bytes, wanted: Wanted) -> Seen:
        image = decoded(jpeg)
        if image is None:
            return Seen(FrameReport(("unreadable",)))
        faces, found = self._finder.find(image)
        report = judged(faces, found.measures if found else None, ENROL if wanted.enrolling else CLOCK_IN)
        if found is None:
            return Seen(report)
        return Seen(
            report,
            self._engine.embed(image, found.points).tobytes() if wanted.face else b"",
            *_distances(found),
            found.measures.nose,
            straightened(image, found.points) if wanted.straight else Straight(),
        )


def _distances(found: Found) -> tuple[float, float]:
    """From eye to eye, and from the eyes to the mouth."""
    points = found.points
    eyes, mouth = points[:2].mean(axis=0), points[3:].mean(axis=0)
    return float(np.linalg.norm(points[0] - points[1])), float(np.linalg.norm(eyes - mouth))
