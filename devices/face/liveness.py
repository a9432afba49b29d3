"""Whether somebody stands there who did what was asked, or a picture of them is held up. Pure: figures in, codes out.

The proof of a turn is that the nose wanders between eyes and mouth: of a flat picture it cannot, however the picture is
moved, tilted or brought near (`looking.nose_place`). So coming closer alone proves nothing, and is asked for together
with a look to the side. The proof of a blink is that the eyes change and nothing around them does (`lids.changes`). A
film played on a screen and a mask are not told from a person here.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import dist
from random import Random, SystemRandom
from statistics import median
from typing import NamedTuple

from devices.face.decisions import alike, vector_of
from devices.face.engines import Kind, Vector
from devices.face.ports import STEPS, ChallengeMode, Liveness, Step
from devices.face.quality import NOSE_ACROSS
from devices.face.seen import Change, Seen

FEWEST = 8
SHORTEST, LONGEST = 1.0, 6.0
"""Seconds from the first frame to the last."""
LONGEST_GAP = 0.7
"""Seconds without a frame in which one picture could be put in the place of another."""
TURN = 0.2
"""How far the nose has to wander, in distances between the eyes: a head turned by about 24 degrees."""
TWICE = 2
"""Frames that must show it: the detector misplaces a point now and then."""
STRAIGHT = 0.2
"""How far from the middle the nose may be at the start: pictures of a turned head fool the detector more easily."""
TILT = 0.3
"""From this change of the face's proportions on, a picture that was tilted is told from somebody who did nothing."""
SOME_WAY = (0.2, 0.8)
"""A turn passes through this part of its way: of two pictures held up in turn there is nothing between."""
GROWTH = 1.25
SHUT = 2.2
"""So many times as much as everything around them have the eyes to change (pictures were measured to reach 2.0)."""
COVERED = 1.0
"""Change of what lies around the eyes that no blink makes: something is held before them."""
STEADY = 0.05
"""Change that no camera is without."""
LONGEST_BLINK = 1.8
"""Seconds; longer, and other eyes could be put in the place of the first."""
STILL = 0.08
"""How far the face may move from one frame of a blink to the next, in distances between the eyes: less than one picture
can be put in the place of another by hand."""
RANDOM_SHARE = 4
"""At random, one person in so many is asked for something."""


class Moment(NamedTuple):
    """One frame of a challenge."""

    seconds: float
    seen: Seen
    change: Change = Change()
    """Looked for of a blink alone."""

    @property
    def eyes_alone(self) -> float:
        """How many times as much as everything around them the eyes differ from how they were at first."""
        return self.change.eyes / (self.change.around + STEADY)

    @property
    def eyes_shut(self) -> bool:
        return self.eyes_alone >= SHUT and self.change.around <= COVERED


def draw(mode: ChallengeMode, steps: Sequence[Step] = STEPS, chance: Random | None = None) -> Step | None:
    """What to ask of the next person; None for nothing."""
    chance = chance or SystemRandom()
    if mode == "never" or (mode == "random" and chance.randrange(RANDOM_SHARE)):
        return None
    return chance.choice(list(steps))


def judge(kind: Kind, step: Step, moments: Sequence[Moment], template: Vector) -> Liveness:
    """Whether the frames show that person doing what was asked."""
    reasons = _unfit(moments) or _not_that_person(kind, moments, template) or _undone(step, moments)
    return Liveness(not reasons, step, reasons)


def _unfit(moments: Sequence[Moment]) -> tuple[str, ...]:
    """Why the frames cannot be judged at all."""
    if len(moments) < FEWEST:
        return ("too_few_frames",)
    gaps = [later.seconds - earlier.seconds for earlier, later in pairwise(moments)]
    if min(gaps) <= 0:
        return ("jumped",)
    if sum(gaps) < SHORTEST:
        return ("too_short",)
    return ("too_slow",) if sum(gaps) > LONGEST or max(gaps) > LONGEST_GAP else ()


def _not_that_person(kind: Kind, moments: Sequence[Moment], template: Vector) -> tuple[str, ...]:
    """The face must be there, alone, and the same person's, in every frame: nobody may step in for the turn."""
    if any(not one.seen.vector or one.seen.report.faces != 1 for one in moments):
        return ("face_lost",)
    held = all(alike(kind, template, vector_of(one.seen)) >= kind.limits.held for one in moments)
    return () if held else ("another_person",)


def _undone(step: Step, moments: Sequence[Moment]) -> tuple[str, ...]:
    return DOINGS[step](moments)


def _turned_left(moments: Sequence[Moment]) -> tuple[str, ...]:
    return _turned(moments, +1)


def _turned_right(moments: Sequence[Moment]) -> tuple[str, ...]:
    return _turned(moments, -1)


def _turned(moments: Sequence[Moment], direction: int) -> tuple[str, ...]:
    """Turned that way, from looking at the camera."""
    across = [one.seen.nose[0] for one in moments]
    start = median(across[:3])
    if abs(start - NOSE_ACROSS) > STRAIGHT:
        return ("turned",)
    ways = [(place - start) * direction for place in across]
    furthest = sorted(ways)[-TWICE]
    if furthest < TURN:
        return ("flat",) if _tilted(moments) else ("not_done",)
    between = [way for way in ways if SOME_WAY[0] * furthest <= way <= SOME_WAY[1] * furthest]
    return () if between else ("jumped",)


def _tilted(moments: Sequence[Moment]) -> bool:
    """Whether the face grew narrower or shorter while the nose stayed where it was, as a tilted picture does."""
    across = [one.seen.nose[0] for one in moments]
    shapes = [one.seen.eyes / max(one.seen.length, 1e-6) for one in moments]
    return max(across) - min(across) < TURN and max(shapes) / max(min(shapes), 1e-6) - 1 > TILT


def _came_closer(moments: Sequence[Moment]) -> tuple[str, ...]:
    """Grew larger, and looked to a side: a picture that is brought near grows just the same."""
    sizes = [one.seen.length for one in moments]
    if max(sizes) < GROWTH * median(sizes[:3]):
        return ("not_done",)
    left, right = _turned_left(moments), _turned_right(moments)
    return () if not left or not right else min(left, right)


def _blinked(moments: Sequence[Moment]) -> tuple[str, ...]:
    """The eyes shut for a moment and opened again, while the head was held still."""
    shut = _longest_run([number for number, one in enumerate(moments) if one.eyes_shut])
    if len(shut) < TWICE:
        return ("flat",) if _tilted(moments) else ("not_done",)
    first, last = shut[0], shut[-1]
    if last + 1 == len(moments) or moments[last].seconds - moments[first].seconds > LONGEST_BLINK:
        return ("not_done",)
    return () if _is_still(moments[max(0, first - 1) : last + 2]) else ("jumped",)


def _longest_run(numbers: Sequence[int]) -> list[int]:
    """Of frames that follow each other, with one between them at most that was blurred."""
    runs: list[list[int]] = [[]]
    for number in numbers:
        if runs[-1] and number - runs[-1][-1] > TWICE:
            runs.append([])
        runs[-1].append(number)
    return max(runs, key=len)


def _is_still(moments: Sequence[Moment]) -> bool:
    far = STILL * moments[0].seen.eyes
    return all(dist(before.change.middle, after.change.middle) <= far for before, after in pairwise(moments))


DOINGS: dict[Step, Callable[[Sequence[Moment]], tuple[str, ...]]] = {
    "turn_left": _turned_left,
    "turn_right": _turned_right,
    "closer": _came_closer,
    "blink": _blinked,
}
