"""The hall's own camera terminals: which tablet or computer stands for which, as long as the office wants it."""

from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace

from attendance import known
from attendance.facts import Fact, Refused, topic
from attendance.shelf import Shelf
from attendance.terminals import TerminalAccepted, accept

if TYPE_CHECKING:
    from attendance.hall import Draft, Outcome

FAMILY = "manqin"
Challenge = Literal["always", "random", "never"]
CHALLENGES: tuple[Challenge, ...] = ("always", "random", "never")
NAMES = ("surname", "full", "number")


@topic("terminal.paired")
class TerminalPaired(Fact, frozen=True, kw_only=True):
    """A tablet or computer with a camera was given a terminal's place. Its credential is not in the log."""

    terminal: str
    pairing: str
    """Made anew for each device that is paired."""
    challenge: Challenge = "random"
    """always, random, never: how often somebody is asked to prove they are no picture."""
    names: str = "surname"
    """surname, full, number: how the screen calls people in front of the queue."""
    borrows: bool = False
    """Whether it matches faces by itself (`manqin terminal`) and may borrow everybody's templates for a day."""

    def key(self) -> tuple[str, ...]:
        return (self.terminal, self.pairing)


@topic("terminal.unpaired")
class TerminalUnpaired(Fact, frozen=True, kw_only=True):
    """A device does not stand for the terminal any more."""

    terminal: str
    pairing: str

    def key(self) -> tuple[str, ...]:
        return (self.pairing,)


@topic("gallery.lent")
class GalleryLent(Fact, frozen=True, kw_only=True):
    """A terminal that matches by itself got everybody's templates, closed, for a limited time."""

    terminal: str
    lease: str
    people: int
    lasts: int
    """Seconds."""

    def key(self) -> tuple[str, ...]:
        return (self.lease,)


class Pairings:
    """Every pairing, and which of them ended."""

    def __init__(self) -> None:
        self.paired: Shelf[TerminalPaired] = Shelf(terminal=lambda fact: fact.terminal)
        self.unpaired: Shelf[TerminalUnpaired] = Shelf(pairing=lambda fact: fact.pairing)

    def standing(self, terminal: str) -> TerminalPaired | None:
        """The pairing of a terminal that holds now."""
        rows = [entry.fact for entry in self.paired.find("terminal", terminal)]
        return next((fact for fact in reversed(rows) if not self.unpaired.find("pairing", fact.pairing)), None)


def pair(
    draft: "Draft",
    *,
    pairing: str,
    sn: str = "",
    name: str = "",
    zone: str = "",
    challenge: str = "random",
    names: str = "surname",
    borrows: bool = False,
) -> str:
    """Let a device stand for a camera terminal: a new one, or the one of `sn` in place of its old device.

    Returns the terminal's serial number.
    """
    terminals = draft.book.terminals
    sn = known.terminal(draft.book, sn) if sn else _next_number(draft)
    here = terminals.known(sn)
    if here is not None and here.family != FAMILY:
        raise Refused("not_a_camera_terminal", "sn", sn=sn)
    if here is None:
        accept(draft, sn=sn, family=FAMILY, zone=zone, name=known.given(name.strip(), "name"))
    elif draft.book.pairings.standing(sn):
        unpair(draft, sn=sn)
    draft.record(
        TerminalPaired(
            terminal=sn, pairing=pairing, challenge=_challenge(challenge), names=_names(names), borrows=borrows
        )
    )
    return sn


def unpair(draft: "Draft", *, sn: str) -> "Outcome":
    """The device that stands for a terminal does so no longer. The terminal stays in the register."""
    paired = standing(draft, sn)
    return draft.record(TerminalUnpaired(terminal=paired.terminal, pairing=paired.pairing))


def settle(draft: "Draft", *, sn: str, challenge: str, names: str) -> "Outcome":
    """Change how a paired terminal asks and what it shows."""
    paired = standing(draft, sn)
    return draft.record(replace(paired, challenge=_challenge(challenge), names=_names(names)))


def standing(draft: "Draft", sn: str) -> TerminalPaired:
    """The pairing of a terminal. Raises Refused when no device stands for it."""
    paired = draft.book.pairings.standing(known.terminal(draft.book, sn))
    if paired is None:
        raise Refused("not_paired", "sn", sn=sn)
    return paired


def camera_terminals(accepted: "Shelf[TerminalAccepted]") -> list[TerminalAccepted]:
    """The camera terminals of the register."""
    return [entry.fact for entry in accepted if entry.fact.family == FAMILY]


def _next_number(draft: "Draft") -> str:
    taken = {entry.fact.terminal for entry in draft.book.terminals.accepted}
    return next(sn for number in range(1, len(taken) + 2) if (sn := f"MQ-{number:04d}") not in taken)


def _challenge(text: str) -> Challenge:
    found = next((one for one in CHALLENGES if one == text), None)
    if found is None:
        raise Refused("challenge_unknown", "challenge", value=text)
    return found


def _names(text: str) -> str:
    if text not in NAMES:
        raise Refused("names_unknown", "names", value=text)
    return text
