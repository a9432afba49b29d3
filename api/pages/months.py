"""The list of months, and the two views of one: its lists and ranking, and everybody's calendar."""

from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.auth import Asker, may
from api.given import MonthName, TheHall, TheLedger
from api.pages.calendar_view import calendar_content
from api.pages.frame import page
from api.pages.month_view import MonthView, RankRow
from api.pages.next_steps import next_steps
from api.pages.open_month import OpenMonth
from api.roles import Action
from attendance.policy import Ranking

router = APIRouter(include_in_schema=False)

Reader = Annotated[Asker, may(Action.SEE_MONTH)]


@router.get("/months")
def months(request: Request, asker: Reader, hall: TheHall, ledger: TheLedger) -> Response:
    newest_first = list(reversed(ledger.months()))
    by_year = [(year, list(own)) for year, own in groupby(newest_first, key=lambda month: month[:4])]
    states = {month: hall.book().months.state(month) for month in newest_first}
    steps = next_steps(ledger) if _settles(asker) else []
    return page(request, "months.html", {"months": by_year, "states": states, "steps": steps})


def _settles(asker: Asker) -> bool:
    """Whether the asker is told what a month still lacks."""
    return asker.account.scope(Action.SEE_COMPLETENESS) is not None


@router.get("/months/{month}")
def month(request: Request, asker: Reader, month: MonthName, as_of: str = "") -> Response:
    """The month's lists and ranking, now or as of a position or moment."""
    opened = OpenMonth(request, month, as_of)
    view = MonthView(opened.body, opened.words)
    content = view.content(opened.unsettled(view) if _settles(asker) and not as_of else None)
    ends = first_and_last(content["ranking"], opened.policy.ranking)
    return page(request, "month.html", opened.head("lists") | content | ends | {"ties": opened.words.ties()})


def first_and_last(ranking: list[RankRow], published: Ranking) -> dict[str, object]:
    """The two ends that a bulletin prints apart; none when they would meet."""
    top, bottom = published.publish_top, published.publish_bottom
    apart = len(ranking) >= top + bottom
    return {"podium": ranking[:top] if apart else [], "tail": ranking[len(ranking) - bottom :] if apart else []}


@router.get("/months/{month}/calendar", dependencies=[may(Action.SEE_MONTH)])
def calendar(request: Request, month: MonthName, window: str = "") -> Response:
    """Everybody's month in one table."""
    opened = OpenMonth(request, month)
    content = calendar_content(month, opened.days(), opened.book, opened.words, window)
    return page(request, "calendar.html", opened.head("calendar") | content)
