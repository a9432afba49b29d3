"""A month's life, opened for its pages: everything that review, publication and correction show."""

from typing import Any

from fastapi import Request

from api import office
from api.pages.difference_view import DifferenceView
from api.pages.life_view import LifeView
from api.pages.month_view import MonthView
from api.pages.open_month import OpenMonth
from attendance.months import MonthAmended, MonthPublished, ReviewOpened, next_number
from projections.completeness import in_doubt

Json = dict[str, Any]
SHOWN_FACTS = 300
"""Of the facts between, the newest so many: a terminal that comes back brings thousands."""


class OpenedLife:
    """One month with where it stands in its life. Raises Problem for a month that holds no facts."""

    def __init__(self, request: Request, month: str) -> None:
        self.month = month
        self.opened = opened = OpenMonth(request, month)
        self.hall, self.ledger, self.months = opened.hall, opened.ledger, opened.book.months
        self.names = self.ledger.names(month)
        self.view = LifeView(month, self.months, opened.words, self.names)
        self.edition = self.ledger.edition(month)

    def review(self) -> Json:
        shown = self.months.review(self.month)
        agreed = {entry.fact.no for entry in self.months.confirmations(self.month)}
        people = sorted({row["no"] for row in (shown.fact.edition if shown else self.edition)["ranking"]})
        return self._head("review") | {
            "is_over": office.is_over(self.hall, self.month),
            "review": self._round(),
            "agreed": [self._person(no) for no in sorted(agreed)],
            "silent": [self._person(no) for no in people if no not in agreed],
            "objections": self.view.objections(self.hall.opened),
            "changed": bool(shown and self.opened.body["state"] == "in_review" and self.ledger.differences(self.month)),
        }

    def _person(self, no: str) -> Json:
        return {"no": no, "name": self.view.name(no)}

    def _round(self) -> Json | None:
        shown = self.months.review(self.month)
        if not shown or not isinstance(shown.fact, ReviewOpened):
            return None
        fact, today = shown.fact, office.today_in(self.hall, self.month)
        left = (fact.deadline - today).days
        begun = self.view.moment(shown.entry.recorded_at)
        return {"round": fact.round, "deadline": self.view.day(fact.deadline), "left": left, "begun": begun}

    def publication(self) -> Json:
        unsettled = office.unsettled(self.ledger, self.month, self.edition)
        view = MonthView(self.opened.body, self.opened.words)
        return self._head("publish") | {
            "is_over": office.is_over(self.hall, self.month),
            "items": self.view.items(unsettled, view),
            "doubts": len(in_doubt(unsettled)),
            "published": self._published(),
            **self._changes(),
            **self._number(),
        }

    def differences(self) -> Json:
        standing = self.months.standing(self.month)
        frozen = standing or self.months.review(self.month)
        between = self.ledger.facts_since(self.month, frozen.fact.position) if frozen else []
        return self._head("differences") | {
            "published": self._published(),
            "notices": self._notices(),
            "facts": self.view.facts(between[-SHOWN_FACTS:]),
            "facts_count": len(between),
            **self._changes(),
            **self._number(),
        }

    def _changes(self) -> Json:
        """What differs, for the page, and the seal of what it compares with."""
        rows = self._in_words(self.ledger.differences(self.month))
        return {"changes": rows, "seen": office.seal_of(self.edition)}

    def _in_words(self, changes: list[Json]) -> list[Any]:
        findings = [*self.opened.body["findings"], *self.edition["findings"]]
        return DifferenceView(self.opened.words, self.names, findings).rows(changes)

    def _number(self) -> Json:
        return {"next_number": next_number(self.months, office.today_in(self.hall, self.month).year)}

    def _published(self) -> Json | None:
        frozen = self.view.frozen("published")
        if frozen is None or not isinstance(frozen.fact, MonthPublished):
            return None
        fact = frozen.fact
        return self._issued(fact, frozen.entry) | {"over": self.view.published_over()}

    def _notices(self) -> list[Json]:
        """Every correction notice of the month with what it changed."""
        entries = sorted(self.months.amended.find("month", self.month), key=lambda entry: entry.fact.notice)
        return [
            self._issued(entry.fact, entry) | {"changes": self._in_words(list(entry.fact.changes))} for entry in entries
        ]

    def _issued(self, fact: MonthPublished | MonthAmended, entry: Any) -> Json:
        return {
            "id": str(entry.id),
            "number": fact.number,
            "dated": self.view.day(fact.dated),
            "position": fact.position,
            "recorded": self.view.moment(entry.recorded_at),
            "actor": self.view.actor(entry.actor),
            "reason": self.hall.opened(fact.reason) or "",
        }

    def _head(self, view: str) -> Json:
        return self.opened.head(view)
