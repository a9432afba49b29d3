"""The newest version of each fact of one kind, findable by chosen keys."""

from collections.abc import Callable, Hashable, Iterator
from typing import Generic, Self
from uuid import UUID

from attendance.facts import Entry, F

NOTHING: dict[UUID, object] = {}


class Shelf(Generic[F]):
    """Facts of one kind in the order they first came, with an index per name given."""

    def __init__(self, **indexes: Callable[[F], Hashable]) -> None:
        self.entries: dict[UUID, Entry[F]] = {}
        self._keys = indexes
        self._index: dict[str, dict[Hashable, dict[UUID, Entry[F]]]] = {name: {} for name in indexes}
        self._shared = False

    def stand_as(self, other: Self) -> None:
        """Hold what another shelf of the same kind holds; the first change here takes a copy and leaves it alone."""
        self.entries, self._index, self._shared = other.entries, other._index, True

    def _own(self) -> None:
        if self._shared:
            self.entries = dict(self.entries)
            self._index = {name: {key: dict(rows) for key, rows in keys.items()} for name, keys in self._index.items()}
            self._shared = False

    def put(self, entry: Entry[F]) -> None:
        """Take in a fact, in place of an older version of itself."""
        self._own()
        old = self.entries.get(entry.id)
        self.entries[entry.id] = entry
        for name, key_of in self._keys.items():
            key, rows = key_of(entry.fact), self._index[name]
            if old is not None and (before := key_of(old.fact)) != key:
                rows[before].pop(entry.id)
            rows.setdefault(key, {})[entry.id] = entry

    def take(self, fact_id: UUID) -> None:
        """Remove a fact that was withdrawn."""
        self._own()
        old = self.entries.pop(fact_id, None)
        if old is None:
            return
        for name, key_of in self._keys.items():
            self._index[name][key_of(old.fact)].pop(fact_id)

    def find(self, index: str, key: Hashable) -> list[Entry[F]]:
        """Every fact whose index key equals `key`, in the order they first came."""
        return list(self._index[index].get(key, NOTHING).values())  # type: ignore[arg-type]

    def keys(self, index: str) -> list[Hashable]:
        """Every key in use in an index."""
        return [key for key, rows in self._index[index].items() if rows]

    def get(self, fact_id: UUID) -> Entry[F] | None:
        return self.entries.get(fact_id)

    def __iter__(self) -> Iterator[Entry[F]]:
        return iter(self.entries.values())

    def __len__(self) -> int:
        return len(self.entries)
