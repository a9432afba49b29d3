"""Patrol: what an inspector saw."""

from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple

from attendance import known
from attendance.facts import Entry, Fact, Refused, Sealed, topic
from attendance.shelf import Shelf

if TYPE_CHECKING:
    from attendance.hall import Draft, Outcome

State = Literal["noted", "withdrawn", "overturned"]
SOURCES = ("round", "video", "visitor")
"""On a round; at the video wall; from an outside visitor (政务服务体验官)."""
USER = "user:"


class Seen(Fact, frozen=True, kw_only=True):
    """What an inspector tells, good or bad: when and where, of whom, and how it reached the hall."""

    seen_at: datetime
    window: str = ""
    no: str = ""
    code: str
    """Of the policy: of its findings, or for something good of its bonuses."""
    note: Sealed | None = None
    account: str = ""
    """The account of who saw it; empty when a sheet tells it."""
    tablet: str = ""
    tablet_at: datetime | None = None
    """The tablet's own clock; `seen_at` is corrected where that was wrong."""
    offset_seconds: int = 0
    """How far the tablet's clock was ahead of the hall's when it told."""
    source: str = ""
    """round, video or visitor."""
    on_round: str = ""
    """The round it was seen on."""
    photos: tuple[str, ...] = ()
    """SHA-256 of each photo's bytes."""


@topic("finding.noted")
class FindingNoted(Seen, frozen=True, kw_only=True):
    """An inspector saw something at a window, and perhaps who it was."""

    finding: str
    """The finding's own number, from the tablet or the sheet."""
    inspector: Sealed | None = None

    def key(self) -> tuple[str, ...]:
        return (self.finding,)


@topic("finding.withdrawn")
class FindingWithdrawn(Fact, frozen=True, kw_only=True):
    """The inspector takes a finding back."""

    finding: str
    reason: Sealed | None = None
    undo: bool = False
    """Taken back within the minute, which needs no reason."""

    def key(self) -> tuple[str, ...]:
        return (self.finding,)


@topic("finding.overturned")
class FindingOverturned(Fact, frozen=True, kw_only=True):
    """An appeal against a finding was upheld."""

    finding: str
    reason: Sealed | None = None

    def key(self) -> tuple[str, ...]:
        return (self.finding,)


class Told(NamedTuple):
    """How a finding reached the hall: nothing of it when a sheet tells it."""

    account: str = ""
    tablet: str = ""
    tablet_at: datetime | None = None
    offset_seconds: int = 0
    source: str = ""
    on_round: str = ""
    photos: tuple[str, ...] = ()


BY_SHEET = Told()


class Patrol:
    """All findings and what became of them."""

    def __init__(self) -> None:
        self.findings: Shelf[FindingNoted] = Shelf(
            finding=lambda fact: fact.finding,
            no=lambda fact: fact.no,
            month=lambda fact: f"{fact.seen_at:%Y-%m}",
            on_round=lambda fact: fact.on_round,
        )
        self.withdrawn: Shelf[FindingWithdrawn] = Shelf(finding=lambda fact: fact.finding)
        self.overturned: Shelf[FindingOverturned] = Shelf(finding=lambda fact: fact.finding)

    def noted(self, finding: str) -> Entry[FindingNoted] | None:
        return next(iter(self.findings.find("finding", finding)), None)

    def state(self, finding: str) -> State:
        if self.withdrawn.find("finding", finding):
            return "withdrawn"
        return "overturned" if self.overturned.find("finding", finding) else "noted"

    def standing(self, index: str, key: str) -> list[Entry[FindingNoted]]:
        """Findings that still count, by person or by month."""
        return [entry for entry in self.findings.find(index, key) if self.state(entry.fact.finding) == "noted"]


def inspector_of(entry: Entry[FindingNoted]) -> str:
    """The account of who saw it; empty when a sheet or the command line told it."""
    return entry.fact.account or (entry.actor.removeprefix(USER) if entry.actor.startswith(USER) else "")


def note(
    draft: "Draft",
    *,
    seen_at: datetime,
    code: str,
    window: str = "",
    no: str = "",
    inspector: str = "",
    note: str = "",
    finding: str = "",
    told: Told = BY_SHEET,
) -> "Outcome":
    """An inspector saw something. `code` is a code or a name of the policy in force that month.

    A finding without a number of its own gets one from what it says, so that the same sheet read again says the same.
    """
    window, no = known.named(draft.book, window, no)
    code = known.finding_code(draft.book.policies.in_force(f"{seen_at:%Y-%m}"), code)
    fact = FindingNoted(
        finding=finding or _number(draft, f"{seen_at:%Y%m%dT%H%M%S}", window, no, code),
        seen_at=seen_at,
        window=window,
        no=no,
        code=code,
        inspector=draft.seal("", inspector),
        note=draft.seal(no, note),
        **told._asdict(),
    )
    return draft.record(fact)


def _number(draft: "Draft", *words: str) -> str:
    return "/".join((*words, str(draft.alike(FindingNoted.topic, *words))))


def withdraw(draft: "Draft", *, finding: str, reason: str, undo: bool = False) -> "Outcome":
    """The inspector takes a finding back, and says why."""
    subject = standing(draft, finding).fact.no
    told = reason.strip() if undo else known.given(reason.strip(), "reason")
    return draft.record(FindingWithdrawn(finding=finding, reason=draft.seal(subject, told), undo=undo))


def overturn(draft: "Draft", *, finding: str, reason: str) -> "Outcome":
    """An appeal against a finding is upheld, for a reason."""
    subject = standing(draft, finding).fact.no
    return draft.record(FindingOverturned(finding=finding, reason=draft.seal(subject, known.given(reason, "reason"))))


def existing(draft: "Draft", finding: str) -> Entry[FindingNoted]:
    """Raises Refused for a number no finding has."""
    entry = draft.book.patrol.noted(finding)
    if entry is None:
        raise Refused("finding_unknown", "finding", finding=finding)
    return entry


def standing(draft: "Draft", finding: str) -> Entry[FindingNoted]:
    """A finding that still counts. Raises Refused for any other."""
    entry, patrol = existing(draft, finding), draft.book.patrol
    if patrol.state(finding) != "noted":
        raise Refused("finding_not_standing", "finding", finding=finding, state=patrol.state(finding))
    return entry
