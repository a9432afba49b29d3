"""Every face of a folder as numbers: one subfolder of pictures for each person, looked at by all cores."""

import math
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from time import monotonic
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from devices.face.engines import Engine, Image, Kind, Points, load
from devices.face.looking import Finder, decoded
from devices.face.worker import set_libraries

PICTURES = {".jpg", ".jpeg", ".png"}
SHARE = 16
"""Pictures a process takes at once."""
TOLD_EVERY = 5.0
"""Seconds between two words about how far it is."""


class Picture(NamedTuple):
    """A file: whose it is, by the folder, and its name without the ending."""

    person: str
    name: str


class Faces(NamedTuple):
    """A face of each picture that shows one."""

    pictures: list[Picture]
    rows: NDArray[np.float32]
    """One row a picture."""
    without: int
    """Pictures that cannot be read or show no face."""

    def of_people(self) -> dict[str, list[int]]:
        """The rows of each person."""
        people: dict[str, list[int]] = {}
        for row, picture in enumerate(self.pictures):
            people.setdefault(picture.person, []).append(row)
        return people


def read(folder: Path, kind: Kind) -> Faces:
    files = sorted(path for path in folder.glob("*/*") if path.suffix.lower() in PICTURES)
    found, rows = list[Picture](), list[bytes]()
    for path, row in zip(files, _told(kind, len(files), _looked_at(files, kind)), strict=True):
        if row:
            found.append(Picture(path.parent.name, path.stem))
            rows.append(row)
    numbers = np.frombuffer(b"".join(rows), "<f4").reshape(len(rows), kind.size)
    return Faces(found, numbers, len(files) - len(rows))


def _looked_at(files: list[Path], kind: Kind) -> Iterator[bytes]:
    cores = max(1, min(os.cpu_count() or 1, len(files)))
    with ProcessPoolExecutor(cores, get_context("spawn"), initializer=_start, initargs=(kind.name,)) as pool:
        yield from pool.map(_row, files, chunksize=SHARE)


def _told(kind: Kind, total: int, rows: Iterator[bytes]) -> Iterator[bytes]:
    """The same, saying on stderr how far it is: a large folder takes many minutes."""
    begun = told = monotonic()
    for count, row in enumerate(rows, 1):
        yield row
        if monotonic() - told > TOLD_EVERY:
            told = monotonic()
            sys.stderr.write(f"{kind.name}: {count:,} of {total:,} pictures, {count / (told - begun):.0f} a second\n")


class Looking(NamedTuple):
    """What a process looks with."""

    finder: Finder
    engine: Engine


_looking: list[Looking] = []


def _start(engine: str) -> None:
    set_libraries()
    cv2.setNumThreads(1)
    _looking.append(Looking(Finder(), load(engine)))


def _row(path: Path) -> bytes:
    """The face as little-endian float32; nothing without one."""
    (looking,) = _looking
    image = decoded(path.read_bytes())
    points = in_the_middle(looking.finder, image) if image is not None else None
    return b"" if image is None or points is None else looking.engine.embed(image, points).astype("<f4").tobytes()


def in_the_middle(finder: Finder, image: Image) -> Points | None:
    """Whom a photo is of: collections put them in its middle, where a terminal refuses a frame that shows two."""
    rows = finder.rows(image)
    large = [row for row in rows if row[2] * row[3] > max(rows[:, 2] * rows[:, 3]) / 4]
    height, width = image.shape[:2]
    nearest = min(
        large,
        key=lambda row: math.hypot(row[0] + row[2] / 2 - width / 2, row[1] + row[3] / 2 - height / 2),
        default=None,
    )
    return None if nearest is None else nearest[4:14].reshape(5, 2)
