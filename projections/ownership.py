"""Whose punch it is: the dated mapping from a terminal's PIN to a person (design.md 5.3, pins.csv)."""

from datetime import date
from typing import NamedTuple

from attendance.book import Book
from attendance.localtime import DAY
from attendance.people import bare

FOREVER = date.max.toordinal()


def owner(book: Book, terminal: str, pin: str, day: int) -> str | None:
    """The staff number behind a PIN on a terminal on a day; None is an open question.

    A PIN with rows for that terminal belongs to whom they say, on the dates they say; without any, it is the number.
    """
    rows = book.pins.rows(terminal, pin)
    if not rows:
        return book.people.resolve(pin)
    on_date = date.fromordinal(day)
    return next((row.fact.no for row in rows if row.fact.holds_on(on_date)), None)


class Credential(NamedTuple):
    """A PIN on a terminal, by its number in the `credentials` table."""

    id: int
    terminal: str
    pin: str


class Held(NamedTuple):
    """A credential while it was one person's, in the terminal's wall-clock seconds: `first <= second < last`."""

    credential: Credential
    first: int
    last: int


def pins_of(book: Book, no: str) -> set[str]:
    """Every PIN that may be a person's on some terminal."""
    return {bare(no)} | {bare(row.fact.pin) for row in book.pins.find("no", no)}


def held(book: Book, no: str, credential: Credential) -> list[Held]:
    """When a credential was a person's."""
    rows = book.pins.rows(credential.terminal, credential.pin)
    if not rows:
        mine = book.people.resolve(credential.pin) == no
        return [Held(credential, 0, (FOREVER + 1) * DAY)] if mine else []
    return [
        Held(
            credential,
            (row.fact.start.toordinal() if row.fact.start else 0) * DAY,
            ((row.fact.end.toordinal() if row.fact.end else FOREVER) + 1) * DAY,
        )
        for row in rows
        if row.fact.no == no
    ]
