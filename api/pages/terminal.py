"""One terminal: where it stands and whom it is for, how it is trusted, suspending and replacing it."""

from datetime import date
from functools import partial
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from api.auth import Asker, CheckedForm, may
from api.doors.contacts import contacts_of
from api.doors.secrets import PATHS, TerminalSecrets
from api.doors.visiting import wall_clock
from api.given import TheHall, zone_of
from api.pages.frame import language_of, page
from api.pages.terminal_view import Moment, people_of
from api.problems import Problem
from api.roles import Action
from attendance import register
from attendance.belonging import belonging
from attendance.facts import Entry, Refused
from attendance.hall import Draft, Hall
from attendance.register import CONSENT_RULES, ENCODINGS
from attendance.terminals import TerminalAccepted, TerminalPlaced, bind

router = APIRouter(include_in_schema=False, prefix="/terminals/{sn}")

Manager = Annotated[Asker, may(Action.MANAGE_TERMINAL)]
Short = Annotated[str, Form(max_length=60)]
Reason = Annotated[str, Form(max_length=400)]
Sure = Annotated[bool, Form()]


def terminal_of(hall: TheHall, sn: str) -> TerminalAccepted:
    """The terminal of a page's path. Raises Problem for one that nobody accepted."""
    terminal = hall.book().terminals.known(sn.upper())
    if terminal is None:
        raise Problem(404, "terminal_unknown", sn=sn)
    return terminal


TheTerminal = Annotated[TerminalAccepted, Depends(terminal_of)]


@router.get("", dependencies=[may(Action.SEE_TERMINALS)])
def terminal(request: Request, hall: TheHall, terminal: TheTerminal) -> Response:
    return _page(request, hall, terminal)


def _page(
    request: Request, hall: Hall, terminal: TerminalAccepted, refused: Refused | None = None, **more: object
) -> Response:
    """The page, with why the last form on it was refused, or what it has to show this once."""
    moment = Moment(language_of(request), zone_of(hall))
    content = _content(hall, terminal, moment) | {"secret_path": "", **more}
    return page(request, "terminal.html", content, refused=refused)


def _content(hall: Hall, terminal: TerminalAccepted, moment: Moment) -> dict[str, Any]:
    book, sn = hall.book(), terminal.terminal
    contact, suspension, replacement = (
        contacts_of(hall).of(sn),
        book.terminals.suspension(sn),
        book.terminals.replacement(sn),
    )
    return {
        "terminal": terminal,
        "zone": f"{terminal.zone // 60:+03d}:{terminal.zone % 60:02d}",
        "state": book.terminals.state(sn),
        "placing": book.terminals.placing(sn),
        "address": book.terminals.address_of(sn) or "",
        "last_contact": moment.text(contact.at if contact else None),
        "turned_away": contact.refused if contact else "",
        "calling_from": contact.address if contact else "",
        "suspended": moment.recorded(suspension.recorded_at) if suspension else "",
        "suspended_why": (hall.opened(suspension.fact.reason) or "") if suspension else "",
        "replacement": replacement.fact if replacement else None,
        "replaces": [one.fact for one in book.terminals.replaced if one.fact.successor == sn],
        "people": people_of(book, terminal, wall_clock(terminal).date()),
        "pin_rows": len(book.pins.on(sn)),
        "windows": sorted({row.fact.window for row in book.windows}),
        "consent_rules": CONSENT_RULES,
        "encodings": ENCODINGS,
        "has_secret": terminal.family in PATHS,
        "today": wall_clock(terminal).date().isoformat(),
    }


class Placing(NamedTuple):
    """What the form says about a terminal."""

    name: str
    zone: str
    place: str
    windows: tuple[str, ...]
    consent_rule: str
    by_hand: bool
    encoding: str


def placing_told(
    windows: Annotated[list[str], Form(default_factory=list)],
    name: Short = "",
    zone: Short = "",
    place: Short = "",
    consent_rule: Short = "heeded",
    by_hand: Annotated[bool, Form()] = False,
    encoding: Short = "",
) -> Placing:
    return Placing(name, zone, place, tuple(windows), consent_rule, by_hand, encoding)


