"""What to do next, in one line: what hinders comes first, then what the last look gave."""

from typing import Literal, NamedTuple

from api.terminal.view import Kind

STANDS = 3.0
"""Seconds a hint is said, unless another comes."""
STEP_STANDS = 6.0
"""The same of a movement: until it was filmed and judged."""
Fault = Literal["disk", "camera", "looker", "may", "lease"]
FAULTS: tuple[Fault, ...] = ("disk", "camera", "looker", "may", "lease")
"""The worst first."""


class Hint(NamedTuple):
    """What to do next, and until when it is said."""

    text: str
    kind: Kind = ""
    step: str = ""
    until: float = 0.0


class Hints:
    """Moments are seconds of the clock that nobody can set."""

    def __init__(self) -> None:
        self._hint = Hint("")
        self._faults: dict[Fault, str] = {}

    def give(self, text: str, kind: Kind, now: float, step: str = "") -> bool:
        """Say this for a while; False when it is being said already."""
        is_new = now >= self._hint.until or self._hint.text != text
        self._hint = Hint(text, kind, step, now + (STEP_STANDS if step else STANDS))
        return is_new

    def take_back(self) -> None:
        self._hint = Hint("")

    def hinder(self, fault: Fault, text: str) -> None:
        self._faults[fault] = text

    def mend(self, *faults: Fault) -> None:
        for fault in faults:
            self._faults.pop(fault, None)

    def current(self, now: float, usual: str) -> Hint:
        for fault in FAULTS:
            if fault in self._faults:
                return Hint(self._faults[fault], "stop")
        return self._hint if now < self._hint.until else Hint(usual)
