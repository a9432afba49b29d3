"""Clock-in terminals: which are known, trusted, and whose PIN is whose."""

from datetime import date

from attendance.facts import Entry, Fact, topic
from attendance.people import bare
from attendance.shelf import Shelf


@topic("terminal.called")
class TerminalCalled(Fact, frozen=True, kw_only=True):
    """A terminal nobody has accepted called for the first time; it waits."""

    terminal: str
    family: str
    address: str = ""
    words: str = ""
    """Model and firmware as the terminal told them, from an allow-list of fields."""

    def key(self) -> tuple[str, ...]:
        return (self.terminal,)


@topic("terminal.accepted")
class TerminalAccepted(Fact, frozen=True, kw_only=True):
    """The administrator trusts a terminal's punches from now on."""

    terminal: str
    family: str = "zkteco"
    zone: int = 480
    """Minutes east of UTC of the terminal's wall clock."""
    name: str = ""

    def key(self) -> tuple[str, ...]:
        return (self.terminal,)


@topic("terminal.bound")
class TerminalBound(Fact, frozen=True, kw_only=True):
    """From now on the bare door takes this terminal's words from this network address alone."""

    terminal: str
    address: str

    def key(self) -> tuple[str, ...]:
        return (self.terminal,)


@topic("terminal.operated")
class TerminalOperated(Fact, frozen=True, kw_only=True):
    """Someone did something at the terminal itself: set its clock, deleted records, enrolled a face."""

    terminal: str
    kind: int
    operator: str = ""
    at: str = ""
    objects: tuple[str, ...] = ()

    def key(self) -> tuple[str, ...]:
        return (self.terminal, str(self.kind), self.operator, self.at, *self.objects)


@topic("pin.assigned")
class PinAssigned(Fact, frozen=True, kw_only=True):
    """On this terminal this PIN is this person, on these dates."""

    terminal: str
    pin: str
    no: str
    start: date | None = None
    end: date | None = None

    def key(self) -> tuple[str, ...]:
        return (self.terminal, self.pin, str(self.start or ""))

    def holds_on(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


class Terminals:
    """The register of terminals."""

    def __init__(self) -> None:
        self.called: Shelf[TerminalCalled] = Shelf(terminal=lambda fact: fact.terminal)
        self.accepted: Shelf[TerminalAccepted] = Shelf(terminal=lambda fact: fact.terminal)
        self.bound: Shelf[TerminalBound] = Shelf(terminal=lambda fact: fact.terminal)
        self.operated: Shelf[TerminalOperated] = Shelf(terminal=lambda fact: fact.terminal)

    def known(self, terminal: str) -> TerminalAccepted | None:
        rows = self.accepted.find("terminal", terminal)
        return rows[0].fact if rows else None

    def address_of(self, terminal: str) -> str | None:
        rows = self.bound.find("terminal", terminal)
        return rows[0].fact.address if rows else None

    def waiting(self) -> list[Entry[TerminalCalled]]:
        return [entry for entry in self.called if not self.known(entry.fact.terminal)]


class Pins(Shelf[PinAssigned]):
    """Which PIN is whom."""

    def __init__(self) -> None:
        super().__init__(pin=lambda fact: (fact.terminal, bare(fact.pin)), no=lambda fact: fact.no)

    def rows(self, terminal: str, pin: str) -> list[Entry[PinAssigned]]:
        return self.find("pin", (terminal, bare(pin)))

    def terminals_of(self, no: str) -> set[str]:
        """The terminals on which a person has PIN rows of their own."""
        return {entry.fact.terminal for entry in self.find("no", no)}
