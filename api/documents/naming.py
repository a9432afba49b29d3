"""How people and windows are named in a list: never ambiguous, and never the name of somebody forgotten."""

from collections import Counter
from collections.abc import Iterable
from itertools import groupby, takewhile
from typing import Any

from api.documents.words import Words

Json = dict[str, Any]
SHORTEST_HEAD = 2
WIDE_SPACE = "\u3000"


class Naming:
    """Names by staff number, told apart where two people share one."""

    def __init__(self, names: dict[str, str], staff: Json, words: Words) -> None:
        self._names, self._words = names, words
        self._windows = {no: row["window"] for no, row in staff.items()}
        regulars = [no for no, row in staff.items() if not row["relief"]]
        self._shared = Counter(names.get(no, "") for no in regulars)
        self._shared_at = Counter((names.get(no, ""), self._windows[no]) for no in regulars)

    def known(self, no: str) -> str:
        """The name alone, as tables show it beside window and number."""
        return printable(self._names.get(no, "")) or self._words.say("forgotten")

    def at_window(self, no: str, window: str) -> str:
        """综合窗口魏某; with the staff number where the window has two of that name."""
        return self._words.say("person", window=printable(window), name=self._beside_window(no, window))

    def _beside_window(self, no: str, window: str) -> str:
        name = self.known(no)
        shared = self._shared_at[self._names.get(no, ""), window] > 1
        return self._words.say("namesake", name=name, no=no) if shared else name

    def alone(self, no: str) -> str:
        """The name without its window; with the window, or else the number, where the hall has two of that name."""
        name, window = self.known(no), self._windows.get(no, "")
        if self._shared[self._names.get(no, "")] < 2:
            return name
        if self._shared_at[self._names.get(no, ""), window] > 1:
            return self._words.say("namesake", name=name, no=no)
        return self._words.say("namesake_window", name=name, window=printable(window))

    def by_window(self, people: Iterable[tuple[str, str]]) -> str:
        """(number, window) pairs as 公安窗口李某、雷某；税务窗口张某."""
        told = []
        for window, same in groupby(people, key=lambda pair: pair[1]):
            names = self._words.join(self._beside_window(no, window) for no, _ in same)
            told.append(self._words.say("person", window=printable(window), name=names))
        return self._words.clauses(told)


def joint_windows(windows: list[str], words: Words) -> str:
    """Windows that claim together, what their names end in said once: 联合、思源水务窗口."""
    windows = [printable(window) for window in windows]
    if len(windows) < 2:
        return "".join(windows)
    for tail in (_common_tail(windows), words.say("window_word")):
        heads = [window.removesuffix(tail) for window in windows]
        if tail and all(window.endswith(tail) for window in windows) and min(map(len, heads)) >= SHORTEST_HEAD:
            return words.join(heads) + tail
    return words.join(windows)


def _common_tail(windows: list[str]) -> str:
    """What all names end in."""
    same = takewhile(lambda chars: len(set(chars)) == 1, zip(*(reversed(window) for window in windows), strict=False))
    return "".join(chars[0] for chars in same)[::-1]


def printable(text: str) -> str:
    """Text without characters that no paper shows and some formats refuse (control characters)."""
    shown = (char for char in text if char.isprintable() or char.isspace())
    return "".join(" " if char.isspace() and char != WIDE_SPACE else char for char in shown).strip()
