"""Personal data that leaves through the interface for programs: noted in the log before it is given."""

from datetime import UTC, datetime

from api.auth import Asker
from api.roles import Scope
from attendance.audit import DataExported
from attendance.hall import Hall


def note_taken(hall: Hall, asker: Asker, what: str, month: str) -> None:
    """Who takes which list of others. Once a day for each: a program that asks every minute must not flood the log."""
    if asker.scope is Scope.OWN:
        return
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    export = f"{asker.account.name} {what} {month} {today}"
    unit = asker.account.unit if asker.scope is Scope.UNIT else ""
    taken, book = DataExported(export=export, what=what, month=month, format="json", unit=unit), hall.book()
    if book.newest(DataExported, book.id_of(taken)) is None:
        hall.receive([taken], asker.actor)
