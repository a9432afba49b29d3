"""The tables derived again from the first row, in bulk: the same functions as event by event, fed by person."""

from datetime import datetime
from pathlib import Path

from attendance.hall import Hall
from projections import tables
from projections.runner import Runner


def rebuild(hall: Hall, path: Path, now: datetime) -> int:
    """Derive everything into a new file beside the old one, then put it in its place; returns the position reached.

    Whoever reads meanwhile reads the old tables.
    """
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    with tables.opened(beside) as db:
        db.conn.execute("PRAGMA journal_mode = OFF")
        db.conn.execute("PRAGMA synchronous = OFF")
        with tables.transaction(db):
            tables.create(db, str(hall.id))
            position = Runner(hall).catch_up(db, now)
    _put_in_place(beside, path)
    return position


def _put_in_place(beside: Path, path: Path) -> None:
    """Where tables stand already, their content is replaced in one transaction: others may have the file open."""
    if not path.exists():
        beside.replace(path)
        return
    with tables.opened(beside) as new, tables.opened(path) as old:
        new.conn.backup(old.conn)
    beside.unlink()
