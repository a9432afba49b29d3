"""What a batch of jobs adds to the log: the rules that both stores share, worked out inside their transaction."""

import time
from collections.abc import Iterable, Sequence
from uuid import UUID

from attendance.log.chain import genesis, link
from attendance.log.rows import PUNCH, Appended, Job, NewRow, Overtaken

Key = tuple[bytes, int]
"""Identity and version: what the log holds once."""


def keys_of(jobs: Iterable[Job]) -> list[Key]:
    return [(row.id, row.version) for job in jobs for row in job.rows]


class Tail:
    """The end of a hall's log, growing job by job."""

    def __init__(self, hall: UUID, newest: tuple[int, bytes, int] | None, decided: int, known: set[Key]) -> None:
        """`newest` is the last row's position, hash and time, `decided` the position of the last row that is no punch,
        `known` those keys of the batch that the log already has."""
        self.position, self.hash, recorded_at = newest or (0, genesis(hall), 0)
        self.now = max(time.time_ns() // 1000, recorded_at)
        """When this batch is recorded: one moment, never before the last one, whatever the machine's clock says."""
        self._decided = decided
        self._known = known
        self.rows: list[tuple[int, bytes, int, str, bytes, int, str, bytes]] = []
        """What to insert, in the order of `rows.Row`."""

    def take(self, job: Job) -> Appended | Exception:
        """Add what is new of a job, or nothing at all when it is refused."""
        if self._is_overtaken(job):
            return Overtaken()
        before = self.position
        for row in job.rows:
            key = row.id, row.version
            if key not in self._known:
                self._known.add(key)
                self._add(row, job.actor)
        stored = self.position - before
        return Appended(stored, len(job.rows) - stored, self.position)

    def _is_overtaken(self, job: Job) -> bool:
        if job.since is None and not job.fresh:
            return False
        if job.since is not None and self._decided > job.since:
            return True
        keys = keys_of([job])
        return len(set(keys)) < len(keys) or not self._known.isdisjoint(keys)

    def _add(self, row: NewRow, actor: str) -> None:
        id, version, topic, state = row
        position = self.position + 1
        self.hash = link(self.hash, position, id, version, topic, self.now, actor, state)
        self.position = position
        self.rows.append((position, id, version, topic, state, self.now, actor, self.hash))
        if topic != PUNCH:
            self._decided = position


def asks_for_decisions(jobs: Sequence[Job]) -> bool:
    """Whether a job of the batch rests on what was decided before."""
    return any(job.since is not None for job in jobs)
