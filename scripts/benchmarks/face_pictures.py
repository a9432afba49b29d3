"""How often a picture held to the camera meets a challenge, and how often a person would not be held for one.

Pictures of a folder are tilted, turned and brought nearer as a hand would, with the template made of the very picture
that is held up: the best case for whoever tries. For people there is no film here, so two photos of a person, one
straight and one turned far enough, stand for the two ends of a turn.
"""

from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.face_reading import PICTURES
from benchmarks.figures import Figure
from devices.face.decisions import alike, vector_of
from devices.face.engines import SFACE_KIND, Image
from devices.face.examining import Examiner
from devices.face.liveness import STRAIGHT, TURN, Moment, judge
from devices.face.ports import Step
from devices.face.quality import NOSE_ACROSS
from devices.face.seen import Seen, Wanted
from devices.face.starting import examiner

WIDTH, HEIGHT = 640, 480
FRAMES, SECONDS = 12, 2.4
TURNS: tuple[Step, ...] = ("turn_left", "turn_right", "closer")
"""What is proved by the nose; `face_blinks` tries the other."""
PEOPLE = 300
"""Of a larger folder the first so many: film is made of each picture."""
MOST = 60
"""People of whom pictures are tried: each takes a second."""
PER_CENT = 100.0
NOISE = 5.0
"""Of the camera, in grey levels."""


class Hand(NamedTuple):
    """How far a picture is moved, from straight."""

    across: float
    """Degrees."""
    forward: float
    lean: float
    distance: float
    """Of the camera, in widths of the picture."""
    nearer: float

    @classmethod
    def drawn(cls, chance: np.random.Generator) -> "Hand":
        side = chance.choice([-1.0, 1.0])
        return cls(
            side * chance.uniform(15, 55),
            chance.uniform(-35, 35),
            chance.uniform(-20, 20),
            chance.uniform(1.0, 3.0),
            chance.uniform(1.0, 1.5),
        )


def figures(folder: Path) -> Iterator[Figure]:
    looking = examiner("sface")
    folders = sorted(path for path in folder.iterdir() if path.is_dir())[:PEOPLE]
    shown = {path.name: [file for file in sorted(path.iterdir()) if _is_readable(file)] for path in folders}
    people = {name: files for name, files in shown.items() if files}
    yield from _attacks(looking, people)
    yield _turns(looking, people)


def _is_readable(file: Path) -> bool:
    return file.suffix.lower() in PICTURES and cv2.imread(str(file)) is not None


def _attacks(looking: Examiner, people: dict[str, list[Path]]) -> Iterator[Figure]:
    tries = [_attack(looking, files[0], seed) for seed, files in enumerate(list(people.values())[:MOST])]
    for step in TURNS:
        accepted = [judge(SFACE_KIND, step, moments, vector_of(held)).passed for moments, held in tries]
        share = PER_CENT * sum(accepted) / len(accepted)
        note = f"{len(accepted)} tries, tilted by 15 to 55 degrees"
        yield Figure(f"picture in a hand: {step} accepted", share, "%", better="less", note=note)


def _attack(looking: Examiner, picture: Path, seed: int) -> tuple[list[Moment], Seen]:
    """A picture held up and moved, and the picture itself."""
    chance = np.random.default_rng(seed)
    image, hand = sized(picture), Hand.drawn(chance)
    shares = np.clip((np.arange(FRAMES) - 2) / (FRAMES - 5), 0, 1)
    frames = [filmed(in_hand(image, hand, float(share)), chance) for share in shares]
    times = np.linspace(0, SECONDS, FRAMES)
    moments = [Moment(float(at), looking.examine(frame, Wanted())) for at, frame in zip(times, frames, strict=True)]
    return moments, looking.examine(_jpeg(image), Wanted())


def sized(picture: Path) -> Image:
    image = cv2.imread(str(picture))
    assert image is not None
    return np.asarray(cv2.resize(image, (HEIGHT, HEIGHT), interpolation=cv2.INTER_CUBIC), np.uint8)


def in_hand(image: Image, hand: Hand, share: float) -> Image:
    """A picture on its way from straight to where the hand takes it, in front of a grey wall."""
    height, width = image.shape[:2]
    edges = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]]) * [width / 2, height / 2, 0]
    seen = edges @ _turn(hand, share).T
    away = hand.distance * width
    depth = seen[:, 2:] + away / (1 + (hand.nearer - 1) * share)
    flat = seen[:, :2] / depth * away * 0.9 * HEIGHT / height + [WIDTH / 2, HEIGHT / 2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    way = cv2.getPerspectiveTransform(corners, flat.astype(np.float32))
    wall = np.full((HEIGHT, WIDTH, 3), 110, np.uint8)
    how = {"flags": cv2.INTER_AREA, "borderMode": cv2.BORDER_TRANSPARENT}
    return np.asarray(cv2.warpPerspective(image, way, (WIDTH, HEIGHT), dst=wall, **how), np.uint8)


def _turn(hand: Hand, share: float) -> NDArray[np.float64]:
    across, forward, lean = np.radians([hand.across, hand.forward, hand.lean]) * share
    sine, cosine = np.sin, np.cos
    about = [[cosine(across), 0, sine(across)], [0, 1, 0], [-sine(across), 0, cosine(across)]]
    nod = [[1, 0, 0], [0, cosine(forward), -sine(forward)], [0, sine(forward), cosine(forward)]]
    roll = [[cosine(lean), -sine(lean), 0], [sine(lean), cosine(lean), 0], [0, 0, 1]]
    return np.array(roll) @ np.array(nod) @ np.array(about)


def filmed(picture: Image, chance: np.random.Generator) -> bytes:
    return _jpeg(np.asarray(np.clip(picture + chance.normal(0, NOISE, picture.shape), 0, 255), np.uint8))


def _jpeg(picture: Image) -> bytes:
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 85])[1])


def _turns(looking: Examiner, people: dict[str, list[Path]]) -> Figure:
    """Two real photos of a person whose noses are a turn apart: how often the face is still held for theirs."""
    held = []
    for files in people.values():
        seen = [looking.examine(_jpeg(sized(file)), Wanted()) for file in files]
        for one, other in permutations([face for face in seen if face.vector], 2):
            apart = abs(other.nose[0] - one.nose[0])
            if abs(one.nose[0] - NOSE_ACROSS) <= STRAIGHT and apart >= TURN:
                likeness = alike(SFACE_KIND, vector_of(one), vector_of(other))
                held.append(likeness >= SFACE_KIND.limits.held)
    share = PER_CENT * (1 - sum(held) / max(1, len(held)))
    note = f"{len(held)} pairs of photos, straight and turned; templates of one photo"
    return Figure("a person turned: not held for themselves", share, "%", better="less", note=note)
