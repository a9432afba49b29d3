"""Who it is: scores against the limits of their engine. Uncertain is never a punch."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from attendance.recognition import Recognition
from devices.face.engines import KINDS, Kind, Vector, likeness, merged, search_limit
from devices.face.gallery import Gallery
from devices.face.ports import Decision, FrameReport
from devices.face.seen import Seen


def vector_of(seen: Seen) -> Vector:
    return np.frombuffer(seen.vector, "<f4")


def alike(kind: Kind, one: Vector, other: Vector) -> float:
    return float(likeness(kind, one.reshape(1, -1), other)[0])


def of_one_person(kind: Kind, vectors: Sequence[Vector], least: float) -> bool:
    return all(alike(kind, one, other) >= least for one, other in combinations(vectors, 2))


def identify(gallery: Gallery, frames: Sequence[Seen], liveness: str = "") -> Decision:
    """Whose face it is, of everybody in the gallery."""
    probe = _probe(gallery.kind, frames)
    if isinstance(probe, Decision):
        return probe
    limit = search_limit(gallery.kind, len(gallery))
    if limit is None:
        return Decision("uncertain", reasons=("number_first",), frames=_reports(frames))
    found = gallery.likest(probe)
    if found is None or found.score < gallery.kind.limits.perhaps:
        return Decision("stranger", frames=_reports(frames))
    sure = found.score >= limit and found.margin >= gallery.kind.limits.margin
    recognition = _recognition(gallery.kind, found.score, limit, found.margin, liveness)
    return Decision("accepted" if sure else "uncertain", found.no, recognition, frames=_reports(frames))


def verify(gallery: Gallery, no: str, frames: Sequence[Seen], liveness: str = "") -> Decision:
    """Whether it is this person's face."""
    template = gallery.template(no)
    if template is None:
        return Decision("unclear", no, reasons=("not_enrolled",), frames=_reports(frames))
    probe = _probe(gallery.kind, frames)
    if isinstance(probe, Decision):
        return probe
    limit = gallery.kind.limits.verify
    score = alike(gallery.kind, template, probe)
    recognition = _recognition(gallery.kind, score, limit, None, liveness)
    return Decision("accepted" if score >= limit else "stranger", no, recognition, frames=_reports(frames))


def is_sure(told: Recognition) -> bool:
    """Whether figures that a terminal tells are those of an acceptance, and not of somebody uncertain."""
    kind = KINDS.get(told.engine)
    if kind is None or kind.model != told.model or told.score < told.threshold:
        return False
    if told.margin is None:
        return told.threshold >= kind.limits.verify
    least = search_limit(kind, 1)
    return least is not None and told.threshold >= least and told.margin >= kind.limits.margin


def _probe(kind: Kind, frames: Sequence[Seen]) -> Vector | Decision:
    """The good frames as one face, or why there is none."""
    good = [vector_of(seen) for seen in frames if seen.report.good and seen.vector]
    if not good:
        reasons = min((seen.report.reasons for seen in frames), key=len, default=("no_face",))
        return Decision("unclear", reasons=reasons, frames=_reports(frames))
    if not of_one_person(kind, good, kind.limits.held):
        return Decision("unclear", reasons=("another_person",), frames=_reports(frames))
    return merged(kind, good)


def _recognition(kind: Kind, score: float, limit: float, margin: float | None, liveness: str) -> Recognition:
    return Recognition(
        engine=kind.name,
        model=kind.model,
        score=round(score, 4),
        threshold=limit,
        margin=None if margin is None else round(margin, 4),
        liveness=liveness,
    )


def _reports(frames: Sequence[Seen]) -> tuple[FrameReport, ...]:
    return tuple(seen.report for seen in frames)
