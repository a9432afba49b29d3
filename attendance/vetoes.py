"""Vetoes (一票否决): what caps a person's month and takes every prize from it."""

from typing import TYPE_CHECKING

from attendance import known
from attendance.facts import Fact, Sealed, topic
from attendance.shelf import Shelf

if TYPE_CHECKING:
    from attendance.hall import Draft, Outcome


@topic("veto.raised")
class VetoRaised(Fact, frozen=True, kw_only=True):
    """A person's month is capped and takes no prize."""

    month: str
    no: str
    trigger: str
    note: Sealed | None = None

    def key(self) -> tuple[str, ...]:
        return (self.month, self.no, self.trigger)


class Vetoes(Shelf[VetoRaised]):
    def __init__(self) -> None:
        super().__init__(month=lambda fact: fact.month)


def veto(draft: "Draft", *, month: str, no: str, trigger: str, note: str = "") -> "Outcome":
    """A person's month is vetoed, for a trigger of the policy in force that month."""
    no = known.person(draft.book, no)
    trigger = known.trigger(draft.book.policies.in_force(month), trigger)
    return draft.record(VetoRaised(month=month, no=no, trigger=trigger, note=draft.seal(no, note)))
