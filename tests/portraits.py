"""Faces for tests, out of packages that carry pictures of public persons; none of them is in this repository.

What a camera would see of them is made here: somebody before it, somebody who turns their head, a picture in a hand.
"""

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Moving = list[tuple[float, bytes]]
"""Frames as JPEG, and when each was taken in seconds."""


Point = tuple[float, float]


class Source(NamedTuple):
    """A picture, and where in it the eyes, the nose and the mouth of the person lie."""

    package: str
    file: str
    right_eye: Point
    left_eye: Point
    nose: Point
    mouth: Point


SOURCES = {
    "astronaut": Source(
        "skimage", "data/astronaut.png", (203.4, 101.1), (245.3, 101.5), (222.9, 124.8), (221.8, 143.4)
    ),
    "actor": Source(
        "insightface", "data/images/Tom_Hanks_54745.png", (37.9, 52.5), (74.9, 54.2), (60.0, 77.8), (53.9, 92.8)
    ),
    "friend": Source(
        "insightface", "data/images/t1.jpg", (496.6, 335.3), (545.0, 334.6), (523.3, 362.5), (519.0, 381.6)
    ),
    "other friend": Source(
        "insightface", "data/images/t1.jpg", (763.0, 396.5), (801.4, 396.6), (770.8, 422.2), (783.0, 442.6)
    ),
}
WIDTH, HEIGHT = 640, 480
EYES = 68.0
"""Pixels from eye to eye before the camera."""
ROOM = 170
"""Pixels kept to either side of the middle."""
GREY = 120
FRAMES_A_SECOND = 5.0
EYE_WIDE, EYE_HIGH = 15.0, 6.0
"""Half of an eye's opening, in pixels."""
TURNED = 56.0
"""Degrees. The nose of the head made here wanders half as far as a real one's, so it has to turn further."""


@cache
def portrait(name: str) -> Picture:
    """Somebody before the camera, at the usual distance, upright and in the middle."""
    source = SOURCES[name]
    spec = find_spec(source.package)
    assert spec is not None
    assert spec.submodule_search_locations
    image = cv2.imread(str(Path(spec.submodule_search_locations[0]) / source.file))
    placed = cv2.warpAffine(
        image, _placing(source), (WIDTH, HEIGHT), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    # Whoever sits beside them in the picture does not stand before the camera.
    placed[:, : WIDTH // 2 - ROOM] = placed[:, WIDTH // 2 + ROOM :] = GREY
    return np.asarray(placed, np.uint8)


def _placing(source: Source) -> NDArray[np.float64]:
    """Turn, scale and shift a source so that its eyes are level and its face in the middle of the frame."""
    eyes = np.subtract(source.left_eye, source.right_eye)
    scale = EYES / float(np.linalg.norm(eyes))
    cosine, sine = eyes / np.linalg.norm(eyes) * scale
    turn = np.array([[cosine, sine], [-sine, cosine]])
    middle = (np.add(source.left_eye, source.right_eye) / 2 + source.mouth) / 2
    return np.column_stack([turn, np.array([WIDTH / 2, HEIGHT / 2]) - turn @ middle])


def _nose(name: str) -> NDArray[np.float64]:
    """Where the nose lies in a portrait."""
    source = SOURCES[name]
    placing = _placing(source)
    return placing[:, :2] @ np.array(source.nose) + placing[:, 2]


def jpeg(picture: Picture, quality: int = 90) -> bytes:
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1])


def frames(name: str, count: int = 3) -> list[bytes]:
    """Somebody who stands still, as well as people do."""
    return [jpeg(_shifted(portrait(name), 2 * number, number)) for number in range(count)]


def empty_room() -> bytes:
    """Nobody before the camera."""
    return jpeg(np.asarray(np.tile(np.linspace(90, 160, WIDTH), (HEIGHT, 1))[..., None].repeat(3, axis=2), np.uint8))


def crowd() -> bytes:
    """Several people at once."""
    both = np.hstack([_shifted(portrait("astronaut"), 0, 0)[:, 160:480], portrait("friend")[:, 160:480]])
    return jpeg(np.asarray(both, np.uint8))


def filmed(pictures: list[Picture]) -> Moving:
    return [(number / FRAMES_A_SECOND, jpeg(picture, 85)) for number, picture in enumerate(pictures)]


