"""What accepting a run with a shift would make: before anybody decides."""

from datetime import timedelta
from typing import NamedTuple

from attendance.hall import Hall
from attendance.punches import Punched
from attendance.runs import Run, checked, shifted
from projections.ownership import owner


class Would(NamedTuple):
    """One reading as the punch it would be."""

    punch: Punched
    no: str | None
    """Whose; None for a PIN that is nobody's that day."""
    is_known: bool
    """Whether the log has such a punch already: it will not count twice."""


class Preview(NamedTuple):
    """A whole run as it would be."""

    punches: list[Would]

    @property
    def people(self) -> int:
        return len({one.no for one in self.punches if one.no})

    @property
    def unknown_pins(self) -> int:
        return len({one.punch.pin for one in self.punches if one.no is None})

    @property
    def known(self) -> int:
        return sum(one.is_known for one in self.punches)

    @property
    def months(self) -> set[str]:
        return {f"{one.punch.at:%Y-%m}" for one in self.punches}


def preview(hall: Hall, run: Run, shift: timedelta) -> Preview:
    """Raises Refused for a shift that cannot be the truth."""
    checked(run, shift)
    book, found = hall.book(), []
    for entry in run.readings:
        punch = shifted(entry, shift)
        no = owner(book, punch.terminal, punch.pin, punch.at.toordinal())
        found.append(Would(punch, no, bool(hall.store.versions(book.id_of(punch).bytes))))
    return Preview(found)
