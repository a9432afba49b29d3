"""From punches and book to a person's derived rows: one function for one punch and for a hundred thousand people."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from attendance.rules.person_month import MonthRules
from attendance.rules.tally import Tally
from projections.days import DayRow, day_rows
from projections.facts import PunchesOf


class PersonRows(NamedTuple):
    """Everything the tables hold of one person's month."""

    month: str
    no: str
    days: list[DayRow]
    tally: bytes
    changes_at: float | None


def derive(rules: MonthRules, people: Iterable[str], punches: PunchesOf) -> Iterator[PersonRows]:
    """The rows of each person's month."""
    for no in people:
        result = rules.person(no, punches.person(no, rules.days))
        rows = list(day_rows(rules.month, no, result.days))
        yield PersonRows(rules.month, no, rows, msgspec.json.encode(result.tally), result.changes_at)


_tallies = msgspec.json.Decoder(Tally)


def tally_of(body: bytes | str) -> Tally:
    """A stored tally as the rules made it."""
    return _tallies.decode(body)
