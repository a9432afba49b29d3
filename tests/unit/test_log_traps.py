"""The traps of the library's stock SQLite recorder, each shown and then shown not to be ours.

Measured with eventsourcing 9.5.6; when a newer one mends a trap, the first half of its test says so by failing.
"""

import sqlite3 as plain_sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from threading import Thread
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import IntegrityError, JSONTranscoder, StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore
from log_rows import decided, decision, punch, readings

from attendance.facts import encode
from attendance.log.database import BUSY_SECONDS, connect, wal_is_safe, warn_of_wal
from attendance.log.recorder import LogRecorder
from attendance.log.rows import Appended, LogDamaged, Store
from attendance.log.sqlite import SqliteStore
from attendance.punches import Punched


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqliteStore]:
    log = SqliteStore.found(tmp_path / "log.db", uuid4())
    yield log
    log.close()


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[SQLiteApplicationRecorder]:
    datastore = SQLiteDatastore(str(tmp_path / "stock.db"))
    recorder = SQLiteApplicationRecorder(datastore)
    recorder.create_table()
    yield recorder
    datastore.close()


def event(name: str) -> StoredEvent:
    row = punch(name)
    return StoredEvent(UUID(bytes=row.id), row.version, row.topic, row.state)


def test_7_a_subscription_on_sqlite_delivers_what_is_there_and_what_comes(
    stock: SQLiteApplicationRecorder, log: SqliteStore
) -> None:
    with pytest.raises(NotImplementedError):
        stock.subscribe()

    log.append([readings(punch("a"))])
    with LogRecorder(log).subscribe(gt=0) as subscription:
        assert next(subscription).id == 1
        late = Thread(target=lambda: log.append([readings(punch("b"))]))
        late.start()
        assert next(subscription).id == 2
        late.join()


def test_9_a_position_is_never_given_twice_nor_changed(
    stock: SQLiteApplicationRecorder, log: SqliteStore, tmp_path: Path
) -> None:
    assert stock.insert_events([event("a"), event("b")]) == [1, 2]
    with stock.datastore.transaction(commit=True) as cursor:
        cursor.execute("DELETE FROM stored_events WHERE rowid = 2")
    assert stock.insert_events([event("c")]) == [2]

    log.append([readings(punch("a"), punch("b"), punch("c"))])
    log.close()
    with closing(plain_sqlite3.connect(tmp_path / "log.db", isolation_level=None)) as with_hole:
        with_hole.execute("DELETE FROM rows WHERE position = 2")
        with_hole.execute("VACUUM")
        dump = "\n".join(with_hole.iterdump())
    (tmp_path / "restored").touch()
    with closing(plain_sqlite3.connect(tmp_path / "restored")) as restored:
        restored.executescript(dump)
    for path in (tmp_path / "log.db", tmp_path / "restored"):
        reopened = SqliteStore(path)
        assert reopened.head().position == 3
        with pytest.raises(LogDamaged, match="position 2 is missing"):
            reopened.read(0, 10)
        reopened.close()


def test_9_a_deleted_newest_row_is_noticed_by_the_chain(log: SqliteStore, tmp_path: Path) -> None:
    log.append([readings(punch("a"), punch("b"))])
    first, second = log.read(0, 2)
    cut = connect(tmp_path / "log.db")
    cut.execute("DELETE FROM rows WHERE position = 2")
    cut.close()
    log.append([readings(punch("c"))])
    assert log.read(1, 1)[0].hash != second.hash
    assert log.read(0, 1) == [first]


def test_13_one_repeat_does_not_fail_the_others(stock: SQLiteApplicationRecorder, log: SqliteStore) -> None:
    stock.insert_events([event("a")])
    with pytest.raises(IntegrityError):
        stock.insert_events([event("b"), event("a"), event("c")])
    assert stock.max_notification_id() == 1

    log.append([readings(punch("a"))])
    assert log.append([readings(punch("b"), punch("a"), punch("c"))]) == [Appended(2, 1, 3)]


def test_14_what_was_stored_though_the_answer_was_lost_is_acknowledged_when_sent_again(
    stock: SQLiteApplicationRecorder, log: SqliteStore
) -> None:
    stock.insert_events([event("a")])
    with pytest.raises(IntegrityError):
        stock.insert_events([event("a")])

    lost = log.append([readings(punch("a"), punch("b"))])
    assert lost == [Appended(2, 0, 2)]
    assert log.append([readings(punch("a"), punch("b"))]) == [Appended(0, 2, 2)]


