"""Patrol: what an inspector saw."""

from datetime import datetime
from typing import Literal

from attendance.facts import Entry, Fact, Sealed, topic
from attendance.shelf import Shelf

State = Literal["noted", "withdrawn", "overturned"]


@topic("finding.noted")
class FindingNoted(Fact, frozen=True, kw_only=True):
    """An inspector saw something at a window, and perhaps who it was."""

    finding: str
    """The finding's own number, from the tablet or the sheet."""
    seen_at: datetime
    window: str = ""
    no: str = ""
    code: str
    inspector: Sealed | None = None
    note: Sealed | None = None

    def key(self) -> tuple[str, ...]:
        return (self.finding,)


@topic("finding.withdrawn")
class FindingWithdrawn(Fact, frozen=True, kw_only=True):
    """The inspector takes a finding back."""

    finding: str
    reason: Sealed | None = None

    def key(self) -> tuple[str, ...]:
        return (self.finding,)


@topic("finding.overturned")
class FindingOverturned(Fact, frozen=True, kw_only=True):
    """An appeal against a finding was upheld."""

    finding: str
    reason: Sealed | None = None

    def key(self) -> tuple[str, ...]:
        return (self.finding,)


class Patrol:
    """All findings and what became of them."""

    def __init__(self) -> None:
        self.findings: Shelf[FindingNoted] = Shelf(
            finding=lambda fact: fact.finding, no=lambda fact: fact.no, month=lambda fact: f"{fact.seen_at:%Y-%m}"
        )
        self.withdrawn: Shelf[FindingWithdrawn] = Shelf(finding=lambda fact: fact.finding)
        self.overturned: Shelf[FindingOverturned] = Shelf(finding=lambda fact: fact.finding)

    def state(self, finding: str) -> State:
        if self.withdrawn.find("finding", finding):
            return "withdrawn"
        return "overturned" if self.overturned.find("finding", finding) else "noted"

    def standing(self, index: str, key: str) -> list[Entry[FindingNoted]]:
        """Findings that still count, by person or by month."""
        return [entry for entry in self.findings.find(index, key) if self.state(entry.fact.finding) == "noted"]
