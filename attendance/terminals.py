"""Clock-in terminals: which are known, trusted, and whose PIN is whose."""

import re
from datetime import date
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING

from attendance.facts import Entry, Fact, Refused, Sealed, topic
from attendance.known import Dated
from attendance.people import bare
from attendance.shelf import Shelf
from attendance.zones import zone_minutes

if TYPE_CHECKING:
    from attendance.hall import Draft, Outcome

FAMILIES = ("zkteco", "hikvision", "dahua", "dingtalk", "wecom", "zktime", "manqin")
"""dingtalk, wecom and zktime come as sheets alone; manqin is the hall's own camera terminal."""
CLOCK_SET = 21
"""The kind of operation that changes a terminal's clock, as ZKTeco numbers it; other families' are told by the same."""
MOST_WAITING = 200
"""Anyone on the network can call under an invented serial number; the list must stay readable."""
SERIAL = re.compile(r"[0-9A-Z][0-9A-Z_.-]{0,39}")


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
    zone_in_minutes: bool = False
    """Some firmware takes its zone in minutes throughout; told hours, it would shift its clock."""
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


@topic("terminal.placed")
class TerminalPlaced(Fact, frozen=True, kw_only=True):
    """Where a terminal stands from now on, and which people it is for."""

    terminal: str
    place: str = ""
    windows: tuple[str, ...] = ()
    """The windows whose people use it; empty: everybody in the hall."""
    consent_rule: str = "heeded"
    """heeded: whoever took a consent to face recognition back, or let it run out, is taken off; required: only who
    consented is carried; none: the terminal knows no biometrics."""
    by_hand: bool = False
    """People are kept up at the terminal itself; the hall carries nobody there and takes nobody off."""
    encoding: str = ""
    """Of the names it is told; empty: as it writes itself, else UTF-8."""

    def key(self) -> tuple[str, ...]:
        return (self.terminal,)


@topic("terminal.suspended")
class TerminalSuspended(Fact, frozen=True, kw_only=True):
    """Nothing is taken from a terminal for a while; it keeps its records and tries again."""

    terminal: str
    lifted: bool = False
    """Whether it is over."""
    reason: Sealed | None = None

    def key(self) -> tuple[str, ...]:
        return (self.terminal,)


@topic("terminal.replaced")
class TerminalReplaced(Fact, frozen=True, kw_only=True):
    """A terminal broke; another took over its place, its name and its PINs. Its old punches stay its own."""

    terminal: str
    successor: str
    start: date
    """The first day on which its PINs are the successor's."""

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
class PinAssigned(Dated, Fact, frozen=True, kw_only=True):
    """On this terminal this PIN is this person, on these dates."""

    terminal: str
    pin: str
    no: str
    """Empty: the row was a mistake and counts for nothing."""
    start: date | None = None
    end: date | None = None

    def key(self) -> tuple[str, ...]:
        return (self.terminal, self.pin, str(self.start or ""))


class Terminals:
    """The register of terminals."""

    def __init__(self) -> None:
        self.called: Shelf[TerminalCalled] = Shelf(terminal=lambda fact: fact.terminal)
        self.accepted: Shelf[TerminalAccepted] = Shelf(terminal=lambda fact: fact.terminal)
        self.bound: Shelf[TerminalBound] = Shelf(terminal=lambda fact: fact.terminal)
        self.operated: Shelf[TerminalOperated] = Shelf(terminal=lambda fact: fact.terminal)
        self.placed: Shelf[TerminalPlaced] = Shelf(terminal=lambda fact: fact.terminal)
        self.suspended: Shelf[TerminalSuspended] = Shelf(terminal=lambda fact: fact.terminal)
        self.replaced: Shelf[TerminalReplaced] = Shelf(terminal=lambda fact: fact.terminal)

    def known(self, terminal: str) -> TerminalAccepted | None:
        """The acceptance of a terminal, None while nobody accepted it."""
        rows = self.accepted.find("terminal", terminal)
        return rows[0].fact if rows else None

    def address_of(self, terminal: str) -> str | None:
        rows = self.bound.find("terminal", terminal)
        return rows[0].fact.address if rows else None

    def placing(self, terminal: str) -> TerminalPlaced:
        """Where a terminal stands and whom it is for; everybody, as long as nobody said anything else."""
        rows = self.placed.find("terminal", terminal)
        return rows[0].fact if rows else TerminalPlaced(terminal=terminal)

    def suspension(self, terminal: str) -> Entry[TerminalSuspended] | None:
        """The suspension that holds now."""
        return next((row for row in self.suspended.find("terminal", terminal) if not row.fact.lifted), None)

    def replacement(self, terminal: str) -> Entry[TerminalReplaced] | None:
        """How a terminal was replaced, if it was."""
        return next(iter(self.replaced.find("terminal", terminal)), None)

    def state(self, terminal: str) -> str:
        """waiting, accepted, suspended or replaced."""
        if self.suspension(terminal):
            return "suspended"
        if self.replacement(terminal):
            return "replaced"
        return "accepted" if self.known(terminal) else "waiting"

    def waiting(self) -> list[Entry[TerminalCalled]]:
        return [entry for entry in self.called if not self.known(entry.fact.terminal)]


