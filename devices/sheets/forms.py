"""What every kind of sheet has in common: a header known by its words, and rows that hold punches or are refused."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from attendance.facts import Refused
from attendance.punches import Reading

Cells = Sequence[str]
LOOKED_AT = 10
"""Rows among which a header is looked for: titles and dates stand above it."""
ADMIN, APPROVAL = "admin", "approval"
EDITED_BY_ADMIN = ("管理员", "手动", "手工", "修改", "校正", "校准", "boss")
EDITED_BY_APPROVAL = ("补卡", "补签", "补登", "审批", "approve")


class Heading(NamedTuple):
    """A header, found: which column holds what, and where the rows below it begin."""

    columns: dict[str, list[int]]
    """The places of each column by its text; some stand several times."""
    below: int
    """How many rows lie above the first row of data."""


class Row:
    """One row, asked by the text of its header."""

    def __init__(self, heading: Heading, cells: Cells) -> None:
        self._heading = heading
        self._cells = cells

    def text(self, *names: str) -> str:
        """The first cell with a text under one of the names."""
        return next((cell for name in names for cell in self.all(name) if cell), "")

    def all(self, name: str) -> list[str]:
        """The cells under a name, in the order of their columns."""
        places = self._heading.columns.get(name, [])
        return [self._cells[place].strip() for place in places if place < len(self._cells)]

    def pin(self, *names: str) -> str:
        """Who the row is about. Raises Refused for a row that does not say."""
        return self.text(*names) or _missing(names[0])


def _missing(column: str) -> str:
    raise Refused("missing", column)


class Form(NamedTuple):
    """One system's sheet."""

    name: str
    families: tuple[str, ...]
    """The families of terminals whose punches such a sheet may hold."""
    header: Callable[[Sequence[Cells]], Heading | None]
    """Finds the header among the first rows."""
    punches: Callable[[Row], list["SheetPunch"]]
    """The punches of a row. Raises Refused for a row that cannot be understood."""
    reads: Callable[[str], str]
    """What a column is taken for by its text: pin, day, moment, result, source, edited; empty where it is not read."""


def taken_for(*meanings: tuple[str, tuple[str, ...]]) -> Callable[[str], str]:
    """What a column is taken for by its text, of a form whose columns have fixed ones."""
    known = {text: meaning for meaning, texts in meanings for text in texts}
    return lambda text: known.get(text, "")


class SheetPunch(NamedTuple):
    """One punch, as a sheet tells it."""

    pin: str
    at: datetime
    status: str = ""
    """The other system's judgement, in its own English word: a hint only."""
    edited: str = ""
    verify: str = ""

    def reading(self, number: int) -> Reading:
        """The reading of row `number`. The sheet's own text stays outside: names and places stand in it."""
        told = (self.pin, str(self.at), self.status, self.verify, self.edited)
        raw = "\t".join(told) if self.pin.isascii() else ""
        return Reading(self.pin, str(self.at), self.status, self.verify, "", raw, f"#{number}", edited=self.edited)


def header_with(*needed: str) -> Callable[[Sequence[Cells]], Heading | None]:
    """Finds the first row that has all these texts."""

    def find(rows: Sequence[Cells]) -> Heading | None:
        for at, cells in enumerate(rows[:LOOKED_AT]):
            columns = columns_of(cells)
            if all(text in columns for text in needed):
                return Heading(columns, at + 1)
        return None

    return find


def columns_of(cells: Cells) -> dict[str, list[int]]:
    """The places of each text of a header row, blanks taken out."""
    columns: dict[str, list[int]] = {}
    for place, cell in enumerate(cells):
        if text := "".join(cell.split()):
            columns.setdefault(text, []).append(place)
    return columns


def edited_by(*texts: str) -> str:
    """Who made or changed the row, as its words tell: an administrator, an approval, or nobody."""
    told = " ".join(texts).lower()
    if any(word in told for word in EDITED_BY_ADMIN):
        return ADMIN
    return APPROVAL if any(word in told for word in EDITED_BY_APPROVAL) else ""
