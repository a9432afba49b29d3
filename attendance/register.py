"""What becomes of an accepted terminal: described, moved, suspended, resumed, replaced."""

from datetime import date
from typing import TYPE_CHECKING

from attendance import known
from attendance.facts import Refused
from attendance.pins import assign
from attendance.terminals import (
    TerminalAccepted,
    TerminalPlaced,
    TerminalReplaced,
    Terminals,
    TerminalSuspended,
    accepted,
    serial,
)
from attendance.zones import zone_minutes

if TYPE_CHECKING:
    from attendance.hall import Draft, Outcome

CONSENT_RULES = ("heeded", "required", "none")
ENCODINGS = ("", "utf-8", "gb18030")


def describe(draft: "Draft", *, sn: str, name: str, zone: str) -> "Outcome":
    """What a terminal is called, and in which zone its clock runs; punches already made keep theirs."""
    terminal = accepted(draft.book.terminals, sn)
    fact = TerminalAccepted(
        terminal=terminal.terminal,
        family=terminal.family,
        zone=zone_minutes(zone) if zone else terminal.zone,
        zone_in_minutes=zone.endswith("min") if zone else terminal.zone_in_minutes,
        name=name.strip(),
    )
    return draft.record(fact)


def place(
    draft: "Draft",
    *,
    sn: str,
    place: str = "",
    windows: tuple[str, ...] = (),
    consent_rule: str = "heeded",
    by_hand: bool = False,
    encoding: str = "",
) -> "Outcome":
    """Where a terminal stands, and whose it is: without windows, everybody's."""
    if consent_rule not in CONSENT_RULES:
        raise Refused("unknown_consent_rule", "consent_rule", value=consent_rule, listed=CONSENT_RULES)
    if encoding not in ENCODINGS:
        raise Refused("unknown_encoding", "encoding", value=encoding, listed=ENCODINGS[1:])
    fact = TerminalPlaced(
        terminal=known.terminal(draft.book, sn),
        place=place.strip(),
        windows=tuple(known.window(draft.book, window) for window in windows),
        consent_rule=consent_rule,
        by_hand=by_hand,
        encoding=encoding,
    )
    return draft.record(fact)


def suspend(draft: "Draft", *, sn: str, reason: str) -> "Outcome":
    """Take nothing from a terminal until it is resumed; it keeps its records and tries again. The reason is owed."""
    terminal = accepted(draft.book.terminals, sn).terminal
    if not reason.strip():
        raise Refused("suspension_needs_reason", "reason")
    if draft.book.terminals.suspension(terminal):
        raise Refused("suspended_already", "sn", sn=terminal)
    return draft.record(TerminalSuspended(terminal=terminal, reason=draft.seal("", reason.strip())))


def resume(draft: "Draft", *, sn: str) -> "Outcome":
    """Take a terminal's records again; those it kept meanwhile arrive by themselves."""
    terminal = accepted(draft.book.terminals, sn).terminal
    if not draft.book.terminals.suspension(terminal):
        raise Refused("not_suspended", "sn", sn=terminal)
    return draft.record(TerminalSuspended(terminal=terminal, lifted=True))


def replace(draft: "Draft", *, sn: str, successor: str, start: date) -> "Outcome":
    """A terminal broke: from a day on another stands at its place, under its name, with its PINs.

    What the old one still holds may come in later and stays its own: it is neither renamed nor shut out.
    """
    old, new = accepted(draft.book.terminals, sn), serial(successor)
    _check_successor(draft.book.terminals, old.terminal, new)
    draft.record(
        TerminalAccepted(
            terminal=new,
            family=_family(draft.book.terminals, new) or old.family,
            zone=old.zone,
            zone_in_minutes=old.zone_in_minutes,
            name=old.name,
        )
    )
    placing = draft.book.terminals.placing(old.terminal)
    place(
        draft,
        sn=new,
        place=placing.place,
        windows=placing.windows,
        consent_rule=placing.consent_rule,
        by_hand=placing.by_hand,
        encoding=placing.encoding,
    )
    _hand_over_pins(draft, old.terminal, new, start)
    return draft.record(TerminalReplaced(terminal=old.terminal, successor=new, start=start))


def _check_successor(terminals: Terminals, old: str, new: str) -> None:
    if new == old:
        raise Refused("replaced_by_itself", "successor", sn=old)
    if before := terminals.replacement(old):
        raise Refused("replaced_already", "sn", sn=old, successor=before.fact.successor)
    if terminals.replacement(new):
        raise Refused("successor_replaced", "successor", sn=new)


def _family(terminals: Terminals, sn: str) -> str:
    """What a terminal that was accepted, or called, is known to be."""
    known_as = terminals.known(sn)
    called = terminals.called.find("terminal", sn)
    return known_as.family if known_as else called[0].fact.family if called else ""


def _hand_over_pins(draft: "Draft", old: str, new: str, start: date) -> None:
    """Whoever had a PIN on the old terminal on the day or later has it on the new one from then."""
    for row in (entry.fact for entry in draft.book.pins.on(old)):
        if row.end is None or row.end >= start:
            begins = max(row.start or start, start)
            assign(draft, terminal=new, pin=row.pin, no=row.no, start=begins, end=row.end)
