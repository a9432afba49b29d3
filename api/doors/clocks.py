"""What comes through a door says of the terminal's clock, and what its clock says of what comes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from api.doors.contacts import Contact
from attendance.facts import Fact
from attendance.punches import Punched, ReadingQuarantined, doubted
from attendance.terminals import CLOCK_SET, TerminalOperated
from devices.clock import Sample
from devices.ports import Caller

WRONG_DAY = timedelta(hours=12)
"""A clock this far behind puts punches on other days than they were made: a person must look at them. By less they
count, and the alert says that the clock is wrong."""
AS_IT_HAPPENS = timedelta(minutes=2)
"""A reading whose delay is the clock's own error but for so much was just made, by that wrong clock."""


def received_there(caller: Caller) -> datetime:
    """When the call came, on the wall clock of the terminal's zone."""
    return caller.received.replace(tzinfo=None) + timedelta(minutes=caller.terminal.zone)


def astray(facts: Sequence[Fact], contact: Contact, caller: Caller) -> Sequence[Fact]:
    """The facts, those set aside that were made just now by a clock known to be days behind.

    Their date alone would not show it: a clock may fall back to last spring. A backlog is no such reading: its delays
    are its waiting, and agree with the clock's error in nothing.
    """
    here = received_there(caller)
    yesterday = here - WRONG_DAY
    if min([fact.at for fact in facts if type(fact) is Punched], default=here) > yesterday:
        return facts
    errors = [error for error in contact.clock_errors(caller.received) if error >= WRONG_DAY]
    return [_judged_again(fact, here, errors) for fact in facts]


def _judged_again(fact: Fact, here: datetime, errors: list[timedelta]) -> Fact:
    if isinstance(fact, Punched) and any(abs(here - fact.at - error) <= AS_IT_HAPPENS for error in errors):
        return doubted(fact)
    return fact


def read_clock(facts: Sequence[Fact], contact: Contact, caller: Caller) -> None:
    """Take the newest reading of an upload as a word about the clock; what was known before it was set is void. The
    running numbers of the readings are noted too."""
    kinds = set(map(type, facts))
    if TerminalOperated in kinds and any(isinstance(f, TerminalOperated) and f.kind == CLOCK_SET for f in facts):
        contact.forget_clock()
    shown = [fact.at for fact in facts if type(fact) is Punched]
    if ReadingQuarantined in kinds:
        shown += [fact.at for fact in facts if isinstance(fact, ReadingQuarantined) and fact.at is not None]
    if shown:
        contact.samples.append(Sample(received_there(caller), max(shown)))
    for serial in [fact.serial for fact in facts if type(fact) is Punched and fact.serial]:
        contact.serials.hear(serial)
