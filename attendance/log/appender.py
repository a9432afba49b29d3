"""Appending to the log, the same way in every store."""

from abc import abstractmethod
from collections.abc import Sequence
from threading import Lock

from attendance.log.reader import Reader
from attendance.log.rows import Appended, Job, StorageFailed

Outcomes = list[Appended | Exception]


class Appender(Reader):
    """A store's writing half: what becomes of a batch when something goes wrong in it."""

    def __init__(self) -> None:
        self._writing = Lock()

    def append(self, jobs: Sequence[Job]) -> Outcomes:
        with self._writing:
            try:
                return self._commit(jobs)
            except Exception as error:
                self._abandon()
                if self._is_failure_of_storage(error):
                    return [StorageFailed(str(error)) for _ in jobs]
                if len(jobs) == 1:
                    return [error]
        # One job holds what cannot be stored at all; alone, it harms nobody else.
        return [outcome for job in jobs for outcome in self.append([job])]

    @abstractmethod
    def _commit(self, jobs: Sequence[Job]) -> Outcomes:
        """Store the jobs in one durable transaction, or raise and leave nothing behind."""

    @abstractmethod
    def _abandon(self) -> None:
        """Give up the connection with its open transaction: after a failure its state is anybody's guess."""

    @abstractmethod
    def _is_failure_of_storage(self, error: Exception) -> bool:
        """Whether the disk or the server failed, and not one job's content."""
