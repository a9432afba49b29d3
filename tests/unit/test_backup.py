"""A backup taken while the hall is open, and a hall opened from it."""

from pathlib import Path

import backup
import pytest
from halls import do

from attendance import people
from attendance.hall import Hall


def test_a_hall_opens_from_its_backup_with_everything_it_knew(
    hall: Hall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup.main(hall.folder.data, tmp_path / "log", tmp_path / "keys")
    monkeypatch.setenv("MANQIN_KEYS", str(tmp_path / "keys"))
    restored = Hall.open(tmp_path / "log")
    try:
        assert restored.store.head() == hall.store.head()
        entries = zip(restored.book().people, hall.book().people, strict=True)
        assert all(restored.opened(ours.fact.name) == hall.opened(theirs.fact.name) for ours, theirs in entries)
    finally:
        restored.close()


def test_a_second_backup_replaces_the_first(hall: Hall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backup.main(hall.folder.data, tmp_path / "log", tmp_path / "keys")
    do(hall, people.post, no="103", name="周见一", window="公安窗口", unit="公安局")
    backup.main(hall.folder.data, tmp_path / "log", tmp_path / "keys")
    monkeypatch.setenv("MANQIN_KEYS", str(tmp_path / "keys"))
    restored = Hall.open(tmp_path / "log")
    try:
        (posting,) = restored.book().people.postings("103")
        assert restored.opened(posting.fact.name) == "周见一"
    finally:
        restored.close()


def test_the_log_alone_opens_no_name(hall: Hall, tmp_path: Path) -> None:
    backup.main(hall.folder.data, tmp_path / "log", tmp_path / "keys")
    copied = {path.name for path in (tmp_path / "log").iterdir()}
    assert "log.db" in copied
    assert copied.isdisjoint({"keys.db", "hall.key"})


def test_log_and_keys_in_one_place_are_refused(hall: Hall, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="two places"):
        backup.main(hall.folder.data, tmp_path / "same", tmp_path / "same")
    assert not (tmp_path / "same").exists()


def test_a_backup_never_takes_the_place_of_the_hall_itself(hall: Hall, tmp_path: Path) -> None:
    data, keys = hall.folder.data, hall.folder.keys
    log = (data / "log.db").stat().st_ino
    for places in ((data, tmp_path / "keys"), (tmp_path / "log", keys), (keys, tmp_path / "keys")):
        with pytest.raises(SystemExit, match="own folders"):
            backup.main(data, *places)
    assert (data / "log.db").stat().st_ino == log


def test_a_hall_that_lost_its_log_is_not_said_to_be_backed_up(hall: Hall, tmp_path: Path) -> None:
    (hall.folder.data / "log.db").rename(tmp_path / "gone")
    with pytest.raises(SystemExit, match="log was not found"):
        backup.main(hall.folder.data, tmp_path / "log", tmp_path / "keys")
    assert not (tmp_path / "log").exists()


def test_a_folder_without_a_hall_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="not found"):
        backup.main(tmp_path / "nothing", tmp_path / "log", tmp_path / "keys")


def test_what_opens_accounts_photos_and_ways_goes_along_and_what_was_destroyed_goes(hall: Hall, tmp_path: Path) -> None:
    seal = {name: hall.folder.keys / name for name in ("accounts.key", "authority.pem", "ways/one/A1")}
    photo = hall.folder.photos / ("ab" * 32)
    for path in (*seal.values(), photo):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"sealed")
    backup.main(hall.folder.data, tmp_path / "log", tmp_path / "keys")
    assert all((tmp_path / "keys" / name).read_bytes() == b"sealed" for name in seal)
    kept = tmp_path / "log" / photo.relative_to(hall.folder.data)
    assert kept.exists()
    photo.unlink()
    backup.main(hall.folder.data, tmp_path / "log", tmp_path / "keys")
    assert not kept.exists()
    assert (tmp_path / "keys" / "accounts.key").exists()