def turning(name: str, degrees: float = TURNED, count: int = 12) -> Moving:
    """Somebody who turns their head to their own left."""
    return filmed([turned(name, degrees * share) for share in _there(count)])


def coming_closer(name: str, *, looking_aside: bool, count: int = 12) -> Moving:
    """Somebody who comes closer and then, perhaps, turns their head."""
    return filmed(
        [
            nearer(turned(name, TURNED * max(0.0, 2 * share - 1) * looking_aside), 1 + 0.35 * min(1.0, 2 * share))
            for share in _there(count)
        ]
    )


def blinking(name: str, shut: range = range(6, 10), count: int = 14, *, sway: Sequence[float] | None = None) -> Moving:
    """Somebody who shuts their eyes for a moment; a head that sways turns by these degrees, frame by frame."""
    degrees = sway if sway is not None else [0.0] * count
    pictures = [_solid(name, turn, float(number in shut)) for number, turn in enumerate(degrees)]
    return filmed([swaying(picture, number) for number, picture in enumerate(pictures)])


def swaying(picture: Picture, number: int) -> Picture:
    """Of a head, or of a picture that is held still: a frame of it."""
    return _shifted(picture, 2 * np.sin(number), np.cos(2 * number))


@cache
def eyes_shut(name: str, share: float = 1.0) -> Picture:
    """A portrait whose lids are drawn down by that share, with the lashes' line at their edge."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    light = np.ones((HEIGHT, WIDTH), np.float32)
    for x, y in _eyes(name):
        for column in range(round(x - EYE_WIDE), round(x + EYE_WIDE) + 1):
            half = EYE_HIGH * np.sqrt(max(0.0, 1 - ((column - x) / EYE_WIDE) ** 2))
            top, lid, edge = y - half - EYE_HIGH * 2, y - half, y - half + share * 2 * half
            drawn = np.arange(round(top), round(edge) + 1)
            rows[drawn, column] = top + (drawn - top) / (edge - top) * (lid - top - 1)
            light[round(edge) - 1 : round(edge) + 2, column] = 1 - 0.6 * share
    seen = cv2.remap(portrait(name), columns, rows, cv2.INTER_LINEAR)
    return np.asarray(seen * cv2.GaussianBlur(light, (0, 0), 0.8)[..., None], np.uint8)


def _eyes(name: str) -> list[NDArray[np.float64]]:
    """Where the eyes lie in a portrait."""
    source, placing = SOURCES[name], _placing(SOURCES[name])
    return [placing[:, :2] @ np.array(eye) + placing[:, 2] for eye in (source.right_eye, source.left_eye)]


def exchanged(name: str, off: float = 14.0) -> Moving:
    """Two prints, one with shut eyes drawn on it, that a hand exchanges as exactly as it can."""
    return for_a_moment(name, _shifted(eyes_shut(name), off, -off / 2))


def for_a_moment(name: str, other: Picture, when: range = range(6, 10), count: int = 14) -> Moving:
    """A picture held up that becomes another one for a moment: tilted, blurred, with something before it."""
    return filmed([swaying(other if number in when else portrait(name), number) for number in range(count)])


def mirrored(moving: Moving) -> Moving:
    """The same seen in a mirror: left is right."""
    pictures = [cv2.imdecode(np.frombuffer(frame, np.uint8), cv2.IMREAD_COLOR) for _, frame in moving]
    return filmed([np.asarray(cv2.flip(picture, 1), np.uint8) for picture in pictures])


def nearer(picture: Picture, times: float) -> Picture:
    move = np.array([[times, 0, (1 - times) * WIDTH / 2], [0, times, (1 - times) * HEIGHT / 2]])
    return np.asarray(cv2.warpAffine(picture, move, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE), np.uint8)


def picture_in_hand(name: str, *, degrees: float = 40, nearer: float = 1.3, count: int = 12) -> Moving:
    """A flat picture held up, tilted to a side and forward while it is brought nearer."""
    return filmed(
        [tilted(name, degrees * share, -15 * share, 1 + (nearer - 1) * share) for share in _there(count)],
    )


def swapped(name: str, degrees: float = TURNED, count: int = 12) -> Moving:
    """Two pictures held up, one after the other: straight, then turned."""
    return filmed([turned(name, 0.0 if number < count // 2 else degrees) for number in range(count)])


def joined(one: Moving, other: Moving) -> Moving:
    """The first half of one and the second half of another: somebody steps in for the movement."""
    return one[: len(one) // 2] + other[len(other) // 2 :]


def _there(count: int) -> list[float]:
    """From 0 to 1, with a rest at both ends."""
    return [min(1.0, max(0.0, (number - 2) / (count - 5))) for number in range(count)]


def _shifted(picture: Picture, across: float, down: float) -> Picture:
    move = np.array([[1.0, 0.0, across], [0.0, 1.0, down]])
    return np.asarray(cv2.warpAffine(picture, move, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE), np.uint8)


def tilted(name: str, yaw: float, pitch: float, nearer: float = 1.0) -> Picture:
    """A portrait as a flat picture in a room, seen by a camera at twice its width."""
    picture, distance = portrait(name), 2.0 * WIDTH
    across, forward = np.radians([yaw, pitch])
    about = np.array([[np.cos(across), 0, np.sin(across)], [0, 1, 0], [-np.sin(across), 0, np.cos(across)]])
    nod = np.array([[1, 0, 0], [0, np.cos(forward), -np.sin(forward)], [0, np.sin(forward), np.cos(forward)]])
    edges = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]]) * [WIDTH / 2, HEIGHT / 2, 0]
    seen = edges @ (nod @ about).T
    flat = seen[:, :2] / (seen[:, 2:] + distance / nearer) * distance * 0.9 + [WIDTH / 2, HEIGHT / 2]
    corners = np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]], np.float32)
    room = np.full((HEIGHT, WIDTH, 3), 120, np.uint8)
    way = cv2.getPerspectiveTransform(corners, flat.astype(np.float32))
    seen_picture = cv2.warpPerspective(
        picture, way, (WIDTH, HEIGHT), dst=room, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_TRANSPARENT
    )
    return np.asarray(seen_picture, np.uint8)


FINENESS = 2
"""Points of the head for each pixel across and down, so that the turned head has no holes."""


@cache
def turned(name: str, degrees: float) -> Picture:
    """A portrait whose head is turned as a solid, an ellipsoid with a nose, in a room that stays where it is."""
    return _solid(name, degrees, 0.0)


def _solid(name: str, degrees: float, shut: float) -> Picture:
    """The same, with the lids drawn down by that share."""
    picture = eyes_shut(name, shut) if shut else portrait(name)
    if not degrees:
        return picture
    across, down, depth = _head()
    nose, angle = _nose(name), np.radians(degrees)
    colours = picture[_pixels(down + nose[1], HEIGHT), _pixels(across + nose[0], WIDTH)]
    # The near side hides the far one: painted from the back to the front.
    order = np.argsort(depth * np.cos(angle) - across * np.sin(angle))
    to_x = across * np.cos(angle) + (depth - AXIS * EYES) * np.sin(angle) + nose[0]
    columns, rows = _pixels(to_x, WIDTH)[order], _pixels(down + nose[1], HEIGHT)[order]
    seen = cv2.GaussianBlur(picture, (0, 0), EYES)
    seen = np.where(_room(nose)[..., None], picture, seen)
    seen[rows, columns] = colours[order]
    return np.asarray(seen, np.uint8)


WIDE, LONG, DEEP = 1.25, 1.9, 1.3
"""Half the axes of a head, in distances between the eyes."""
AXIS = 0.6
"""How far behind the face's plane it turns; people also sway a little to keep looking at the camera."""


def _head() -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Points of the head from the nose: across and down in pixels, and how far each stands out."""
    sides = [np.arange(-half * EYES, half * EYES, 1 / FINENESS) for half in (WIDE, LONG)]
    across, down = np.meshgrid(*sides)
    down = down - 0.3 * EYES
    radius = (across / (WIDE * EYES)) ** 2 + ((down + 0.3 * EYES) / (LONG * EYES)) ** 2
    inside = radius < 1
    nose = 0.3 * np.exp(-((across / (0.22 * EYES)) ** 2) - (down / (0.35 * EYES)) ** 2)
    depth = (DEEP * np.sqrt(np.clip(1 - radius, 0, 1)) + nose) * EYES
    return across[inside], down[inside], depth[inside]


def _pixels(places: NDArray[np.float64], size: int) -> NDArray[np.int_]:
    return np.clip(np.rint(places), 0, size - 1).astype(int)


def _room(nose: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Where the head is not."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    return ((x - nose[0]) / (WIDE * EYES)) ** 2 + ((y - nose[1] + 0.3 * EYES) / (LONG * EYES)) ** 2 > 0.9
