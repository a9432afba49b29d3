"""A disk that is full, read-only or damaged: nothing half-written, every sender told, and work again once it can."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from log_rows import punch, readings

from attendance.hall import Hall
from attendance.log.database import sqlite3
from attendance.log.files import Folder
from attendance.log.rows import Appended, StorageDamaged, StorageFailed, Store
from attendance.log.sqlite import SqliteStore
from attendance.log.store import open_store


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqliteStore]:
    log = SqliteStore.found(tmp_path / "log.db", uuid4())
    log.append([readings(punch("before"))])
    yield log
    log.close()


def fill_up(log: SqliteStore) -> None:
    """Let the database grow no more, as a full disk does."""
    connection = log._connected()
    connection.execute(f"PRAGMA max_page_count = {connection.execute('PRAGMA page_count').fetchone()[0]}")


LARGE = [punch(f"large {number}", state=b"x" * 4000) for number in range(50)]


def test_on_a_full_disk_every_job_of_the_batch_fails_and_nothing_is_half_written(log: SqliteStore) -> None:
    fill_up(log)
    outcomes = log.append([readings(punch("small")), readings(*LARGE), readings(punch("other"))])
    assert [type(outcome) for outcome in outcomes] == [StorageFailed] * 3
    assert "full" in str(outcomes[0])
    assert [row.id for row in log.read(0, 100)] == [punch("before").id]


def test_the_log_works_again_once_the_disk_does(log: SqliteStore) -> None:
    fill_up(log)
    log.append([readings(*LARGE)])
    assert log.append([readings(*LARGE)]) == [Appended(50, 0, 51)]
    assert [row.position for row in log.read(0, 100)] == list(range(1, 52))


LIMITED = """
import json, resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from log_rows import punch, readings
from attendance.log.sqlite import SqliteStore
from attendance.log.rows import StorageFailed

log = SqliteStore(Path(sys.argv[1]))
wal = Path(sys.argv[1] + "-wal")
used = max(wal.stat().st_size, Path(sys.argv[1]).stat().st_size)
resource.setrlimit(resource.RLIMIT_FSIZE, (used + 60_000, resource.RLIM_INFINITY))
told, refused = [], 0
for number in range(200):
    (outcome,) = log.append([readings(punch(f"p{number}", state=b"x" * 1000))])
    if isinstance(outcome, StorageFailed):
        refused += 1
    else:
        told.append(number)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
after = log.append([readings(punch("after"))])[0]
print(json.dumps({"told": told, "refused": refused, "after": after.stored}))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no file size limit for a process")
def test_when_the_operating_system_refuses_to_write_what_was_acknowledged_is_there_and_the_rest_is_not(
    log: SqliteStore, tmp_path: Path
) -> None:
    helpers = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path / "log.db"), str(helpers)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["refused"] > 50
    assert report["told"]
    assert report["after"] == 1
    expected = [punch("before"), *(punch(f"p{number}") for number in report["told"]), punch("after")]
    assert [row.id for row in log.read(0, 1000)] == [row.id for row in expected]


def test_a_read_only_log_refuses_and_still_reads(log: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    log._connected().execute("PRAGMA query_only = ON")
    assert [type(outcome) for outcome in log.append([readings(punch("a")), readings(punch("b"))])] == [
        StorageFailed
    ] * 2
    assert log.head().position == 1
    assert log.append([readings(punch("a"))]) == [Appended(1, 0, 2)]


def test_a_log_that_others_keep_busy_is_told_as_storage(
    log: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("attendance.log.database.BUSY_SECONDS", 0.05)
    log._abandon()
    other = sqlite3.connect(tmp_path / "log.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    (outcome,) = log.append([readings(punch("a"))])
    assert isinstance(outcome, StorageFailed)
    assert "locked" in str(outcome)
    other.execute("ROLLBACK")
    other.close()
    assert log.append([readings(punch("a"))]) == [Appended(1, 0, 2)]


def test_a_file_that_is_no_database_is_told_as_damaged(tmp_path: Path) -> None:
    (tmp_path / "log.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(StorageDamaged, match="not a database"):
        open_store(Folder(tmp_path))


def test_reading_a_damaged_file_is_told_as_damaged(tmp_path: Path) -> None:
    log = SqliteStore.found(tmp_path / "log.db", uuid4())
    log.append([readings(*LARGE)])
    log.close()
    with (tmp_path / "log.db").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 40_000)
    with pytest.raises(StorageDamaged):
        SqliteStore(tmp_path / "log.db").read(0, 100)


def test_a_reading_whose_storage_fails_is_told_to_whoever_received_it(hall: Hall) -> None:
    assert isinstance(hall.store, SqliteStore)
    from datetime import datetime

    from attendance.punches import Punched

    fill_up(hall.store)
    facts = [Punched(terminal="MQT0001", pin="1001", at=datetime(2026, 10, 9), raw="x" * 90_000)]
    with pytest.raises(StorageFailed):
        hall.receive(facts, "terminal:MQT0001")
    assert hall.receive(facts, "terminal:MQT0001").stored == 1


def test_a_server_that_drops_the_connection_fails_the_batch_and_is_found_again(
    postgres_url: str, tmp_path: Path
) -> None:
    import psycopg

    store: Store = open_store(Folder(tmp_path / "hall"), f"{postgres_url}&application_name=dropped", found=uuid4())
    store.append([readings(punch("a"))])
    store.head()
    with psycopg.connect(postgres_url, autocommit=True) as administrator:
        administrator.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'dropped'"
        )
    assert [type(outcome) for outcome in store.append([readings(punch("b"))])] == [StorageFailed]
    with pytest.raises(StorageFailed):
        store.head()
    assert store.append([readings(punch("b"))]) == [Appended(1, 0, 2)]
    assert store.head().position == 2
    store.close()


def test_a_server_that_is_not_there_is_told_as_storage(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed):
        open_store(Folder(tmp_path / "hall"), "postgresql:///none?host=/nowhere", found=uuid4())
