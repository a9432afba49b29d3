"""The rounds of a day, what they covered and found, and who is on duty: where an inspector begins."""

from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.auth import Asker, may
from api.given import TheHall
from api.pages.dates import long_day_text
from api.pages.finding_view import FindingView
from api.pages.frame import page
from api.pages.open_finding import findings_view
from api.pages.patrol_tabs import tabs
from api.patrolling import today_of
from api.roles import Action
from api.text import say
from attendance.patrol import inspector_of
from attendance.rounds import Round, rounds_of

router = APIRouter(include_in_schema=False, prefix="/rounds")

Json = dict[str, Any]


@router.get("")
def rounds(
    request: Request,
    asker: Annotated[Asker, may(Action.PATROL)],
    hall: TheHall,
    day: Annotated[date | None, Query()] = None,
) -> Response:
    """Today's rounds, or those of another day."""
    chosen = day or today_of(hall)
    view = findings_view(request, f"{chosen:%Y-%m}")
    windows = [window.window for window in view.book.windows.open_on(chosen)]
    content = {
        "rounds": [_round(view, one, windows) for one in rounds_of(view.book, chosen)],
        "findings": _own(view, asker.account.name, chosen),
        "rota": view.book.rota.on(chosen),
        "day_chosen": chosen.isoformat(),
        "day_text": long_day_text(chosen, view.language),
        "before": (chosen - timedelta(days=1)).isoformat(),
        "after": (chosen + timedelta(days=1)).isoformat(),
        "is_today": chosen == view.today,
    }
    return page(request, "rounds.html", content | tabs(request))


def _round(view: FindingView, one: Round, windows: list[str]) -> Json:
    """A round with every window that was open: in order, not in order, or not seen."""
    return {
        "account": one.account,
        "source": say(f"page.findings.source.{one.source or 'round'}", view.language),
        "started": f"{one.started:%H:%M}" if one.started else "",
        "ended": f"{one.ended:%H:%M}" if one.ended else "",
        "seen": len(one.seen.keys() & set(windows)) or len(one.seen),
        "of": len(windows),
        "walked": [
            (window, {True: "fine", False: "amiss", None: "unseen"}[one.seen.get(window)]) for window in windows
        ],
        "findings": len(one.findings),
    }


def _own(view: FindingView, account: str, day: date) -> list[Any]:
    entries = view.book.patrol.findings.find("month", f"{day:%Y-%m}")
    own = [one for one in entries if one.fact.seen_at.date() == day and inspector_of(one) == account]
    return [view.line(entry) for entry in sorted(own, key=lambda entry: entry.fact.seen_at)]
