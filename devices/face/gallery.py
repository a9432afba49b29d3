"""Everybody's templates in memory, compared exactly: 10,000 people take a quarter of a millisecond without an index."""

from collections.abc import Iterable
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from devices.face.engines import Kind, Vector, likeness


class Likest(NamedTuple):
    """The two people a face is likest."""

    no: str
    score: float
    margin: float
    """How far the second is behind; the whole score where there is nobody else."""


class Gallery:
    """Templates of one engine, one for each person. Safe to use from any thread."""

    def __init__(self, kind: Kind, templates: Iterable[tuple[str, Vector]] = ()) -> None:
        self.kind = kind
        self._lock = Lock()
        self._rows: dict[str, int] = {}
        self._numbers: list[str] = []
        self._matrix: NDArray[np.float32] = np.empty((0, kind.size), np.float32)
        self._fill(dict(templates))

    def __len__(self) -> int:
        return len(self._numbers)

    def replace_all(self, templates: Iterable[tuple[str, Vector]]) -> None:
        with self._lock:
            self._fill(dict(templates))

    def put(self, no: str, vector: Vector) -> None:
        with self._lock:
            self._fill(self._templates() | {no: vector})

    def remove(self, no: str) -> None:
        with self._lock:
            self._fill({other: vector for other, vector in self._templates().items() if other != no})

    def template(self, no: str) -> Vector | None:
        with self._lock:
            row = self._rows.get(no)
            return None if row is None else self._matrix[row]

    def templates(self) -> tuple[list[str], NDArray[np.float32]]:
        """Numbers and rows, as they stand."""
        with self._lock:
            return self._numbers, self._matrix

    def likest(self, probe: Vector) -> Likest | None:
        """Whom a face is likest; None in an empty gallery."""
        numbers, matrix = self.templates()
        if not numbers:
            return None
        scores = likeness(self.kind, matrix, probe)
        best = int(np.argmax(scores))
        score = float(scores[best])
        scores[best] = -np.inf
        second = float(scores.max()) if len(numbers) > 1 else 0.0
        return Likest(numbers[best], score, score - second)

    def like(self, probe: Vector, least: float) -> list[tuple[str, float]]:
        """Everybody a face is at least so like, likest first."""
        numbers, matrix = self.templates()
        scores = likeness(self.kind, matrix, probe) if numbers else np.empty(0, np.float32)
        rows = [int(row) for row in np.argsort(scores)[::-1] if scores[row] >= least]
        return [(numbers[row], float(scores[row])) for row in rows]

    def _templates(self) -> dict[str, Vector]:
        return {no: self._matrix[row] for no, row in self._rows.items()}

    def _fill(self, templates: dict[str, Vector]) -> None:
        # A new matrix and new lists each time: whoever is searching goes on with those they have.
        self._numbers = list(templates)
        self._rows = {no: row for row, no in enumerate(self._numbers)}
        self._matrix = np.array(list(templates.values()), np.float32).reshape(len(templates), self.kind.size)
