"""A month as its pages open it: the body, its neighbours, and the words to say it with."""

from typing import Any
from urllib.parse import quote

from fastapi import Request

from api.pages.dates import moment_text, recorded_moment
from api.pages.frame import language_of
from api.pages.life_view import LifeView
from api.pages.month_view import MonthView, Question
from api.pages.words import Words
from api.problems import Problem
from api.routes.months import position_or_time
from api.sight import Sight
from attendance.hall import Hall
from projections.ledger import Ledger


class OpenMonth:
    """One month, now or as of a position or moment. Raises Problem for a month that holds no facts."""

    def __init__(self, request: Request, month: str, as_of: str = "") -> None:
        self.month, self.as_asked = month, f"?as_of={quote(as_of)}" if as_of else ""
        self.ledger: Ledger = request.app.state.ledger
        self.hall: Hall = request.app.state.hall
        self.before, self.after = neighbours(self.ledger.months(), month)
        self.book = self.hall.book()
        self.sight = Sight.of(request.state.asker, self.book, month)
        whole = self.ledger.month(month, as_of=position_or_time(as_of))
        self.ranked = len(whole["ranking"])
        """How many people are ranked, whoever of them may be seen."""
        self.body = self.sight.month(whole)
        self.policy = self.book.policies.in_force(month)
        self.words = Words(language_of(request), self.policy, self.book)

    def days(self) -> list[dict[str, Any]]:
        """The day sheets of everybody who may be seen."""
        return self.sight.days(self.ledger.days(self.month))

    def unsettled(self, view: MonthView) -> list[Question]:
        """What publishing would ask about, each with the way to where it is settled."""
        life = LifeView(self.month, self.book.months, self.words, view.names)
        return life.items(self.ledger.completeness(self.month), view)

    def head(self, view: str) -> dict[str, object]:
        """What stands above every view of the month."""
        as_of = self.body["as_of"]
        recorded = recorded_moment(as_of["recorded_at"])
        when = moment_text(recorded, self.words.language, self.policy.meta.timezone) if recorded else "—"
        return {
            "view": view,
            "as_asked": self.as_asked,
            "month": self.month,
            "state": self.body["state"],
            "as_of": {"position": as_of["position"], "recorded": when},
            "policy": self.body["policy"],
            "before": self.before,
            "after": self.after,
            "partial": self.sight.people is not None,
            "bar": LifeView(self.month, self.book.months, self.words, {}).bar(),
        }


def neighbours(months: list[str], month: str) -> tuple[str | None, str | None]:
    """The months before and after one that holds facts. Raises Problem when it holds none."""
    if month not in months:
        raise Problem(404, "month_unknown", month=month)
    at = months.index(month)
    return (months[at - 1] if at else None, months[at + 1] if at + 1 < len(months) else None)
