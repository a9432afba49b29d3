"""The screen as a picture: a view and the camera's picture in, pixels out."""

from functools import lru_cache

import cv2
import numpy as np
from PIL import Image

from api.terminal.layout import Box, Layout, keys, layout
from api.terminal.lettering import Colour, Pen, fitting
from api.terminal.view import Keypad, Line, Pairing, View
from devices.face.engines import Image as Pixels

DESK: Colour = (14, 28, 44)
FIELD: Colour = (22, 41, 62)
BUTTON: Colour = (31, 58, 87)
SEND: Colour = (29, 111, 192)
INK: Colour = (255, 255, 255)
SOFT: Colour = (200, 214, 229)
WARN: Colour = (255, 217, 160)
YELLOW: Colour = (255, 211, 77)
BROWN: Colour = (27, 19, 0)
GREEN: Colour = (111, 220, 156)
RED: Colour = (150, 33, 28)
BAND: Colour = (8, 18, 30)
TONES: dict[str, Colour] = {"good": (15, 107, 60), "late": (138, 74, 0), "plain": (35, 73, 111), "bad": RED}
WORDS: dict[str, Colour] = {"good": (134, 226, 171), "late": (255, 198, 112), "plain": SOFT, "bad": (255, 170, 160)}
"""The same tones, as letters on the dark desk."""
ROUND = 14
MARKS = {"good": "✓", "late": "!", "bad": "×"}


