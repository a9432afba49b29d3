"""The duty rota of a month: who patrols and who manages the hall on each day."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from api.accounts import Account, Accounts
from api.auth import Asker, CheckedForm, may
from api.given import MONTH, TheHall
from api.pages.dates import day_text
from api.pages.frame import language_of, page
from api.pages.patrol_tabs import tabs
from api.patrolling import today_of
from api.roles import Action
from api.settings import Language
from attendance.book import Book
from attendance.facts import Refused
from attendance.hall import Hall
from attendance.localtime import month_days
from attendance.rota import DUTIES, put_on

router = APIRouter(include_in_schema=False, prefix="/rota")

Json = dict[str, Any]
DOES = {"patrol": Action.PATROL, "manager": Action.SETTLE_FINDING}
"""What an account must be allowed to do to have a duty."""


@router.get("", dependencies=[may(Action.PATROL)])
def rota(request: Request, hall: TheHall, month: Annotated[str, Query(pattern=f"{MONTH}|^$")] = "") -> Response:
    return _page(request, hall, month or f"{today_of(hall):%Y-%m}")


def _page(request: Request, hall: Hall, month: str, refused: Refused | None = None) -> Response:
    language, book = language_of(request), hall.book()
    accounts: Accounts = request.app.state.accounts
    content = {
        "month": month,
        "before": _neighbour(month, -1),
        "after": _neighbour(month, 1),
        "days": [_day(book, date.fromordinal(day), today_of(hall), language) for day in month_days(month)],
        "duties": DUTIES,
        "able": {duty: [one.name for one in accounts.all() if _is_able(one, duty)] for duty in DUTIES},
    }
    return page(request, "rota.html", content | tabs(request), refused=refused)


def _neighbour(month: str, by: int) -> str:
    number = int(month[:4]) * 12 + int(month[5:]) - 1 + by
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def _day(book: Book, day: date, today: date, language: Language) -> Json:
    duties = book.rota.on(day)
    return {
        "text": day_text(day.isoformat(), language),
        "rest": book.calendar.is_known(day) and not book.calendar.is_workday(day),
        "today": day == today,
        "duties": [duties.get(duty, ()) for duty in DUTIES],
    }


def _is_able(account: Account, duty: str) -> bool:
    return not account.disabled and account.scope(DOES[duty]) is not None


@router.post("", dependencies=[CheckedForm])
def plan(
    request: Request,
    asker: Annotated[Asker, may(Action.EDIT_ROTA)],
    hall: TheHall,
    start: Annotated[date, Form()],
    end: Annotated[date, Form()],
    duty: Annotated[str, Form(max_length=20)],
    accounts: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Give a duty on every workday of a span; without accounts, take it from everybody."""
    named = accounts or []
    try:
        _check(request, named, duty)
        hall.decide(lambda draft: put_on(draft, start=start, end=end, duty=duty, accounts=named), asker.actor)
    except Refused as refused:
        return _page(request, hall, f"{start:%Y-%m}", refused)
    return RedirectResponse(f"/rota?month={start:%Y-%m}", 303)


def _check(request: Request, named: list[str], duty: str) -> None:
    """Raises Refused for an account nobody has, or one that may not do the duty."""
    accounts: Accounts = request.app.state.accounts
    for name in named:
        if duty in DOES and not _is_able(accounts.find(name), duty):
            raise Refused("duty_not_for", "accounts", account=name)
