"""One person's punches as the rules see them."""

from collections.abc import Callable, Sequence
from uuid import UUID


class Punches:
    """Sorted hall-local seconds without repeats, and the way back to the facts behind each."""

    def __init__(self, seconds: Sequence[int], facts: Callable[[int], tuple[UUID, ...]]) -> None:
        self.seconds = seconds
        self.facts = facts

    @classmethod
    def of(cls, facts: dict[int, tuple[UUID, ...]]) -> "Punches":
        """From a table of second → facts."""
        return cls(sorted(facts), lambda second: facts.get(second, ()))
