"""`scripts/bench`: measure, print, and with --write put the table into docs/performance.md."""

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import appends, door, families, freshness, months, pages, report
from benchmarks.disk import PRICE, place, start_again_with_price
from benchmarks.figures import Figure, Load

TABLE = Path(__file__).resolve().parents[2] / "docs" / "performance.md"


def _faces(load: Load) -> Iterator[Figure]:
    # OpenCV comes with it, which a machine without libGL cannot load: the other groups must run all the same.
    from benchmarks import faces

    return faces.figures(load)


def _tablet(load: Load) -> Iterator[Figure]:
    # A browser comes with it, which a machine without Chromium does not have.
    from benchmarks import tablet

    return tablet.figures(load)


GROUPS: dict[str, Callable[[Load], Iterator[Figure]]] = {
    "appends": appends.figures,
    "door": door.figures,
    "faces": _faces,
    "families": families.figures,
    "freshness": freshness.figures,
    "months": months.figures,
    "pages": pages.figures,
    "tablet": _tablet,
}


def arguments() -> Namespace:
    parser = ArgumentParser("scripts/bench", description=__doc__)
    parser.add_argument("groups", nargs="*", help=f"of {', '.join(GROUPS)}; all when none is named")
    parser.add_argument("--short", action="store_true", help="seconds only: shows that every row runs")
    parser.add_argument("--large", action="store_true", help="also 100,000 staff: minutes, and 4 GB of memory")
    parser.add_argument("--fsync-ms", type=float, help="measure in memory, with this price on every fsync (needs cc)")
    parser.add_argument("--faces", type=Path, help="a folder with a subfolder of pictures for each person: accuracy")
    parser.add_argument("--write", action="store_true", help=f"write {TABLE.parent.name}/{TABLE.name}")
    given = parser.parse_args()
    if unknown := [group for group in given.groups if group not in GROUPS]:
        parser.error(f"no such group: {', '.join(unknown)}")
    return given


def _figures(given: Namespace, load: Load) -> Iterator[Figure]:
    """Those of the groups, or with --faces those of the folder alone."""
    if given.faces is not None:
        from benchmarks import face_blinks, face_folder, face_pictures

        yield from face_folder.figures(given.faces, Path.cwd())
        yield from face_pictures.figures(given.faces)
        yield from face_blinks.figures(given.faces)
        return
    for group in given.groups or GROUPS:
        yield from GROUPS[group](load)


def main() -> None:
    given = arguments()
    if given.fsync_ms is not None and PRICE not in os.environ:
        start_again_with_price(given.fsync_ms)
    busy = os.getloadavg()[0]
    load = Load(given.short, given.large, place())
    print(report.COLUMNS, end="", flush=True)
    measured = []
    for figure in _figures(given, load):
        measured.append(figure)
        print(report.line(figure), end="", flush=True)
    if given.write:
        report.write(TABLE, measured, load, busy)


if __name__ == "__main__":
    main()
