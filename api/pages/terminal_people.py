"""People and terminals: who is on one, what it was ordered and answered; what failed; where a person is."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from api.auth import Asker, CheckedForm, may
from api.doors.visiting import wall_clock
from api.given import TheHall, zone_of
from api.pages.frame import language_of, page
from api.pages.terminal import TheTerminal
from api.pages.terminal_view import Moment, Names, Row, failed_orders, latest_orders, order_row
from api.problems import Problem
from api.roles import Action
from attendance import carriage
from attendance.belonging import belonging
from attendance.carriage import PUT, is_followed, needs
from attendance.hall import Hall
from attendance.terminals import TerminalAccepted

orders = APIRouter(include_in_schema=False, prefix="/terminals", dependencies=[may(Action.SEE_TERMINALS)])
"""Comes before the pages of one terminal, whose paths would match too."""
router = APIRouter(include_in_schema=False, prefix="/terminals/{sn}")

MOST_SHOWN = 200
"""Of the orders of a kind, and of the people."""


@orders.get("/orders")
def all_orders(request: Request, hall: TheHall) -> Response:
    """Every order that failed, and what is on its way, over all terminals."""
    book, names, moment = hall.book(), Names(hall, hall.book()), _moment(request, hall)
    terminals = [entry.fact for entry in book.terminals.accepted]
    followed = [one for one in terminals if is_followed(book, one)]
    failed = [order for one in followed for order in failed_orders(book, one.terminal, wall_clock(one).date())]
    waiting = [order for one in terminals for order in book.carriage.open(one.terminal)]
    content = {
        "names": {one.terminal: one.name for one in terminals},
        "failed": [order_row(order, names, moment) for order in failed[:MOST_SHOWN]],
        "failed_count": len(failed),
        "waiting": [order_row(order, names, moment) for order in waiting[:MOST_SHOWN]],
        "waiting_count": len(waiting),
    }
    return page(request, "terminal_orders.html", content)


def _moment(request: Request, hall: Hall) -> Moment:
    return Moment(language_of(request), zone_of(hall))


@orders.get("/people/{no}")
def person_on_terminals(request: Request, hall: TheHall, no: str) -> Response:
    """Where a person is, and the receipts for where they no longer are."""
    book = hall.book()
    if not book.people.known(no):
        raise Problem(404, "staff_unknown", no=no)
    names, moment = Names(hall, book), _moment(request, hall)
    told = [order for order in book.carriage.about(no) if order.state != "overtaken"]
    content = {
        "no": no,
        "name": names.of(no),
        "names": {entry.fact.terminal: entry.fact.name for entry in book.terminals.accepted},
        "orders": [order_row(order, names, moment) for order in reversed(told)],
    }
    return page(request, "person_terminals.html", content)


@router.get("/people", dependencies=[may(Action.SEE_TERMINALS)])
def terminal_people(request: Request, hall: TheHall, terminal: TheTerminal, find: str = "") -> Response:
    """Who is to be on a terminal and how far that is, and what it was ordered last. `find` is part of a name or PIN."""
    book, names, moment = hall.book(), Names(hall, hall.book()), _moment(request, hall)
    day = wall_clock(terminal).date()
    told = [order for order in reversed(book.carriage.of(terminal.terminal)) if not order.is_open]
    waiting, failed = book.carriage.open(terminal.terminal), failed_orders(book, terminal.terminal, day)
    people = _people(hall, terminal, names, moment, find.strip())
    content = {
        "terminal": terminal,
        "find": find,
        "is_followed": is_followed(book, terminal),
        "by_hand": book.terminals.placing(terminal.terminal).by_hand,
        "people": people[:MOST_SHOWN],
        "people_count": len(people),
        "waiting": [order_row(order, names, moment) for order in waiting[:MOST_SHOWN]],
        "waiting_count": len(waiting),
        "failed": [order_row(one, names, moment) for one in failed[:MOST_SHOWN]],
        "failed_count": len(failed),
        "over": [order_row(order, names, moment) for order in told[:MOST_SHOWN]],
    }
    return page(request, "terminal_people.html", content)


def _people(hall: Hall, terminal: TerminalAccepted, names: Names, moment: Moment, find: str) -> list[Row]:
    """Everybody who belongs on a terminal and is looked for, with how far it is."""
    book, sn, day = hall.book(), terminal.terminal, wall_clock(terminal).date()
    latest, missing = latest_orders(book, sn), needs(book, sn, day)
    rows = []
    for pin, who in belonging(book, sn, day).items():
        name = names.of(who.no)
        if not any(find in told for told in (pin, who.no, name)):
            continue
        order = latest.get(pin)
        told = order_row(order, names, moment) if order and order.fact.deed == PUT else None
        is_on = pin not in missing
        rows.append({"pin": pin, "no": who.no, "name": name, "is_on": is_on, "order": told})
    return sorted(rows, key=lambda row: (len(row["pin"]), row["pin"]))


@router.post("/orders/{number}/again", dependencies=[CheckedForm])
def again(
    asker: Annotated[Asker, may(Action.CARRY_PEOPLE)],
    hall: TheHall,
    terminal: TheTerminal,
    number: int,
    back: Annotated[str, Form(pattern="^(all|one)$")] = "one",
) -> Response:
    """Have a failed order tried again."""
    hall.decide(partial(carriage.again, sn=terminal.terminal, number=number), asker.actor)
    return RedirectResponse("/terminals/orders" if back == "all" else f"/terminals/{terminal.terminal}/people", 303)
