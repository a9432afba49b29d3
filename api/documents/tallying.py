"""Counting a person's signs of the month, session by session."""

from collections import Counter
from typing import NamedTuple

from api.documents.matter import Matter

CLOCK_SIGNS = ("√", "迟", "早", "缺", "旷", "补")


class Tallied(NamedTuple):
    """How many sessions were due, and how many bear each sign; 迟早 counts for both of its letters."""

    due: int
    signs: Counter[str]


def tallied(matter: Matter, no: str) -> Tallied:
    symbols = [symbol for day in matter.edition["matrix"].get(no, {}).values() for symbol in day]
    return Tallied(len(symbols), Counter(letter for symbol in symbols for letter in letters(matter, symbol)))


def letters(matter: Matter, symbol: str) -> list[str]:
    """A session's symbol as the signs it is made of; a leave's own symbol is one sign, however long."""
    return [symbol] if symbol in _leave_signs(matter) else list(symbol)


def signs(matter: Matter, numbers: set[str]) -> list[str]:
    """The signs worth a column: the clock's always, of the others those that occur."""
    occur = {sign for no in numbers for sign in tallied(matter, no).signs}
    return [*CLOCK_SIGNS, *(sign for sign in _leave_signs(matter) if sign in occur and sign not in CLOCK_SIGNS)]


def _leave_signs(matter: Matter) -> list[str]:
    return list(dict.fromkeys(leave.symbol for leave in matter.policy.leave.types))