class Painter:
    """Draws for one size of screen. What stays the same from one picture to the next is drawn once."""

    def __init__(self, width: int, height: int) -> None:
        self.places = layout(width, height)
        self._still = lru_cache(maxsize=2)(self._drawn)
        self._hint = lru_cache(maxsize=8)(self._hinted)

    def paint(self, view: View, seen: Pixels | None) -> Pixels:
        """The picture, blue first as OpenCV has it; `seen` is what the camera sees."""
        picture = self._still(view._replace(hint="", kind="", step="")).copy()
        if view.pairing or view.keypad or view.result:
            return picture
        stage = self.places.stage
        if seen is not None:
            _part(picture, stage)[:] = covering(seen, stage)
        _frame(picture, stage, YELLOW if view.kind in ("do", "ask") else INK)
        _arrow(picture, stage, view.step)
        if view.hint:
            box, band = self._hint(view.hint, view.kind)
            _part(picture, box)[:] = band
        return picture

    def _drawn(self, view: View) -> Pixels:
        image = Image.new("RGB", (self.places.whole.width, self.places.whole.height), DESK)
        pen = Pen(image)
        _head(pen, self.places, view)
        if view.keypad:
            _keypad(pen, self.places.stage, view.keypad)
        elif view.pairing:
            _pairing(pen, self.places.main, view.pairing)
            return _pixels(image)
        elif view.result:
            _result(pen, self.places.stage, view.result)
        else:
            pen.draw.rectangle(_corners(self.places.stage), fill=FIELD)
        _recent(pen, self.places, view)
        pen.put(view.notice, self.places.notice, SOFT, largest=self.places.notice.height // 2 + 3)
        return _pixels(image)

    def _hinted(self, hint: str, kind: str) -> tuple[Box, Pixels]:
        """What to do next, on a band at the foot of the camera's picture."""
        stage = self.places.stage
        box = stage.part(0.03, 0.8, 0.94, 0.17)
        ground, ink = {"stop": (RED, INK), "": (BAND, INK)}.get(kind, (YELLOW, BROWN))
        image = Image.new("RGB", (box.width, box.height), ground)
        room = Box(0, 0, box.width, box.height).inside(box.height // 10)
        Pen(image).put_lines(hint, room, ink, largest=round(box.height * 0.42), bold=bool(kind))
        return box, _pixels(image)


def _pixels(image: Image.Image) -> Pixels:
    return np.asarray(cv2.cvtColor(np.asarray(image), cv2.COLOR_RGB2BGR), np.uint8)


def _part(picture: Pixels, box: Box) -> Pixels:
    return picture[box.y : box.y + box.height, box.x : box.x + box.width]


def _corners(box: Box) -> tuple[int, int, int, int]:
    return box.x, box.y, box.x + box.width - 1, box.y + box.height - 1


def covering(seen: Pixels, box: Box) -> Pixels:
    """The camera's picture as a mirror, as large as it takes to fill a box."""
    height, width = seen.shape[:2]
    scale = max(box.width / width, box.height / height)
    across, down = min(width, round(box.width / scale)), min(height, round(box.height / scale))
    left, top = (width - across) // 2, (height - down) // 2
    middle = seen[top : top + down, left : left + across]
    return np.asarray(cv2.flip(cv2.resize(middle, (box.width, box.height)), 1), np.uint8)


def _head(pen: Pen, places: Layout, view: View) -> None:
    pen.put(view.time, places.clock, INK, bold=True)
    pen.put(view.date, places.date, SOFT)
    pen.put(view.place, places.place, SOFT)
    chips = [(view.line, FIELD if view.is_online else RED, GREEN if view.is_online else INK)] if view.line else []
    chips += [(text, (92, 58, 0), INK) for text in (view.unsent, view.aside) if text]
    for number, (text, ground, ink) in enumerate(chips):
        rows = max(2, len(chips))
        box = places.marks.part(0, number / rows, 1, 1 / rows).inside(3)
        pen.draw.rounded_rectangle(_corners(box), box.height // 2, fill=ground)
        pen.put(text, box.inside(max(3, box.height // 8)), ink, align="middle")


def _recent(pen: Pen, places: Layout, view: View) -> None:
    pen.put(view.recent_heading, places.heading, SOFT, largest=26)
    for line, card in zip(view.recent, places.cards, strict=False):
        pen.draw.rounded_rectangle(_corners(card), ROUND, fill=FIELD)
        room = card.inside(card.height // 9)
        pen.put(f"{line.name}　{line.at}".strip(), room.part(0, 0, 1, 0.5), INK, largest=30)
        pen.put(line.word, room.part(0, 0.5, 1, 0.5), WORDS.get(line.tone, SOFT), bold=True, largest=30)


def _result(pen: Pen, stage: Box, line: Line) -> None:
    pen.draw.rounded_rectangle(_corners(stage), ROUND, fill=TONES.get(line.tone, TONES["plain"]))
    who = stage.part(0.04, 0.06, 0.92, 0.26)
    pen.put_lines(line.who, who, INK, largest=max(who.height // 4, fitting(line.who, who, bold=True).size), bold=True)
    word = f"{MARKS.get(line.tone, '')} {line.word}".strip()
    pen.put(word, stage.part(0.04, 0.34, 0.92, 0.36), INK, align="middle", bold=True)
    pen.put_lines(line.words, stage.part(0.05, 0.74, 0.9, 0.2), INK, largest=stage.height // 14)


def _pairing(pen: Pen, main: Box, told: Pairing) -> None:
    pen.put(told.why, main.part(0.05, 0.02, 0.9, 0.1), WARN, align="middle", bold=True, largest=40)
    pen.put(told.heading, main.part(0.05, 0.13, 0.9, 0.1), INK, align="middle", bold=True, largest=48)
    pen.put(told.code, main.part(0.05, 0.26, 0.9, 0.36), INK, align="middle", bold=True)
    pen.put_lines(told.what, main.part(0.08, 0.64, 0.84, 0.22), INK, largest=34)
    pen.put(told.left, main.part(0.05, 0.88, 0.9, 0.07), SOFT, align="middle", largest=28)


def _keypad(pen: Pen, stage: Box, pad: Keypad) -> None:
    pen.draw.rounded_rectangle(_corners(stage), ROUND, fill=FIELD)
    pen.put(pad.heading, stage.part(0.05, 0.02, 0.9, 0.1), INK, align="middle", bold=True, largest=36)
    pen.put("●" * pad.typed or "—", stage.part(0.05, 0.12, 0.9, 0.09), INK, align="middle")
    pen.put(pad.told, stage.part(0.05, 0.22, 0.9, 0.08), WARN, align="middle", largest=28)
    for key, box in keys(stage).items():
        pen.draw.rounded_rectangle(_corners(box), ROUND, fill=SEND if key == "enter" else BUTTON)
        sign = {"back": pad.back, "enter": pad.enter}.get(key, key)
        pen.put(sign, box.inside(box.height // 6), INK, align="middle", bold=True, largest=40)


def _bgr(colour: Colour) -> Colour:
    return colour[2], colour[1], colour[0]


def _frame(picture: Pixels, stage: Box, colour: Colour) -> None:
    """Four corners into which the face belongs."""
    high = round(stage.height * 0.62)
    wide = min(round(high * 0.78), round(stage.width * 0.8))
    left, top = stage.x + (stage.width - wide) // 2, stage.y + round(stage.height * 0.08)
    arm, thick = wide // 5, max(3, stage.height // 110)
    for x, across in ((left, 1), (left + wide, -1)):
        for y, down in ((top, 1), (top + high, -1)):
            elbow = np.array([[x + across * arm, y], [x, y], [x, y + down * arm]], np.int32)
            cv2.polylines(picture, [elbow], False, _bgr(colour), thick, cv2.LINE_AA)


ARROW = ((0, 0.5), (0.45, 0), (0.45, 0.3), (1, 0.3), (1, 0.7), (0.45, 0.7), (0.45, 1))
"""To the left, in shares of its box."""


def _arrow(picture: Pixels, stage: Box, step: str) -> None:
    """What is asked, as a sign. The picture is a mirror: somebody's own left is on the left."""
    side = round(stage.height * 0.3)
    x, y = stage.x + stage.width // 2, stage.y + round(stage.height * 0.4)
    if step in ("turn_left", "turn_right"):
        sense = 1 if step == "turn_left" else -1
        at = x - sense * round(stage.width * 0.36)
        points = [(at + sense * (px - 0.5) * side, y + (py - 0.5) * side) for px, py in ARROW]
        cv2.fillPoly(picture, [np.array(points, np.int32)], _bgr(YELLOW), cv2.LINE_AA)
    elif step == "closer":
        for share in (1.0, 0.7, 0.4):
            cv2.circle(picture, (x, y), round(side * share), _bgr(YELLOW), max(4, side // 24), cv2.LINE_AA)
    elif step == "blink":
        for eye in (x - side // 2, x + side // 2):
            axes, thick = (side // 3, side // 5), max(5, side // 16)
            cv2.ellipse(picture, (eye, y), axes, 0, 20, 160, _bgr(YELLOW), thick, cv2.LINE_AA)
