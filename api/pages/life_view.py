"""The life of a month as its pages show it: what is unsettled, what differs, who agreed, who objected."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple
from urllib.parse import quote

from api.pages.dates import day_text, long_day_text, moment_text, recorded_moment
from api.pages.month_view import MonthView, Question
from api.pages.words import Words, actor_text, topic_text
from api.text import say
from attendance.months import Frozen, MonthPublished, Months, ReviewOpened
from attendance.punches import WRONG_CLOCK
from projections.completeness import NOTICES

Row = dict[str, Any]
STATES = ("open", "in_review", "published", "amended")
SETTLED_AT = {
    "terminal_silent": "/watch/{terminal}",
    "terminal_offline": "/watch/{terminal}",
    "terminal_counts_more": "/watch/{terminal}",
    "clock_behind": "/watch/{terminal}#clock",
    "clock_ahead": "/watch/{terminal}#clock",
    "unknown_pin": "/terminals#pins",
    "pin_out_of_dates": "/terminals#pins",
    "quarantined": "/terminals#quarantine",
    "terminal_waiting": "/terminals#waiting",
    "objection_open": "/months/{month}/review#o-{objection}",
    "review_running": "/months/{month}/review",
    "unprintable_name": "/months/{month}/people/{no}",
    "bulletin_unsigned": "/months/{month}/bulletin",
    "contradiction": "/findings/questions#contradictions",
    "tablet_clock": "/findings/questions#clocks",
    "deed_held": "/findings/questions#held",
    "appeal_open": "/findings/{id}#deeds",
    "rectification_overdue": "/findings/{id}",
}
"""Where a question of a kind is settled, as far as there is a page for it."""


def _settled_at(row: Row) -> str:
    """Where a question is settled: readings whose clock alone is wrong have a page of their own."""
    if row["kind"] == "quarantined" and row["detail"]["reason"] in WRONG_CLOCK:
        return "/runs"
    return SETTLED_AT.get(row["kind"], "")


class StateStep(NamedTuple):
    """One state in the bar above a month."""

    name: str
    label: str
    reached: bool
    current: bool
    note: str


class Objection(NamedTuple):
    id: str
    no: str
    name: str
    about: str
    text: str
    raised: str
    upheld: bool | None
    """None while it waits for an answer."""
    answer: str
    answered: str


class FactRow(NamedTuple):
    """A fact that came after the month was frozen."""

    id: str
    kind: str
    who: str
    at: str
    recorded: str
    actor: str


class LifeView:
    """One month's life in one language, with everybody's names."""

    def __init__(self, month: str, months: Months, words: Words, names: dict[str, str]) -> None:
        self.month, self._months, self._words, self._names = month, months, words, names
        self._language = words.language

    def bar(self) -> list[StateStep]:
        """The four states, each with what is known of it. A month that was never corrected has three behind it."""
        current = STATES.index(self._months.state(self.month))
        return [
            StateStep(name, self._say(f"state.{name}"), number <= current, number == current, self._note(name))
            for number, name in enumerate(STATES)
        ]

    def _note(self, state: str) -> str:
        frozen = self.frozen(state)
        if frozen is None:
            return ""
        if isinstance(frozen.fact, ReviewOpened):
            return self._say("life.until", day=self.day(frozen.fact.deadline))
        return f"{frozen.fact.number} {self.day(frozen.fact.dated)}"

    def frozen(self, state: str) -> Frozen | None:
        """What was written into the log when the month came into a state."""
        if state == "in_review":
            return self._months.review(self.month)
        standing = self._months.standing(self.month)
        if state == "amended":
            return standing if standing and standing.state == "amended" else None
        published = self._months.published.find("month", self.month) if state == "published" else []
        return Frozen("published", published[0].fact, published[0]) if published else None

    def day(self, day: date) -> str:
        return long_day_text(day, self._language)

    def moment(self, recorded_at: object) -> str:
        moment = recorded_moment(recorded_at)
        return moment_text(moment, self._language, self._words.zone) if moment else ""

    def items(self, rows: Iterable[Row], view: MonthView) -> list[Question]:
        """What is in doubt first, what is merely worth knowing after it."""
        found = [self._item(row, view) for row in rows]
        return sorted(found, key=lambda item: item.notice)

    def _item(self, row: Row, view: MonthView) -> Question:
        question = view.question(self._with_name(row))
        details = {name: quote(str(value)) for name, value in (row["detail"] or {}).items()}
        link = _settled_at(row).format_map({"month": self.month, **details})
        return question._replace(link=link, notice=row["kind"] in NOTICES)

    def _with_name(self, row: Row) -> Row:
        """Somebody the question is about by name and number."""
        no = (row["detail"] or {}).get("no")
        if not no:
            return row
        return {**row, "detail": {**row["detail"], "no": f"{self.name(no)} {self._say('person.no', no=no)}"}}

    def name(self, no: str) -> str:
        return self._names.get(no) or no

    def objections(self, opened: Any) -> list[Objection]:
        """Every objection of the month, the unanswered first; `opened` unseals."""
        rows = [self._objection(entry, opened) for entry in self._months.objections.find("month", self.month)]
        return sorted(rows, key=lambda row: row.upheld is not None)

    def _objection(self, entry: Any, opened: Any) -> Objection:
        fact, answer = entry.fact, self._months.answer(entry.fact.objection)
        return Objection(
            fact.objection,
            fact.no,
            self.name(fact.no),
            self.about(fact.about),
            opened(fact.text) or "",
            self.moment(entry.recorded_at),
            answer.fact.upheld if answer else None,
            (opened(answer.fact.answer) or "") if answer else "",
            self.moment(answer.recorded_at) if answer else "",
        )

    def about(self, about: str) -> str:
        """A date as a day; anything else as it was given."""
        try:
            return day_text(date.fromisoformat(about).isoformat(), self._language)
        except ValueError:
            return about

    def actor(self, actor: str) -> str:
        return actor_text(actor, self._language)

    def facts(self, rows: Iterable[Row]) -> list[FactRow]:
        return [
            FactRow(
                row["id"],
                topic_text(row["topic"], self._language),
                say("value.and", self._language).join(self.name(no) for no in row["people"]),
                self._clock(row["at"]),
                self.moment(row["recorded_at"]),
                self.actor(row["actor"]),
            )
            for row in rows
        ]

    def _clock(self, at: str | None) -> str:
        if not at:
            return ""
        moment = datetime.fromisoformat(at)
        return f"{day_text(moment.date().isoformat(), self._language)} {moment:%H:%M:%S}"

    def published_over(self) -> list[str]:
        """The kinds of question the month was published over."""
        frozen = self.frozen("published")
        if frozen is None or not isinstance(frozen.fact, MonthPublished):
            return []
        return [self._say(f"question.{kind}") for kind in frozen.fact.open_questions]

    def _say(self, key: str, **details: object) -> str:
        return say(f"page.{key}", self._language, **details)
