"""Where everything stands on a screen of any size, lying or upright, in pixels. Pure."""

from typing import NamedTuple

KEYS = (("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9"), ("back", "0", "enter"))


class Box(NamedTuple):
    """A rectangle."""

    x: int
    y: int
    width: int
    height: int

    def holds(self, x: int, y: int) -> bool:
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height

    def part(self, x: float, y: float, width: float, height: float) -> "Box":
        """A part of it, in shares of its sides."""
        return Box(
            self.x + round(x * self.width),
            self.y + round(y * self.height),
            round(width * self.width),
            round(height * self.height),
        )

    def inside(self, margin: int) -> "Box":
        return Box(self.x + margin, self.y + margin, self.width - 2 * margin, self.height - 2 * margin)


class Layout(NamedTuple):
    """The places of the screen."""

    whole: Box
    clock: Box
    date: Box
    place: Box
    marks: Box
    """Online or not, how many wait."""
    stage: Box
    """The camera, and what covers it."""
    heading: Box
    """Of the last three."""
    cards: tuple[Box, ...]
    notice: Box

    @property
    def main(self) -> Box:
        """Everything below the clock."""
        return Box(0, self.stage.y, self.whole.width, self.whole.height - self.stage.y)


def layout(width: int, height: int) -> Layout:
    return _upright(Box(0, 0, width, height)) if height > width else _lying(Box(0, 0, width, height))


def _lying(whole: Box) -> Layout:
    return Layout(
        whole=whole,
        clock=whole.part(0.016, 0.02, 0.33, 0.14),
        date=whole.part(0.37, 0.035, 0.35, 0.055),
        place=whole.part(0.37, 0.095, 0.35, 0.055),
        marks=whole.part(0.74, 0.03, 0.244, 0.13),
        stage=whole.part(0.016, 0.18, 0.7, 0.735),
        heading=whole.part(0.735, 0.18, 0.249, 0.055),
        cards=tuple(whole.part(0.735, 0.25 + 0.17 * place, 0.249, 0.155) for place in range(3)),
        notice=whole.part(0.016, 0.93, 0.968, 0.05),
    )


def _upright(whole: Box) -> Layout:
    return Layout(
        whole=whole,
        clock=whole.part(0.025, 0.012, 0.55, 0.085),
        date=whole.part(0.025, 0.1, 0.46, 0.028),
        place=whole.part(0.5, 0.1, 0.475, 0.028),
        marks=whole.part(0.6, 0.015, 0.375, 0.08),
        stage=whole.part(0.025, 0.14, 0.95, 0.6),
        heading=whole.part(0.025, 0.75, 0.95, 0.03),
        cards=tuple(whole.part(0.025 + 0.3233 * place, 0.785, 0.303, 0.135) for place in range(3)),
        notice=whole.part(0.025, 0.935, 0.95, 0.045),
    )


def keys(stage: Box) -> dict[str, Box]:
    """Where each key of the keypad stands."""
    pad = stage.part(0.2, 0.32, 0.6, 0.66)
    return {
        key: pad.part(column / 3, row / 4, 1 / 3, 1 / 4).inside(max(3, stage.height // 120))
        for row, names in enumerate(KEYS)
        for column, key in enumerate(names)
    }
