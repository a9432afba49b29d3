"""Relief: someone stands in for a window, arranged with dates (考评办法, 替岗)."""

from datetime import datetime
from typing import TYPE_CHECKING

from attendance import known
from attendance.facts import Fact, Refused, topic
from attendance.shelf import Shelf

if TYPE_CHECKING:
    from attendance.hall import Draft, Outcome


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


def arrange(
    draft: "Draft", *, window: str, relief_no: str, regular_no: str = "", start: datetime, end: datetime
) -> "Outcome":
    """Someone stands in at a window in `[start, end)`; nobody stands in at two places at once."""
    book = draft.book
    relief_no = known.person(book, relief_no, "relief_no")
    regular_no = known.person(book, regular_no, "regular_no") if regular_no else ""
    if relief_no == regular_no:
        raise Refused("relief_of_oneself", "regular_no", no=relief_no)
    known.times_in_order(start, end)
    fact = ReliefArranged(
        window=known.window(book, window), relief_no=relief_no, regular_no=regular_no, start=start, end=end
    )
    _refuse_overlap(fact, [entry.fact for entry in book.reliefs.find("relief", relief_no)])
    return draft.record(fact)


def _refuse_overlap(fact: ReliefArranged, others: list[ReliefArranged]) -> None:
    for other in others:
        if other.key() != fact.key() and fact.start < other.end and other.start < fact.end:
            raise Refused(
                "relief_overlaps", "start", window=other.window, start=other.start, end=known.until(other.end)
            )
