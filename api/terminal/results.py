"""What people read of themselves: one line at a time for three seconds, and the last three."""

from collections import deque
from typing import NamedTuple

from api.terminal.view import Line

SHOWN = 3.0
"""Seconds a result stands, then the screen waits for the next person."""
LAST = 3


class Result(NamedTuple):
    """A line that covers the screen from one moment to another; `id` is that of the sighting it tells of."""

    id: str
    line: Line
    since: float
    until: float


class Results:
    """Moments are seconds of the clock that nobody can set."""

    def __init__(self) -> None:
        self._result: Result | None = None
        self._announced: Result | None = None
        self._recent: deque[tuple[str, Line]] = deque(maxlen=LAST)

    @property
    def recent(self) -> tuple[Line, ...]:
        """Newest first."""
        return tuple(line for _, line in self._recent)

    def recall(self, lines: list[Line]) -> None:
        """Begin with what was shown before this program started, newest first."""
        if not self._recent:
            self._recent.extend(("", line) for line in lines[:LAST])

    def keep(self, identity: str, line: Line, now: float, wait: float) -> None:
        """Somebody was kept; shown after so many seconds, unless the hall says more before."""
        self._recent.appendleft((identity, line))
        self._result = Result(identity, line, now + wait, now + wait + SHOWN)

    def answer(self, identity: str, line: Line, now: float) -> None:
        """The hall's own words take the place of ours, on the screen only while the person is still there to read."""
        self._recent = deque(((one, line if one == identity else old) for one, old in self._recent), LAST)
        if self._result and self._result.id == identity and now < self._result.until:
            self.tell(line, now, identity)

    def line_of(self, identity: str) -> Line | None:
        return next((line for one, line in self._recent if one == identity), None)

    def tell(self, line: Line, now: float, identity: str = "") -> None:
        """Shown now, and not among the last three."""
        self._result = Result(identity, line, now, now + SHOWN)

    def current(self, now: float) -> Line | None:
        result = self._result
        return result.line if result and result.since <= now < result.until else None

    def begun(self, now: float) -> Line | None:
        """The line that is to be sounded: shown now, and not asked for before."""
        line = self.current(now)
        if line is None or self._result is self._announced:
            return None
        self._announced = self._result
        return line
