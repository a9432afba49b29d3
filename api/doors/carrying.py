"""Carrying people to terminals that the hall calls: what is ordered, and what the terminal shows to lack or to keep.

Nobody the hall does not know is removed: visitors and the terminal's own administrators are not its to judge.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from time import time_ns
from typing import NamedTuple

from api.doors.visiting import visiting, wall_clock
from attendance import carriage
from attendance.belonging import belonging, departed
from attendance.book import Book
from attendance.carriage import PUT, Needed, Order, OrderSent
from attendance.facts import Refused
from attendance.hall import Draft, Hall
from attendance.people import bare
from attendance.terminals import TerminalAccepted
from attendance.visits import PersonCarried
from devices.calling import Line
from devices.ports import Person, Receipt, Visit

THERE_ALREADY, NOT_THERE, NO_NAME = "there already", "not there", "no name"


class Carried(NamedTuple):
    """One person's way to a terminal, or off it."""

    deed: str
    receipt: Receipt


def carry_people(hall: Hall, sn: str, line: Line, actor: str = "office") -> list[Carried]:
    """Put everybody who belongs on the terminal there, remove who left; every answer of the terminal is a fact."""
    with visiting(hall, sn, line) as (terminal, visit):
        if hall.book().terminals.placing(terminal.terminal).by_hand:
            raise Refused("people_by_hand", "sn", sn=terminal.terminal)
        there = visit.present()
        shown = {bare(pin): name for pin, name in there.items()}
        hall.decide(partial(_order, hall=hall, terminal=terminal, shown=shown), actor)
        due = hall.book().carriage.due(terminal.terminal, _now())
        return list(_carried(hall, visit, due, {bare(pin): pin for pin in there}, shown))


def _now() -> int:
    return time_ns() // 1000


def _order(draft: Draft, *, hall: Hall, terminal: TerminalAccepted, shown: Mapping[str, str]) -> None:
    """Order what the register asks for, and what the terminal itself shows to lack or to keep."""
    sn, day = terminal.terminal, wall_clock(terminal).date()
    carriage.keep_up(draft, sn=sn, day=day, now=_now(), called_at=_now())
    ordered = {order.fact.pin for order in draft.book.carriage.open(sn)}
    for need in _seen(hall, draft.book, terminal, shown):
        if need.pin not in ordered:
            carriage.give(draft, sn, need)


def _seen(hall: Hall, book: Book, terminal: TerminalAccepted, shown: Mapping[str, str]) -> Iterator[Needed]:
    """What is otherwise on the terminal than it should be."""
    day = wall_clock(terminal).date()
    wanted = belonging(book, terminal.terminal, day)
    for pin, who in wanted.items():
        name = hall.opened(who.name)
        if name and shown.get(pin) != name:
            yield Needed(pin, PUT, *who)
    for pin, no in departed(book, terminal.terminal, day).items():
        if pin in shown and pin not in wanted:
            yield Needed(pin, carriage.REMOVED, no)


def _carried(
    hall: Hall, visit: Visit, due: list[Order], spelled: Mapping[str, str], shown: Mapping[str, str]
) -> Iterator[Carried]:
    """Carry orders out, each under the number as the terminal spells it: 101 there is our 0101."""
    by_pin = {spelled.get(order.fact.pin, _as_registered(order)): order for order in due}
    names = {pin: hall.opened(order.fact.name) or "" for pin, order in by_pin.items() if order.fact.deed == PUT}
    done = {pin for pin, name in names.items() if shown.get(bare(pin)) == name}
    gone = [pin for pin, order in by_pin.items() if order.fact.deed != PUT]
    _note_sent(hall, due)
    yield from _noted(hall, by_pin, (Receipt(pin, True, THERE_ALREADY) for pin in done))
    yield from _noted(hall, by_pin, (Receipt(pin, False, NO_NAME) for pin, name in names.items() if not name))
    missing = [Person(pin, name) for pin, name in names.items() if name and pin not in done]
    yield from _noted(hall, by_pin, visit.put(missing))
    yield from _noted(hall, by_pin, (Receipt(pin, True, NOT_THERE) for pin in gone if bare(pin) not in shown))
    yield from _noted(hall, by_pin, visit.remove([pin for pin in gone if bare(pin) in shown]))


def _as_registered(order: Order) -> str:
    """A PIN that is the staff number, in the number's own spelling."""
    return order.fact.no if bare(order.fact.no) == order.fact.pin else order.fact.pin


def _note_sent(hall: Hall, due: list[Order]) -> None:
    told = [OrderSent(terminal=one.fact.terminal, number=one.fact.number, attempt=one.attempts + 1) for one in due]
    if told:
        hall.receive(told, f"terminal:{told[0].terminal}")


def _noted(hall: Hall, by_pin: Mapping[str, Order], receipts: Iterator[Receipt]) -> Iterator[Carried]:
    """Each answer of the terminal, kept as it comes: a visit that breaks off loses none."""
    for receipt in receipts:
        order = by_pin[receipt.pin]
        fact = PersonCarried(
            terminal=order.fact.terminal,
            pin=order.fact.pin,
            deed=order.fact.deed,
            applied=receipt.applied,
            answer=receipt.answer[:60],
            number=order.fact.number,
            attempt=order.attempts + 1,
        )
        hall.receive([fact], f"terminal:{fact.terminal}")
        yield Carried(fact.deed, receipt)
