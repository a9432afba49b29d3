"""A fact opened: what was recorded, when, by whom, in every version, with the terminal's own line."""

from typing import Any
from uuid import UUID

import msgspec

from attendance.facts import Fact, Sealed
from attendance.hall import Hall
from attendance.log.rows import Row
from projections.questions import utc_text

Json = dict[str, Any]


def evidence(hall: Hall, event_id: str) -> list[Json]:
    """Every version of a fact, oldest first; empty for an id the log does not hold."""
    try:
        rows = hall.store.versions(UUID(event_id).bytes)
    except ValueError:
        return []
    return [_opened(hall, row) for row in rows]


def _opened(hall: Hall, row: Row) -> Json:
    entry = row.entry()
    return {
        "id": str(entry.id),
        "version": entry.version,
        "position": entry.position,
        "topic": row.topic,
        "recorded_at": utc_text(entry.recorded_at),
        "actor": entry.actor,
        "hash": row.hash.hex(),
        "fields": fields(hall, entry.fact),
        "raw": getattr(entry.fact, "raw", "") or None,
    }


def fields(hall: Hall, fact: Fact) -> Json:
    """A fact's fields in plain JSON, sealed text opened; None where its key was destroyed."""
    found = {}
    for name in fact.__struct_fields__:
        value = getattr(fact, name)
        found[name] = hall.opened(value) if isinstance(value, Sealed) else msgspec.to_builtins(value)
    return found
