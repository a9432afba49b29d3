"""What the server does by itself every night."""

import time
from datetime import datetime, timedelta

import pytest

from api.jobs.nightly import AT_HOUR, AT_MINUTE, catch_up, is_due, nightly
from attendance.hall import Hall


def backups(hall: Hall) -> int:
    return len(list((hall.folder.keys / "backup").glob("keys-*.db")))


def test_a_server_without_a_backup_of_its_keys_makes_one_when_it_starts(empty_hall: Hall):
    catch_up(empty_hall, datetime.now().astimezone())
    assert backups(empty_hall) == 1
    catch_up(empty_hall, datetime.now().astimezone())
    assert backups(empty_hall) == 1


def test_a_disk_that_takes_no_backup_keeps_no_hall_closed(empty_hall: Hall, caplog: pytest.LogCaptureFixture):
    (empty_hall.folder.keys / "backup").write_text("no folder can be made here")
    catch_up(empty_hall, datetime.now().astimezone())
    assert "could not be backed up" in caplog.text


def test_one_that_has_a_fresh_backup_waits_for_the_night(empty_hall: Hall):
    empty_hall.keys.backup()
    now = datetime.now().astimezone()
    assert not is_due(empty_hall, now)
    assert is_due(empty_hall, now + timedelta(days=1, minutes=1))
    jobs = nightly(empty_hall)
    jobs.start(paused=True)
    assert {(job.next_run_time.hour, job.next_run_time.minute) for job in jobs.get_jobs()} == {(AT_HOUR, AT_MINUTE)}
    jobs.shutdown()
    assert backups(empty_hall) == 1


def test_a_job_that_fails_keeps_no_other_from_running(empty_hall: Hall):
    empty_hall.keys.backup()
    seen: list[str] = []

    def fail() -> None:
        raise OSError("the disk is full")

    jobs = nightly(empty_hall, fail, lambda: seen.append("ran"))
    jobs.start(paused=True)
    for job in jobs.get_jobs():
        job.modify(next_run_time=datetime.now().astimezone())
    jobs.resume()
    until = time.monotonic() + 20
    while not (seen and backups(empty_hall) == 2) and time.monotonic() < until:
        time.sleep(0.01)
    jobs.shutdown(wait=True)
    assert seen == ["ran"] and backups(empty_hall) == 2
