"""One's own ways to clock in: a passcode, the code for the phone, and the face with the consent it stands on."""

import time
from typing import Annotated

import segno
from fastapi import APIRouter, Form, Request
from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from api.auth import Asker, CheckedForm, may
from api.kiosk import consenting
from api.kiosk.desk import Desk, TheDesk
from api.pages.faces_view import FacesView
from api.pages.frame import language_of, page
from api.roles import Action
from attendance.facts import Refused
from attendance.passcodes import noted

router = APIRouter(include_in_schema=False, prefix="/me")
Owner = Annotated[Asker, may(Action.OWN_WAYS)]
INK = "#1b2430"
FEWEST_SECONDS = 5
"""A code that is nearly over is still good for a minute: nobody should see it blink."""


@router.get("/ways")
def ways(request: Request, owner: Owner, desk: TheDesk) -> Response:
    return _page(request, owner, desk)


def _page(request: Request, owner: Asker, desk: Desk, refused: Refused | None = None) -> Response:
    language, no = language_of(request), owner.account.no
    if not desk.hall.book().people.known(no):
        return page(request, "no_record.html", {"linked": bool(no)})
    content = {
        "no": no,
        "changed": "changed" in request.query_params,
        **FacesView(desk, language).person(no),
    }
    return page(request, "own_ways.html", content, refused=refused)


@router.post("/ways/passcode", dependencies=[CheckedForm])
def choose(
    request: Request,
    owner: Owner,
    desk: TheDesk,
    passcode: Annotated[str, Form(max_length=20)] = "",
    again: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Choose the passcode; the office cannot see it."""
    no = owner.account.no
    try:
        if passcode != again:
            raise Refused("passwords_differ", "again")
        if not desk.hall.book().people.known(no):
            raise Refused("person_unknown", "no", no=no)
        desk.passcodes.choose(no, passcode)
    except Refused as refused:
        return _page(request, owner, desk, refused)
    desk.hall.decide(lambda draft: noted(draft, no=no, what="passcode_chosen"), owner.actor)
    return RedirectResponse("/me/ways?changed=1", 303)


@router.post("/ways/withdraw", dependencies=[CheckedForm])
def withdraw(request: Request, owner: Owner, desk: TheDesk) -> Response:
    """Take one's consent back without asking anybody; the template is destroyed at once."""
    try:
        consenting.withdraw(desk, owner.account.no, owner.actor)
    except Refused as refused:
        return _page(request, owner, desk, refused)
    return RedirectResponse("/me/ways#history", 303)


@router.get("/ticket")
def ticket(request: Request, owner: Owner, desk: TheDesk) -> Response:
    """The code for the terminal's camera; the page fetches the next one by itself."""
    no = owner.account.no
    if not desk.hall.book().people.known(no):
        return page(request, "no_record.html", {"linked": bool(no)})
    made = desk.tickets.ticket(no, time.time())
    drawn = segno.make(made.text, error="m", micro=False).svg_inline(omitsize=True, border=4, dark=INK, light="#ffffff")
    content = {
        "qr": Markup(drawn),  # noqa: S704 - lines drawn by the library, no text in it
        "figures": f"{made.figures[:4]} {made.figures[4:]}",
        "no": no,
        "lasts": max(FEWEST_SECONDS, round(made.lasts)),
    }
    return page(request, "ticket.html", content)
