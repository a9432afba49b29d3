"""One visit to a Hikvision terminal that can be called: everything the hall may do there, and nothing else."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from attendance.facts import Refused
from attendance.punches import moment_of
from devices.calling import Line
from devices.hikvision import clock, people
from devices.hikvision.isapi import Isapi, found_in
from devices.hikvision.pull import Reconciliation
from devices.ports import Mark, Person, Receipt


class Visit:
    """`devices.ports.Visit` for Hikvision."""

    def __init__(self, line: Line, zone: int) -> None:
        self._line, self._zone = line, zone
        self._isapi = Isapi(line)

    def check_identity(self, serial: str) -> None:
        """Make sure that the terminal at this address is the one meant. Raises Refused when it says to be another.

        It tells its long serial number, of which the label may show the end alone.
        """
        told = found_in(self._isapi.xml("GET", "System/deviceInfo"), "serialNumber").upper()
        if told and serial not in told:
            raise Refused("terminal_is_another", "--url", url=self._line.url, sn=serial, told=told[:60])

    def reconciliation(self, since: Mark) -> Reconciliation:
        return Reconciliation(self._line, since, self._zone)

    def clock(self) -> datetime | None:
        """The terminal's wall clock; None when it tells no time."""
        return moment_of(clock.read(self._isapi, self._zone).text)

    def set_clock(self, at: datetime) -> None:
        """Set the wall clock, and the zone with it."""
        clock.set_to(self._isapi, at, self._zone)

    def present(self) -> dict[str, str]:
        """The names of the people on the terminal by number."""
        return people.present(self._isapi)

    def put(self, those: Sequence[Person]) -> Iterator[Receipt]:
        """Put people on the terminal, or give them their names."""
        return (people.put(self._isapi, person) for person in those)

    def remove(self, pins: Sequence[str]) -> Iterator[Receipt]:
        """Remove people with their faces and cards."""
        return (people.remove(self._isapi, pin) for pin in pins)
