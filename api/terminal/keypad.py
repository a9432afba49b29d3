"""Where the administrator types the code that ends the program: nobody else gets out of the full screen."""

from api.terminal.view import Keypad
from api.text import say

SHORTEST, LONGEST = 6, 8
CLOSED_AFTER = 30.0
"""Seconds without a key after which the terminal goes back to its work."""


class TypedCode:
    """The code as far as it is typed."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._digits, self._told = "", ""
        self._until = 0.0

    def is_open(self, now: float) -> bool:
        return now < self._until

    def press(self, key: str, now: float) -> str:
        """A digit, `back` or `enter`, typed or touched; the code, once it is to be tried."""
        if not self.is_open(now):
            self.open(now)
        self._until = now + CLOSED_AFTER
        if key == "enter":
            return self._whole()
        if key == "back" and not self._digits:
            self._until = now
        elif key == "back":
            self._digits = ""
        elif len(self._digits) < LONGEST:
            self._digits += key
        return ""

    def open(self, now: float) -> None:
        """With nothing typed; also where it was open already."""
        self._until = now + CLOSED_AFTER
        self._digits, self._told = "", ""

    def _whole(self) -> str:
        if len(self._digits) < SHORTEST:
            self._told = say("terminal.window.code_short", self._language, fewest=SHORTEST, most=LONGEST)
            return ""
        code, self._digits, self._told = self._digits, "", say("terminal.window.code_asked", self._language)
        return code

    def refuse(self, words: str) -> None:
        self._told = words

    def shown(self) -> Keypad:
        words = {key: say(f"kiosk.page.{key}", self._language) for key in ("administrator_what", "back", "next")}
        return Keypad(words["administrator_what"], len(self._digits), self._told, words["back"], words["next"])
