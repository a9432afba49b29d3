"""Doubts about a finding that a person settles: the tablet's clock was wrong, or a terminal says otherwise."""

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from attendance import known, leave, patrol
from attendance.facts import Entry, Fact, Refused, Sealed, topic
from attendance.shelf import Shelf

if TYPE_CHECKING:
    from attendance.hall import Draft, Outcome

Doubt = Literal["clock", "place"]
Verdict = Literal["stands", "withdrawn", "outing"]
CLOCK_TOLERANCE_SECONDS = 60
"""A tablet's clock may be so far off before its findings are in doubt."""
OUTING = "trip_short"
"""The leave type of a short outing (临时外出)."""


@topic("doubt.settled")
class DoubtSettled(Fact, frozen=True, kw_only=True):
    """Somebody looked at a doubtful finding: it stands, it is withdrawn, or there was an outing nobody had noted."""

    finding: str
    doubt: Doubt
    """clock: the tablet's clock was off; place: a terminal or an excuse says otherwise."""
    verdict: Verdict
    reason: Sealed | None = None

    def key(self) -> tuple[str, ...]:
        return (self.finding, self.doubt)


class Doubts(Shelf[DoubtSettled]):
    def __init__(self) -> None:
        super().__init__(finding=lambda fact: fact.finding)

    def verdict(self, finding: str, doubt: Doubt) -> Entry[DoubtSettled] | None:
        return next((entry for entry in self.find("finding", finding) if entry.fact.doubt == doubt), None)


def is_clock_doubtful(noted: patrol.FindingNoted) -> bool:
    return abs(noted.offset_seconds) > CLOCK_TOLERANCE_SECONDS


def settle(
    draft: "Draft",
    *,
    finding: str,
    doubt: Doubt,
    verdict: Verdict,
    reason: str,
    start: datetime | None = None,
    end: datetime | None = None,
) -> "Outcome":
    """Settle a doubt, for a reason. An outing is recorded from `start` to `end`, and the finding withdrawn with it.

    Raises Refused for whoever wants to settle a finding that no longer counts, or one settled before.
    """
    noted, reason = patrol.standing(draft, finding).fact, known.given(reason.strip(), "reason")
    if draft.book.doubts.verdict(finding, doubt):
        raise Refused("doubt_settled", "finding", finding=finding)
    if verdict == "outing":
        _record_outing(draft, noted, start, end, reason)
    if verdict != "stands":
        patrol.withdraw(draft, finding=finding, reason=reason)
    sealed = draft.seal(noted.no, reason)
    return draft.record(DoubtSettled(finding=finding, doubt=doubt, verdict=verdict, reason=sealed))


def _record_outing(
    draft: "Draft", noted: patrol.FindingNoted, start: datetime | None, end: datetime | None, reason: str
) -> None:
    if start is None or end is None or not start <= noted.seen_at < end:
        raise Refused("outing_beside", "start", seen_at=noted.seen_at)
    leave.approve(draft, no=noted.no, type=OUTING, start=start, end=end, reason=reason)
