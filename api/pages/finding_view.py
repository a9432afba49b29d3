"""A finding as its pages show it: where it stands, what was said to it, and every step with who and why."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from api.pages.dates import day_text, long_day_text, moment_text, recorded_moment
from api.pages.words import Words, actor_text, topic_text
from api.text import say
from attendance.book import Book
from attendance.concerned import unit_of
from attendance.doubts import is_clock_doubtful
from attendance.facts import Entry, Fact
from attendance.hall import Hall
from attendance.log.photos import Photos
from attendance.patrol import FindingNoted, inspector_of
from projections.patrol import stage

TONES = {"overturned": "gone", "withdrawn": "gone", "appealed": "waiting", "noted": "waiting"}
MEND_TONES = {"overdue": "late", "replied": "waiting", "ordered": "waiting", "sent_back": "waiting"}


class Chip(NamedTuple):
    """Where something stands, in a word; the tone never stands alone."""

    text: str
    tone: str


class FindingLine(NamedTuple):
    """One finding in a list."""

    id: str
    seen_at: str
    window: str
    no: str
    name: str
    what: str
    points: str
    stage: Chip
    mend: Chip | None
    photos: int
    doubtful: bool
    source: str
    answer_by: str
    """Until when an appeal is possible, while nobody has answered."""


class Step(NamedTuple):
    """One event in the life of a finding."""

    id: str
    what: str
    more: str
    """What it decides, such as a date or a verdict."""
    words: str
    """What somebody wrote."""
    who: str
    when: str


class FindingView:
    """Findings in one language, with everybody's names."""

    def __init__(self, hall: Hall, book: Book, words: Words, names: dict[str, str], today: date) -> None:
        self.hall, self.book, self.words, self.names, self.today = hall, book, words, names, today
        self.language = words.language

    def name(self, no: str) -> str:
        return self.names.get(no) or no

    def line(self, entry: Entry[FindingNoted]) -> FindingLine:
        noted = entry.fact
        code = self.book.policies.in_force(f"{noted.seen_at:%Y-%m}").finding_codes().get(noted.code)
        return FindingLine(
            id=str(entry.id),
            seen_at=f"{day_text(noted.seen_at.date().isoformat(), self.language)} {noted.seen_at:%H:%M}",
            window=noted.window,
            no=noted.no,
            name=self.name(noted.no) if noted.no else "",
            what=code.name if code else noted.code,
            points=format(code.points.normalize(), "f") if code else "",
            stage=self.stage(noted.finding),
            mend=self.mend(noted.finding),
            photos=len(noted.photos),
            doubtful=is_clock_doubtful(noted) and not self.book.doubts.verdict(noted.finding, "clock"),
            source=self._say(f"source.{noted.source}") if noted.source else "",
            answer_by=self._answer_by(noted.finding),
        )

    def _answer_by(self, finding: str) -> str:
        told = self.book.appeals.notice(finding)
        if told is None or stage(self.book, finding) != "told" or self.today > told.fact.answer_by:
            return ""
        return self._say("until_appeal", day=self.day(told.fact.answer_by))

    def stage(self, finding: str) -> Chip:
        reached = stage(self.book, finding)
        return Chip(self._say(f"stage.{reached}"), TONES.get(reached, ""))

    def mend(self, finding: str) -> Chip | None:
        """How far the order to rectify has come; None without one. It lapses with the finding."""
        state = self.book.rectifications.state(finding, self.today)
        if state == "none":
            return None
        if self.book.patrol.state(finding) != "noted":
            return Chip(self._say("mend.lapsed"), "gone")
        return Chip(self._say(f"mend.{state}"), MEND_TONES.get(state, ""))

    def content(self, entry: Entry[FindingNoted], photos: Photos) -> dict[str, Any]:
        """Everything a finding says of itself."""
        noted = entry.fact
        return {
            "row": self.line(entry),
            "finding": noted,
            "note": self.hall.opened(noted.note) or "",
            "inspector": self.hall.opened(noted.inspector) or inspector_of(entry),
            "unit": unit_of(self.book, noted),
            "photos": [{"sha256": sha256, "stored": photos.has(sha256)} for sha256 in noted.photos],
            "removed": {one.fact.sha256 for one in self.book.photos_removed},
            "received": self.moment(entry.recorded_at),
            "tablet_at": f"{noted.tablet_at:%Y-%m-%d %H:%M:%S %z}" if noted.tablet_at else "",
            "offset_minutes": round(noted.offset_seconds / 60, 1),
            "steps": self.steps(entry),
        }

    def steps(self, entry: Entry[FindingNoted]) -> list[Step]:
        """Every event of its life, in the order of the log."""
        told = sorted(self._events(entry), key=lambda one: one.position)
        return [self._step(one) for one in told]

    def _events(self, entry: Entry[FindingNoted]) -> Iterator[Entry[Any]]:
        book, finding = self.book, entry.fact.finding
        yield entry
        for shelf in (
            *(book.patrol.withdrawn, book.patrol.overturned, book.doubts),
            *(book.appeals.told, book.appeals.accepted, book.appeals.lodged, book.appeals.judged),
            *(book.rectifications.ordered, book.rectifications.extended, book.rectifications.replied),
            *(book.rectifications.verified, book.rectifications.closed),
        ):
            yield from shelf.find("finding", finding)

    def _step(self, entry: Entry[Fact]) -> Step:
        fact = entry.fact
        written = (getattr(fact, name, None) for name in ("text", "answer", "reason", "note"))
        words = next((text for sealed in written if sealed and (text := self.hall.opened(sealed))), "")
        what = topic_text(fact.topic, self.language)
        who, when = actor_text(entry.actor, self.language), self.moment(entry.recorded_at)
        return Step(str(entry.id), what, self._more(fact), words, who, when)

    def _more(self, fact: Fact) -> str:
        """The date or the verdict of a step."""
        for name, key in (("answer_by", "until_appeal"), ("due", "until_mended")):
            if (day := getattr(fact, name, None)) is not None:
                return self._say(key, day=long_day_text(day, self.language))
        for name in ("upheld", "mended"):
            if (verdict := getattr(fact, name, None)) is not None:
                return self._say(f"{name}.{'yes' if verdict else 'no'}")
        verdict = getattr(fact, "verdict", "")
        return self._say(f"verdict.{verdict}") if verdict else ""

    def moment(self, recorded_at: int) -> str:
        moment = recorded_moment(recorded_at)
        return moment_text(moment, self.language, self.words.zone) if moment else ""

    def day(self, day: date | None) -> str:
        return long_day_text(day, self.language) if day else ""

    def _say(self, key: str, **details: object) -> str:
        return say(f"page.findings.{key}", self.language, **details)
