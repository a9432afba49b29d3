"""Rectification (整改): a unit is ordered to mend what was found, replies, is verified, and the matter is closed."""

from datetime import date
from typing import TYPE_CHECKING, Literal

from attendance import known
from attendance.concerned import unit_of
from attendance.facts import Entry, Fact, Refused, Sealed, topic
from attendance.months import deadline
from attendance.patrol import standing
from attendance.shelf import Shelf

if TYPE_CHECKING:
    from attendance.hall import Draft, Outcome

State = Literal["none", "ordered", "overdue", "replied", "sent_back", "verified", "closed"]


@topic("rectification.ordered")
class RectificationOrdered(Fact, frozen=True, kw_only=True):
    """A unit has to mend what was found."""

    finding: str
    unit: str
    ordered_on: date
    due: date | None = None
    """None where the calendar of that year is not known yet."""
    text: Sealed | None = None

    def key(self) -> tuple[str, ...]:
        return (self.finding,)


@topic("rectification.extended")
class RectificationExtended(Fact, frozen=True, kw_only=True):
    """The unit has until another day, for a reason."""

    finding: str
    due: date
    reason: Sealed | None = None

    def key(self) -> tuple[str, ...]:
        return (self.finding, str(self.due))


@topic("rectification.replied")
class RectificationReplied(Fact, frozen=True, kw_only=True):
    """The unit says what it has done."""

    finding: str
    ordinal: int
    """1 for the first reply, 2 for the one after it was sent back."""
    text: Sealed | None = None

    def key(self) -> tuple[str, ...]:
        return (self.finding, str(self.ordinal))


@topic("rectification.verified")
class RectificationVerified(Fact, frozen=True, kw_only=True):
    """Somebody looked whether it is mended: it is, or it goes back to the unit."""

    finding: str
    ordinal: int
    """The reply that was verified."""
    mended: bool
    text: Sealed | None = None

    def key(self) -> tuple[str, ...]:
        return (self.finding, str(self.ordinal))


@topic("rectification.closed")
class RectificationClosed(Fact, frozen=True, kw_only=True):
    """The office ends the matter."""

    finding: str
    reason: Sealed | None = None

    def key(self) -> tuple[str, ...]:
        return (self.finding,)


class Rectifications:
    """Every order, and how far it has come."""

    def __init__(self) -> None:
        self.ordered: Shelf[RectificationOrdered] = Shelf(
            finding=lambda fact: fact.finding, unit=lambda fact: fact.unit
        )
        self.extended: Shelf[RectificationExtended] = Shelf(finding=lambda fact: fact.finding)
        self.replied: Shelf[RectificationReplied] = Shelf(finding=lambda fact: fact.finding)
        self.verified: Shelf[RectificationVerified] = Shelf(finding=lambda fact: fact.finding)
        self.closed: Shelf[RectificationClosed] = Shelf(finding=lambda fact: fact.finding)

    def order(self, finding: str) -> Entry[RectificationOrdered] | None:
        return next(iter(self.ordered.find("finding", finding)), None)

    def due(self, finding: str) -> date | None:
        """The day until which the unit has time, the latest extension included."""
        order, extended = self.order(finding), self.extended.find("finding", finding)
        if extended:
            return max(entry.fact.due for entry in extended)
        return order.fact.due if order else None

    def state(self, finding: str, today: date) -> State:
        if self.order(finding) is None:
            return "none"
        if self.closed.find("finding", finding):
            return "closed"
        replies, looks = self.replied.find("finding", finding), self.verified.find("finding", finding)
        if len(replies) > len(looks):
            return "replied"
        if looks and max(looks, key=lambda entry: entry.fact.ordinal).fact.mended:
            return "verified"
        due = self.due(finding)
        if due is not None and today > due:
            return "overdue"
        return "sent_back" if looks else "ordered"


