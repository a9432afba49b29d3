"""How well an engine tells the people of a folder apart: `scripts/bench --faces DIR`, one subfolder a person.

Nothing of the pictures is kept: a hall can calibrate on its own people, with their consent, and delete the folder.
"""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import Figure
from devices.face.decisions import alike
from devices.face.engines import KINDS, Kind, Vector, load, merged, search_limit
from devices.face.gallery import Gallery
from devices.face.looking import Finder, decoded

PICTURES = {".jpg", ".jpeg", ".png"}
PER_CENT = 100.0
ROUNDS = 20
"""Every other person plays the stranger, drawn anew each round."""


class Scores(NamedTuple):
    """Likeness of every two pictures."""

    same: NDArray[np.float32]
    different: NDArray[np.float32]

    def accepted(self, threshold: float) -> float:
        """Share of pairs of one person that are taken for one."""
        return float((self.same >= threshold).mean())

    def strangers(self, threshold: float) -> float:
        """Share of pairs of two people that are taken for one."""
        return float((self.different >= threshold).mean())

    def threshold_for(self, strangers: float) -> float:
        """Where so large a share of pairs of two people passes."""
        return float(np.quantile(self.different, 1 - strangers))


People = dict[str, list[Vector]]


def figures(folder: Path, curves: Path) -> Iterator[Figure]:
    """Both engines; the curve of each is written as an SVG picture."""
    for kind in KINDS.values():
        people, without = read(folder, kind)
        scores = compared(kind, people)
        (curves / f"faces-{kind.name}.svg").write_text(curve(kind, scores), encoding="utf-8")
        yield from _verification(kind, scores, without)
        if kind.limits.search:
            yield from _identification(kind, people)


def read(folder: Path, kind: Kind) -> tuple[People, int]:
    """Every face of the folder as numbers, and how many pictures show none."""
    finder, engine, people, without = Finder(), load(kind.name), dict[str, list[Vector]](), 0
    for path in sorted(path for path in folder.glob("*/*") if path.suffix.lower() in PICTURES):
        image = decoded(path.read_bytes())
        _, found = finder.find(image) if image is not None else (0, None)
        if image is None or found is None:
            without += 1
        else:
            people.setdefault(path.parent.name, []).append(engine.embed(image, found.points))
    return people, without


def compared(kind: Kind, people: People) -> Scores:
    same: list[float] = []
    different: list[float] = []
    named = [(name, vector) for name, vectors in people.items() for vector in vectors]
    for (one, vector), (other, beside) in combinations(named, 2):
        (same if one == other else different).append(alike(kind, vector, beside))
    return Scores(np.array(same, np.float32), np.array(different, np.float32))


def _verification(kind: Kind, scores: Scores, without: int) -> Iterator[Figure]:
    limit = kind.limits.verify
    pairs = f"{len(scores.same):,} and {len(scores.different):,} pairs; {without} pictures without a face"
    what = f"{kind.name} 1:1 at {limit:.2f}"
    yield Figure(f"{what}: the person accepted", PER_CENT * scores.accepted(limit), "%", note=pairs)
    yield Figure(f"{what}: somebody else accepted", PER_CENT * scores.strangers(limit), "%", better="less")
    for share in (0.01, 0.001):
        threshold = scores.threshold_for(share)
        note = f"threshold {threshold:.3f}"
        accepted = PER_CENT * scores.accepted(threshold)
        yield Figure(f"{kind.name} 1:1, {share:.1%} of others accepted: the person", accepted, "%", note=note)


class Outcome(NamedTuple):
    correct: int = 0
    wrong: int = 0
    asked: int = 0
    """Uncertain: the staff number would be asked for."""
    missed: int = 0
    strangers: int = 0
    strangers_accepted: int = 0


