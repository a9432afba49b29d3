"""A month derived again from the log, for halls of several sizes and histories, beside a plain fold of its rows."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import halls
from benchmarks.figures import Figure, Load, helper, seconds

Rows = list[tuple[int, int]]
FOLD = """
SELECT person, sum(seconds), sum(punches) FROM (
    SELECT person, moment - moment % 86400 AS day, max(moment) - min(moment) AS seconds, count(*) AS punches
    FROM punch GROUP BY person, day
) AS days GROUP BY person ORDER BY person
"""
GOALS = {200: "≤ 1 s", 2_000: "≤ 5 s", 100_000: "≤ 150 s and ≤ 4 GB"}
GIB = 1 << 30


class Rebuilt(NamedTuple):
    """One hall derived again."""

    staff: int
    months: int
    punches: int
    seconds: float
    peak: int

    @property
    def days(self) -> int:
        return self.punches // halls.PUNCHES_A_DAY


def rebuilt(data: Path, staff: int, months: int, punches: int) -> Rebuilt:
    process = helper("benchmarks.rebuilding", str(data), halls.MONTH)
    took: dict[str, Any] = json.loads(subprocess.run(**process, check=True, stdout=subprocess.PIPE).stdout)
    if took["ranked"] != staff:
        raise AssertionError(f"{took['ranked']} of {staff} ranked: this hall measures nothing")
    return Rebuilt(staff, months, punches, took["rebuild"] + took["month"], took["peak"])


def measure(load: Load, staff: int, months: int) -> tuple[Rebuilt, Rows]:
    """A hall derived again, and its punches as bare rows: person and second."""
    with load.folder() as folder:
        hall = halls.found(folder / "hall", staff)
        punches = sum(halls.fill(hall, staff, month) for month in halls.months(months))
        hall.close()
        result = rebuilt(folder / "hall", staff, months, punches)
    return result, [(int(p.pin), int(p.at.timestamp())) for p in halls.punches(staff, halls.MONTH)]


def fold_in_duckdb(rows: Rows) -> float | None:
    """Seconds of the plain fold in DuckDB; None where it is not installed."""
    try:
        import duckdb
    except ImportError:
        return None
    with duckdb.connect() as connection:
        people, moments = zip(*rows, strict=True)
        connection.execute("CREATE TABLE punch (person INTEGER, moment BIGINT)")
        connection.execute("INSERT INTO punch SELECT unnest(?), unnest(?)", [list(people), list(moments)])
        return seconds(lambda: connection.execute(FOLD).fetchall())


def fold_in_sqlite(rows: Rows) -> float:
    import sqlite3

    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE punch (person INTEGER, moment INTEGER)")
    connection.executemany("INSERT INTO punch VALUES (?, ?)", rows)
    took = seconds(lambda: connection.execute(FOLD).fetchall())
    connection.close()
    return took


def month_figure(result: Rebuilt, rows: Rows) -> Figure:
    in_duckdb = fold_in_duckdb(rows)
    limit = fold_in_sqlite(rows) if in_duckdb is None else in_duckdb
    return Figure(
        f"a month of {result.staff:,} staff rebuilt from the log, ranking included ({result.punches:,} punches)",
        result.seconds,
        "s",
        GOALS.get(result.staff, ""),
        limit,
        f"{'SQLite' if in_duckdb is None else 'DuckDB'}'s plain fold of the same typed rows, no rules",
        better="less",
        note=f"peak memory {result.peak / GIB:.2f} GiB",
    )


def cost_figure(result: Rebuilt, smallest: Rebuilt) -> Figure:
    """Microseconds a punch, beside those of the smallest hall and history: a ratio of 1 is flat."""
    cost = result.seconds / result.punches * 1e6
    span = "one month" if result.months == 1 else f"{result.months} months"
    return Figure(
        f"cost of a punch, {result.staff:,} staff, {span} of history",
        cost,
        "µs",
        "flat",
        smallest.seconds / smallest.punches * 1e6,
        f"{smallest.staff:,} staff, one month",
        better="less",
        note=f"{result.seconds / result.days * 1e6:.0f} µs a person-day",
    )


def figures(load: Load) -> Iterator[Figure]:
    sizes = [20] if load.short else [200, 2_000]
    sizes += [100_000] if load.large else []
    results = []
    for staff in sizes:
        result, rows = measure(load, staff, 1)
        results.append(result)
        yield month_figure(result, rows)
    histories = [(sizes[0], load.of(36, 2)), (sizes[0], load.of(60, 3))]
    results += [measure(load, staff, months)[0] for staff, months in histories]
    for result in results[1:]:
        yield cost_figure(result, results[0])
