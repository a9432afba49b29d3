"""Bonus claims of windows and people."""

from datetime import date

from attendance.facts import Fact, Sealed, topic
from attendance.shelf import Shelf


@topic("bonus.claimed")
class BonusClaimed(Fact, frozen=True, kw_only=True):
    """Windows together, or one person, did something `count` times that the policy rewards."""

    date: date
    windows: tuple[str, ...] = ()
    no: str = ""
    code: str
    count: int
    evidence: Sealed | None = None
    ordinal: int = 1
    """1 for the first of several alike in one sheet, 2 for the second."""

    def key(self) -> tuple[str, ...]:
        return (str(self.date), ";".join(self.windows), self.no, self.code, str(self.ordinal))


class Bonuses(Shelf[BonusClaimed]):
    def __init__(self) -> None:
        super().__init__(month=lambda fact: f"{fact.date:%Y-%m}")
