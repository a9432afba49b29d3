"""How often a picture held to the camera passes for a blink, and how often somebody who blinks is not believed.

There is no film here of people who blink: lids are drawn over the eyes of their photos, over several frames, with the
small movements of a head, of a hand and of the light. Whoever tries with a picture has the best of cases: each frame is
taken for the person's, whatever is done to it.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.face_pictures import HEIGHT, MOST, PER_CENT, Hand, filmed, in_hand, sized
from benchmarks.figures import Figure
from devices.face.decisions import vector_of
from devices.face.engines import SFACE_KIND, Image
from devices.face.examining import Examiner
from devices.face.lids import changes
from devices.face.liveness import Moment, judge
from devices.face.looking import Finder
from devices.face.ports import Liveness
from devices.face.seen import Seen, Wanted

FRAMES, EVERY = 16, 0.2
"""As the terminal's page films, in seconds."""
Chance = np.random.Generator
Line = NDArray[np.float64]
STRAIGHT = Hand(0, 0, 0, 2, 1)
SKIN = 0.55
"""How much of the way from lid to brow is drawn down with the lid."""
LASHES = (0.7, 0.35, 0.5, 0.8)
"""How dark they make the rows from above a lid's edge to below it."""


class Portrait(NamedTuple):
    """A photo of somebody, and where their eyes are."""

    picture: Image
    eyes: tuple[Line, Line]
    """Six points each: the outer edge as seen, twice above, the inner edge, twice below."""
    brows: tuple[Line, Line]

    def shut(self, share: float) -> Image:
        """With the lids closed by that share of their opening."""
        height, width = self.picture.shape[:2]
        rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
        light = np.ones((height, width), np.float32)
        for eye, brow in zip(self.eyes, self.brows, strict=True):
            _draw_lid(rows, light, eye, brow, share)
        drawn = cv2.remap(self.picture, columns, rows, cv2.INTER_LINEAR)
        return np.asarray(drawn * cv2.GaussianBlur(light, (0, 0), 1.0)[..., None], np.uint8)

    @property
    def apart(self) -> float:
        """Pixels from eye to eye."""
        return float(np.linalg.norm(self.eyes[1].mean(axis=0) - self.eyes[0].mean(axis=0)))


def _draw_lid(rows: NDArray[Any], light: NDArray[Any], eye: Line, brow: Line, share: float) -> None:
    """Say of each place on the lid from which row its skin is taken, and how dark the lashes make it."""
    skin = SKIN * max(4.0, float(eye[1:3, 1].mean() - brow[:, 1].mean()))
    for x in range(int(eye[0][0]), int(eye[3][0]) + 1):
        above, below = (np.interp(x, eye[line, 0], eye[line, 1]) for line in ([0, 1, 2, 3], [0, 5, 4, 3]))
        edge = above + share * max(0.5, below - above)
        lid = np.arange(int(above - skin), int(edge) + 1)
        rows[lid, x] = above - skin + np.clip((lid - above + skin) / (edge - above + skin), 0, 1) * (skin - 1.5)
        light[int(edge) - 1 : int(edge) + 3, x] = LASHES


class Taken(NamedTuple):
    """How one frame is taken."""

    hand: Hand = STRAIGHT
    right: float = 0.0
    """Pixels."""
    down: float = 0.0
    smeared: float = 0.0
    """Pixels that the picture moves while the frame is taken."""
    along: float = 0.0
    """The direction, in radians."""
    unsharp: float = 0.0
    light: float = 1.0


Film = list[tuple[Image, Taken]]
Attack = Callable[[Portrait, Chance], Film]


def figures(folder: Path) -> Iterator[Figure]:
    looking = Blinks()
    portraits = (looking.portrait(path) for path in sorted(folder.iterdir()) if path.is_dir())
    people = list(islice((portrait for portrait in portraits if portrait), MOST))
    for attack, what in ATTACKS.items():
        passed = [looking.attacked(attack, portrait, seed).passed for seed, portrait in enumerate(people)]
        yield _share(f"blink: {what}, accepted", passed, "each frame taken for the person's")
    believed = [looking.judged(blinking, portrait, seed) for seed, portrait in enumerate(people)]
    yield _share("blink: lids drawn shut, not believed", [not one.passed for one in believed], "slits and glasses, too")


