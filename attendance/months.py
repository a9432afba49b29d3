"""A month's own decisions: vetoes (一票否决)."""

from attendance.facts import Fact, Sealed, topic
from attendance.shelf import Shelf


@topic("veto.raised")
class VetoRaised(Fact, frozen=True, kw_only=True):
    """A person's month is capped and takes no prize."""

    month: str
    no: str
    trigger: str
    note: Sealed | None = None

    def key(self) -> tuple[str, ...]:
        return (self.month, self.no, self.trigger)


class Vetoes(Shelf[VetoRaised]):
    def __init__(self) -> None:
        super().__init__(month=lambda fact: fact.month)
