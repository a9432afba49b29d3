"""How a terminal, its PINs and the orders about people are shown."""

from datetime import date, datetime
from typing import Any, NamedTuple

from api.pages.dates import moment_text, recorded_moment
from api.settings import Language
from api.text import catalogue, say
from attendance.book import Book
from attendance.carriage import FAILED, PUT, Order, is_followed, needs
from attendance.hall import Hall
from attendance.terminals import PinAssigned, TerminalAccepted

Row = dict[str, Any]


class Moment(NamedTuple):
    """How moments are written on these pages."""

    language: Language
    zone: str

    def text(self, moment: datetime | None) -> str:
        return moment_text(moment, self.language, self.zone) if moment else ""

    def recorded(self, recorded_at: int) -> str:
        return self.text(recorded_moment(recorded_at))


class Names:
    """Everybody's name by number, opened when it is shown."""

    def __init__(self, hall: Hall, book: Book) -> None:
        self._hall, self._book = hall, book

    def of(self, no: str) -> str:
        postings = self._book.people.postings(no)
        return (self._hall.opened(postings[-1].fact.name) if postings else None) or ""


class People(NamedTuple):
    """How a terminal stands with its people: numbers for a line of the register."""

    on: int
    waiting: int
    to_forget: int
    """Of those waiting."""
    failed: int


def people_of(book: Book, terminal: TerminalAccepted, day: date) -> People | None:
    """None for a terminal whose people the hall does not keep up."""
    if not is_followed(book, terminal):
        return None
    latest = latest_orders(book, terminal.terminal)
    open_ones = [order for order in latest.values() if order.is_open]
    return People(
        on=sum(order.state == "applied" and order.fact.deed == PUT for order in latest.values()),
        waiting=len(open_ones),
        to_forget=sum(order.fact.deed != PUT for order in open_ones),
        failed=len(failed_orders(book, terminal.terminal, day)),
    )


def latest_orders(book: Book, terminal: str) -> dict[str, Order]:
    """The last order about each PIN that still says something."""
    told = {
        pin: [order for order in orders if order.state != "overtaken"]
        for pin, orders in book.carriage.by_pin(terminal).items()
    }
    return {pin: orders[-1] for pin, orders in told.items() if orders}


def failed_orders(book: Book, terminal: str, day: date) -> list[Order]:
    """Orders that came to nothing and are still needed."""
    failed = {pin: order for pin, order in latest_orders(book, terminal).items() if order.state in FAILED}
    needed = needs(book, terminal, day) if failed else {}
    return [order for pin, order in failed.items() if pin in needed]


def order_row(order: Order, names: Names, moment: Moment) -> Row:
    """An order as a line of a table."""
    fact, language = order.fact, moment.language
    answer = order.receipts[-1].fact.answer if order.receipts else ""
    return {
        "terminal": fact.terminal,
        "number": fact.number,
        "pin": fact.pin,
        "no": fact.no,
        "name": names.of(fact.no),
        "deed": say(f"page.carriage.deed.{fact.deed}", language),
        "forgets": fact.deed != PUT,
        "state": order.state,
        "state_text": say(f"page.carriage.state.{order.state}", language),
        "since": moment.recorded(order.since),
        "given": moment.recorded(order.given.recorded_at),
        "attempts": order.attempts,
        "answer": answer_text(answer, language),
        "failed": order.state in FAILED,
        "receipt": str(order.receipts[-1].id) if order.receipts else "",
    }


def answer_text(answer: str, language: Language) -> str:
    """A terminal's word, with what it means where that is known."""
    key = f"page.carriage.answer.{answer.split()[0]}" if answer else ""
    meaning = catalogue(language).get(key)
    return f"{answer} {meaning}" if meaning else answer


def pin_row(row: PinAssigned, names: Names) -> Row:
    return {
        "pin": row.pin,
        "no": row.no,
        "name": names.of(row.no),
        "start": row.start.isoformat() if row.start else "",
        "end": row.end.isoformat() if row.end else "",
    }