def _identification(kind: Kind, people: People) -> Iterator[Figure]:
    total = np.zeros(len(Outcome._fields))
    for seed in range(ROUNDS):
        total += np.array(_round(kind, people, np.random.default_rng(seed)))
    told = Outcome(*total)
    known = max(1, told.correct + told.wrong + told.asked + told.missed)
    people_count = len(people) // 2
    limit = search_limit(kind, people_count)
    what = f"{kind.name} 1:N, {people_count} people at {limit:.2f}"
    yield Figure(f"{what}: known at once", PER_CENT * told.correct / known, "%", "≥ 99")
    yield Figure(f"{what}: asked for the number", PER_CENT * told.asked / known, "%", better="less")
    yield Figure(f"{what}: taken for somebody else", PER_CENT * told.wrong / known, "%", better="less")
    share = PER_CENT * told.strangers_accepted / max(1, told.strangers)
    yield Figure(f"{what}: strangers accepted", share, "%", "≤ 1", better="less")


def _round(kind: Kind, people: People, chance: np.random.Generator) -> Outcome:
    """Half of the people enrolled with all pictures but one, which then looks for them; the others are strangers."""
    names = list(chance.permutation([name for name, vectors in people.items() if len(vectors) > 1]))
    enrolled, strangers = names[: len(names) // 2], names[len(names) // 2 :]
    gallery = Gallery(kind, [(name, merged(kind, people[name][1:])) for name in enrolled])
    told = [_told(gallery, people[name][0]) for name in enrolled]
    others = [_told(gallery, people[name][0]) for name in strangers]
    return Outcome(
        correct=sum(found == name for found, name in zip(told, enrolled, strict=True)),
        wrong=sum(found not in ("", "?", name) for found, name in zip(told, enrolled, strict=True)),
        asked=told.count("?"),
        missed=told.count(""),
        strangers=len(others),
        strangers_accepted=sum(found not in ("", "?") for found in others),
    )


def _told(gallery: Gallery, probe: Vector) -> str:
    """Who it is; "?" for uncertain, nothing for a stranger. The same rule as `decisions.identify`."""
    found = gallery.likest(probe)
    limit = search_limit(gallery.kind, len(gallery))
    if found is None or limit is None or found.score < gallery.kind.limits.perhaps:
        return ""
    return found.no if found.score >= limit and found.margin >= gallery.kind.limits.margin else "?"


WIDE, HIGH, EDGE = 640, 360, 48


def curve(kind: Kind, scores: Scores) -> str:
    """Who is accepted at each threshold, as an SVG picture: the same person in green, somebody else in red."""
    thresholds = np.linspace(float(scores.different.min()), 1.0, 120)
    left, right = thresholds[0], thresholds[-1]

    def place(threshold: float, share: float) -> str:
        x = EDGE + (threshold - left) / (right - left) * (WIDE - 2 * EDGE)
        return f"{x:.1f},{HIGH - EDGE - share * (HIGH - 2 * EDGE):.1f}"

    def line(colour: str, shares: list[float]) -> str:
        points = " ".join(place(float(at), share) for at, share in zip(thresholds, shares, strict=True))
        return f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{points}"/>'

    x = place(kind.limits.verify, 0.0).split(",")[0]
    text = '<text font-family="sans-serif" font-size="12"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" role="img">',
            f"<title>{kind.name}: accepted at each threshold</title>",
            line("#1a7f37", [scores.accepted(at) for at in thresholds]),
            line("#b42318", [scores.strangers(at) for at in thresholds]),
            f'<line x1="{x}" x2="{x}" y1="{EDGE}" y2="{HIGH - EDGE}" stroke="#555" stroke-dasharray="4"/>',
            f'{text} x="{x}" y="{EDGE - 8}">{kind.limits.verify:.2f}</text>',
            f'{text} x="{EDGE}" y="{HIGH - 16}">{left:.2f}</text>',
            f'{text} x="{WIDE - EDGE - 24}" y="{HIGH - 16}">{right:.2f}</text>',
            f'{text} x="8" y="{EDGE}">100 %</text>{text} x="8" y="{HIGH - EDGE}">0 %</text>',
            "</svg>\n",
        ]
    )
