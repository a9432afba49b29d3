"""Readings of a wrong clock: the runs that wait, what one would become, and the decision."""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from api.auth import Asker, CheckedForm, may
from api.given import TheHall
from api.pages.frame import language_of, page
from api.pages.life import confirmed
from api.pages.runs_view import RunsView
from api.problems import Problem
from api.roles import Action
from attendance import runs
from attendance.facts import Refused
from attendance.hall import Hall
from attendance.runs import Run

router = APIRouter(include_in_schema=False, prefix="/runs")
Settler = Annotated[Asker, may(Action.SETTLE_READING)]
Reason = Annotated[str, Form(max_length=500)]


@router.get("", dependencies=[may(Action.SEE_TERMINALS)])
def waiting(request: Request, hall: TheHall) -> Response:
    """Every run that nobody decided on, and the decisions taken."""
    view = RunsView(hall, language_of(request))
    return page(request, "runs.html", {"waiting": view.waiting(), "decided": view.decided()})


@router.get("/{run}", dependencies=[may(Action.SEE_TERMINALS)])
def one(request: Request, hall: TheHall, run: UUID, first: Annotated[str, Query(max_length=40)] = "") -> Response:
    """One run; with the true time of its first reading, what it would become."""
    return _one(request, hall, run, first)


def _one(
    request: Request, hall: Hall, run: UUID, first: str, refused: Refused | None = None, reason: str = ""
) -> Response:
    """The page, with why the last form on it was refused."""
    found, view = _run(hall, run), RunsView(hall, language_of(request))
    shown = None
    try:
        shown = view.preview(found, _shift(found, first)) if first else None
    except Refused as wrong:
        refused = refused or wrong
    content = {
        "run": view.run(found),
        "suggested": view.suggested(found),
        "first": first,
        "preview": shown,
        "reason": reason,
        "lines": view.timeline(found.terminal),
    }
    return page(request, "run.html", content, refused=refused)


def _run(hall: Hall, run: UUID) -> Run:
    """Raises Problem when no run of this name waits."""
    found = next((one for one in hall.book().open_runs() if one.id == run), None)
    if found is None:
        raise Problem(404, "run_gone")
    return found


def _shift(run: Run, first: str) -> timedelta:
    """By how much the run moves when its first reading was made at a moment. Raises Refused."""
    try:
        moment = datetime.fromisoformat(first.strip().replace(" ", "T"))
    except ValueError:
        raise Refused("bad_moment", "first", moment=first[:40]) from None
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    return moment.replace(microsecond=0) - run.first


@router.post("/{run}/accept", dependencies=[CheckedForm])
def accept(
    request: Request,
    asker: Settler,
    hall: TheHall,
    run: UUID,
    count: Annotated[int, Form(ge=1)],
    first: Annotated[str, Form(max_length=40)],
    reason: Reason = "",
    sure: Annotated[str, Form(max_length=8)] = "",
) -> Response:
    """The readings count, moved as the page showed it."""
    try:
        confirmed(sure)
        shift = _shift(_run(hall, run), first)
        hall.decide(lambda draft: runs.accept(draft, run=run, count=count, shift=shift, reason=reason), asker.actor)
    except Refused as refused:
        return _one(request, hall, run, first, refused, reason)
    return RedirectResponse("/runs#decided", 303)


@router.post("/{run}/dismiss", dependencies=[CheckedForm])
def dismiss(
    request: Request,
    asker: Settler,
    hall: TheHall,
    run: UUID,
    count: Annotated[int, Form(ge=1)],
    reason: Reason = "",
) -> Response:
    """The readings count for nothing."""
    try:
        hall.decide(lambda draft: runs.dismiss(draft, run=run, count=count, reason=reason), asker.actor)
    except Refused as refused:
        return _one(request, hall, run, "", refused)
    return RedirectResponse("/runs#decided", 303)
