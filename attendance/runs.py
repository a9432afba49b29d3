"""Runs of readings whose time alone is wrong: a person says by how much, or that they count for nothing.

A terminal that lost its clock goes on punching from 2000-01-01 or from some day to come; everything it reads until
somebody sets its clock is wrong by one and the same amount. What it sent stays as it came, whatever is decided.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from attendance.facts import Entry, Fact, Refused, Sealed, topic
from attendance.punches import AHEAD, FIRST_YEAR, WRONG_CLOCK, Punched, ReadingQuarantined
from attendance.shelf import Shelf

if TYPE_CHECKING:
    from attendance.hall import Draft, Outcome

LONGEST_GAP = timedelta(days=10)
"""Between two readings of one run: no hall is closed for longer (national holidays with their weekends: 8 days)."""
MOST = 2_000
"""Readings of one run; a longer one is decided in parts."""
SHIFT = re.compile(
    r"([+-]?)\s*(?:(\d{1,6})\s*(?:d|天))?\s*(?:(\d{1,6})\s*(?:h|小?时))?\s*(?:(\d{1,6})\s*(?:m|分[钟]?))?"
    r"\s*(?:(\d{1,6})\s*(?:s|秒))?",
    re.IGNORECASE,
)


@topic("run.accepted")
class RunAccepted(Fact, frozen=True, kw_only=True):
    """Readings with a wrong time were made so many seconds later than their terminal's clock said: they are punches."""

    terminal: str
    readings: tuple[str, ...]
    """The facts of the readings, in the order they came."""
    shift: int
    """Seconds added to the time of each; negative for a clock that ran before the true time."""
    reason: Sealed | None = None

    def key(self) -> tuple[str, ...]:
        return self.readings[:1]


@topic("run.dismissed")
class RunDismissed(Fact, frozen=True, kw_only=True):
    """Readings with a wrong time were looked at and count for nothing; they stay in the log as they came."""

    terminal: str
    readings: tuple[str, ...]
    reason: Sealed | None = None

    def key(self) -> tuple[str, ...]:
        return self.readings[:1]


class Run(NamedTuple):
    """Readings of one terminal that followed one another, wrong by the same amount as far as can be told."""

    readings: tuple[Entry[ReadingQuarantined], ...]

    @property
    def id(self) -> UUID:
        """That of the first reading: it stays while the run grows."""
        return self.readings[0].id

    @property
    def terminal(self) -> str:
        return self.readings[0].fact.terminal

    @property
    def reason(self) -> str:
        return self.readings[0].fact.reason

    @property
    def first(self) -> datetime:
        return shown(self.readings[0])

    @property
    def last(self) -> datetime:
        return shown(self.readings[-1])

    @property
    def least_delay(self) -> timedelta:
        """How long after its own claimed time the promptest reading reached us: by so much the clock was wrong, if it
        was sent as it happened; by less, if all of them waited."""
        return min(received(entry) - shown(entry) for entry in self.readings)


def shown(entry: Entry[ReadingQuarantined]) -> datetime:
    """What the terminal's clock showed."""
    assert entry.fact.at is not None
    return entry.fact.at


