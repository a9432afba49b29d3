"""The right of reply: a finding is told to whom it concerns, who accepts it or appeals, and somebody else judges."""

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from attendance import known
from attendance.concerned import people_of, unit_of
from attendance.facts import Entry, Fact, Refused, Sealed, topic
from attendance.months import deadline
from attendance.patrol import FindingNoted, existing, inspector_of, overturn, standing
from attendance.shelf import Shelf

if TYPE_CHECKING:
    from attendance.hall import Draft, Outcome


@topic("finding.told")
class FindingTold(Fact, frozen=True, kw_only=True):
    """The person, or for a finding about a window its unit, has heard of a finding."""

    finding: str
    no: str = ""
    unit: str = ""
    answer_by: date
    """The last day for an appeal."""
    way: str
    """page: they opened it themselves; office: somebody told them face to face."""

    def key(self) -> tuple[str, ...]:
        return (self.finding,)


@topic("finding.accepted")
class FindingAccepted(Fact, frozen=True, kw_only=True):
    """Whom a finding concerns agrees with it."""

    finding: str
    no: str = ""
    unit: str = ""

    def key(self) -> tuple[str, ...]:
        return (self.finding, self.no)


@topic("appeal.lodged")
class AppealLodged(Fact, frozen=True, kw_only=True):
    """Whom a finding concerns objects to it."""

    finding: str
    no: str = ""
    unit: str = ""
    text: Sealed | None = None

    def key(self) -> tuple[str, ...]:
        return (self.finding,)


@topic("appeal.judged")
class AppealJudged(Fact, frozen=True, kw_only=True):
    """Somebody who neither saw it nor is concerned decided on an appeal."""

    finding: str
    upheld: bool
    answer: Sealed | None = None

    def key(self) -> tuple[str, ...]:
        return (self.finding,)


class Party(NamedTuple):
    """Who speaks: a person for themselves, or a unit's contact for a finding that names nobody."""

    no: str = ""
    unit: str = ""


class Judge(NamedTuple):
    """Who decides: the account, and the staff number it is linked to."""

    account: str
    no: str = ""


class Appeals:
    """What was told to whom, and what they said to it."""

    def __init__(self) -> None:
        self.told: Shelf[FindingTold] = Shelf(finding=lambda fact: fact.finding)
        self.accepted: Shelf[FindingAccepted] = Shelf(finding=lambda fact: fact.finding)
        self.lodged: Shelf[AppealLodged] = Shelf(finding=lambda fact: fact.finding)
        self.judged: Shelf[AppealJudged] = Shelf(finding=lambda fact: fact.finding)

    def notice(self, finding: str) -> Entry[FindingTold] | None:
        return next(iter(self.told.find("finding", finding)), None)

    def acceptance(self, finding: str) -> Entry[FindingAccepted] | None:
        return next(iter(self.accepted.find("finding", finding)), None)

    def appeal(self, finding: str) -> Entry[AppealLodged] | None:
        return next(iter(self.lodged.find("finding", finding)), None)

    def judgement(self, finding: str) -> Entry[AppealJudged] | None:
        return next(iter(self.judged.find("finding", finding)), None)

    def is_open(self, finding: str) -> bool:
        """Whether an appeal waits for its judge."""
        return self.appeal(finding) is not None and self.judgement(finding) is None


def tell(draft: "Draft", *, finding: str, today: date, party: Party, way: str = "page") -> "Outcome":
    """They have heard of a finding; the time to appeal runs from here, in workdays. The first time counts."""
    noted = existing(draft, finding).fact
    if draft.book.appeals.notice(finding):
        return "repeated"
    policy = draft.book.policies.in_force(f"{noted.seen_at:%Y-%m}")
    last = deadline(draft.book.calendar, today, policy.workflow.appeal_workdays)
    told = party if way == "page" else Party(noted.no, "" if noted.no else unit_of(draft.book, noted))
    return draft.record(FindingTold(finding=finding, no=told.no, unit=told.unit, answer_by=last, way=way))


def accept(draft: "Draft", *, finding: str, party: Party) -> "Outcome":
    """They agree. An appeal already lodged stands until it is judged."""
    _refuse_stranger(draft, standing(draft, finding).fact, party)
    if draft.book.appeals.is_open(finding):
        raise Refused("appeal_open", "finding", finding=finding)
    return draft.record(FindingAccepted(finding=finding, no=party.no, unit=party.unit))


def lodge(draft: "Draft", *, finding: str, party: Party, text: str, today: date) -> "Outcome":
    """They object, once, until the day they were told. Raises Refused."""
    noted, appeals = standing(draft, finding).fact, draft.book.appeals
    _refuse_stranger(draft, noted, party)
    if appeals.appeal(finding):
        raise Refused("appeal_lodged", "finding", finding=finding)
    notice = appeals.notice(finding)
    if notice and today > notice.fact.answer_by:
        raise Refused("appeal_late", "text", deadline=notice.fact.answer_by)
    sealed = draft.seal(party.no, known.given(text.strip(), "text"))
    return draft.record(AppealLodged(finding=finding, no=party.no, unit=party.unit, text=sealed))


def judge(draft: "Draft", *, finding: str, upheld: bool, answer: str, judge: Judge) -> "Outcome":
    """Decide on an appeal, with an answer either way; an upheld one takes the finding off the score at once.

    Raises Refused for whoever saw the finding, is concerned by it, or appealed.
    """
    noted = standing(draft, finding)
    appeal = draft.book.appeals.appeal(finding)
    if appeal is None or not draft.book.appeals.is_open(finding):
        raise Refused("no_open_appeal", "finding", finding=finding)
    _refuse_judge(draft, noted, appeal, judge)
    answer = known.given(answer.strip(), "answer")
    outcome = draft.record(
        AppealJudged(finding=finding, upheld=upheld, answer=draft.seal(appeal.fact.no or noted.fact.no, answer))
    )
    if upheld:
        overturn(draft, finding=finding, reason=answer)
    return outcome


def _refuse_stranger(draft: "Draft", noted: FindingNoted, party: Party) -> None:
    concerned = people_of(draft.book, noted)
    by_unit = not concerned and bool(party.unit) and party.unit == unit_of(draft.book, noted)
    if party.no not in concerned and not by_unit:
        raise Refused("not_concerned", "finding", finding=noted.finding)


def _refuse_judge(draft: "Draft", noted: Entry[FindingNoted], appeal: Entry[AppealLodged], judge: Judge) -> None:
    if judge.account == inspector_of(noted):
        raise Refused("judge_inspected", "finding", account=judge.account)
    lodged_by = appeal.actor.removeprefix("user:")
    if judge.account == lodged_by or (judge.no and judge.no in people_of(draft.book, noted.fact)):
        raise Refused("judge_concerned", "finding", account=judge.account)
