"""The log behind the interface of the eventsourcing library, so that its applications and aggregates can live in it."""

from collections.abc import Iterator, Sequence
from itertools import islice
from threading import Event
from typing import Any
from uuid import UUID

from eventsourcing.persistence import (
    ApplicationRecorder,
    IntegrityError,
    Notification,
    OperationalError,
    StoredEvent,
    Subscription,
)

from attendance.log.rows import Appended, Job, NewRow, Overtaken, Row, StorageFailed, Store

PAGE = 1000
POLL_SECONDS = 0.05


class LogRecorder(ApplicationRecorder):
    """One hall's log as the library's recorder. Notification ids are positions."""

    def __init__(self, store: Store, actor: str = "office") -> None:
        self._store = store
        self._actor = actor

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:
        """Store events that must all be new; `actor` may be given. Returns their positions.

        Raises IntegrityError when one of them is taken, OperationalError when the storage fails; then none is stored.
        """
        rows = [NewRow(_id(event).bytes, event.originator_version, event.topic, event.state) for event in stored_events]
        (outcome,) = self._store.append([Job(rows, str(kwargs.get("actor", self._actor)), fresh=True)])
        if isinstance(outcome, Appended):
            return list(range(outcome.head - outcome.stored + 1, outcome.head + 1))
        raise _in_library_words(outcome)

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        rows = self._store.versions(UUID(str(originator_id)).bytes)
        wanted = [
            _event(row) for row in rows if (gt is None or row.version > gt) and (lte is None or row.version <= lte)
        ]
        return (wanted[::-1] if desc else wanted)[:limit]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        after = max(0, (start or 0) - inclusive_of_start)
        rows = self._following(after, stop, limit if not topics else PAGE)
        return list(islice((_notification(row) for row in rows if not topics or row.topic in topics), limit))

    def _following(self, after: int, stop: int | None, page: int) -> Iterator[Row]:
        while rows := self._store.read(after, page, stop):
            yield from rows
            after = rows[-1].position

    def max_notification_id(self) -> int | None:
        return self._store.head().position or None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> "PollingSubscription":
        return PollingSubscription(self, gt, topics)


class PollingSubscription(Subscription[ApplicationRecorder]):
    """Every event once, in order, and then the new ones as they come.

    It asks the database for nothing but reads. A poll cannot be missed, while the library's LISTEN can, and its NOTIFY
    makes every commit wait for one lock.
    """

    def __init__(self, recorder: LogRecorder, gt: int | None = None, topics: Sequence[str] = ()) -> None:
        super().__init__(recorder, gt, topics)
        self._stopped = Event()
        self._page: Iterator[Notification] = iter(())

    def stop(self) -> None:
        super().stop()
        self._stopped.set()

    def __next__(self) -> Notification:
        while not self._stopped.is_set():
            notification = next(self._page, None)
            if notification is not None:
                self._last_notification_id = notification.id
                return notification
            self._poll()
        raise StopIteration

    def _poll(self) -> None:
        after, newest = self._last_notification_id or 0, self._recorder.max_notification_id() or 0
        notifications = self._recorder.select_notifications(
            after, PAGE, stop=newest, topics=self._topics, inclusive_of_start=False
        )
        self._page = iter(notifications)
        if not notifications:
            self._last_notification_id = max(after, newest)
            self._stopped.wait(POLL_SECONDS)


def _id(event: StoredEvent) -> UUID:
    return event.originator_id if isinstance(event.originator_id, UUID) else UUID(event.originator_id)


def _event(row: Row) -> StoredEvent:
    return StoredEvent(UUID(bytes=row.id), row.version, row.topic, row.state)


def _notification(row: Row) -> Notification:
    return Notification(UUID(bytes=row.id), row.version, row.topic, row.state, row.position)


def _in_library_words(error: Exception) -> Exception:
    if isinstance(error, Overtaken):
        return IntegrityError("an event of that identity and version is recorded already")
    return OperationalError(str(error)) if isinstance(error, StorageFailed) else error
