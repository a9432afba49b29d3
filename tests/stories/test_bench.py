"""Every row of scripts/bench runs, in its short form. The figures themselves are for a quiet machine."""

from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

import pytest

from benchmarks.__main__ import GROUPS
from benchmarks.figures import Figure, Load, percentile
from benchmarks.report import line, number


@pytest.mark.parametrize("group", GROUPS)
def test_every_row_of_a_group_can_be_measured(group: str) -> None:
    if group == "tablet" and which("chromium") is None:
        pytest.skip("no Chromium on this machine")
    # Not in pytest's own folder: every other run of pytest closes that one to the user PostgreSQL runs as.
    with TemporaryDirectory(prefix="manqin-bench-test-") as place:
        Path(place).chmod(0o755)
        figures = list(GROUPS[group](Load(short=True, large=False, place=Path(place))))
    assert figures
    assert all(figure.ours > 0 and (figure.limit is None or figure.limit > 0) for figure in figures)
    assert all(line(figure).count(" | ") == 5 for figure in figures)


@pytest.mark.parametrize(
    ("better", "ratio"),
    [("more", 2.0), ("less", 0.5)],
)
def test_a_ratio_above_one_is_always_the_better_side(better: str, ratio: float) -> None:
    assert Figure("rate", 200, "1/s", limit=100, better=better).ratio() == ratio  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "shown"), [(26_384.4, "26,384"), (100, "100"), (3.14159, "3.14"), (0.0312, "0.031"), (2.0, "2")]
)
def test_numbers_are_written_for_reading(value: float, shown: str) -> None:
    assert number(value) == shown


@pytest.mark.parametrize(("percent", "expected"), [(50, 50.0), (99, 99.0), (100, 100.0), (1, 1.0)])
def test_a_percentile_is_one_of_the_numbers(percent: float, expected: float) -> None:
    assert percentile([float(n) for n in range(100, 0, -1)], percent) == expected
