"""The terminals: which are trusted, which wait, and what of theirs needs a person."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from api.auth import Asker, CheckedForm, may
from api.doors.contacts import Contact, contacts_of
from api.doors.visiting import wall_clock
from api.given import TheHall, TheLedger, zone_of
from api.pages.dates import recorded_moment, when_text
from api.pages.frame import language_of, page
from api.pages.terminal_view import Moment, people_of
from api.problems import Problem
from api.roles import Action
from api.settings import Language
from api.text import catalogue, say
from attendance import register
from attendance.book import Book
from attendance.facts import Refused
from attendance.hall import Draft, Hall
from attendance.pins import assign
from attendance.quarantine import dismiss
from attendance.terminals import accept
from projections.ledger import Ledger

router = APIRouter(include_in_schema=False, prefix="/terminals")

Settler = Annotated[Asker, may(Action.SETTLE_READING)]
MOST_SHOWN = 200
"""Of the readings set aside, the newest so many."""


@router.get("", dependencies=[may(Action.SEE_TERMINALS)])
def terminals(request: Request, hall: TheHall, ledger: TheLedger) -> Response:
    return _page(request, hall, ledger)


def _page(request: Request, hall: Hall, ledger: Ledger, refused: Refused | None = None) -> Response:
    """The page, with why the last form on it was refused."""
    moment = Moment(language_of(request), zone_of(hall))
    contacts = contacts_of(hall)
    quarantined, book = ledger.quarantine(), hall.book()
    listed = [_row(row, contacts.of(row["sn"]), moment) | _people(book, row["sn"]) for row in ledger.terminals()]
    undecided = {str(entry.id) for entry in book.undecided()}
    content = {
        "accepted": [row for row in listed if row["state"] != "waiting"],
        "waiting": [row for row in listed if row["state"] == "waiting"],
        "quarantined": [_reading(row, moment, row["id"] in undecided) for row in reversed(quarantined[-MOST_SHOWN:])],
        "quarantined_count": len(quarantined),
        "unknown_pins": ledger.unknown_pins(),
    }
    return page(request, "terminals.html", content, refused=refused)


@router.post("/pins", dependencies=[CheckedForm])
def assign_pin(
    request: Request,
    asker: Settler,
    hall: TheHall,
    ledger: TheLedger,
    terminal: Annotated[str, Form(max_length=60)],
    pin: Annotated[str, Form(max_length=40)],
    no: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Say whose a PIN is; its punches count for the days they were made."""
    try:
        hall.decide(lambda draft: assign(draft, terminal=terminal, pin=pin, no=no.strip()), asker.actor)
    except Refused as refused:
        return _page(request, hall, ledger, refused)
    return RedirectResponse("/terminals#pins", 303)


@router.post("/readings/{fact_id}", dependencies=[CheckedForm])
def dismiss_reading(
    request: Request,
    asker: Settler,
    hall: TheHall,
    ledger: TheLedger,
    fact_id: UUID,
    reason: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """A reading set aside was looked at: no open question any more."""
    try:
        hall.decide(lambda draft: dismiss(draft, reading=fact_id, reason=reason), asker.actor)
    except Refused as refused:
        return _page(request, hall, ledger, refused)
    return RedirectResponse("/terminals#quarantine", 303)


@router.post("/{sn}/accept", dependencies=[CheckedForm])
def accept_terminal(
    asker: Annotated[Asker, may(Action.ACCEPT_TERMINAL)],
    hall: TheHall,
    ledger: TheLedger,
    sn: str,
    name: Annotated[str, Form(max_length=60)] = "",
    zone: Annotated[str, Form(max_length=40)] = "+08:00",
    place: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    """Trust a waiting terminal from now on."""
    waiting = _waiting(hall, sn)

    def decision(draft: Draft) -> None:
        accept(draft, sn=sn, family=waiting, zone=zone, name=name)
        if place.strip():
            register.place(draft, sn=sn, place=place)

    hall.decide(decision, asker.actor)
    ledger.follow()
    return RedirectResponse(f"/terminals/{sn}", 303)


def _waiting(hall: Hall, sn: str) -> str:
    """The family of a terminal that waits. Raises Problem for any other."""
    for entry in hall.book().terminals.waiting():
        if entry.fact.terminal == sn:
            return entry.fact.family
    raise Problem(404, "terminal_unknown", sn=sn)


def _row(row: dict[str, Any], contact: Contact | None, moment: Moment) -> dict[str, Any]:
    return {
        **row,
        "last_punch": when_text(row["last_punch_at"], moment.language),
        "last_contact": moment.text(contact.at if contact else None),
        "turned_away": contact.address if contact and contact.refused and row["state"] == "accepted" else "",
        "first_call": moment.text(recorded_moment(row["since"])),
        "doubts": _doubts(contact.told if contact else {}, moment.language),
    }


def _people(book: Book, sn: str) -> dict[str, Any]:
    terminal = book.terminals.known(sn)
    return {"people": people_of(book, terminal, wall_clock(terminal).date()) if terminal else None}


def _doubts(told: dict[str, str], language: Language) -> list[str]:
    """What a terminal told of itself that somebody should look at."""
    doubtful = [name for name in ("zoneoffset", "unlisted", "leftout") if told.get(name)]
    return [say(f"page.terminals.{name}", language, told=told[name]) for name in doubtful]


def _reading(row: dict[str, Any], moment: Moment, undecided: bool) -> dict[str, Any]:
    key = f"page.quarantined.{row['reason']}"
    reason = say(key, moment.language) if key in catalogue(moment.language) else row["reason"]
    return {
        **row,
        "undecided": undecided,
        "reason": reason,
        "recorded": moment.text(recorded_moment(row["recorded_at"])),
    }
