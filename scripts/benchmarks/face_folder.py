"""How well an engine tells the people of a folder apart: `scripts/bench --faces DIR`, one subfolder a person.

Nothing of the pictures is kept: a hall can calibrate on its own people, with their consent, and delete the folder.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.face_hall import identification
from benchmarks.face_pairs import Rates, Scores, compared, protocol, thresholds, verification
from benchmarks.face_reading import read
from benchmarks.figures import Figure
from devices.face.engines import KINDS, Kind


def figures(folder: Path, curves: Path) -> Iterator[Figure]:
    """Both engines, one after the other; the curve of each is written as an SVG picture."""
    for kind in KINDS.values():
        faces = read(folder, kind)
        scores = compared(kind, faces)
        (curves / f"faces-{kind.name}.svg").write_text(curve(kind, scores), encoding="utf-8")
        yield from verification(kind, scores, faces.without)
        yield from protocol(kind, folder, faces)
        if kind.limits.search:
            yield from identification(kind, faces)


WIDE, HIGH, EDGE = 640, 360, 48
POINTS = 200


def curve(kind: Kind, scores: Scores) -> str:
    """Who is accepted at each threshold, as an SVG picture: the same person in green, somebody else in red."""
    at = thresholds()
    shown = np.unique(np.linspace(np.argmax(scores.strangers() < 1.0), len(at) - 1, POINTS).astype(int))
    left, right = at[shown[0]], at[shown[-1]]

    def place(threshold: float, share: float) -> str:
        x = EDGE + (threshold - left) / (right - left) * (WIDE - 2 * EDGE)
        return f"{x:.1f},{HIGH - EDGE - share * (HIGH - 2 * EDGE):.1f}"

    def line(colour: str, shares: Rates) -> str:
        points = " ".join(place(at[point], shares[point]) for point in shown)
        return f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{points}"/>'

    x = place(kind.limits.verify, 0.0).split(",")[0]
    text = '<text font-family="sans-serif" font-size="12"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" role="img">',
            f"<title>{kind.name}: accepted at each threshold</title>",
            line("#1a7f37", scores.accepted()),
            line("#b42318", scores.strangers()),
            f'<line x1="{x}" x2="{x}" y1="{EDGE}" y2="{HIGH - EDGE}" stroke="#555" stroke-dasharray="4"/>',
            f'{text} x="{x}" y="{EDGE - 8}">{kind.limits.verify:.2f}</text>',
            f'{text} x="{EDGE}" y="{HIGH - 16}">{left:.2f}</text>',
            f'{text} x="{WIDE - EDGE - 24}" y="{HIGH - 16}">{right:.2f}</text>',
            f'{text} x="8" y="{EDGE}">100 %</text>{text} x="8" y="{HIGH - EDGE}">0 %</text>',
            "</svg>\n",
        ]
    )
