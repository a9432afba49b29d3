"""What became of the passcodes people type at camera terminals. Never a passcode, nor its hash."""

from typing import TYPE_CHECKING
from uuid import uuid4

from attendance import known
from attendance.facts import Fact, topic

if TYPE_CHECKING:
    from attendance.hall import Draft, Outcome


@topic("passcode.noted")
class PasscodeNoted(Fact, frozen=True, kw_only=True):
    """A passcode was chosen, given out, taken away, or locked; the event's actor says by whom."""

    event: str
    no: str
    what: str
    """passcode_chosen, passcode_given, passcode_taken, passcode_locked"""
    terminal: str = ""
    """Where it was locked."""

    def key(self) -> tuple[str, ...]:
        return (self.event,)


def noted(draft: "Draft", *, no: str, what: str, terminal: str = "") -> "Outcome":
    """Keep what happened to a person's passcode; each time is a fact of its own."""
    number = known.person(draft.book, no)
    return draft.record(PasscodeNoted(event=str(uuid4()), no=number, what=what, terminal=terminal))
