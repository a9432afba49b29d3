"""The register of terminals as people see it."""

from typing import Any

import sqlite_utils

from attendance.book import Book
from attendance.localtime import moment_of
from projections.questions import utc_text

Json = dict[str, Any]


def terminals(db: sqlite_utils.Database, book: Book) -> list[Json]:
    """Every terminal that called or was accepted, with what it sent last."""
    punched = _punched(db)
    accepted = {entry.fact.terminal: entry for entry in book.terminals.accepted}
    called = {entry.fact.terminal: entry for entry in book.terminals.called}
    found = []
    for sn in sorted(accepted.keys() | called.keys()):
        known, first = accepted.get(sn), called.get(sn)
        punches, last = punched.get(sn, (0, None))
        found.append(
            {
                "sn": sn,
                "family": known.fact.family if known else (first.fact.family if first else ""),
                "name": known.fact.name if known else "",
                "zone": known.fact.zone if known else None,
                "place": book.terminals.placing(sn).place,
                "state": book.terminals.state(sn),
                "address": book.terminals.address_of(sn) or (first.fact.address if first else None),
                "since": utc_text((known or first or next(iter(accepted.values()))).recorded_at),
                "last_punch_at": moment_of(last).isoformat(" ") if last is not None else None,
                "punches": punches,
            }
        )
    return found


def _punched(db: sqlite_utils.Database) -> dict[str, tuple[int, int | None]]:
    """Punches and the latest of them, by terminal."""
    query = """
        SELECT terminal, sum((SELECT count(*) FROM punches WHERE credential = id)),
            max((SELECT max(second) FROM punches WHERE credential = id))
        FROM credentials GROUP BY terminal
    """
    return {terminal: (punches, last) for terminal, punches, last in db.conn.execute(query)}
