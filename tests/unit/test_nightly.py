"""The backup of the keys, at the start and every night."""

from datetime import datetime, timedelta

import pytest

from api.jobs.nightly import catch_up, is_due
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
    assert backups(empty_hall) == 1