class Pins(Shelf[PinAssigned]):
    """Which PIN is whom."""

    def __init__(self) -> None:
        super().__init__(
            pin=lambda fact: (fact.terminal, bare(fact.pin)),
            no=lambda fact: fact.no,
            terminal=lambda fact: fact.terminal,
        )

    def rows(self, terminal: str, pin: str) -> list[Entry[PinAssigned]]:
        """Every row about a PIN on a terminal, those taken back left out."""
        return [row for row in self.find("pin", (terminal, bare(pin))) if row.fact.no]

    def on(self, terminal: str) -> list[Entry[PinAssigned]]:
        """Every row about a terminal, by PIN and then by date."""
        own = [row for row in self.find("terminal", terminal) if row.fact.no]
        return sorted(own, key=lambda row: (len(row.fact.pin), row.fact.pin, row.fact.start or date.min))

    def terminals_of(self, no: str) -> set[str]:
        """The terminals on which a person has PIN rows of their own."""
        return {entry.fact.terminal for entry in self.find("no", no)}


def serial(text: str) -> str:
    """A serial number as the register keeps it. Raises Refused for what cannot be one."""
    number = text.strip().upper()
    if not SERIAL.fullmatch(number):
        raise Refused("bad_serial", "sn", sn=text[:40])
    return number


def accepted(terminals: Terminals, sn: str) -> TerminalAccepted:
    """The acceptance of a terminal. Raises Refused when nobody accepted it."""
    terminal = terminals.known(serial(sn))
    if terminal is None:
        raise Refused("terminal_unknown", "sn", sn=serial(sn))
    return terminal


def accept(draft: "Draft", *, sn: str, family: str = "", zone: str = "", name: str = "") -> "Outcome":
    """Trust a terminal's punches from now on; what it keeps of the time before arrives when it tries again."""
    family = family.strip().lower() or "zkteco"
    if family not in FAMILIES:
        raise Refused("unknown_family", "family", family=family)
    return draft.record(
        TerminalAccepted(
            terminal=serial(sn),
            family=family,
            zone=zone_minutes(zone),
            zone_in_minutes=zone.endswith("min"),
            name=name.strip(),
        )
    )


def note_call(draft: "Draft", *, sn: str, family: str, address: str, words: str = "") -> bool:
    """Put a terminal nobody accepted on the list of those waiting. False when that list is full."""
    terminals, terminal = draft.book.terminals, serial(sn)
    if terminals.known(terminal) or terminals.called.find("terminal", terminal):
        return True
    if len(terminals.waiting()) >= MOST_WAITING:
        return False
    draft.record(TerminalCalled(terminal=terminal, family=family, address=address, words=words))
    return True


def bind(draft: "Draft", *, sn: str, address: str) -> "Outcome":
    """From now on the bare door takes this terminal's words from this network address alone."""
    terminal = serial(sn)
    if not draft.book.terminals.known(terminal):
        raise Refused("terminal_unknown", "sn", sn=terminal)
    return draft.record(TerminalBound(terminal=terminal, address=plain_address(address)))


def bind_first(draft: "Draft", *, sn: str, address: str) -> str:
    """Bind a terminal at its first contact after acceptance; returns the address it is bound to."""
    bound = draft.book.terminals.address_of(serial(sn))
    if bound is None:
        bind(draft, sn=sn, address=address)
    return bound or plain_address(address)


def plain_address(text: str) -> str:
    """A network address in its one spelling. Raises Refused for anything else."""
    try:
        address = ip_address(text.strip())
    except ValueError:
        raise Refused("bad_address", "address", address=text[:60]) from None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)
