"""What left the system: every export of personal data, by whom, when and why."""

from typing import TYPE_CHECKING
from uuid import uuid4

from attendance.facts import Fact, Sealed, topic
from attendance.shelf import Shelf

if TYPE_CHECKING:
    from attendance.hall import Draft, Outcome


@topic("data.exported")
class DataExported(Fact, frozen=True, kw_only=True):
    """Somebody took personal data out, as a file or by a program; the event's actor and moment say who and when."""

    export: str
    """The export's own number: the same export twice is two events."""
    what: str
    """bulletin, workbook, unit_sheet; month or days, taken by a program: once a day for each."""
    month: str
    edition: str = ""
    """internal or public."""
    format: str = ""
    unit: str = ""
    """The unit it was limited to; empty for the whole hall."""
    reason: Sealed | None = None

    def key(self) -> tuple[str, ...]:
        return (self.export,)


class Exports(Shelf[DataExported]):
    """Every export, by month."""

    def __init__(self) -> None:
        super().__init__(month=lambda fact: fact.month)


def export(
    draft: "Draft", *, what: str, month: str, edition: str = "", format: str = "", unit: str = "", reason: str = ""
) -> "Outcome":
    """Note that personal data is about to leave the system."""
    sealed = draft.seal("", reason.strip())
    return draft.record(
        DataExported(
            export=str(uuid4()), what=what, month=month, edition=edition, format=format, unit=unit, reason=sealed
        )
    )
