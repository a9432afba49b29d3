"""What becomes of readings that could not be punches: somebody looked at one and put it aside for good."""

from typing import TYPE_CHECKING
from uuid import UUID

from attendance.facts import Fact, Refused, Sealed, topic

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


def dismiss(draft: "Draft", *, reading: UUID, reason: str) -> "Outcome":
    """The reading is no open question any more; the reason is owed, for whoever asks later."""
    entry = draft.book.quarantine.get(reading)
    if entry is None:
        raise Refused("reading_unknown", "reading", reading=reading)
    if not reason.strip():
        raise Refused("dismissal_needs_reason", "reason")
    sealed = draft.seal("", reason.strip())
    return draft.record(ReadingDismissed(reading=str(reading), terminal=entry.fact.terminal, reason=sealed))
