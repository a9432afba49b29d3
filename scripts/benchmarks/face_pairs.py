"""Verification: how often two pictures of one person pass for one, and two of different people."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from benchmarks.face_reading import Faces, Picture
from benchmarks.figures import Figure
from devices.face.engines import Kind, likeness

PER_CENT = 100.0
BINS = 20_000
LOWEST, HIGHEST = -1.0, 1.0
STEP = (HIGHEST - LOWEST) / BINS
"""Scores are counted in steps of 0.0001: 90 million pairs take no more memory than a thousand."""
AT_ONCE = 256
"""Pictures compared with all others at a time."""
PAIRS = "pairs.txt"
"""LFW's own protocol: folds of pairs of one person and as many pairs of two."""
Counts = NDArray[np.int64]
Rates = NDArray[np.float64]


def thresholds() -> Rates:
    return np.linspace(LOWEST, HIGHEST, BINS + 1)


class Scores(NamedTuple):
    """How many pairs have each likeness."""

    same: Counts
    different: Counts

    @classmethod
    def none(cls) -> Self:
        return cls(np.zeros(BINS, np.int64), np.zeros(BINS, np.int64))

    def accepted(self) -> Rates:
        """At each threshold, the share of pairs of one person that are taken for one."""
        return _passing(self.same)

    def strangers(self) -> Rates:
        """At each threshold, the share of pairs of two people that are taken for one."""
        return _passing(self.different)


def _passing(counts: Counts) -> Rates:
    """The share at or above each threshold."""
    above = np.concatenate([np.cumsum(counts[::-1])[::-1], [0]])
    return np.asarray(above / max(1, int(counts.sum())), np.float64)


def counted(scores: NDArray[np.float32]) -> Counts:
    places = np.clip(((scores.astype(np.float64) - LOWEST) / STEP).astype(np.int64), 0, BINS - 1)
    return np.bincount(places.ravel(), minlength=BINS)


def compared(kind: Kind, faces: Faces) -> Scores:
    """Every two pictures, each pair once."""
    people = np.unique([picture.person for picture in faces.pictures], return_inverse=True)[1]
    total = Scores.none()
    for start in range(0, len(people), AT_ONCE):
        end = min(start + AT_ONCE, len(people))
        scores = against(kind, faces.rows[start:end], faces.rows[start:])
        later = np.arange(start, len(people))[None, :] > np.arange(start, end)[:, None]
        one = people[start:end, None] == people[None, start:]
        total.same[:] += counted(scores[later & one])
        total.different[:] += counted(scores[later & ~one])
    return total


def against(kind: Kind, some: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
    """The likeness of each to each."""
    if kind.unit:
        return some @ others.T
    # |a - b|² = |a|² + |b|² - 2ab: a matrix product instead of a row of differences for every pair.
    squares = (some**2).sum(axis=1)[:, None] + (others**2).sum(axis=1)[None, :] - 2 * (some @ others.T)
    return np.asarray(1.0 - np.sqrt(np.maximum(squares, 0.0)), np.float32)


def verification(kind: Kind, scores: Scores, without: int) -> Iterator[Figure]:
    at, accepted, strangers = thresholds(), scores.accepted(), scores.strangers()
    limit = round((kind.limits.verify - LOWEST) / STEP)
    note = f"{scores.same.sum():,} and {scores.different.sum():,} pairs; {without} pictures without a face"
    what = f"{kind.name} 1:1 at {kind.limits.verify:.2f}"
    yield Figure(f"{what}: the person accepted", PER_CENT * accepted[limit], "%", note=note)
    yield Figure(f"{what}: somebody else accepted", PER_CENT * strangers[limit], "%", better="less")
    for share in (0.01, 0.001):
        place = int(np.argmax(strangers <= share))
        what = f"{kind.name} 1:1, {share:.1%} of others accepted: the person"
        yield Figure(what, PER_CENT * accepted[place], "%", note=f"threshold {at[place]:.3f}")
    right = (accepted + 1 - strangers) / 2
    best = int(np.argmax(right))
    note = f"threshold {at[best]:.3f}; both kinds of pairs weigh the same"
    yield Figure(f"{kind.name} 1:1, at the best threshold: told rightly", PER_CENT * right[best], "%", note=note)


class Fold(NamedTuple):
    """Scores of one tenth of the protocol's pairs."""

    same: NDArray[np.float64]
    different: NDArray[np.float64]

    def right(self, threshold: float) -> float:
        """The share told rightly."""
        rightly = int((self.same >= threshold).sum()) + int((self.different < threshold).sum())
        return rightly / (len(self.same) + len(self.different))


def protocol(kind: Kind, folder: Path, faces: Faces) -> Iterator[Figure]:
    """The pairs of a folder's `pairs.txt`, where there is one; each fold is judged at the others' best threshold."""
    file = folder / PAIRS
    if not file.is_file():
        return
    folds = list(_folds(kind, file.read_text(encoding="utf-8").splitlines(), faces))
    rates = [fold.right(_best(folds[:place] + folds[place + 1 :])) for place, fold in enumerate(folds)]
    missed = sum(int(np.isinf(part).sum()) for fold in folds for part in fold)
    total = sum(len(part) for fold in folds for part in fold)
    note = f"{total:,} pairs in {len(folds)} folds, ± {PER_CENT * np.std(rates):.2f}; {missed} lack a face: two people"
    yield Figure(f"{kind.name} {PAIRS}: told rightly", PER_CENT * float(np.mean(rates)), "%", "≥ 99.3", note=note)
    best = _best(folds)
    note = f"threshold {best:.3f}"
    rate = PER_CENT * float(np.mean([fold.right(best) for fold in folds]))
    yield Figure(f"{kind.name} {PAIRS}, one threshold for all: told rightly", rate, "%", note=note)


def _best(folds: list[Fold]) -> float:
    """The threshold that tells most pairs rightly."""
    whole = Fold(np.concatenate([one.same for one in folds]), np.concatenate([one.different for one in folds]))
    scores = np.unique(np.concatenate([whole.same, whole.different]))
    tried = (scores[1:] + scores[:-1]) / 2
    passed = len(whole.same) - np.searchsorted(np.sort(whole.same), tried)
    refused = np.searchsorted(np.sort(whole.different), tried)
    return float(tried[int(np.argmax(passed + refused))])


def _folds(kind: Kind, lines: list[str], faces: Faces) -> Iterator[Fold]:
    """The first line says how many folds, and how many pairs of each kind are in one."""
    heading, *told = lines
    count, size = (int(word) for word in [*heading.split(), "10"][:2]) if "\t" in heading else (10, int(heading))
    rows = {picture: row for row, picture in enumerate(faces.pictures)}
    scores = np.array([_score(kind, faces, rows, line) for line in told if line.strip()])
    for fold in scores[: count * 2 * size].reshape(count, 2, size):
        yield Fold(fold[0], fold[1])


def _score(kind: Kind, faces: Faces, rows: dict[Picture, int], line: str) -> float:
    """How like the two pictures of a line are; without a face in one of them, less than any."""
    words = line.split("\t") if "\t" in line else line.split()
    one, other = (words[0], words[1]), (words[-2] if len(words) == 4 else words[0], words[-1])
    places = [rows.get(Picture(person, f"{person}_{int(number):04d}")) for person, number in (one, other)]
    if places[0] is None or places[1] is None:
        return -np.inf
    return float(likeness(kind, faces.rows[places[0]].reshape(1, -1), faces.rows[places[1]])[0])
