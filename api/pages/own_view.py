"""What a person's page says beside the days: what each charge rests on, what was objected, what changed since."""

from typing import Any, NamedTuple

from api import office
from api.accounts import Account
from api.pages.basis import basis
from api.pages.difference_view import DifferenceRow, DifferenceView
from api.pages.life_view import LifeView
from api.pages.month_view import anchor
from api.pages.open_month import OpenMonth
from attendance.months import ReviewOpened

Json = dict[str, Any]


class Charge(NamedTuple):
    """A charge of one day: what for, how many points, and the rule of the policy."""

    rule: str
    points: str
    basis: str


def review_content(opened: OpenMonth, account: Account, no: str) -> Json:
    """The review as the person sees it: until when, whether they agreed, what they objected and what came of it."""
    months, names = opened.book.months, opened.ledger.names(opened.month)
    view = LifeView(opened.month, months, opened.words, names)
    return {
        "mine": account.no == no,
        "round": _round(opened, view),
        "agreed": any(entry.fact.no == no for entry in months.confirmations(opened.month)),
        "objections": [one for one in view.objections(opened.hall.opened) if one.no == no],
        "changes": _changes(opened, names, no),
        "charges": _charges(opened, no),
    }


def _round(opened: OpenMonth, view: LifeView) -> Json | None:
    shown = opened.book.months.review(opened.month)
    if not shown or not isinstance(shown.fact, ReviewOpened) or opened.book.months.standing(opened.month):
        return None
    deadline = shown.fact.deadline
    return {"deadline": view.day(deadline), "left": (deadline - office.today_in(opened.hall, opened.month)).days}


def _changes(opened: OpenMonth, names: dict[str, str], no: str) -> list[DifferenceRow]:
    """How the person's own lines differ now from what was shown or published."""
    if opened.body["state"] == "open":
        return []
    view = DifferenceView(opened.words, names, opened.body["findings"])
    return [row for row in view.rows(opened.ledger.differences(opened.month)) if row.no == no]


def _charges(opened: OpenMonth, no: str) -> dict[str, list[Charge]]:
    """The person's charges by the day's anchor."""
    found: dict[str, list[Charge]] = {}
    lines: list[Json] = next((row["lines"] for row in opened.body["ranking"] if row["no"] == no), [])
    for line in lines:
        text = basis(line["rule"], opened.policy, opened.words.language)
        charge = Charge(opened.words.rule(line["rule"]), line["points"], text)
        found.setdefault(anchor(line["date"]), []).append(charge)
    return found
