"""The thread that keeps the lists up to date with the log."""

import logging
import time
from threading import Event, Thread

from projections.ledger import Ledger

logger = logging.getLogger("manqin")

LONGEST_PAUSE = 5.0
REST, LONGEST_REST = 9.0, 3.0
"""After catching up it rests so many times as long as that took, within seconds: the terminals' door comes first."""
PATIENCE = 5.0
"""Seconds without catching up after which the lists count as behind."""


class Follower:
    """Follows the log until stopped. A failure is logged and tried again, slower; it never ends the thread."""

    def __init__(self, ledger: Ledger, pause: float) -> None:
        self._ledger, self._pause = ledger, pause
        self._stop = Event()
        self._thread = Thread(target=self._run, name="follower", daemon=True)
        self.caught_up_at = time.monotonic()
        self.failures = 0
        """In a row, since it last caught up."""

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def lag(self) -> float:
        """Seconds since the lists last stood where the log stood."""
        return time.monotonic() - self.caught_up_at

    def is_behind(self) -> bool:
        return self.lag() > PATIENCE or not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stop.wait(self._follow()):
            pass

    def _follow(self) -> float:
        """Catch up once; how long to sleep until the next time."""
        begun = time.monotonic()
        try:
            self._ledger.follow()
        except Exception:
            self.failures += 1
            logger.exception("the lists cannot follow the log; trying again (failure %d in a row)", self.failures)
            return min(LONGEST_PAUSE, self._pause * 2.0**self.failures)
        self.failures, self.caught_up_at = 0, time.monotonic()
        return max(self._pause, min(LONGEST_REST, REST * (self.caught_up_at - begun)))
