"""The watch over terminals: what each was last heard to say, and how the hall calls it."""

from datetime import datetime
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from api.auth import Asker, CheckedForm, may
from api.doors.visiting import VISITS
from api.doors.ways import Way, Ways
from api.given import TheHall, TheLedger
from api.jobs.pulls import visits_of
from api.pages.dates import moment_text, recorded_moment
from api.pages.frame import language_of, page
from api.pages.jobs import TheBoard
from api.pages.timeline import Timeline
from api.pages.watch_view import WatchView
from api.problems import Problem
from api.roles import Action
from api.settings import Language
from attendance import watch as watching
from attendance.facts import Refused
from attendance.hall import Hall
from attendance.terminals import accepted
from projections.ledger import Ledger

router = APIRouter(include_in_schema=False, prefix="/watch")
Administrator = Annotated[Asker, may(Action.ACCEPT_TERMINAL)]


class Line(NamedTuple):
    """One line of the timeline as the page shows it."""

    at: str
    id: str
    text: str
    tone: str


@router.get("", dependencies=[may(Action.SEE_TERMINALS)])
def watch(request: Request, hall: TheHall, ledger: TheLedger) -> Response:
    """Every terminal, trouble first."""
    rows = WatchView(hall, ledger, language_of(request)).rows()
    content = {"rows": rows, "troubled": sum(row.is_troubled for row in rows), "runs": len(hall.book().open_runs())}
    return page(request, "watch.html", content)


@router.get("/{sn}", dependencies=[may(Action.SEE_TERMINALS)])
def terminal(request: Request, hall: TheHall, ledger: TheLedger, sn: str) -> Response:
    """One terminal: what happened, its clock, how it is called."""
    return _terminal(request, hall, ledger, sn)


def _terminal(
    request: Request, hall: Hall, ledger: Ledger, sn: str, refused: Refused | None = None, given: str = ""
) -> Response:
    language = language_of(request)
    view = WatchView(hall, ledger, language)
    row = view.row_of(sn.upper())
    if row is None:
        raise Problem(404, "terminal_unknown", sn=sn)
    timeline = Timeline(hall.book(), row.sn, language)
    way = Ways(hall).of(row.sn)
    content = {
        "row": row,
        "strays": timeline.strays(),
        "lines": _lines(timeline, language, str(view.watching.zone)),
        "callable": accepted(hall.book().terminals, row.sn).family in VISITS,
        "way": {"url": way.url, "user": way.user} if way else None,
        "given": given or (way.url if way else ""),
    }
    return page(request, "watch_terminal.html", content, refused=refused)


def _lines(timeline: Timeline, language: Language, zone: str) -> list[Line]:
    found = []
    for one in timeline.lines():
        at = recorded_moment(one.recorded_at)
        found.append(Line(moment_text(at, language, zone) if at else "", one.id, one.text, one.tone))
    return found


@router.post("/{sn}/way", dependencies=[CheckedForm])
def keep_way(
    request: Request,
    _administrator: Administrator,
    hall: TheHall,
    ledger: TheLedger,
    sn: str,
    url: Annotated[str, Form(max_length=200)] = "",
    user: Annotated[str, Form(max_length=60)] = "admin",
    password: Annotated[str, Form(max_length=200)] = "",
    basic: Annotated[str, Form(max_length=8)] = "",
) -> Response:
    """Say how the terminal is called; it is read at once."""
    try:
        Ways(hall).keep(sn, Way(url.strip(), user.strip(), password, allows_basic=bool(basic)))
    except Refused as refused:
        return _terminal(request, hall, ledger, sn, refused, url)
    visits_of(hall).hope_again(sn.upper())
    return RedirectResponse(f"/watch/{sn.upper()}#way", 303)


@router.post("/{sn}/way/forget", dependencies=[CheckedForm])
def forget_way(_administrator: Administrator, hall: TheHall, sn: str) -> Response:
    """Call the terminal no more."""
    Ways(hall).forget(sn)
    return RedirectResponse(f"/watch/{sn.upper()}#way", 303)


@router.post("/{sn}/visit", dependencies=[CheckedForm])
def visit(_administrator: Administrator, hall: TheHall, board: TheBoard, sn: str) -> Response:
    """Read the terminal at once, whatever failed before."""
    visits_of(hall).hope_again(accepted(hall.book().terminals, sn).terminal)
    board.run_soon("pulls")
    return RedirectResponse(f"/watch/{sn.upper()}#way", 303)


@router.post("/{sn}/clock", dependencies=[CheckedForm])
def settle_clock(
    request: Request,
    asker: Annotated[Asker, may(Action.SETTLE_READING)],
    hall: TheHall,
    ledger: TheLedger,
    sn: str,
    since: Annotated[datetime, Form()],
    reason: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """A time of a wrong clock was looked at: no open question any more."""
    try:
        hall.decide(lambda draft: watching.settle(draft, sn=sn, since=since, reason=reason), asker.actor)
    except Refused as refused:
        return _terminal(request, hall, ledger, sn, refused)
    return RedirectResponse(f"/watch/{sn.upper()}#clock", 303)
