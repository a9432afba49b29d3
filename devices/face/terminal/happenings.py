"""What a terminal has to say, before it is put into words."""

from collections.abc import Callable
from typing import Any, NamedTuple


class Happening(NamedTuple):
    """Something to say: a code, and what fills its sentence."""

    code: str
    details: dict[str, Any]


Say = Callable[[Happening], None]
"""Called from any thread, and returns at once."""


class Teller:
    """Says things, and what would be said over and over only once."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._last: dict[str, str] = {}

    def tell(self, code: str, /, **details: object) -> None:
        self._say(Happening(code, details))

    def tell_change(self, subject: str, code: str, /, **details: object) -> None:
        """Only where the last thing said on this subject was another."""
        if self._last.get(subject) != code:
            self._last[subject] = code
            self.tell(code, **details)
