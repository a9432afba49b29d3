"""Runs of readings in one language, and what one would become."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from api.given import zone_of
from api.pages.dates import moment_text, month_text, recorded_moment, when_text
from api.pages.spans import shift_text
from api.pages.timeline import Timeline
from api.settings import Language
from api.text import say
from attendance.facts import Entry
from attendance.hall import Hall
from attendance.runs import Run, RunAccepted, RunDismissed, received
from projections.runs import Preview, Would, preview

MOST_SHOWN = 200


class RunRow(NamedTuple):
    """A run that waits."""

    id: str
    terminal: str
    place: str
    reason: str
    readings: int
    first: str
    last: str
    received: str


class WouldRow(NamedTuple):
    """A reading, and the punch it would be."""

    shown: str
    at: str
    who: str
    is_known: bool


class PreviewShown(NamedTuple):
    """A run as it would be."""

    first: str
    last: str
    shift: str
    punches: int
    people: int
    unknown: int
    known: int
    published: str
    """The months of it that are published already."""
    rows: list[WouldRow]


class DecidedRow(NamedTuple):
    id: str
    terminal: str
    readings: int
    text: str


class RunsView:
    """What the pages show of a hall's runs."""

    def __init__(self, hall: Hall, language: Language) -> None:
        self._hall, self._book, self._language = hall, hall.book(), language
        self._zone = zone_of(hall)

    def waiting(self) -> list[RunRow]:
        return [self.run(run) for run in self._book.open_runs()]

    def run(self, run: Run) -> RunRow:
        accepted = self._book.terminals.known(run.terminal)
        place = self._book.terminals.placing(run.terminal).place
        return RunRow(
            str(run.id),
            run.terminal,
            " ".join(filter(None, (accepted.name if accepted else "", place))),
            say(f"page.quarantined.{run.reason}", self._language),
            len(run.readings),
            when_text(run.first, self._language),
            when_text(run.last, self._language),
            when_text(received(run.readings[0]), self._language),
        )

    def suggested(self, run: Run) -> str:
        """The true time of the first reading, if the promptest of them was sent as it was made."""
        try:
            return (run.first + run.least_delay).isoformat()
        except OverflowError:
            return ""

    def preview(self, run: Run, shift: timedelta) -> PreviewShown:
        """Raises Refused for a shift that cannot be the truth."""
        would = preview(self._hall, run, shift)
        return PreviewShown(
            self._moment(would.punches[0].punch.at),
            self._moment(would.punches[-1].punch.at),
            shift_text(shift, self._language),
            len(would.punches),
            would.people,
            would.unknown_pins,
            would.known,
            self._published(would),
            self._rows(run, would.punches[:MOST_SHOWN]),
        )

    def _published(self, would: Preview) -> str:
        months = [month for month in sorted(would.months) if self._book.months.standing(month)]
        return say("value.and", self._language).join(month_text(month, self._language) for month in months)

    def _rows(self, run: Run, would: Sequence[Would]) -> list[WouldRow]:
        return [
            WouldRow(when_text(entry.fact.at, self._language), self._moment(one.punch.at), self._who(one), one.is_known)
            for entry, one in zip(run.readings, would, strict=False)
        ]

    def _who(self, one: Would) -> str:
        if one.no is None:
            return say("page.runs.nobody", self._language, pin=one.punch.pin)
        postings = self._book.people.postings(one.no)
        name = self._hall.opened(postings[-1].fact.name) if postings else None
        return f"{name} {one.no}" if name else one.no

    def timeline(self, terminal: str) -> list[Any]:
        """What happened to the terminal, to tell since when its clock was wrong."""
        lines = Timeline(self._book, terminal, self._language).lines()[:30]
        return [(self._recorded(line.recorded_at), line.id, line.text, line.tone) for line in lines]

    def decided(self) -> list[DecidedRow]:
        """The decisions, the newest first."""
        entries: list[Entry[Any]] = [*self._book.runs.accepted, *self._book.runs.dismissed]
        newest = sorted(entries, key=lambda entry: entry.position, reverse=True)[:MOST_SHOWN]
        return [
            DecidedRow(str(entry.id), entry.fact.terminal, len(entry.fact.readings), self._decision(entry))
            for entry in newest
        ]

    def _decision(self, entry: Entry[RunAccepted] | Entry[RunDismissed]) -> str:
        at = self._recorded(entry.recorded_at)
        if isinstance(entry.fact, RunAccepted):
            shift = shift_text(timedelta(seconds=entry.fact.shift), self._language)
            return say("page.runs.was_accepted", self._language, at=at, shift=shift)
        return say("page.runs.was_dismissed", self._language, at=at)

    def _recorded(self, recorded_at: int) -> str:
        at = recorded_moment(recorded_at)
        return moment_text(at, self._language, self._zone) if at else ""

    def _moment(self, at: datetime) -> str:
        return moment_text(at, self._language, self._zone)
