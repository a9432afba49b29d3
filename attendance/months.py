"""The life of a month: open, in review (公示核对), published (已通报), amended (更正通报).

What is shown for objection and what is published is the whole result, written into the log by staff number as it stood.
"""

import re
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from attendance import known
from attendance.calendar import Calendar
from attendance.facts import Entry, Fact, Refused, Sealed, topic
from attendance.localtime import month_days
from attendance.shelf import Shelf

if TYPE_CHECKING:
    from attendance.hall import Draft, Outcome

Edition = dict[str, Any]
"""A month's whole result in plain JSON, people by staff number."""
State = Literal["open", "in_review", "published", "amended"]
OBJECTION_OPEN = "objection_open"
"""The kind of question that an unanswered objection is."""
NUMBER = re.compile(r"〔(\d{4})〕([1-9]\d*)号")


@topic("month.review_opened")
class ReviewOpened(Fact, frozen=True, kw_only=True):
    """The lists are shown as they stood; until the deadline's end people may object."""

    month: str
    round: int
    position: int
    deadline: date
    edition: Edition

    def key(self) -> tuple[str, ...]:
        return (self.month, str(self.round))


@topic("result.confirmed")
class ResultConfirmed(Fact, frozen=True, kw_only=True):
    """A person has seen their month and agrees."""

    month: str
    round: int
    no: str

    def key(self) -> tuple[str, ...]:
        return (self.month, str(self.round), self.no)


@topic("objection.raised")
class ObjectionRaised(Fact, frozen=True, kw_only=True):
    """A person objects to something in their month."""

    objection: str
    month: str
    no: str
    about: str = ""
    """The date or the fact objected to."""
    text: Sealed | None = None

    def key(self) -> tuple[str, ...]:
        return (self.objection,)


@topic("objection.settled")
class ObjectionSettled(Fact, frozen=True, kw_only=True):
    """An objection was upheld or rejected. What follows from it is a decision of its own, such as a correction."""

    objection: str
    upheld: bool
    answer: Sealed | None = None

    def key(self) -> tuple[str, ...]:
        return (self.objection,)


@topic("month.published")
class MonthPublished(Fact, frozen=True, kw_only=True):
    """The month's edition, for good."""

    month: str
    number: str
    """发文字号 without the agency's word: 〔2026〕12号"""
    dated: date
    position: int
    policy_sha256: str
    edition: Edition
    open_questions: tuple[str, ...] = ()
    """The kinds of question it was published over."""
    reason: Sealed | None = None

    def key(self) -> tuple[str, ...]:
        return (self.month,)


@topic("month.amended")
class MonthAmended(Fact, frozen=True, kw_only=True):
    """A correction notice (更正通报): the month as it stands from now on, and exactly what changed."""

    month: str
    notice: int
    number: str
    dated: date
    position: int
    policy_sha256: str
    edition: Edition
    changes: tuple[dict[str, Any], ...]
    reason: Sealed | None = None

    def key(self) -> tuple[str, ...]:
        return (self.month, str(self.notice))


class Frozen(NamedTuple):
    """An edition as it was written into the log, and what it stood on."""

    state: State
    fact: ReviewOpened | MonthPublished | MonthAmended
    entry: Entry[Any]

    @property
    def number(self) -> str:
        """The number it was published under; empty while in review."""
        return "" if isinstance(self.fact, ReviewOpened) else self.fact.number


