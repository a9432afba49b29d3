"""The jobs page: what the server does by itself, what came of it, and when it does it again."""

from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from api.auth import CheckedForm, may
from api.given import TheHall, zone_of
from api.jobs.board import Board, Standing
from api.jobs.words import result_text, when_text
from api.pages.dates import moment_text
from api.pages.frame import language_of, page
from api.roles import Action
from api.settings import Language
from api.text import say

router = APIRouter(include_in_schema=False, prefix="/jobs")


def board_of(request: Request) -> Board:
    board: Board = request.app.state.board
    return board


TheBoard = Annotated[Board, Depends(board_of)]


class JobRow(NamedTuple):
    """A job in one language."""

    name: str
    title: str
    what: str
    when: str
    state: str
    """running, done, troubled, never"""
    result: str
    began: str
    took: str
    done: str
    """When it last ended well, when its last run did not."""
    next: str


@router.get("", dependencies=[may(Action.SEE_JOBS)])
def jobs(request: Request, board: TheBoard, hall: TheHall) -> Response:
    language, zone = language_of(request), zone_of(hall)
    return page(request, "jobs.html", {"jobs": [_row(one, language, zone) for one in board.standings()]})


@router.post("/{name}/run", dependencies=[CheckedForm, may(Action.RUN_JOB)])
def run(board: TheBoard, name: str) -> Response:
    """Do a job at once; the page shows it running."""
    board.run_soon(name)
    return RedirectResponse(f"/jobs#job-{name}", 303)


def _row(standing: Standing, language: Language, zone: str) -> JobRow:
    job, record = standing.job, standing.record
    troubled = record is not None and record.failures > 0
    return JobRow(
        job.name,
        say(f"job.{job.name}.title", language),
        say(f"job.{job.name}.what", language),
        when_text(job.when, language),
        "running" if standing.running else "never" if record is None else "troubled" if troubled else "done",
        result_text(job.name, record, language, running=standing.running),
        moment_text(record.began_at, language, zone) if record else "",
        say("page.jobs.seconds", language, seconds=f"{record.seconds:.1f}") if record and record.seconds else "",
        moment_text(record.done_at, language, zone) if record and record.done_at and troubled else "",
        moment_text(standing.next_at, language, zone) if standing.next_at else "",
    )
