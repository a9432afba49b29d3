"""The table of figures, as people read it."""

import os
import platform
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.disk import PRICE, fsync_milliseconds
from benchmarks.figures import Figure, Load

HEAD = """# Performance

Measured by `scripts/bench`, each figure beside its raw limit in the same run on the same machine. The ratio says how
much of the raw limit is reached: 1.00 is as good as it, more is better.

"""
QUIET = 0.5
BUSY = ": **other work was under way, so these figures are lower than what the machine can do**"
COLUMNS = "| ratio | what | ours | raw limit | goal | note |\n| ---: | --- | ---: | ---: | --- | --- |\n"


def number(value: float) -> str:
    """Three significant digits, thousands apart."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.2g}" if value < 0.1 else f"{value:.3g}"


def line(figure: Figure) -> str:
    ratio = figure.ratio()
    limit = "—" if figure.limit is None else f"{number(figure.limit)} {figure.unit} ({figure.limit_is})"
    cells = ["—" if ratio is None else number(ratio), figure.what, f"{number(figure.ours)} {figure.unit}", limit]
    return f"| {' | '.join([*cells, figure.goal or '—', figure.note or '—'])} |\n"


def processor() -> str:
    """The processor's name where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    return next((entry.partition(":")[2].strip() for entry in lines if entry.startswith("model name")), "")


def machine(load: Load, busy: float) -> str:
    """What the figures were measured on; `busy` is its load average before the run began."""
    with load.folder() as folder:
        median, slow = fsync_milliseconds(folder)
    priced = os.environ.get(PRICE)
    where = f"memory disk with {priced} ms added to every fsync" if priced else "this machine's disk"
    return (
        f"- {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores ({processor()}), Python {platform.python_version()}, "
        f"system SQLite {sqlite3.sqlite_version}, {platform.system()}\n"
        f"- files on {where}: one fsync takes {median:.2f} ms, at the 99th percentile {slow:.2f} ms\n"
        f"- clients and servers share the cores, and the load average before the run was {busy:.1f}"
        f"{BUSY if busy > QUIET else ''}\n\n"
    )


def write(path: Path, figures: list[Figure], load: Load, busy: float) -> None:
    path.write_text(HEAD + machine(load, busy) + COLUMNS + "".join(map(line, figures)), encoding="utf-8")
