"""What is asked about a frame, and what is heard: the words between the server and its workers."""

from typing import NamedTuple

from devices.face.ports import FrameReport

Place = tuple[float, float]
"""Pixels across and down."""


class Wanted(NamedTuple):
    """How much of a frame is looked at."""

    enrolling: bool = False
    """Whether the frame is judged by what an enrolment asks."""
    face: bool = True
    """Whether the face is made into numbers, which takes most of the time."""
    straight: bool = False
    """Whether the face is seen straight on, to be compared with others (`lids.changes`)."""


class Straight(NamedTuple):
    """A face as if it looked straight into the camera (`lids.straightened`)."""

    grey: bytes = b""
    corners: tuple[Place, ...] = ()
    """Where eyes, left mouth corner and right one lay in the frame."""


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
    straight: Straight = Straight()
    """Empty without a face, or when it was not asked for."""


class Change(NamedTuple):
    """How much a frame differs from the first ones, in differences that edges slipped by one pixel would make."""

    eyes: float = 0.0
    """Of the eye that changed less: both do in a blink."""
    around: float = 0.0
    """Of what lies between the eyes, of their surroundings or of the rest of the face, whichever changed most."""
    middle: Place = (0.0, 0.0)
    """Of the face in its frame: by all that is seen of it, a tenth as unsteady as the detector's points."""
