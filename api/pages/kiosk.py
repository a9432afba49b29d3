"""The page of a camera terminal: paired by the code it shows, and left with the administrator's code alone."""

import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Body, Request
from markupsafe import Markup
from starlette.responses import JSONResponse, RedirectResponse, Response

from api.auth import OPEN, address_of
from api.doors.contacts import Measured, contacts_of
from api.kiosk.desk import desk_of
from api.kiosk.paired import CALL, FromTerminal, Paired, give_credential, known, refuse_suspended, take_credential
from api.kiosk.pairing import end
from api.kiosk.passcodes import WAY_OUT
from api.kiosk.reader import reader
from api.kiosk.shown import last_lines
from api.kiosk.sightings import edition_of
from api.kiosk.ways import let_out
from api.pages.frame import language_of, page
from api.pages.installable import ICONS, JAVASCRIPT, MANIFEST, Installable
from api.problems import Problem
from api.settings import Language
from api.text import catalogue, refusal, say
from attendance.facts import Refused

router = APIRouter(include_in_schema=False, prefix="/terminal")
PAGE = Installable(
    name="kiosk",
    path="/terminal/",
    parts=("kiosk/*.js", "kiosk/*.css", "database.js", "outbox.js", "update.js", "seal.svg"),
)
READER = "/terminal/reader.js"
WORDS = "kiosk.page."


@router.get("", dependencies=[OPEN])
def without_slash() -> Response:
    return RedirectResponse("/terminal/", 303)


@router.get("/", dependencies=[OPEN])
def terminal_page(request: Request) -> Response:
    """The same for every device: what it may know of the hall comes once it is paired."""
    language = language_of(request)
    words = {key.removeprefix(WORDS): text for key, text in catalogue(language).items() if key.startswith(WORDS)}
    island = Markup(msgspec.json.encode(words).decode().replace("<", "\\u003c"))  # noqa: S704 - no tag can end it
    content = {"w": words, "words": island}
    return page(request, "kiosk.html", content)


@router.get("/worker.js", dependencies=[OPEN])
def worker(request: Request) -> Response:
    """What keeps the page on the device, beside the files on the disk: the page in the language chosen there."""
    made = {PAGE.path: bytes(terminal_page(request).body)}
    with suppress(Refused):
        made[READER] = reader()
    return PAGE.worker(made)


@router.get("/reader.js", dependencies=[OPEN])
def code_reader() -> Response:
    """What reads a phone's code where the browser cannot."""
    try:
        return Response(reader(), media_type=JAVASCRIPT, headers={"Cache-Control": "public, max-age=86400"})
    except Refused as refused:
        raise Problem(404, "page_unknown") from refused


@router.get("/manifest.webmanifest", dependencies=[OPEN])
def manifest(request: Request) -> Response:
    """What the device's system calls the page, and the picture it shows for it."""
    title = say("kiosk.page.title", language_of(request))
    told = {
        "id": PAGE.path,
        "name": title,
        "short_name": title,
        "start_url": PAGE.path,
        "scope": PAGE.path,
        "display": "fullscreen",
        "background_color": "#0e1c2c",
        "theme_color": "#0e1c2c",
        "icons": ICONS,
    }
    return Response(msgspec.json.encode(told), media_type=MANIFEST)


@router.post("/pairing", dependencies=[OPEN])
def begin_pairing(request: Request) -> Response:
    """A device asks to be paired; it shows the code, and keeps the claim to itself."""
    desk, address = desk_of(request), address_of(request)
    _own_page(request)
    if wait := desk.asking.wait(address):
        raise Problem(429, "too_many_tries", {"Retry-After": str(wait)}, minutes=-(-wait // 60))
    desk.asking.count(address)
    try:
        waiting = desk.codes.begin()
    except Refused as refused:
        return JSONResponse({"state": "refused", "words": refusal(refused, language_of(request))}, 429)
    return JSONResponse({"code": waiting.code, "claim": waiting.claim, "seconds": desk.codes.left(waiting)})


@router.post("/pairing/claim", dependencies=[OPEN])
def claim_pairing(request: Request, claim: Annotated[str, Body(embed=True, max_length=100)]) -> Response:
    """Whether the code was typed in the office; then the device gets its credential, once."""
    _own_page(request)
    credential = desk_of(request).codes.collect(claim)
    if credential is None:
        return JSONResponse({"state": "over"}, 410)
    response = JSONResponse({"state": "paired" if credential else "waiting"})
    if credential:
        give_credential(response, credential)
    return response


def _own_page(request: Request) -> None:
    if request.headers.get(CALL) is None:
        raise Problem(403, "form_expired")


@router.get("/state", dependencies=[OPEN])
def unpaired_or_state(request: Request, wall: float | None = None) -> Response:
    """What the page needs to know, and what it asks every few seconds to see whether the hall is there."""
    terminal = known(request)
    if terminal is None:
        return JSONResponse({"paired": False, "now": time.time() * 1000})
    refuse_suspended(terminal)
    _note_contact(request, terminal, wall)
    return JSONResponse(state_of(terminal, language_of(request)))


def state_of(terminal: Paired, language: Language) -> dict[str, Any]:
    desk = terminal.desk
    return {
        "paired": True,
        "hall": str(desk.hall.id),
        "edition": edition_of(terminal) if terminal.pairing.borrows else "",
        "sn": terminal.sn,
        "name": terminal.accepted.name,
        "zone": terminal.accepted.zone,
        "challenge": terminal.pairing.challenge,
        "now": time.time() * 1000,
        "key": desk.envelopes.public_key,
        "recent": last_lines(terminal, language),
        "letters": not all(no.isdecimal() for no in desk.hall.book().people.numbers()),
        "language": language,
        "way_out": bool(desk.passcodes.state(WAY_OUT + terminal.sn)),
    }


def _note_contact(request: Request, terminal: Paired, wall: float | None) -> None:
    """The terminal is there; its wall clock, which counts for nothing, is told to whoever watches clocks."""
    here = datetime.now(UTC)
    contacts = contacts_of(terminal.desk.hall)
    contacts.note(terminal.sn, address_of(request), here)
    contact = contacts.of(terminal.sn)
    if contact is None or wall is None or not 0 < wall < 4e12:
        return
    contact.measured = Measured(here, here - datetime.fromtimestamp(wall / 1000, UTC))


@router.post("/way-out")
def way_out(
    request: Request, terminal: FromTerminal, code: Annotated[str, Body(embed=True, max_length=20)]
) -> Response:
    """Whether the administrator's code lets one out of the page."""
    try:
        let_out(terminal, code)
    except Refused as refused:
        return JSONResponse({"state": "wrong", "words": refusal(refused, language_of(request))})
    return JSONResponse({"state": "open"})


@router.post("/unpair")
def unpair_here(
    request: Request, terminal: FromTerminal, code: Annotated[str, Body(embed=True, max_length=20)]
) -> Response:
    """Give the device another life: with the administrator's code, it stops being this terminal."""
    try:
        let_out(terminal, code)
    except Refused as refused:
        return JSONResponse({"state": "wrong", "words": refusal(refused, language_of(request))})
    end(terminal.desk, terminal.sn, terminal.actor)
    response = JSONResponse({"state": "unpaired"})
    take_credential(response)
    return response
