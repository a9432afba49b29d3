"""One visit to a Dahua terminal that can be called: everything the hall may do there, and nothing else."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from devices.calling import Line
from devices.dahua import clock, people
from devices.dahua.pull import Reconciliation, check_identity
from devices.ports import Mark, Person, Receipt


class Visit:
    """`devices.ports.Visit` for Dahua."""

    def __init__(self, line: Line, zone: int) -> None:
        self._line, self._zone = line, zone

    def check_identity(self, serial: str) -> None:
        """Make sure that the terminal at this address is the one meant. Raises Refused when it says to be another."""
        check_identity(self._line, serial)

    def reconciliation(self, since: Mark) -> Reconciliation:
        return Reconciliation(self._line, since, self._zone)

    def clock(self) -> datetime | None:
        """The terminal's wall clock; None when it tells no time."""
        return clock.clock_of(self._line)

    def set_clock(self, at: datetime) -> None:
        """Set the wall clock; the terminal keeps its zone to itself."""
        clock.set_clock(self._line, at)

    def present(self) -> dict[str, str]:
        """The names of the people on the terminal by number."""
        return people.present(self._line)

    def put(self, those: Sequence[Person]) -> Iterator[Receipt]:
        """Put people on the terminal, or give them their names."""
        return people.put(self._line, those)

    def remove(self, pins: Sequence[str]) -> Iterator[Receipt]:
        """Remove people with their faces."""
        return people.remove(self._line, pins)
