"""Leave and outings: what they cover is not owed (scoring.md, Excuses)."""

from datetime import datetime
from typing import TYPE_CHECKING

from attendance import known
from attendance.facts import Fact, Sealed, topic
from attendance.shelf import Shelf

if TYPE_CHECKING:
    from attendance.hall import Draft, Outcome


@topic("leave.approved")
class LeaveApproved(Fact, frozen=True, kw_only=True):
    """A person is excused in `[start, end)`; whole days end at the next midnight."""

    no: str
    type: str
    start: datetime
    end: datetime
    reason: Sealed | None = None

    def key(self) -> tuple[str, ...]:
        return (self.no, self.type, str(self.start))


class Leaves(Shelf[LeaveApproved]):
    def __init__(self) -> None:
        super().__init__(no=lambda fact: fact.no)


def approve(draft: "Draft", *, no: str, type: str, start: datetime, end: datetime, reason: str = "") -> "Outcome":
    """A person is excused in `[start, end)`; `type` is an id or a name of the policy in force that month."""
    no = known.person(draft.book, no)
    kind = known.leave_type(draft.book.policies.in_force(f"{start:%Y-%m}"), type)
    known.times_in_order(start, end)
    return draft.record(LeaveApproved(no=no, type=kind, start=start, end=end, reason=draft.seal(no, reason)))
