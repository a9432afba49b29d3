"""Relief: someone stands in for a window, arranged with dates (考评办法, 替岗)."""

from datetime import datetime

from attendance.facts import Fact, topic
from attendance.shelf import Shelf


@topic("relief.arranged")
class ReliefArranged(Fact, frozen=True, kw_only=True):
    """`relief_no` serves `window` in `[start, end)` in place of `regular_no` (empty: of nobody in particular)."""

    window: str
    relief_no: str
    regular_no: str = ""
    start: datetime
    end: datetime

    def key(self) -> tuple[str, ...]:
        return (self.window, self.relief_no, str(self.start))


class Reliefs(Shelf[ReliefArranged]):
    def __init__(self) -> None:
        super().__init__(relief=lambda fact: fact.relief_no)
