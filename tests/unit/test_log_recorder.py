"""The library's own conformance tests against our recorder, and an application of the library's living in our log."""

import sys
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from eventsourcing import cryptography
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import ApplicationRecorder, IntegrityError, Mapper, OperationalError, StoredEvent
from log_rows import decided, decision, punch, readings

from attendance.facts import identity
from attendance.log.files import Folder
from attendance.log.mapper import FactMapper, RecordedFact
from attendance.log.recorder import LogRecorder
from attendance.log.rows import Job, StorageFailed, Store
from attendance.log.store import open_store
from attendance.punches import Punched

# The library's test module asks for pycryptodome, for cipher tests that are not run here: any cipher will do.
sys.modules.setdefault("eventsourcing.cipher", cryptography)
conformance = import_module("eventsourcing.tests.persistence")


class OnSqlite:
    """Gives the library's test cases recorders on SQLite."""

    @pytest.fixture(autouse=True)
    def _place(self, tmp_path: Path) -> Any:
        self.folder, self.url, self.stores = tmp_path, "sqlite", []
        yield
        for store in self.stores:
            store.close()

    def create_recorder(self) -> LogRecorder:
        self.stores.append(open_store(Folder(self.folder / uuid4().hex), self.url, found=uuid4()))
        return LogRecorder(self.stores[-1])


class OnPostgres(OnSqlite):
    """The same on PostgreSQL."""

    @pytest.fixture(autouse=True)
    def _server(self, _place: None, postgres_url: str) -> None:
        self.url = postgres_url


class TestSqliteRecorder(OnSqlite, conformance.ApplicationRecorderTestCase[LogRecorder]):
    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestPostgresRecorder(OnPostgres, conformance.ApplicationRecorderTestCase[LogRecorder]):
    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestSqlitePositionsOfOneInsertStandTogether(OnSqlite, conformance.NonInterleavingNotificationIDsBaseCase):
    pass


class TestPostgresPositionsOfOneInsertStandTogether(OnPostgres, conformance.NonInterleavingNotificationIDsBaseCase):
    pass


class Appeal(Aggregate):
    """A person's objection to a judgement: an aggregate as the library's book has them."""

    @event("Raised")
    def __init__(self, no: str, about: datetime) -> None:
        self.no, self.about, self.answer = no, about, ""

    @event("Answered")
    def reply(self, answer: str) -> None:
        if self.answer:
            raise ValueError("answered before")
        self.answer = answer


class Appeals(Application[UUID]):
    """The library's application, with our recorder and mapper in the places it has for them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        super().__init__()

    def construct_recorder(self) -> ApplicationRecorder:
        return LogRecorder(self._store)

    def construct_mapper(self) -> Mapper[UUID]:
        return FactMapper(transcoder=self.construct_transcoder())


def test_an_application_of_the_library_keeps_its_aggregates_in_our_log(store: Store) -> None:
    appeals, about = Appeals(store), datetime(2026, 10, 9, 8, 51)
    store.append([readings(punch("p"))])
    appeal = Appeal(no="1001", about=about)
    appeals.save(appeal, actor="user:office")
    appeal.reply("the terminal stood still that morning")
    appeals.save(appeal)

    again: Appeal = appeals.repository.get(appeal.id)
    assert (again.no, again.about, again.answer, again.version) == ("1001", about, appeal.answer, 2)
    assert [row.actor for row in store.read(0, 10)] == ["terminal:MQT0001", "user:office", "office"]


def test_two_people_who_answer_one_appeal_at_once_do_not_both_win(store: Store) -> None:
    appeals = Appeals(store)
    appeals.save(appeal := Appeal(no="1001", about=datetime(2026, 10, 9)))
    first: Appeal = appeals.repository.get(appeal.id)
    second: Appeal = appeals.repository.get(appeal.id)
    first.reply("granted")
    second.reply("refused")
    appeals.save(first)
    with pytest.raises(IntegrityError):
        appeals.save(second)


def test_a_fact_goes_through_the_librarys_event_store_with_our_bytes_and_topic(store: Store) -> None:
    appeals = Appeals(store)
    fact = Punched(terminal="MQT0001", pin="1001", at=datetime(2026, 10, 9, 8, 51, 7))
    recorded = RecordedFact(identity(store.hall, fact.topic, fact.key()), 1, fact)
    appeals.events.put([recorded])
    assert list(appeals.events.get(recorded.originator_id)) == [recorded]
    assert store.read(0, 1)[0].entry().fact == fact


def test_topics_select_among_many_others(store: Store) -> None:
    store.append([readings(*(punch(f"p{number}") for number in range(1500)))])
    store.append([decided(decision("a"), since=0)])
    store.append([readings(punch("late"))])
    recorder = LogRecorder(store)
    assert [notification.id for notification in recorder.select_notifications(1, 5, topics=["leave.approved"])] == [
        1501
    ]
    with recorder.subscribe(gt=3, topics=["leave.approved"]) as subscription:
        assert next(subscription).id == 1501


class FullDisk:
    """A store whose disk is full."""

    hall = uuid4()

    def append(self, jobs: list[Job]) -> list[Exception]:
        return [StorageFailed("disk full") for _ in jobs]


def test_a_failing_storage_is_told_in_the_librarys_words() -> None:
    recorder = LogRecorder(FullDisk())
    with pytest.raises(OperationalError, match="disk full"):
        recorder.insert_events([StoredEvent(uuid4(), 1, "topic", b"{}")])