def order(draft: "Draft", *, finding: str, today: date, text: str = "") -> "Outcome":
    """Order the unit to mend a finding within the policy's workdays. Raises Refused where no unit answers for it."""
    noted, book = standing(draft, finding).fact, draft.book
    if book.rectifications.order(finding):
        raise Refused("already_ordered", "finding", finding=finding)
    unit = unit_of(book, noted)
    if not unit:
        raise Refused("no_unit_answers", "finding", finding=finding)
    workdays = book.policies.in_force(f"{noted.seen_at:%Y-%m}").evaluation.rectify_workdays
    sealed = draft.seal(noted.no, text.strip())
    due = _due(draft, today, workdays)
    return draft.record(RectificationOrdered(finding=finding, unit=unit, ordered_on=today, due=due, text=sealed))


def _due(draft: "Draft", today: date, workdays: int) -> date | None:
    """The last of so many workdays; a calendar that is not known yet must not keep an order back."""
    try:
        return deadline(draft.book.calendar, today, workdays)
    except Refused:
        return None


def extend(draft: "Draft", *, finding: str, due: date, reason: str) -> "Outcome":
    """Give the unit until another day, at most the policy's longest time after the order (整改期限最长 15 个工作日)."""
    noted, rectifications = standing(draft, finding).fact, draft.book.rectifications
    given = _open_order(draft, finding)
    policy = draft.book.policies.in_force(f"{noted.seen_at:%Y-%m}")
    latest = deadline(draft.book.calendar, given.ordered_on, policy.evaluation.rectify_workdays_max)
    if due > latest:
        raise Refused("extended_too_far", "due", latest=latest)
    before = rectifications.due(finding) or given.ordered_on
    if due <= before:
        raise Refused("extended_backwards", "due", due=before)
    sealed = draft.seal(noted.no, known.given(reason.strip(), "reason"))
    return draft.record(RectificationExtended(finding=finding, due=due, reason=sealed))


def reply(draft: "Draft", *, finding: str, unit: str, text: str) -> "Outcome":
    """The unit's contact says what was done. Raises Refused for another unit, and while a reply waits."""
    noted, book = standing(draft, finding).fact, draft.book
    if _open_order(draft, finding).unit != unit:
        raise Refused("not_your_order", "finding", finding=finding)
    replies = book.rectifications.replied.find("finding", finding)
    looks = book.rectifications.verified.find("finding", finding)
    if len(replies) > len(looks) or any(entry.fact.mended for entry in looks):
        raise Refused("reply_waits", "finding", finding=finding)
    sealed = draft.seal(noted.no, known.given(text.strip(), "text"))
    return draft.record(RectificationReplied(finding=finding, ordinal=len(replies) + 1, text=sealed))


def verify(draft: "Draft", *, finding: str, mended: bool, text: str, account: str) -> "Outcome":
    """Somebody else than who replied looked at it. What is not mended goes back with a reason."""
    noted, book = standing(draft, finding).fact, draft.book
    _open_order(draft, finding)
    replies = book.rectifications.replied.find("finding", finding)
    if len(replies) <= len(book.rectifications.verified.find("finding", finding)):
        raise Refused("no_reply", "finding", finding=finding)
    if replies[-1].actor == f"user:{account}":
        raise Refused("verifies_own_reply", "finding", finding=finding)
    text = text.strip() if mended else known.given(text.strip(), "text")
    fact = RectificationVerified(finding=finding, ordinal=len(replies), mended=mended, text=draft.seal(noted.no, text))
    return draft.record(fact)


def close(draft: "Draft", *, finding: str, reason: str) -> "Outcome":
    """The office ends the matter: once it was verified without words, before that for a reason."""
    noted, book = standing(draft, finding).fact, draft.book
    _open_order(draft, finding)
    looks = book.rectifications.verified.find("finding", finding)
    told = reason.strip() if any(entry.fact.mended for entry in looks) else known.given(reason.strip(), "reason")
    return draft.record(RectificationClosed(finding=finding, reason=draft.seal(noted.no, told)))


def _open_order(draft: "Draft", finding: str) -> RectificationOrdered:
    rectifications = draft.book.rectifications
    given = rectifications.order(finding)
    if given is None or rectifications.closed.find("finding", finding):
        raise Refused("no_open_order", "finding", finding=finding)
    return given.fact