def test_15_a_persons_punches_are_no_stream_that_grows_with_the_years(log: SqliteStore) -> None:
    """What is read to store a punch does not depend on how many punches the person has."""
    rows = [punch(f"1001 {number}") for number in range(4_000)]
    log.append([readings(*rows[:10])])
    early = _steps(log, lambda: log.append([readings(punch("early"))]))
    log.append([readings(*rows)])
    late = _steps(log, lambda: log.append([readings(punch("late"))]))
    assert late < early * 3
    assert len({row.id for row in rows}) == len(rows)


def _steps(log: SqliteStore, work: Callable[[], object]) -> int:
    """How many tens of instructions SQLite's machine ran."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    log._connected().set_progress_handler(count, 10)
    work()
    log._connected().set_progress_handler(None, 0)
    return steps


def test_16_a_fact_is_smaller_and_quicker_than_the_librarys_json() -> None:
    fact = Punched(terminal="MQT0001", pin="1001", at=datetime(2026, 10, 9, 8, 51, 7), source="10.0.0.7", verify="15")
    fields: dict[str, Any] = {name: getattr(fact, name) for name in fact.__struct_fields__}
    fields["at"] = {"_type_": "datetime_iso", "_data_": fact.at.isoformat()}
    transcoder = JSONTranscoder()
    assert len(encode(fact)) < len(transcoder.encode(fields)) / 1.5
    assert _seconds(lambda: encode(fact)) < _seconds(lambda: transcoder.encode(fields)) / 2


def _seconds(work: Callable[[], object]) -> float:
    """The quickest of several turns, so that a busy machine does not decide."""

    def turn() -> float:
        begun = perf_counter()
        for _ in range(200):
            work()
        return perf_counter() - begun

    return min(turn() for _ in range(9))


def test_20_every_connection_of_ours_is_durable_and_patient(
    stock: SQLiteApplicationRecorder, log: SqliteStore, tmp_path: Path
) -> None:
    assert stock.datastore.pool.lock_timeout is None
    log.append([readings(punch("a"))])
    log.head()
    assert log._writer is not None
    for connection in (log._writer, *log._readers._idle):
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
        assert connection.execute("PRAGMA busy_timeout").fetchone() == (BUSY_SECONDS * 1000,)


@pytest.mark.parametrize(
    ("version", "safe"), [((3, 40, 1), False), ((3, 51, 2), False), ((3, 51, 3), True), ((3, 53, 4), True)]
)
def test_s_which_sqlite_damages_its_wal_is_known(version: tuple[int, ...], safe: bool) -> None:
    assert wal_is_safe(version) is safe


def test_s_a_faulty_sqlite_runs_without_wal_and_says_so_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    warn_of_wal.cache_clear()
    monkeypatch.setattr("attendance.log.database.wal_is_safe", lambda: False)
    log = SqliteStore.found(tmp_path / "log.db", uuid4())
    assert log.append([readings(punch("a")), decided(decision("b"), since=0)])[1] == Appended(1, 0, 2)
    assert log._connected().execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert log._connected().execute("PRAGMA synchronous").fetchone() == (3,)
    log.close()
    assert capsys.readouterr().err.count("write-ahead log") == 1
    warn_of_wal.cache_clear()


def test_s_a_log_once_in_wal_is_taken_out_of_it_by_a_faulty_sqlite(
    log: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.append([readings(punch("a"))])
    log.close()
    monkeypatch.setattr("attendance.log.database.wal_is_safe", lambda: False)
    again = SqliteStore(tmp_path / "log.db")
    assert again.append([readings(punch("b"))]) == [Appended(1, 0, 2)]
    assert not (tmp_path / "log.db-wal").exists()
    again.close()


@pytest.mark.skipif(sys.platform != "linux", reason="the mended SQLite comes as a wheel for Linux")
def test_s_here_the_mended_sqlite_is_in_use() -> None:
    assert wal_is_safe()


def test_1_postgres_takes_many_jobs_in_one_commit(postgres_url: str, new_store: Callable[[], Store]) -> None:
    store = new_store()
    outcomes = store.append([readings(punch(f"p{number}")) for number in range(500)])
    assert [outcome.head for outcome in outcomes if isinstance(outcome, Appended)] == list(range(1, 501))
    assert len({row.recorded_at for row in store.read(0, 500)}) == 1