def _share(what: str, happened: list[bool], note: str) -> Figure:
    share = PER_CENT * sum(happened) / max(1, len(happened))
    return Figure(what, share, "%", better="less", note=f"{sum(happened)} of {len(happened)} tries; {note}")


class Blinks:
    """What looks at films of this module."""

    def __init__(self) -> None:
        from devices.face.starting import examiner

        self._looking: Examiner = examiner("sface")
        self._finder = Finder()
        self._landmarks: Any = import_module("face_recognition").face_landmarks

    def portrait(self, folder: Path) -> Portrait | None:
        """The first picture of a person; None where no face is found in it, or somebody else stands close by."""
        image = sized(min(folder.iterdir()))
        _, found = self._finder.find(image)
        if found is None:
            return None
        x, y, width, height = (round(side) for side in found.measures.box)
        around = image[max(0, y - height // 2) : y + height * 3 // 2, max(0, x - width // 2) : x + width * 3 // 2]
        picture = np.asarray(cv2.resize(around, (HEIGHT, HEIGHT), interpolation=cv2.INTER_CUBIC), np.uint8)
        faces, found = self._finder.find(picture)
        return self._with_eyes(picture, found.measures.box) if found and faces == 1 else None

    def _with_eyes(self, picture: Image, box: tuple[float, float, float, float]) -> Portrait:
        x, y, width, height = (round(side) for side in box)
        colours = np.ascontiguousarray(picture[:, :, ::-1])
        (marks,) = self._landmarks(colours, [(y + height - width, x + width, y + height, x)])
        of = {name: np.array(points, np.float64) for name, points in marks.items()}
        return Portrait(picture, (of["left_eye"], of["right_eye"]), (of["left_eyebrow"], of["right_eyebrow"]))

    def attacked(self, attack: Attack, portrait: Portrait, seed: int) -> Liveness:
        """With every frame taken for the person's."""
        return self.judged(attack, portrait, seed, held=True)

    def judged(self, attack: Attack, portrait: Portrait, seed: int, *, held: bool = False) -> Liveness:
        chance = np.random.default_rng(seed)
        film = [filmed(frame, chance) for frame in _shivering(attack(portrait, chance), chance)]
        known = self._looking.examine(filmed(portrait.picture, chance), Wanted())
        seen = [self._looking.examine(frame, Wanted(face=not held, straight=True)) for frame in film]
        if held:
            seen = [one._replace(vector=known.vector) for one in seen]
        return judge(SFACE_KIND, "blink", _moments(seen), vector_of(known))


def _moments(seen: list[Seen]) -> list[Moment]:
    if not all(one.straight.grey for one in seen):
        return [Moment(number * EVERY, one) for number, one in enumerate(seen)]
    compared = changes([one.straight for one in seen])
    return [
        Moment(number * EVERY, one, change) for number, (one, change) in enumerate(zip(seen, compared, strict=True))
    ]


def _shivering(film: Film, chance: Chance) -> Iterator[Image]:
    """The frames, of a head or a hand that is never quite still, in a light that is not either."""
    right, down, across, forward, lean = np.cumsum(chance.normal(0, [1.2, 1.0, 0.6, 0.6, 0.4], (FRAMES, 5)), axis=0).T
    away = chance.uniform(1.2, 3.0)
    for number, (picture, how) in enumerate(film):
        hand = how.hand._replace(
            across=how.hand.across + across[number],
            forward=how.hand.forward + forward[number],
            lean=how.hand.lean + lean[number],
            distance=away,
        )
        moved = how._replace(hand=hand, right=how.right + right[number], down=how.down + down[number])
        yield _taken(picture, moved._replace(light=how.light * chance.normal(1, 0.02)))


def _taken(picture: Image, how: Taken) -> Image:
    seen = in_hand(picture, how.hand, 1.0)
    move = np.array([[1, 0, how.right], [0, 1, how.down]], np.float64)
    seen = np.asarray(cv2.warpAffine(seen, move, seen.shape[1::-1], borderMode=cv2.BORDER_REPLICATE), np.uint8)
    if how.smeared > 1:
        seen = _smear(seen, how.smeared, how.along)
    if how.unsharp:
        seen = np.asarray(cv2.GaussianBlur(seen, (0, 0), how.unsharp), np.uint8)
    return np.asarray(np.clip(seen * how.light, 0, 255), np.uint8)


def _smear(seen: Image, length: float, along: float) -> Image:
    steps = np.linspace(-length / 2, length / 2, round(length) + 1)
    moved = [np.array([[1, 0, step * np.cos(along)], [0, 1, step * np.sin(along)]]) for step in steps]
    return np.asarray(np.mean([cv2.warpAffine(seen, move, seen.shape[1::-1]) for move in moved], axis=0), np.uint8)


def blinking(portrait: Portrait, chance: Chance) -> Film:
    """Somebody who does what was asked: lids take a tenth of a second down, are shut for about one, and open again."""
    begins, shut = chance.uniform(0.7, 1.3), chance.uniform(0.35, 1.1)
    down, up = chance.uniform(0.1, 0.2), chance.uniform(0.15, 0.3)
    at = np.arange(FRAMES) * EVERY
    shares = np.clip((at - begins) / down, 0, 1) * np.clip(1 - (at - begins - down - shut) / up, 0, 1)
    moves = chance.uniform(0, 3, (FRAMES, 2))
    return [
        (portrait.shut(share) if share else portrait.picture, Taken(smeared=smeared, along=along))
        for share, (smeared, along) in zip(shares, moves, strict=True)
    ]


def _for_a_moment(portrait: Portrait, chance: Chance, other: Image, how: Callable[[], Taken]) -> Film:
    """A picture held up, and for two to five frames another one, or the same otherwise."""
    count = int(chance.integers(2, 6))
    first = int(chance.integers(4, FRAMES - count - 3))
    return [
        (other, how()) if first <= number < first + count else (portrait.picture, Taken()) for number in range(FRAMES)
    ]


def _tilted(portrait: Portrait, chance: Chance) -> Film:
    side = chance.choice([-1.0, 1.0])
    hand = Hand(
        chance.uniform(-65, 65), side * chance.uniform(15, 70), chance.uniform(-25, 25), 2, chance.uniform(0.7, 1.4)
    )

    def how() -> Taken:
        share = chance.uniform(0.7, 1)
        turned = Hand(hand.across * share, hand.forward * share, hand.lean * share, 2, 1 + (hand.nearer - 1) * share)
        return Taken(turned, smeared=chance.uniform(0, 8), along=chance.uniform(0, np.pi))

    return _for_a_moment(portrait, chance, portrait.picture, how)


def _shaken(portrait: Portrait, chance: Chance) -> Film:
    along, far, smeared = chance.uniform(0, np.pi), chance.uniform(5, 40), chance.uniform(3, 30)

    def how() -> Taken:
        away, blur = chance.uniform(-far, far), smeared * chance.uniform()
        hand = Hand(chance.uniform(-15, 15), chance.uniform(-15, 15), 0, 2, 1)
        return Taken(hand, away * np.cos(along), away * np.sin(along), blur, along)

    return [(portrait.picture, how()) for _ in range(FRAMES)]


def _blurred(portrait: Portrait, chance: Chance) -> Film:
    if chance.uniform() < 0.5:
        unsharp = chance.uniform(2, 9)
        return _for_a_moment(portrait, chance, portrait.picture, lambda: Taken(unsharp=unsharp))
    smeared, along = chance.uniform(6, 30), chance.choice([np.pi / 2, chance.uniform(0, np.pi)])
    how = Taken(smeared=smeared, along=along)
    return _for_a_moment(portrait, chance, portrait.picture, lambda: how)


def _lit(portrait: Portrait, chance: Chance) -> Film:
    light = chance.choice([chance.uniform(0.08, 0.4), chance.uniform(1.6, 3)])
    return _for_a_moment(portrait, chance, portrait.picture, lambda: Taken(light=light))


def _crossed(portrait: Portrait, chance: Chance) -> Film:
    """By a finger, its shadow, or a gleam, over both eyes."""
    eyes = np.vstack(portrait.eyes).mean(axis=0)
    down, across = np.mgrid[0:HEIGHT, 0:HEIGHT]
    thick, lower = portrait.apart * chance.uniform(0.15, 0.6), portrait.apart * chance.uniform(-0.15, 0.25)
    off = np.abs(down - eyes[1] - lower - chance.uniform(-0.2, 0.2) * (across - eyes[0])) / (thick / 2)
    soft = chance.uniform(0.15, 0.8)
    covers = np.clip((1 + soft - off) / (2 * soft), 0, 1)[..., None]
    skin = portrait.picture[int(eyes[1] + portrait.apart / 2), int(portrait.eyes[0][3][0])] * chance.uniform(0.7, 1.1)
    whole = portrait.picture.astype(np.float64)
    over = [whole * chance.uniform(0.1, 0.5), np.broadcast_to(skin, whole.shape), whole + chance.uniform(80, 220)]
    seen = whole * (1 - covers) + over[int(chance.integers(3))] * covers
    return _for_a_moment(portrait, chance, np.asarray(np.clip(seen, 0, 255), np.uint8), Taken)


def _folded(portrait: Portrait, chance: Chance) -> Film:
    """Paper whose part above a line between eyes and mouth leans back or forth."""
    angle = np.radians(chance.choice([-1, 1]) * chance.uniform(25, 70))
    line = np.vstack(portrait.eyes)[:, 1].mean() + portrait.apart * chance.uniform(-0.1, 0.9)
    rows = np.arange(HEIGHT, dtype=np.float64)
    above = np.maximum(0, line - rows)
    depth = 1 + above * np.sin(angle) / (2 * HEIGHT)
    seen_at = np.where(above > 0, line - above * np.cos(angle) / depth, rows)
    back = np.interp(rows, seen_at, rows)
    scale = np.interp(rows, seen_at, 1 / depth)[:, None]
    across = (np.arange(HEIGHT) - HEIGHT / 2) / scale + HEIGHT / 2
    down = np.repeat(back[:, None], HEIGHT, axis=1)
    folded = cv2.remap(portrait.picture, across.astype(np.float32), down.astype(np.float32), cv2.INTER_LINEAR)
    return _for_a_moment(portrait, chance, np.asarray(folded, np.uint8), Taken)


def _exchanged(portrait: Portrait, chance: Chance) -> Film:
    """Two prints, as exactly one in the place of the other as a hand puts them: a fifth of the eyes' distance off."""
    right, down, lean, across, forward = chance.normal(0, [14, 14, 4, 8, 8])
    how = Taken(Hand(across, forward, lean, 2, chance.normal(1, 0.06)), right, down)
    return _for_a_moment(portrait, chance, portrait.shut(1.0), lambda: how)


def _in_its_place(portrait: Portrait, chance: Chance) -> Film:
    return _for_a_moment(portrait, chance, portrait.shut(1.0), Taken)


ATTACKS: dict[Attack, str] = {
    _tilted: "a picture tilted by up to 70 degrees and back",
    _shaken: "a picture shaken",
    _blurred: "a picture blurred for a moment",
    _lit: "a picture in light or dark for a moment",
    _crossed: "a finger, shadow or gleam across a picture",
    _folded: "a picture folded for a moment",
    _exchanged: "two prints, one with shut eyes, exchanged by hand",
    _in_its_place: "the same two exactly in place (a film; not claimed)",
}
