"""Leave and outings: what they cover is not owed (scoring.md, Excuses)."""

from datetime import datetime

from attendance.facts import Fact, Sealed, topic
from attendance.shelf import Shelf


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
