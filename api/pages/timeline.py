"""What happened to a terminal, in its order: silences, its clock, what was done at it and asked of it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from api.pages.dates import when_text
from api.pages.spans import length_text
from api.settings import Language
from api.text import say
from attendance.book import Book
from attendance.watch import TerminalClockStrayed

MOST = 100
OPERATIONS = (0, 1, 13, 21, 22, 23, 43)
"""Of what is done at a terminal, what touches its power, its clock or its records, as ZKTeco numbers it."""


class Happened(NamedTuple):
    """One line. `recorded_at` in microseconds since 1970."""

    recorded_at: int
    id: str
    text: str
    tone: str
    """bad, good, or nothing"""


class Stray(NamedTuple):
    """A time during which a terminal's clock was wrong, that nobody has looked at."""

    since: datetime
    text: str


class Timeline:
    """One terminal's, in one language."""

    def __init__(self, book: Book, terminal: str, language: Language) -> None:
        self._book, self._terminal, self._language = book, terminal, language

    def lines(self) -> list[Happened]:
        """The newest first, at most a hundred."""
        lines = [*self._silences(), *self._clocks(), *self._operations(), *self._questions()]
        return sorted(lines, reverse=True)[:MOST]

    def strays(self) -> list[Stray]:
        """The times of a wrong clock that are open questions."""
        watch = self._book.watch
        found = [entry.fact for entry in watch.strayed.find("terminal", self._terminal)]
        return [Stray(fact.since, self._strayed(fact)) for fact in found if not watch.is_settled(fact)]

    def _silences(self) -> Iterator[Happened]:
        watch = self._book.watch
        for entry in watch.silent.find("terminal", self._terminal):
            yield Happened(entry.recorded_at, str(entry.id), self._say("silent", since=entry.fact.since), "bad")
        for back in watch.returned.find("terminal", self._terminal):
            text = self._say("returned", since=back.fact.since)
            yield Happened(back.recorded_at, str(back.id), text, "good")

    def _clocks(self) -> Iterator[Happened]:
        watch, terminal = self._book.watch, self._terminal
        for stray in watch.strayed.find("terminal", terminal):
            yield Happened(stray.recorded_at, str(stray.id), self._strayed(stray.fact), "bad")
        for agreed in watch.agreed.find("terminal", terminal):
            yield Happened(agreed.recorded_at, str(agreed.id), self._say("agreed"), "good")
        for settled in watch.settled.find("terminal", terminal):
            yield Happened(settled.recorded_at, str(settled.id), self._say("settled"), "")
        for one in self._book.visits.clocks.find("terminal", terminal):
            text = self._say("clock_set", before=one.fact.before, after=one.fact.after)
            yield Happened(one.recorded_at, str(one.id), text, "")

    def _strayed(self, stray: TerminalClockStrayed) -> str:
        side = "behind" if stray.seconds > 0 else "ahead"
        return self._say(f"strayed_{side}", n=length_text(timedelta(seconds=stray.seconds), self._language))

    def _operations(self) -> Iterator[Happened]:
        for entry in self._book.terminals.operated.find("terminal", self._terminal):
            if entry.fact.kind in OPERATIONS:
                what = say(f"page.watch.operation_{entry.fact.kind}", self._language)
                text = self._say(
                    "operated", what=" ".join(filter(None, (what, when_text(entry.fact.at, self._language))))
                )
                yield Happened(entry.recorded_at, str(entry.id), text, "")

    def _questions(self) -> Iterator[Happened]:
        questions = self._book.questions
        for entry in questions.asked.find("terminal", self._terminal):
            if entry.fact.matter == "attlog":
                text = self._say("asked", start=entry.fact.start, end=entry.fact.end)
                yield Happened(entry.recorded_at, str(entry.id), text, "")
        for one in questions.counted.find("terminal", self._terminal):
            text = self._say("counted", start=one.fact.start, end=one.fact.end, n=one.fact.records)
            yield Happened(one.recorded_at, str(one.id), text, "")

    def _say(self, key: str, **details: object) -> str:
        told = {name: when_text(value, self._language) for name, value in details.items()}
        return say(f"page.watch.happened_{key}", self._language, **told)
