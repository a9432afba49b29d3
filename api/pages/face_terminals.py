"""The office's page of the hall's own camera terminals: pair a device, change how it asks, unpair it at once."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from api.auth import Asker, CheckedForm, address_of, may
from api.doors.contacts import contacts_of
from api.given import zone_of
from api.kiosk import pairing
from api.kiosk.desk import Desk, TheDesk
from api.kiosk.passcodes import WAY_OUT, accept
from api.pages.dates import moment_text
from api.pages.frame import language_of, page
from api.problems import Problem
from api.roles import Action
from attendance import pairing as terminals
from attendance.facts import Refused

router = APIRouter(include_in_schema=False, prefix="/face-terminals")
Pairer = Annotated[Asker, may(Action.PAIR_TERMINAL)]


@dataclass
class Wishes:
    """The form of a terminal that is being paired."""

    code: Annotated[str, Form(max_length=20)] = ""
    sn: Annotated[str, Form(max_length=40)] = ""
    name: Annotated[str, Form(max_length=60)] = ""
    zone: Annotated[str, Form(max_length=40)] = "+08:00"
    challenge: Annotated[str, Form(max_length=20)] = "random"
    names: Annotated[str, Form(max_length=20)] = "surname"
    way_out: Annotated[str, Form(max_length=20)] = ""
    borrows: Annotated[bool, Form()] = False


@router.get("", dependencies=[may(Action.SEE_TERMINALS)])
def face_terminals(request: Request, desk: TheDesk) -> Response:
    return _page(request, desk, Wishes())


def _page(request: Request, desk: Desk, wishes: Wishes, refused: Refused | None = None) -> Response:
    content = {
        "rows": _rows(request, desk),
        "wishes": wishes,
        "challenges": terminals.CHALLENGES,
        "names": terminals.NAMES,
        "faces": desk.faces.enrolled(),
    }
    return page(request, "face_terminals.html", content, refused=refused)


def _rows(request: Request, desk: Desk) -> list[dict[str, Any]]:
    book, contacts = desk.hall.book(), contacts_of(desk.hall)
    zone, language = zone_of(desk.hall), language_of(request)
    rows = []
    for terminal in terminals.camera_terminals(book.terminals.accepted):
        contact = contacts.of(terminal.terminal)
        rows.append(
            {
                "sn": terminal.terminal,
                "name": terminal.name,
                "paired": book.pairings.standing(terminal.terminal),
                "contact": moment_text(contact.at, language, zone) if contact else "",
                "address": contact.address if contact else "",
            }
        )
    return rows


@router.post("/pair", dependencies=[CheckedForm])
def pair(request: Request, asker: Pairer, desk: TheDesk, wishes: Annotated[Wishes, Depends()]) -> Response:
    """The device that shows this code is a terminal of the hall from now on."""
    address = address_of(request)
    if wait := desk.guesses.wait(address):
        raise Problem(429, "too_many_tries", {"Retry-After": str(wait)}, minutes=-(-wait // 60))
    try:
        pairing.begin(desk, asker.actor, **vars(wishes))
    except Refused as refused:
        if refused.code == "pairing_code_wrong":
            desk.guesses.count(address)
        return _page(request, desk, wishes, refused)
    return RedirectResponse("/face-terminals", 303)


@router.post("/{sn}", dependencies=[CheckedForm])
def settle(
    request: Request,
    asker: Pairer,
    desk: TheDesk,
    sn: str,
    challenge: Annotated[str, Form(max_length=20)] = "random",
    names: Annotated[str, Form(max_length=20)] = "surname",
    way_out: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Change how a terminal asks and shows, and, when one is given, the code that lets one out of it."""
    try:
        if way_out:
            accept(way_out)
        desk.hall.decide(lambda draft: terminals.settle(draft, sn=sn, challenge=challenge, names=names), asker.actor)
        if way_out:
            desk.passcodes.choose(WAY_OUT + sn, way_out, own=False)
    except Refused as refused:
        return _page(request, desk, Wishes(), refused)
    return RedirectResponse("/face-terminals", 303)


@router.post("/{sn}/unpair", dependencies=[CheckedForm])
def unpair(request: Request, asker: Pairer, desk: TheDesk, sn: str) -> Response:
    """At once: the very next thing the device sends is refused."""
    try:
        pairing.end(desk, sn, asker.actor)
    except Refused as refused:
        return _page(request, desk, Wishes(), refused)
    return RedirectResponse("/face-terminals", 303)
