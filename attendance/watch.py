"""What the watch over terminals saw: which fell silent and came back, whose clock went astray and was put right.

Each is told once when it begins and once when it ends, so that a terminal with a bad cable does not fill the log.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from attendance import known
from attendance.facts import Entry, F, Fact, Refused, Sealed, topic
from attendance.shelf import Shelf

if TYPE_CHECKING:
    from attendance.hall import Draft, Outcome


@topic("terminal.fell_silent")
class TerminalFellSilent(Fact, frozen=True, kw_only=True):
    """A terminal that calls at steady intervals called no more."""

    terminal: str
    since: datetime
    """Its last call, on the hall's wall clock."""

    def key(self) -> tuple[str, ...]:
        return (self.terminal, self.since.isoformat(" "))


@topic("terminal.returned")
class TerminalReturned(Fact, frozen=True, kw_only=True):
    """A terminal that had fallen silent called again."""

    terminal: str
    since: datetime
    """The last call before its silence."""
    until: datetime
    """Its first call after it."""

    def key(self) -> tuple[str, ...]:
        return (self.terminal, self.since.isoformat(" "))


@topic("terminal.clock_strayed")
class TerminalClockStrayed(Fact, frozen=True, kw_only=True):
    """A terminal's clock differs from the hall's by more than the policy lets pass."""

    terminal: str
    since: datetime
    """When it was noticed, on the hall's wall clock."""
    seconds: int
    """By how much it is behind; negative when it runs before."""

    def key(self) -> tuple[str, ...]:
        return (self.terminal, self.since.isoformat(" "))


@topic("terminal.clock_agreed")
class TerminalClockAgreed(Fact, frozen=True, kw_only=True):
    """A terminal's clock that had gone astray is right again."""

    terminal: str
    since: datetime
    until: datetime
    """When that was noticed."""

    def key(self) -> tuple[str, ...]:
        return (self.terminal, self.since.isoformat(" "))


@topic("terminal.clock_settled")
class TerminalClockSettled(Fact, frozen=True, kw_only=True):
    """Somebody looked at the time during which a terminal's clock was wrong: nothing more is to be done, and why."""

    terminal: str
    since: datetime
    """When the clock was noticed to be wrong."""
    reason: Sealed | None = None

    def key(self) -> tuple[str, ...]:
        return (self.terminal, self.since.isoformat(" "))


class Watch:
    """Everything the watch saw."""

    def __init__(self) -> None:
        self.silent: Shelf[TerminalFellSilent] = Shelf(terminal=lambda fact: fact.terminal)
        self.returned: Shelf[TerminalReturned] = Shelf(terminal=lambda fact: fact.terminal)
        self.strayed: Shelf[TerminalClockStrayed] = Shelf(terminal=lambda fact: fact.terminal)
        self.agreed: Shelf[TerminalClockAgreed] = Shelf(terminal=lambda fact: fact.terminal)
        self.settled: Shelf[TerminalClockSettled] = Shelf(terminal=lambda fact: fact.terminal)

    def silence(self, terminal: str) -> Entry[TerminalFellSilent] | None:
        """The silence that goes on now."""
        return _open(self.silent.find("terminal", terminal), self.returned.find("terminal", terminal))

    def stray(self, terminal: str) -> Entry[TerminalClockStrayed] | None:
        """How the clock is known to be wrong now."""
        return _open(self.strayed.find("terminal", terminal), self.agreed.find("terminal", terminal))

    def silences(self) -> list[Entry[TerminalFellSilent]]:
        """Every silence that goes on now."""
        return _all_open(self.silent, self.returned)

    def strays(self) -> list[Entry[TerminalClockStrayed]]:
        """Every clock that is known to be wrong now."""
        return _all_open(self.strayed, self.agreed)

    def end_of(self, stray: TerminalClockStrayed) -> datetime | None:
        """When a clock that went astray was found right again; None while it was not."""
        ends = self.agreed.find("terminal", stray.terminal)
        return next((entry.fact.until for entry in ends if entry.fact.since == stray.since), None)

    def is_settled(self, stray: TerminalClockStrayed) -> bool:
        return any(entry.fact.since == stray.since for entry in self.settled.find("terminal", stray.terminal))


def _all_open(begun: Iterable[Entry[F]], ended: Iterable[Entry[Fact]]) -> list[Entry[F]]:
    ends = {entry.fact.key() for entry in ended}
    return [entry for entry in begun if entry.fact.key() not in ends]


def _open(begun: list[Entry[F]], ended: Sequence[Entry[Fact]]) -> Entry[F] | None:
    return next(reversed(_all_open(begun, ended)), None)


def note_silence(draft: "Draft", *, sn: str, since: datetime) -> "Outcome":
    """A terminal has not called since a moment. Nothing new while it is known to be silent."""
    terminal = known.terminal(draft.book, sn)
    if draft.book.watch.silence(terminal):
        return "repeated"
    return draft.record(TerminalFellSilent(terminal=terminal, since=since))


def note_return(draft: "Draft", *, sn: str, until: datetime) -> TerminalReturned | None:
    """A terminal calls again; returns the silence that ended, None when it was not silent."""
    silence = draft.book.watch.silence(known.terminal(draft.book, sn))
    if silence is None:
        return None
    ended = TerminalReturned(terminal=silence.fact.terminal, since=silence.fact.since, until=until)
    draft.record(ended)
    return ended


def note_stray(draft: "Draft", *, sn: str, since: datetime, seconds: int) -> "Outcome":
    """A terminal's clock is wrong. Nothing new while it is known to be."""
    terminal = known.terminal(draft.book, sn)
    if draft.book.watch.stray(terminal):
        return "repeated"
    return draft.record(TerminalClockStrayed(terminal=terminal, since=since, seconds=seconds))


def note_agreement(draft: "Draft", *, sn: str, until: datetime) -> "Outcome":
    """A terminal's clock is right again."""
    stray = draft.book.watch.stray(known.terminal(draft.book, sn))
    if stray is None:
        return "repeated"
    return draft.record(TerminalClockAgreed(terminal=stray.fact.terminal, since=stray.fact.since, until=until))


def settle(draft: "Draft", *, sn: str, since: datetime, reason: str) -> "Outcome":
    """Somebody looked at what a wrong clock did; the reason is owed, for whoever asks later."""
    terminal = known.terminal(draft.book, sn)
    strays = [entry.fact for entry in draft.book.watch.strayed.find("terminal", terminal)]
    if not any(stray.since == since for stray in strays):
        raise Refused("stray_unknown", "since", sn=terminal, since=since)
    if not reason.strip():
        raise Refused("settling_needs_reason", "reason")
    sealed = draft.seal("", reason.strip())
    return draft.record(TerminalClockSettled(terminal=terminal, since=since, reason=sealed))
