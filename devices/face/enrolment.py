"""Making a template: 3 to 5 frames, each judged, all of one person, and of nobody who is enrolled already."""

from collections.abc import Sequence
from typing import NamedTuple

from attendance.facts import Refused
from devices.face.decisions import of_one_person, vector_of
from devices.face.engines import Vector, merged
from devices.face.gallery import Gallery
from devices.face.ports import Resemblance
from devices.face.seen import Seen

FEWEST, MOST = 3, 5


class Made(NamedTuple):
    """A template, not yet in the vault."""

    vector: Vector
    frames: int
    resembles: tuple[Resemblance, ...]


def make(gallery: Gallery, no: str, frames: Sequence[Seen], *, override: bool) -> Made:
    """Raises Refused: face_frames_few, face_frame_bad, face_frames_differ; face_taken without `override`."""
    check_number(len(frames))
    vectors = [_good(place, seen) for place, seen in enumerate(frames, 1)]
    if not of_one_person(gallery.kind, vectors, gallery.kind.limits.alike):
        raise Refused("face_frames_differ")
    vector = merged(gallery.kind, vectors)
    resembles = _others(gallery, no, vector)
    taken = [other for other in resembles if other.score >= gallery.kind.limits.refuse]
    if taken and not override:
        raise Refused("face_taken", "no", no=taken[0].no, score=f"{taken[0].score:.2f}")
    return Made(vector, len(frames), resembles)


def check_number(frames: int) -> None:
    if not FEWEST <= frames <= MOST:
        raise Refused("face_frames_few", frames=frames, fewest=FEWEST, most=MOST)


def _good(place: int, seen: Seen) -> Vector:
    if not seen.report.good:
        raise Refused("face_frame_bad", frame=place, reason=seen.report.reasons[0])
    return vector_of(seen)


def _others(gallery: Gallery, no: str, vector: Vector) -> tuple[Resemblance, ...]:
    """Whom the face resembles, likest first, the person themselves aside."""
    like = gallery.like(vector, gallery.kind.limits.warn)
    return tuple(Resemblance(other, round(score, 2)) for other, score in like if other != no)
