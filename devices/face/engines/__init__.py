"""The engines that make a face into numbers, behind one interface."""

from importlib import import_module
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from attendance.facts import Refused
from devices.face.models import RESNET, SFACE

Image = NDArray[np.uint8]
"""Blue, green, red."""
Vector = NDArray[np.float32]
Points = NDArray[np.float32]
"""Pixels of the right eye, the left eye, the nose's tip, the mouth's right and left corner: the person's own right."""


class Limits(NamedTuple):
    """From which score on two faces are taken for one person's."""

    verify: float
    """One person against their own template."""
    search: tuple[tuple[int, float], ...]
    """(people enrolled at most, score) for one person against everybody; empty: the engine does not search."""
    margin: float
    """How far the next likest must be behind."""
    perhaps: float
    """From here to the search score: perhaps that person, so the staff number is asked for."""
    held: float
    """Every frame of a challenge against the person's template."""
    alike: float
    """Two frames of one enrolment."""
    warn: float
    """A new face against other people's templates: look again."""
    refuse: float
    """The same: it is one of them."""


class Kind(NamedTuple):
    """What is known of an engine without loading it."""

    name: str
    model: str
    """SHA-256."""
    size: int
    """Numbers in a template."""
    unit: bool
    """Whether likeness is the cosine; else it is one minus the distance."""
    limits: Limits


class Engine(Protocol):
    """An engine loaded into this process."""

    kind: Kind

    def embed(self, image: Image, points: Points) -> Vector:
        """The face with these points as numbers."""


# Measured on public photos, a third of them East Asian (docs/faces.md): 1:1 at 0.40 takes 5 to 10 in 10,000 strangers;
# of 1,000 enrolled at 0.50, 14 in 1,000. The last two steps are drawn out from those, not measured.
SFACE_KIND = Kind(
    "sface",
    SFACE.sha256,
    128,
    unit=True,
    limits=Limits(
        verify=0.40,
        search=((100, 0.45), (1_000, 0.50), (3_000, 0.55), (1_000_000, 0.60)),
        margin=0.05,
        perhaps=0.40,
        held=0.50,
        alike=0.50,
        warn=0.45,
        refuse=0.55,
    ),
)
# Distance 0.40 is the laxest that can be defended: at its customary 0.60, 40 of 100 pairs of different East-Asian
# people pass for one person. So this engine only ever answers for the one person who is named.
DLIB_KIND = Kind(
    "dlib",
    RESNET.sha256,
    128,
    unit=False,
    limits=Limits(verify=0.60, search=(), margin=0.05, perhaps=0.60, held=0.50, alike=0.50, warn=0.65, refuse=0.67),
)
KINDS = {kind.name: kind for kind in (SFACE_KIND, DLIB_KIND)}


def kind_of(name: str) -> Kind:
    """Raises Refused("face_engine_unknown")."""
    if name not in KINDS:
        raise Refused("face_engine_unknown", engine=name, engines=sorted(KINDS))
    return KINDS[name]


def load(name: str) -> Engine:
    """An engine with its model in memory. Raises Refused("faces_unavailable") where its packages cannot be used."""
    module = import_module(f"devices.face.engines.{kind_of(name).name}_engine")
    engine: Engine = module.load()
    return engine


def search_limit(kind: Kind, people: int) -> float | None:
    """The score asked of the likest of so many people; None where the engine must not search."""
    return next((score for most, score in kind.limits.search if people <= most), None)


def likeness(kind: Kind, templates: NDArray[np.float32], probe: Vector) -> NDArray[np.float32]:
    """How like a probe is to each template (one a row): exact, no index."""
    if kind.unit:
        return templates @ probe
    distances = np.sqrt(np.maximum(((templates - probe) ** 2).sum(axis=1), 0.0))
    return np.asarray(1.0 - distances, np.float32)


def merged(kind: Kind, vectors: list[Vector]) -> Vector:
    """One template of several frames: their mean, which beats the best of them (docs/faces.md)."""
    mean = np.mean(np.stack(vectors), axis=0)
    return np.asarray(mean / np.linalg.norm(mean) if kind.unit else mean, np.float32)
