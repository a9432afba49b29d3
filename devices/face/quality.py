"""Whether a frame serves: one face, large, sharp, well lit and looking this way. Pure: measures in, codes out."""

from math import atan2, degrees
from typing import NamedTuple

from devices.face.ports import Box, FrameReport

NOSE_ACROSS, NOSE_DOWN = 0.5, 0.54
"""Where the nose of a face that looks straight at the camera lies between eyes and mouth."""
NOSE_DEPTH = 0.45
"""How far the tip stands out from the plane of eyes and mouth, in distances between the eyes."""


class Measures(NamedTuple):
    """What was measured of the largest face of a frame."""

    box: tuple[float, float, float, float]
    """x, y, width, height in the frame's pixels."""
    frame: tuple[int, int]
    """Width and height in pixels."""
    sure: float
    """The detector's own certainty that this is a face, 0 to 1."""
    sharpness: float
    """Variance of the Laplacian of the aligned face at middle brightness."""
    light: float
    clipped: float
    nose: tuple[float, float]
    roll: float

    @property
    def yaw(self) -> float:
        """Degrees; positive when the person looks to their own left."""
        return degrees(atan2(self.nose[0] - NOSE_ACROSS, NOSE_DEPTH))

    @property
    def pitch(self) -> float:
        """Degrees; positive when the person looks up."""
        return degrees(atan2(NOSE_DOWN - self.nose[1], NOSE_DEPTH))


class Demand(NamedTuple):
    """What is asked of a frame."""

    sure: float
    size: int
    """Pixels of the face's shorter side."""
    sharpness: float
    turned: float
    """Degrees of yaw and pitch."""
    tilted: float
    light: tuple[float, float] = (60.0, 200.0)
    clipped: float = 0.05


ENROL = Demand(sure=0.85, size=112, sharpness=90.0, turned=20.0, tilted=20.0)
CLOCK_IN = Demand(sure=0.70, size=60, sharpness=40.0, turned=35.0, tilted=35.0, light=(35.0, 225.0), clipped=0.25)
MOST_OF_FRAME = 0.9
"""A face wider than this part of the frame is too near the camera to be seen whole."""


def judged(faces: int, measures: Measures | None, demand: Demand) -> FrameReport:
    """A frame's worth, with the codes of everything that is wrong with it."""
    if measures is None:
        return FrameReport(("no_face",), faces)
    x, y, width, height = measures.box
    return FrameReport(
        reasons=tuple(code for code, wrong in _faults(faces, measures, demand).items() if wrong),
        faces=faces,
        box=Box(round(x), round(y), round(width), round(height)),
        width=measures.frame[0],
        height=measures.frame[1],
        sharpness=round(measures.sharpness, 1),
        light=round(measures.light, 1),
        clipped=round(measures.clipped, 3),
        yaw=round(measures.yaw, 1),
        pitch=round(measures.pitch, 1),
        roll=round(measures.roll, 1),
    )


def _faults(faces: int, measures: Measures, demand: Demand) -> dict[str, bool]:
    """Codes in the order in which a person should mend them."""
    _, _, width, height = measures.box
    darkest, brightest = demand.light
    return {
        "several_faces": faces > 1,
        "too_small": min(width, height) < demand.size,
        "too_large": width > measures.frame[0] * MOST_OF_FRAME,
        "off_edge": _off_edge(measures),
        "too_dark": measures.light < darkest,
        "too_bright": measures.light > brightest,
        "glare": measures.clipped > demand.clipped,
        "turned": max(abs(measures.yaw), abs(measures.pitch)) > demand.turned,
        "tilted": abs(measures.roll) > demand.tilted,
        "blurred": measures.sharpness < demand.sharpness,
        "unsure": measures.sure < demand.sure,
    }


def _off_edge(measures: Measures) -> bool:
    """Whether more than a tenth of the face lies outside the frame."""
    x, y, width, height = measures.box
    inside = max(0.0, min(x + width, measures.frame[0]) - max(x, 0.0))
    inside *= max(0.0, min(y + height, measures.frame[1]) - max(y, 0.0))
    return inside < width * height * 0.9
