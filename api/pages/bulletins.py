"""The bulletin's editor (通报稿): the text as it will be printed, the editor's own paragraphs, the way to the seal."""

from typing import Annotated

from fastapi import APIRouter, Form, Path, Request
from starlette.responses import RedirectResponse, Response

from api.auth import Asker, CheckedForm, may
from api.documents.making import Asked, Format, make
from api.documents.source import Edition
from api.given import MonthName, TheHall, TheLedger
from api.pages.bulletin_view import bulletin_content
from api.pages.frame import page
from api.pages.open_month import OpenMonth
from api.roles import Action
from api.routes.bulletins import within_reach
from attendance.bulletins import Step, edit, step
from attendance.facts import Refused
from attendance.hall import Hall

router = APIRouter(include_in_schema=False, prefix="/months/{month}/bulletin")

LONGEST_PARAGRAPHS = 20_000
Editor = Annotated[Asker, may(Action.EDIT_BULLETIN)]
Reviewer = Annotated[Asker, may(Action.REVIEW_BULLETIN)]
Signer = Annotated[Asker, may(Action.PUBLISH)]
Exporter = Annotated[Asker, may(Action.EXPORT)]


@router.get("", dependencies=[may(Action.EDIT_BULLETIN)])
def bulletin(request: Request, month: MonthName) -> Response:
    """The text as it will be printed, with room for the editor's own words."""
    return _editor(request, month)


def _editor(request: Request, month: str, refused: Refused | None = None) -> Response:
    opened = OpenMonth(request, month)
    content = bulletin_content(opened, request.state.account.name)
    return page(request, "bulletin.html", opened.head("bulletin") | content, refused=refused)


@router.post("/sections/{section}", dependencies=[CheckedForm])
def write(
    request: Request,
    editor: Editor,
    hall: TheHall,
    month: MonthName,
    section: Annotated[str, Path(max_length=40)],
    text: Annotated[str, Form(max_length=LONGEST_PARAGRAPHS)] = "",
) -> Response:
    """Keep the editor's paragraphs of a section; whoever reviewed the text before must do it again."""
    try:
        hall.decide(lambda draft: edit(draft, month=month, section=section, text=text), editor.actor)
    except Refused as refused:
        return _editor(request, month, refused)
    return RedirectResponse(f"/months/{month}/bulletin#s-{section}", 303)


@router.post("/drafted", dependencies=[CheckedForm])
def draft_done(request: Request, editor: Editor, hall: TheHall, month: MonthName) -> Response:
    """拟稿: the text is ready to be read."""
    return _step(request, hall, month, "drafted", editor)


@router.post("/reviewed", dependencies=[CheckedForm])
def reviewed(request: Request, reviewer: Reviewer, hall: TheHall, month: MonthName) -> Response:
    """审核, by somebody else."""
    return _step(request, hall, month, "reviewed", reviewer)


@router.post("/signed", dependencies=[CheckedForm])
def signed(request: Request, signer: Signer, hall: TheHall, month: MonthName) -> Response:
    """签发."""
    return _step(request, hall, month, "signed", signer)


def _step(request: Request, hall: Hall, month: str, taken: Step, asker: Asker) -> Response:
    try:
        hall.decide(lambda draft: step(draft, month=month, step=taken, account=asker.account.name), asker.actor)
    except Refused as refused:
        return _editor(request, month, refused)
    return RedirectResponse(f"/months/{month}/bulletin#steps", 303)


@router.post("/file", dependencies=[CheckedForm])
def take(
    request: Request,
    exporter: Exporter,
    ledger: TheLedger,
    month: MonthName,
    format: Annotated[Format, Form()] = "pdf",
    edition: Annotated[Edition, Form()] = "internal",
    reason: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """The document as a file. That it was taken, by whom and why, is recorded first."""
    unit = within_reach(exporter, edition)
    try:
        made = make(ledger, Asked(month, format, edition, unit=unit, reason=reason), exporter.actor)
    except Refused as refused:
        return _editor(request, month, refused)
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"', "Cache-Control": "no-store"}
    return Response(made.content, media_type=made.media_type, headers=headers)
