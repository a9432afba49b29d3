"""What becomes of readings that could not be punches: somebody looked at one and put it aside for good."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from attendance.facts import Fact, Refused, Sealed, topic
from attendance.punches import Punched, ReadingQuarantined
from attendance.shelf import Shelf

if TYPE_CHECKING:
    from attendance.hall import Draft, Outcome


@topic("reading.dismissed")
class ReadingDismissed(Fact, frozen=True, kw_only=True):
    """A reading set aside was looked at and counts for nothing; it stays in the log as it came."""

    reading: str
    """The fact of the reading."""
    terminal: str
    reason: Sealed | None = None

    def key(self) -> tuple[str, ...]:
        return (self.reading,)


class Quarantine(Shelf[ReadingQuarantined]):
    """Everything set aside."""

    def __init__(self) -> None:
        super().__init__(terminal=lambda fact: fact.terminal, moment=lambda fact: (fact.terminal, fact.pin, fact.at))

    def as_known(self, facts: Sequence[Fact]) -> Sequence[Fact]:
        """What comes in, and in place of each reading that was set aside before, by whatever road, that sighting: a
        time that lay in the future once would pass for a good one when the terminal sends its log again."""
        return [self._as_known(fact) for fact in facts] if len(self) else facts

    def _as_known(self, fact: Fact) -> Fact:
        if isinstance(fact, Punched | ReadingQuarantined) and fact.at is not None:
            for entry in self.find("moment", (fact.terminal, fact.pin, fact.at)):
                return entry.fact
        return fact


def dismiss(draft: "Draft", *, reading: UUID, reason: str) -> "Outcome":
    """The reading is no open question any more; the reason is owed, for whoever asks later."""
    entry = draft.book.quarantine.get(reading)
    if entry is None:
        raise Refused("reading_unknown", "reading", reading=reading)
    if not reason.strip():
        raise Refused("dismissal_needs_reason", "reason")
    sealed = draft.seal("", reason.strip())
    return draft.record(ReadingDismissed(reading=str(reading), terminal=entry.fact.terminal, reason=sealed))
