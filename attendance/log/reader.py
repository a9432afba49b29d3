"""Reading the log, the same way from every store."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from attendance.log.rows import PUNCH, Head, LogDamaged, Row

COLUMNS = "position, id, version, topic, state, recorded_at, actor, hash"
END_OF_LOG = 2**63 - 1


class Reader(ABC):
    """The reading half of a store."""

    @abstractmethod
    def _fetch(self, columns: str, condition: str, *values: object) -> Sequence[tuple[Any, ...]]:
        """Columns of the hall's rows that meet a condition, whose `?` stand for the values. Raises StorageFailed."""

    def read(self, after: int, limit: int, upto: int | None = None) -> list[Row]:
        last = END_OF_LOG if upto is None else upto
        rows = self._rows("position > ? AND position <= ? ORDER BY position LIMIT ?", after, last, limit)
        return contiguous(rows, after)

    def read_decisions(self, after: int, upto: int | None = None) -> list[Row]:
        last = END_OF_LOG if upto is None else upto
        return self._rows(f"topic <> '{PUNCH}' AND position > ? AND position <= ? ORDER BY position", after, last)

    def read_states(self, after: int, limit: int) -> list[tuple[int, str, bytes]]:
        """Position, topic and stored bytes alone, for reading everything at once. Raises LogDamaged at a gap."""
        rows = self._fetch("position, topic, state", "position > ? ORDER BY position LIMIT ?", after, limit)
        if rows and rows[-1][0] - after != len(rows):
            raise LogDamaged(f"a position is missing between {after + 1} and {rows[-1][0]}")
        return [(position, topic, state) for position, topic, state in rows]

    def versions(self, id: bytes) -> list[Row]:
        return self._rows("id = ? ORDER BY version", id)

    def head(self) -> Head:
        newest = self._fetch("position, recorded_at", "TRUE ORDER BY position DESC LIMIT 1")
        return Head._make(newest[0]) if newest else Head(0, 0)

    def position_at(self, recorded_at: int) -> Head:
        # recorded_at never decreases with the position, so halving finds the row without an index on the time.
        low, high = 0, self.head().position
        while low < high:
            middle = (low + high + 1) // 2
            if self._recorded_at(middle) <= recorded_at:
                low = middle
            else:
                high = middle - 1
        return Head(low, self._recorded_at(low)) if low else Head(0, 0)

    def _recorded_at(self, position: int) -> int:
        return int(self._fetch("recorded_at", "position = ?", position)[0][0])

    def _rows(self, condition: str, *values: object) -> list[Row]:
        return list(map(Row._make, self._fetch(COLUMNS, condition, *values)))


def contiguous(rows: list[Row], after: int) -> list[Row]:
    """The rows as they are, in order. Raises LogDamaged when one is missing after `after` or between them."""
    if not rows or rows[-1].position - after == len(rows):
        return rows
    expected, row = next((expected, row) for expected, row in enumerate(rows, after + 1) if row.position != expected)
    raise LogDamaged(f"position {expected} is missing before {row.position}")