@router.post("", dependencies=[CheckedForm])
def describe(
    request: Request,
    manager: Manager,
    hall: TheHall,
    terminal: TheTerminal,
    told: Annotated[Placing, Depends(placing_told)],
    sure: Sure = False,
) -> Response:
    """Name, zone, place and people of a terminal. What takes people off it is asked about first."""
    decision = partial(_describe, sn=terminal.terminal, told=told)
    try:
        dry_run(hall, decision)
    except Refused as refused:
        return _page(request, hall, terminal, refused)
    leaving = _taken_off(hall, terminal, told)
    if leaving and not sure:
        content = {"terminal": terminal, "told": told, "leaving": leaving}
        return page(request, "terminal_taken_off.html", content)
    return _decided(request, hall, terminal, manager, decision)


def _describe(draft: Draft, *, sn: str, told: Placing) -> None:
    register.describe(draft, sn=sn, name=told.name, zone=told.zone)
    register.place(
        draft,
        sn=sn,
        place=told.place,
        windows=told.windows,
        consent_rule=told.consent_rule,
        by_hand=told.by_hand,
        encoding=told.encoding,
    )


def _taken_off(hall: Hall, terminal: TerminalAccepted, told: Placing) -> int:
    """How many people would be taken off a terminal, with their templates, if it were for those told."""
    book, sn, day = hall.book(), terminal.terminal, wall_clock(terminal).date()
    if told.by_hand:
        return 0
    fact = TerminalPlaced(terminal=sn, windows=told.windows, consent_rule=told.consent_rule)
    other = book.fork()
    other.apply(Entry(other.id_of(fact), 1, 0, 0, "", fact))
    return len(belonging(book, sn, day).keys() - belonging(other, sn, day).keys())


def _decided(request: Request, hall: Hall, terminal: TerminalAccepted, manager: Asker, decision: Any) -> Response:
    """Take a decision and come back to the page, or say on it why not."""
    try:
        hall.decide(decision, manager.actor)
    except Refused as refused:
        return _page(request, hall, terminal, refused)
    return RedirectResponse(f"/terminals/{terminal.terminal}", 303)


@router.post("/suspend", dependencies=[CheckedForm])
def suspend(request: Request, manager: Manager, hall: TheHall, terminal: TheTerminal, reason: Reason = "") -> Response:
    """Take nothing from the terminal for a while; it keeps its records."""
    decision = partial(register.suspend, sn=terminal.terminal, reason=reason)
    return _decided(request, hall, terminal, manager, decision)


@router.post("/resume", dependencies=[CheckedForm])
def resume(request: Request, manager: Manager, hall: TheHall, terminal: TheTerminal) -> Response:
    return _decided(request, hall, terminal, manager, partial(register.resume, sn=terminal.terminal))


@router.post("/bind", dependencies=[CheckedForm])
def bind_anew(
    request: Request, manager: Manager, hall: TheHall, terminal: TheTerminal, address: Short = ""
) -> Response:
    """Take the terminal's words from another network address, and from that one alone."""
    return _decided(request, hall, terminal, manager, partial(bind, sn=terminal.terminal, address=address))


@router.post("/secret", dependencies=[CheckedForm])
def renew_secret(request: Request, _manager: Manager, hall: TheHall, terminal: TheTerminal) -> Response:
    """A new secret path, shown this once; the old one opens nothing any more."""
    secrets = TerminalSecrets(hall.folder.keys, hall.id)
    if terminal.family not in PATHS:
        return _page(request, hall, terminal, Refused("no_door", "sn", family=terminal.family))
    path = secrets.path(terminal.family, secrets.renew(terminal.terminal))
    return _page(request, hall, terminal, secret_path=path)


@router.post("/replace", dependencies=[CheckedForm])
def replace(
    request: Request,
    manager: Manager,
    hall: TheHall,
    terminal: TheTerminal,
    start: Annotated[date, Form()],
    successor: Short = "",
    sure: Sure = False,
) -> Response:
    """Another terminal takes over; what that means is shown first."""
    decision = partial(register.replace, sn=terminal.terminal, successor=successor, start=start)
    if sure:
        return _decided(request, hall, terminal, manager, decision)
    try:
        dry_run(hall, decision)
    except Refused as refused:
        return _page(request, hall, terminal, refused)
    rows = [row for row in hall.book().pins.on(terminal.terminal) if row.fact.end is None or row.fact.end >= start]
    content = {
        "terminal": terminal,
        "successor": successor.strip().upper(),
        "start": start.isoformat(),
        "placing": hall.book().terminals.placing(terminal.terminal),
        "pin_rows": len(rows),
    }
    return page(request, "terminal_replace.html", content)


def dry_run(hall: Hall, decision: Any) -> None:
    """Raises Refused if a decision would be; nothing of it is kept."""
    decision(Draft(hall.book().fork(), hall.keys.sealing(), hall.store))
