"""What is asked about a frame, and what is heard: the words between the server and its workers."""

from typing import NamedTuple

from devices.face.ports import FrameReport


class Wanted(NamedTuple):
    """How much of a frame is looked at."""

    enrolling: bool = False
    """Whether the frame is judged by what an enrolment asks."""
    face: bool = True
    """Whether the face is made into numbers, which takes most of the time."""
    lids: bool = False


class Seen(NamedTuple):
    """What there is to a frame."""

    report: FrameReport
    vector: bytes = b""
    """The face as little-endian float32; empty without a face, or when it was not asked for."""
    eyes: float = 0.0
    """Pixels from eye to eye."""
    length: float = 0.0
    """Pixels from the eyes to the mouth."""
    nose: tuple[float, float] = (0.0, 0.0)
    """See `looking.nose_place`."""
    opening: float = 0.0
    """How far the eyes are open, in distances from the eyes to the mouth; 0 when it was not asked for."""
