"""A finding as somebody opens it: what they may see of it, and what they may do about it."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request

from api.auth import Asker
from api.finding_sight import FindingSight
from api.pages.finding_view import FindingView
from api.pages.frame import language_of
from api.pages.words import Words
from api.patrolling import photos_of, today_of
from api.problems import Problem
from api.roles import Action
from attendance import appeals
from attendance.appeals import Party
from attendance.concerned import people_of, unit_of
from attendance.facts import Refused
from attendance.hall import Hall
from attendance.patrol import FindingNoted, inspector_of
from projections.ledger import Ledger

Json = dict[str, Any]


def findings_view(request: Request, month: str) -> FindingView:
    """The view of a month's findings for a request."""
    hall: Hall = request.app.state.hall
    ledger: Ledger = request.app.state.ledger
    book = hall.book()
    words = Words(language_of(request), book.policies.in_force(month), book)
    return FindingView(hall, book, words, ledger.names(month), today_of(hall))


class OpenFinding:
    """One finding. Raises Problem for one that is unknown, or that the asker may not see."""

    def __init__(self, request: Request, fact_id: UUID) -> None:
        self.request = request
        self.asker: Asker = request.state.asker
        self.account = self.asker.account
        self.hall: Hall = request.app.state.hall
        self.book = self.hall.book()
        entry = self.book.patrol.findings.get(fact_id)
        if entry is None:
            raise Problem(404, "finding_unknown")
        if not FindingSight(self.asker, self.book).shows(entry):
            raise Problem(403, "not_yours")
        self.entry = entry
        self.noted: FindingNoted = entry.fact
        self.month = f"{self.noted.seen_at:%Y-%m}"
        self.view = findings_view(request, self.month)

    @property
    def finding(self) -> str:
        return self.noted.finding

    def party(self) -> Party | None:
        """For whom the asker speaks: themselves, or their unit where nobody is named; None for others."""
        return party_of(self.asker, self.hall, self.noted)

    def notice(self) -> None:
        """Whoever it concerns has seen it now: the time to appeal runs. A year without calendar keeps it waiting."""
        party = self.party()
        if party is None or self.book.appeals.notice(self.finding) or self.book.patrol.state(self.finding) != "noted":
            return
        try:
            self.hall.decide(
                lambda draft: appeals.tell(draft, finding=self.finding, today=self.view.today, party=party),
                self.account.actor,
            )
        except Refused:
            return
        self.book = self.view.book = self.hall.book()

    def content(self) -> Json:
        """Everything its page shows."""
        rectifications, told = self.book.rectifications, self.book.appeals.notice(self.finding)
        return self.view.content(self.entry, photos_of(self.hall)) | {
            "answer_by": self.view.day(told.fact.answer_by) if told else "",
            "due": self.view.day(rectifications.due(self.finding)),
            "may": self.may(),
            "outing": self._outing(),
        }

    def may(self) -> Json:
        """What the asker may do now, by the name of the form."""
        book, finding = self.book, self.finding
        if book.patrol.state(finding) != "noted":
            return {}
        state = book.rectifications.state(finding, self.view.today)
        settles, judged = self._can(Action.SETTLE_FINDING), book.appeals.is_open(finding)
        ordered = state not in ("none", "closed")
        waits = state in ("ordered", "overdue", "sent_back")
        return {
            "answer": self._may_answer(),
            "withdraw": self._can(Action.PATROL) and inspector_of(self.entry) == self.account.name,
            "judge": judged and self._can(Action.JUDGE_APPEAL) and inspector_of(self.entry) != self.account.name,
            "tell": settles and book.appeals.notice(finding) is None,
            "order": settles and state == "none",
            "extend": settles and waits,
            "reply": waits and self._can(Action.REPLY_RECTIFICATION) and self._is_unit(),
            "verify": state == "replied" and self._can(Action.VERIFY_RECTIFICATION),
            "close": settles and ordered,
        }

    def _may_answer(self) -> bool:
        appeals, told = self.book.appeals, self.book.appeals.notice(self.finding)
        late = told is not None and self.view.today > told.fact.answer_by
        return self.party() is not None and not appeals.appeal(self.finding) and not late

    def _is_unit(self) -> bool:
        order = self.book.rectifications.order(self.finding)
        return order is not None and order.fact.unit == self.account.unit

    def _can(self, action: Action) -> bool:
        return self.account.scope(action) is not None

    def _outing(self) -> Json:
        """An outing around the moment of the finding, to begin with."""
        at = self.noted.seen_at.replace(second=0)
        return {
            "start": f"{at - timedelta(minutes=10):%Y-%m-%dT%H:%M}",
            "end": f"{at + timedelta(minutes=20):%Y-%m-%dT%H:%M}",
        }


TheFinding = Annotated[OpenFinding, Depends()]
"""The finding of a page's path, for whoever signed in."""


def party_of(asker: Asker, hall: Hall, noted: FindingNoted) -> Party | None:
    """For whom an asker speaks about a finding."""
    account, book = asker.account, hall.book()
    concerned = people_of(book, noted)
    if account.no and account.no in concerned:
        return Party(no=account.no)
    if not concerned and account.unit and account.unit == unit_of(book, noted):
        return Party(unit=account.unit)
    return None
