"""Identification: so many people of a folder enrolled, and then everybody walks past the camera."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from benchmarks.face_reading import Faces
from benchmarks.figures import Figure
from devices.face.decisions import identify
from devices.face.engines import Kind, Vector, merged, search_limit
from devices.face.enrolment import FEWEST
from devices.face.gallery import Gallery
from devices.face.ports import Decision, FrameReport
from devices.face.seen import Seen

PER_CENT = 100.0
SIZES = (100, 300, 1000)
ROUNDS = 10
"""Who is enrolled, and with which photos, is drawn anew each round."""
SHARE_OF_STRANGERS = 0.01


class Passed(NamedTuple):
    """Somebody before the camera: who it was, enrolled or not, and what was decided."""

    no: str
    """Empty for a stranger."""
    decision: Decision

    @property
    def score(self) -> float:
        return self.decision.recognition.score if self.decision.recognition else 0.0

    @property
    def accepted(self) -> bool:
        return self.decision.verdict == "accepted"


def identification(kind: Kind, faces: Faces) -> Iterator[Figure]:
    """For each size of hall that leaves a third of the folder's people as strangers; for a small folder, its half."""
    people = len(faces.of_people())
    for size in [size for size in SIZES if size <= people * 2 / 3] or [people // 2]:
        if size:
            rounds = [_round(kind, faces, size, np.random.default_rng(seed)) for seed in range(ROUNDS)]
            yield from _told(kind, size, [one for passed in rounds for one in passed])


def _told(kind: Kind, size: int, passed: list[Passed]) -> Iterator[Figure]:
    own = [one for one in passed if one.no]
    strangers = [one for one in passed if not one.no]
    what = f"{kind.name} 1:N, {size} people at {search_limit(kind, size):.2f}"
    note = f"{ROUNDS} rounds: {len(own):,} looks of the enrolled, {len(strangers):,} of strangers"
    right = [one.accepted and one.decision.no == one.no for one in own]
    yield Figure(f"{what}: known at once", _share(right), "%", "≥ 99", note=note)
    asked = [one.decision.verdict == "uncertain" for one in own]
    yield Figure(f"{what}: asked for the number", _share(asked), "%", better="less")
    wrong = [one.accepted and one.decision.no != one.no for one in own]
    yield Figure(f"{what}: taken for somebody else", _share(wrong), "%", better="less")
    let_in = [one.accepted for one in strangers]
    yield Figure(f"{what}: strangers accepted", _share(let_in), "%", "≤ 1", better="less")
    yield _calibrated(kind, size, own, strangers)


def _calibrated(kind: Kind, size: int, own: list[Passed], strangers: list[Passed]) -> Figure:
    """Whatever the limit in force, the one at which a hundredth of strangers would be let in."""
    scores = sorted((one.score for one in strangers), reverse=True) or [0.0]
    limit = np.nextafter(scores[int(len(scores) * SHARE_OF_STRANGERS)], 1.0)
    known = [one.score >= limit and one.decision.no == one.no for one in own]
    what = f"{kind.name} 1:N, {size} people, 1% of strangers accepted: known"
    return Figure(what, _share(known), "%", note=f"threshold {max(limit, kind.limits.perhaps):.3f}, no margin asked")


def _share(happened: list[bool]) -> float:
    return PER_CENT * sum(happened) / max(1, len(happened))


def _round(kind: Kind, faces: Faces, size: int, chance: np.random.Generator) -> list[Passed]:
    """People with several photos are enrolled with up to three of them, and another one looks for them; when they are
    too few, people with a single photo fill the hall. Everybody else is a stranger."""
    people = {no: list(chance.permutation(rows)) for no, rows in faces.of_people().items()}
    mixed = [str(no) for no in chance.permutation(sorted(people))]
    several_first = sorted(mixed, key=lambda no: len(people[no]) < 2)
    enrolled, strangers = several_first[:size], several_first[size:]
    gallery = Gallery(kind, [(no, _template(kind, faces, people[no])) for no in enrolled])
    looks = [(no, people[no][0]) for no in enrolled if len(people[no]) > 1] + [("", people[no][0]) for no in strangers]
    return [Passed(no, identify(gallery, [_seen(faces, row)])) for no, row in looks]


def _template(kind: Kind, faces: Faces, rows: list[int]) -> Vector:
    return merged(kind, list(faces.rows[rows[1 : FEWEST + 1] or rows]))


def _seen(faces: Faces, row: int) -> Seen:
    return Seen(FrameReport((), 1), faces.rows[row].tobytes())
