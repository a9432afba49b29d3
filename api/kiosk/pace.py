"""How often one terminal may ask: a page gone wild, or somebody with its cookie, must not take the workers' time."""

import time
from collections.abc import Callable
from threading import Lock


class Pace:
    """So many requests a second for each terminal, and so many at once."""

    def __init__(self, per_second: float, at_once: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._most, self._clock = per_second, float(at_once), clock
        self._left: dict[str, tuple[float, float]] = {}
        self._guard = Lock()

    def allows(self, terminal: str) -> bool:
        """Whether the terminal may ask now; if so, it has."""
        now = self._clock()
        with self._guard:
            left, at = self._left.get(terminal, (self._most, now))
            left = min(self._most, left + (now - at) * self._rate)
            allowed = left >= 1
            self._left[terminal] = (left - 1 if allowed else left, now)
            return allowed