class Months:
    """The months that have left the open state."""

    def __init__(self) -> None:
        self.reviews: Shelf[ReviewOpened] = Shelf(month=lambda fact: fact.month)
        self.confirmed: Shelf[ResultConfirmed] = Shelf(month=lambda fact: fact.month)
        self.objections: Shelf[ObjectionRaised] = Shelf(
            month=lambda fact: fact.month, objection=lambda fact: fact.objection
        )
        self.settled: Shelf[ObjectionSettled] = Shelf(objection=lambda fact: fact.objection)
        self.published: Shelf[MonthPublished] = Shelf(month=lambda fact: fact.month)
        self.amended: Shelf[MonthAmended] = Shelf(month=lambda fact: fact.month)

    def state(self, month: str) -> State:
        frozen = self.standing(month) or self.review(month)
        return frozen.state if frozen else "open"

    def standing(self, month: str) -> Frozen | None:
        """What was published last of a month, corrections included."""
        if amended := self.amended.find("month", month):
            last = max(amended, key=lambda entry: entry.fact.notice)
            return Frozen("amended", last.fact, last)
        published = self.published.find("month", month)
        return Frozen("published", published[0].fact, published[0]) if published else None

    def review(self, month: str) -> Frozen | None:
        """The lists last shown for objection."""
        rounds = self.reviews.find("month", month)
        if not rounds:
            return None
        last = max(rounds, key=lambda entry: entry.fact.round)
        return Frozen("in_review", last.fact, last)

    def confirmations(self, month: str) -> list[Entry[ResultConfirmed]]:
        """Who agreed with the lists as last shown."""
        review = self.review(month)
        shown = review.fact.round if review and isinstance(review.fact, ReviewOpened) else 0
        return [entry for entry in self.confirmed.find("month", month) if entry.fact.round == shown]

    def answer(self, objection: str) -> Entry[ObjectionSettled] | None:
        """What was answered to an objection, if anything yet."""
        return next(iter(self.settled.find("objection", objection)), None)

    def open_objections(self, month: str) -> list[Entry[ObjectionRaised]]:
        return [
            entry
            for entry in self.objections.find("month", month)
            if not self.settled.find("objection", entry.fact.objection)
        ]

    def numbers(self) -> list[str]:
        """Every number given to a bulletin or a notice."""
        return [entry.fact.number for shelf in (self.published, self.amended) for entry in shelf]


def next_number(months: Months, year: int) -> str:
    """The next free number of a year's bulletins."""
    used = [
        int(found[2]) for number in months.numbers() if (found := NUMBER.fullmatch(number)) and int(found[1]) == year
    ]
    return f"〔{year}〕{max(used, default=0) + 1}号"


def deadline(calendar: Calendar, today: date, workdays: int) -> date:
    """The last of so many workdays after today (公示期). Raises Refused where the calendar ends."""
    day = today.toordinal()
    while workdays > 0:
        day += 1
        workdays -= calendar.is_workday(date.fromordinal(day))
    return date.fromordinal(day)


def open_review(draft: "Draft", *, month: str, edition: Edition, position: int, today: date) -> ReviewOpened:
    """Show the month's lists for objection, again if they were shown before and not yet published."""
    months = draft.book.months
    _over(month, today)
    if months.standing(month):
        raise Refused("month_published", "month", month=month)
    policy = draft.book.policies.in_force(month)
    last = deadline(draft.book.calendar, today, policy.workflow.publicity_workdays)
    rounds = len(months.reviews.find("month", month))
    review = ReviewOpened(month=month, round=rounds + 1, position=position, deadline=last, edition=edition)
    draft.record(review)
    return review


def confirm(draft: "Draft", *, month: str, no: str) -> "Outcome":
    """A person agrees with their month as shown."""
    no = known.person(draft.book, no)
    return draft.record(ResultConfirmed(month=month, round=_in_review(draft, month).round, no=no))


def raise_objection(
    draft: "Draft", *, objection: str, month: str, no: str, text: str, today: date, about: str = ""
) -> "Outcome":
    """A person objects, while the month is in review and its deadline has not passed."""
    no = known.person(draft.book, no)
    last = _in_review(draft, month).deadline
    if today > last:
        raise Refused("objection_late", "text", month=month, deadline=last)
    if not text.strip():
        raise Refused("objection_empty", "text")
    return draft.record(
        ObjectionRaised(objection=objection, month=month, no=no, about=about, text=draft.seal(no, text.strip()))
    )


