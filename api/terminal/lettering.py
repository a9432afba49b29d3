"""Letters for pictures: the fonts that documents are printed with, one size at a time, and text that fits its place."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from api.documents.fonts import Face, coverage, fonts_here
from api.terminal.layout import Box

Colour = tuple[int, int, int]
SMALLEST = 11
HEAVY = 36
"""Bold is drawn with a stroke of one pixel for so many of the size: the package has the regular weight alone."""
MORE = "…"


class Style(NamedTuple):
    """How a text is written."""

    size: int
    bold: bool = False

    @property
    def stroke(self) -> int:
        return round(self.size / HEAVY) if self.bold else 0


@lru_cache(maxsize=64)
def _font(face: Face, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(face.path), size, index=face.number)


@lru_cache(maxsize=4096)
def _face(character: str) -> Face:
    """The first font that draws a character. Of the usual ones every Chinese font draws all."""
    fonts = fonts_here()
    faces = [fonts.faces[family] for family in fonts.families["hei"]]
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return next((face for face in faces if ord(character) in coverage(face)), faces[0])
    return faces[0]


def _runs(text: str) -> Iterator[tuple[Face, str]]:
    """The text in pieces of one font each."""
    for face, characters in groupby(text, _face):
        yield face, "".join(characters)


def width(text: str, style: Style) -> int:
    return round(sum(_font(face, style.size).getlength(run) for face, run in _runs(text))) + 2 * style.stroke


def line_height(size: int) -> int:
    return round(size * 1.3)


def fitting(text: str, box: Box, *, bold: bool = False, largest: int = 400) -> Style:
    """The largest letters in which a text fits on one line."""
    size = max(SMALLEST, min(largest, round(box.height / 1.3)))
    wide = width(text, Style(size, bold))
    if wide > box.width:
        size = max(SMALLEST, size * box.width // wide)
        while size > SMALLEST and width(text, Style(size, bold)) > box.width:
            size -= 1
    return Style(size, bold)


def shortened(text: str, style: Style, most: int) -> str:
    """The text, cut where even the smallest letters are too wide."""
    if width(text, style) <= most:
        return text
    while text and width(text + MORE, style) > most:
        text = text[:-1]
    return text + MORE


def wrapped(text: str, style: Style, most: int) -> list[str]:
    """Lines no wider than so many pixels; words of Latin letters stay whole where they can."""
    lines = [""]
    for word in _words(text):
        if lines[-1] and width(lines[-1] + word.rstrip(), style) > most:
            lines.append(word.lstrip())
        else:
            lines[-1] += word
    return [line.rstrip() for line in lines]


def _words(text: str) -> Iterator[str]:
    """What a line may be broken after: a Chinese character, or a word with its space."""
    word = ""
    for character in text:
        if word and ((ord(character) > 0x2E80 and character not in "，。；：、！？）”》") or word[-1] == " "):
            yield word
            word = ""
        word += character
    if word:
        yield word


class Pen:
    """Writes into a picture."""

    def __init__(self, image: Image.Image) -> None:
        self.draw = ImageDraw.Draw(image)

    def write(self, text: str, x: int, y: int, style: Style, colour: Colour) -> None:
        """From the left; `y` is the middle of the line."""
        at = float(x + style.stroke)
        for face, run in _runs(text):
            font = _font(face, style.size)
            self.draw.text((at, y), run, font=font, fill=colour, anchor="lm", stroke_width=style.stroke)
            at += font.getlength(run)

    def put(
        self, text: str, box: Box, colour: Colour, *, align: str = "left", bold: bool = False, largest: int = 400
    ) -> None:
        """One line, as large as its box takes it."""
        if not text:
            return
        style = fitting(text, box, bold=bold, largest=largest)
        text = shortened(text, style, box.width)
        free = box.width - width(text, style)
        x = box.x + {"left": 0, "middle": free // 2, "right": free}[align]
        self.write(text, x, box.y + box.height // 2, style, colour)

    def put_lines(self, text: str, box: Box, colour: Colour, *, largest: int, bold: bool = False) -> None:
        """Several lines in the middle of a box, smaller where they are too many."""
        size = largest
        while size > SMALLEST and len(wrapped(text, Style(size, bold), box.width)) * line_height(size) > box.height:
            size -= 1
        lines, step = wrapped(text, Style(size, bold), box.width), line_height(size)
        top = box.y + (box.height - step * len(lines)) // 2
        for number, line in enumerate(lines):
            self.put(line, Box(box.x, top + number * step, box.width, step), colour, align="middle", bold=bold)
