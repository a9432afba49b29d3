"""One look at the screen: everything that is drawn beside the camera's picture, in words. Nothing here changes."""

from typing import Literal, NamedTuple

Tone = Literal["good", "late", "plain", "bad", "ask"]
Kind = Literal["", "do", "ask", "stop"]
"""Of what to do next: nothing special, do it better, a movement that is asked, something that hinders."""


class Line(NamedTuple):
    """What a person reads of themselves: 王 · 综合窗口 · 08:58:12 · 正常."""

    name: str
    window: str = ""
    at: str = ""
    word: str = ""
    words: str = ""
    """Below it, smaller."""
    tone: Tone = "plain"

    @property
    def who(self) -> str:
        return " · ".join(part for part in (self.name, self.window, self.at) if part)


class Pairing(NamedTuple):
    """The code of a device that is nobody's yet."""

    why: str
    heading: str
    code: str
    what: str
    left: str


class Keypad(NamedTuple):
    """Where the administrator types the code that ends the program."""

    heading: str
    typed: int
    told: str
    back: str
    enter: str


class View(NamedTuple):
    """The whole screen."""

    time: str
    date: str
    place: str
    line: str
    """Online or offline."""
    is_online: bool
    unsent: str
    aside: str
    hint: str
    kind: Kind
    step: str
    """The movement that is asked; empty for none."""
    result: Line | None
    recent_heading: str
    recent: tuple[Line, ...]
    notice: str
    pairing: Pairing | None = None
    keypad: Keypad | None = None
