"""Bonus claims of windows and people."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from attendance import known
from attendance.facts import Fact, Refused, Sealed, topic
from attendance.shelf import Shelf

if TYPE_CHECKING:
    from attendance.hall import Draft, Outcome


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


def claim(
    draft: "Draft",
    *,
    date: date,
    code: str,
    count: int,
    windows: Iterable[str] = (),
    no: str = "",
    evidence: str = "",
) -> "Outcome":
    """Windows together, or one person, claim an item `count` times; a window named twice counts once."""
    book = draft.book
    sharing = tuple(dict.fromkeys(known.window(book, window, "windows") for window in windows))
    if not (sharing or no):
        raise Refused("nobody_named", "windows")
    no = known.person(book, no) if no else ""
    code = known.bonus_code(book.policies.in_force(f"{date:%Y-%m}"), code)
    if count < 1:
        raise Refused("not_positive", "count", value=count)
    ordinal = draft.alike(BonusClaimed.topic, str(date), ";".join(sharing), no, code)
    sealed = draft.seal(no, evidence)
    return draft.record(
        BonusClaimed(date=date, windows=sharing, no=no, code=code, count=count, evidence=sealed, ordinal=ordinal)
    )
