"""One visit to a ZKTeco terminal over port 4370: everything the hall may do there, and nothing else."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from attendance.facts import Refused
from devices.calling import Line
from devices.ports import Mark, Person, Receipt
from devices.zkteco import port, userlist
from devices.zkteco.pull import Reconciliation
from devices.zkteco.session import Session


class Visit:
    """`devices.ports.Visit` for ZKTeco."""

    def __init__(self, line: Line, zone: int) -> None:  # noqa: ARG002 - the terminal tells wall clock time alone
        self._line = line
        self._session = Session(line)

    def check_identity(self, serial: str) -> None:
        """Make sure that the terminal at this address is the one meant. Raises Refused when it says to be another."""
        told = self._session.ask(port.serial).upper()
        if told and told != serial:
            raise Refused("terminal_is_another", "--url", url=self._line.url, sn=serial, told=told[:60])

    def reconciliation(self, since: Mark) -> Reconciliation:
        return Reconciliation(self._session, since)

    def clock(self) -> datetime | None:
        """The terminal's wall clock; None while it shows a day there is not."""
        return self._session.ask(port.shown)

    def set_clock(self, at: datetime) -> None:
        """Set the wall clock; the terminal keeps its zone to itself."""
        self._session.ask(lambda talk: port.set_clock(talk, at))

    def present(self) -> dict[str, str]:
        """The names of the people on the terminal by number."""
        return userlist.present(self._session)

    def put(self, those: Sequence[Person]) -> Iterator[Receipt]:
        """Put people on the terminal, or give them their names."""
        return userlist.put(self._session, those)

    def remove(self, pins: Sequence[str]) -> Iterator[Receipt]:
        """Remove people with their templates."""
        return userlist.remove(self._session, pins)