def received(entry: Entry[ReadingQuarantined]) -> datetime:
    """When a reading reached us, on the wall clock of the terminal's zone."""
    at = datetime.fromtimestamp(entry.recorded_at // 1_000_000, UTC).replace(tzinfo=None)
    return at + timedelta(minutes=entry.fact.zone)


class Runs:
    """What was decided about runs."""

    def __init__(self) -> None:
        self.accepted: Shelf[RunAccepted] = Shelf(terminal=lambda fact: fact.terminal)
        self.dismissed: Shelf[RunDismissed] = Shelf(terminal=lambda fact: fact.terminal)

    def decided(self) -> dict[str, RunAccepted | RunDismissed]:
        """The decision about each reading that one was taken about, by the reading's id."""
        decisions = [entry.fact for shelf in (self.accepted, self.dismissed) for entry in shelf]
        return {reading: fact for fact in decisions for reading in fact.readings}


def grouped(entries: Iterable[Entry[ReadingQuarantined]]) -> list[Run]:
    """Readings with a wrong clock as runs. Within one terminal and reason a run goes on while its time goes forward by
    no more than `LONGEST_GAP`: a clock that falls back was lost once more, and is wrong by another amount."""
    under_way: dict[tuple[str, str], list[Entry[ReadingQuarantined]]] = {}
    found: list[list[Entry[ReadingQuarantined]]] = []
    for entry in entries:
        if entry.fact.reason not in WRONG_CLOCK or entry.fact.at is None:
            continue
        place = (entry.fact.terminal, entry.fact.reason)
        run = under_way.get(place)
        if run is None or not _goes_on(run, entry):
            run = under_way[place] = []
            found.append(run)
        run.append(entry)
    return [Run(tuple(run)) for run in found]


def _goes_on(run: Sequence[Entry[ReadingQuarantined]], entry: Entry[ReadingQuarantined]) -> bool:
    later = shown(entry) - shown(run[-1])
    return len(run) < MOST and timedelta() <= later <= LONGEST_GAP


def shift_of(text: str) -> timedelta:
    """The shift meant by ``+9427d 3h 12m 5s`` or ``-5分``. Raises Refused for anything else."""
    found = SHIFT.fullmatch(text.strip())
    if found is None or not any(found.groups()[1:]):
        raise Refused("bad_shift", "shift", shift=text[:60])
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    shift = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -shift if found[1] == "-" else shift


def checked(run: Run, shift: timedelta) -> timedelta:
    """A shift that could be the truth. Raises Refused when a reading would have been made after it reached us, or
    before anybody had such terminals."""
    try:
        moved = [shown(entry) + shift for entry in run.readings]
    except OverflowError:
        raise Refused("shift_impossible", "shift", first=run.first) from None
    late = next((at for entry, at in zip(run.readings, moved, strict=True) if at > received(entry) + AHEAD), None)
    if late is not None:
        raise Refused("shift_after_receipt", "shift", at=late)
    if moved[0].year < FIRST_YEAR:
        raise Refused("shift_too_early", "shift", at=moved[0])
    return shift


def shifted(entry: Entry[ReadingQuarantined], shift: timedelta) -> Punched:
    """The punch that a reading was, once its time is put right."""
    fact = entry.fact
    return Punched(
        terminal=fact.terminal,
        pin=fact.pin,
        at=shown(entry) + shift,
        zone=fact.zone,
        road=fact.road,
        source=fact.source,
        raw=fact.raw,
        shifted_from=str(entry.id),
    )


def accept(draft: "Draft", *, run: UUID, count: int, shift: timedelta, reason: str = "") -> "Outcome":
    """The run's readings count as punches, each moved by the same amount. `count` is how many the person saw."""
    readings = _of(draft, run, RunAccepted, count)
    if readings is None:
        return _again(draft, run, RunAccepted, shift)
    move = checked(readings, shift)
    outcome = draft.record(
        RunAccepted(
            terminal=readings.terminal,
            readings=tuple(str(entry.id) for entry in readings.readings),
            shift=int(move.total_seconds()),
            reason=draft.seal("", reason.strip()),
        )
    )
    for entry in readings.readings:
        draft.sight(shifted(entry, move))
    return outcome


def dismiss(draft: "Draft", *, run: UUID, count: int, reason: str) -> "Outcome":
    """The run's readings count for nothing; the reason is owed, for whoever asks later."""
    if not reason.strip():
        raise Refused("dismissal_needs_reason", "reason")
    readings = _of(draft, run, RunDismissed, count)
    if readings is None:
        return "repeated"
    return draft.record(
        RunDismissed(
            terminal=readings.terminal,
            readings=tuple(str(entry.id) for entry in readings.readings),
            reason=draft.seal("", reason.strip()),
        )
    )


def _of(draft: "Draft", run: UUID, kind: type[Fact], count: int) -> Run | None:
    """The open run of an id; None when the same was decided about it already. Raises Refused for any other."""
    found = next((one for one in draft.book.open_runs() if one.id == run), None)
    if found is None:
        decision = draft.book.runs.decided().get(str(run))
        if decision is None:
            raise Refused("run_unknown", "run", run=run)
        if not isinstance(decision, kind):
            raise Refused("run_decided", "run", run=run)
        return None
    if len(found.readings) != count:
        raise Refused("run_moved", "run", count=len(found.readings), seen=count)
    return found


def _again(draft: "Draft", run: UUID, kind: type[RunAccepted], shift: timedelta) -> "Outcome":
    """The same decision told again; another shift would make two punches of one reading."""
    decision = draft.book.runs.decided()[str(run)]
    if not isinstance(decision, kind) or decision.shift != int(shift.total_seconds()):
        raise Refused("run_decided", "run", run=run)
    return "repeated"
