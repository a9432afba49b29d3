"""A figure, and the numbers behind it."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import ceil
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Literal, NamedTuple


class Figure(NamedTuple):
    """One row of the table. `limit` is the raw limit measured in the same run, in the same unit."""

    what: str
    ours: float
    unit: str
    goal: str = ""
    limit: float | None = None
    limit_is: str = ""
    better: Literal["more", "less"] = "more"
    note: str = ""

    def ratio(self) -> float | None:
        """How much of the raw limit is reached; 1 is as good as it, more is better."""
        if self.limit is None:
            return None
        return self.ours / self.limit if self.better == "more" else self.limit / self.ours


class Load(NamedTuple):
    """How much to measure with; the short form only shows that every row runs."""

    short: bool
    large: bool
    place: Path
    """Where the measured files lie."""

    def of(self, full: int, short: int) -> int:
        return short if self.short else full

    @contextmanager
    def folder(self) -> Iterator[Path]:
        with TemporaryDirectory(prefix="manqin-bench-", dir=self.place) as folder:
            yield Path(folder)


def percentile(numbers: list[float], percent: float) -> float:
    """The smallest number that `percent` of all do not exceed."""
    ordered = sorted(numbers)
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)]


def seconds(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun


def in_turn(rounds: int, *measures: Callable[[], float]) -> list[float]:
    """The median of each measure, taken in turns, so that a slow minute of the machine hits all alike."""
    taken = [[measure() for measure in measures] for _ in range(rounds)]
    return [median(column) for column in zip(*taken, strict=True)]


def helper(module: str, *arguments: str) -> dict[str, Any]:
    """How `subprocess` starts a module of ours in a process of its own, wherever this one found it."""
    command = [sys.executable, "-m", module, *arguments]
    return {"args": command, "env": os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}, "text": True}