def settle_objection(draft: "Draft", *, objection: str, upheld: bool, answer: str, by: str = "") -> "Outcome":
    """Answer an objection; an answer is owed either way. `by` is the staff number of who answers, if they have one."""
    months = draft.book.months
    raised = months.objections.find("objection", objection)
    if not raised:
        raise Refused("objection_unknown", "objection", objection=objection)
    if by and by == raised[0].fact.no:
        raise Refused("objection_own", "objection")
    if months.settled.find("objection", objection):
        raise Refused("objection_settled", "objection", objection=objection)
    if not answer.strip():
        raise Refused("answer_empty", "answer")
    sealed = draft.seal(raised[0].fact.no, answer.strip())
    return draft.record(ObjectionSettled(objection=objection, upheld=upheld, answer=sealed))


def publish(
    draft: "Draft",
    *,
    month: str,
    edition: Edition,
    position: int,
    open_questions: list[str],
    today: date,
    number: str = "",
    reason: str = "",
) -> MonthPublished:
    """Publish a month that is in review. Over open questions it needs a reason.

    Objections are counted here: one may have been raised since whoever publishes looked.
    """
    _over(month, today)
    _in_review(draft, month)
    objections = len(draft.book.months.open_objections(month))
    others = [kind for kind in open_questions if kind != OBJECTION_OPEN]
    open_questions = [*others, *[OBJECTION_OPEN] * objections]
    if open_questions and not reason.strip():
        raise Refused("questions_open", "reason", month=month, questions=len(open_questions))
    published = MonthPublished(
        month=month,
        number=_free_number(draft, number, today),
        dated=today,
        position=position,
        policy_sha256=edition["policy"]["sha256"],
        edition=edition,
        open_questions=tuple(sorted(set(open_questions))),
        reason=draft.seal("", reason.strip()),
    )
    draft.record(published)
    return published


def amend(
    draft: "Draft",
    *,
    month: str,
    edition: Edition,
    position: int,
    changes: list[dict[str, Any]],
    corrects: str,
    today: date,
    reason: str,
    number: str = "",
) -> MonthAmended:
    """Issue a correction notice for a published month: it says exactly what changed since `corrects`, and why.

    `corrects` is the number of what stood when the changes were told: two notices must not tell the same change.
    """
    months = draft.book.months
    standing = months.standing(month)
    if not standing:
        raise Refused("month_not_published", "month", month=month)
    if standing.number != corrects:
        raise Refused("amended_meanwhile", "month", month=month, number=standing.number)
    if not changes:
        raise Refused("nothing_to_amend", "month", month=month)
    if not reason.strip():
        raise Refused("amendment_needs_reason", "reason", month=month)
    amended = MonthAmended(
        month=month,
        notice=len(months.amended.find("month", month)) + 1,
        number=_free_number(draft, number, today),
        dated=today,
        position=position,
        policy_sha256=edition["policy"]["sha256"],
        edition=edition,
        changes=tuple(changes),
        reason=draft.seal("", reason.strip()),
    )
    draft.record(amended)
    return amended


def _over(month: str, today: date) -> None:
    last = date.fromordinal(month_days(month).stop - 1)
    if today <= last:
        raise Refused("month_not_over", "month", month=month, last=last)


def _in_review(draft: "Draft", month: str) -> ReviewOpened:
    months = draft.book.months
    review = months.review(month)
    if months.standing(month):
        raise Refused("month_published", "month", month=month)
    if review is None or not isinstance(review.fact, ReviewOpened):
        raise Refused("month_not_in_review", "month", month=month)
    return review.fact


def _free_number(draft: "Draft", number: str, today: date) -> str:
    if not number:
        return next_number(draft.book.months, today.year)
    if not NUMBER.fullmatch(number):
        raise Refused("number_malformed", "number", number=number)
    if number in draft.book.months.numbers():
        raise Refused("number_taken", "number", number=number)
    return number
