"""The keys of names and free text."""

import multiprocessing
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance.facts import Refused, Sealed
from attendance.log.keys import Keys, SubjectKey
from attendance.log.rows import Overtaken, StorageFailed

HALL = UUID("5b4b62ad-9d3f-4f3c-8f0d-6a5d2a2f7b10")
NAME = "沈若溪"


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[Keys]:
    keys = Keys.found(tmp_path / "hall.keys", HALL)
    yield keys
    keys.close()


@pytest.fixture
def again(keys: Keys, tmp_path: Path) -> Iterator[Keys]:
    """The same keys, opened by somebody else."""
    again = Keys(tmp_path / "hall.keys", HALL)
    yield again
    again.close()


def test_sealed_text_opens_again_also_after_a_restart(keys: Keys, again: Keys) -> None:
    sealed = keys.seal("1001", NAME)
    assert NAME.encode() not in sealed.box
    assert keys.open(sealed) == again.open(sealed) == NAME


def test_the_same_text_of_a_subject_is_the_same_bytes_and_any_other_is_not(keys: Keys, again: Keys) -> None:
    assert keys.seal("1001", NAME) == again.seal("1001", NAME)
    assert keys.seal("1001", NAME).box != keys.seal("1002", NAME).box
    assert keys.seal("1001", NAME).box != keys.seal("1001", NAME + "。").box


@given(text=st.text(min_size=1))
def test_every_text_opens_to_itself(text: str) -> None:
    key = SubjectKey.of(b"k" * 32)
    assert key.open(key.seal("1001", text)) == text


@pytest.mark.parametrize("place", [0, 5, 12, -1])
def test_a_changed_byte_does_not_open(keys: Keys, place: int) -> None:
    sealed = keys.seal("1001", NAME)
    box = bytearray(sealed.box)
    box[place] ^= 1
    assert keys.open(Sealed("1001", bytes(box))) is None


def test_text_put_under_another_subject_does_not_open(keys: Keys) -> None:
    keys.seal("1002", "x")
    assert keys.open(Sealed("1002", keys.seal("1001", NAME).box)) is None


def test_text_of_a_subject_never_seen_does_not_open_and_makes_no_key(keys: Keys) -> None:
    assert keys.open(Sealed("1009", b"n" * 40)) is None
    assert keys.find("1009") is None


def test_text_about_nobody_has_a_key_too(keys: Keys) -> None:
    assert keys.open(keys.seal("", "counter 3 was closed")) == "counter 3 was closed"


def test_a_forgotten_subject_stays_forgotten(keys: Keys) -> None:
    sealed = keys.seal("1001", NAME)
    keys.forget("1001")
    assert keys.open(sealed) is None
    with pytest.raises(Refused, match="forgotten"):
        keys.seal("1001", NAME)
    with pytest.raises(Refused, match="forgotten"):
        keys.prepare(["1001"])


def test_somebody_who_had_the_key_in_memory_forgets_it_as_well(keys: Keys, again: Keys) -> None:
    sealed = again.seal("1001", NAME)
    assert again.open(sealed) == NAME
    keys.forget("1001")
    assert again.open(sealed) is None
    with pytest.raises(Refused, match="forgotten"):
        again.seal("1001", NAME)


def test_a_subject_forgotten_before_it_had_a_key_never_gets_one(keys: Keys) -> None:
    keys.forget("1005")
    with pytest.raises(Refused, match="forgotten"):
        keys.seal("1005", NAME)


def test_the_text_of_others_outlives_the_forgotten(keys: Keys) -> None:
    kept = keys.seal("1002", "陆知遥")
    keys.seal("1001", NAME)
    keys.forget("1001")
    assert keys.open(kept) == "陆知遥"


def test_nobody_in_particular_cannot_be_forgotten(keys: Keys) -> None:
    with pytest.raises(Refused, match="forget_nobody"):
        keys.forget("")


def test_forgetting_overwrites_the_key_in_the_file_and_in_every_backup(keys: Keys, tmp_path: Path) -> None:
    keys.prepare(str(number) for number in range(990, 1010))
    backup = keys.backup()
    (wrapped,) = keys._connection.execute("SELECT wrapped FROM keys WHERE subject = '1001'").fetchone()
    files = [tmp_path / "hall.keys" / "keys.db", backup]
    assert all(wrapped in file.read_bytes() for file in files)
    keys.forget("1001")
    assert not any(part in file.read_bytes() for file in files for part in (wrapped[:16], wrapped[-16:]))


def test_a_backup_opens_what_the_keys_open(keys: Keys, tmp_path: Path) -> None:
    sealed = keys.seal("1001", NAME)
    restored = tmp_path / "restored"
    restored.mkdir()
    (restored / "keys.db").write_bytes(keys.backup().read_bytes())
    (restored / "hall.key").write_bytes((tmp_path / "hall.keys" / "hall.key").read_bytes())
    opened = Keys(restored, HALL)
    assert opened.open(sealed) == NAME
    opened.close()


def test_the_newest_seven_backups_stay(keys: Keys, tmp_path: Path) -> None:
    made = [keys.backup() for _ in range(9)]
    assert sorted((tmp_path / "hall.keys" / "backup").iterdir()) == made[-7:]


def test_keys_of_many_subjects_are_made_in_one_transaction(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[int] = []
    keep = keys.keep
    monkeypatch.setattr(keys, "keep", lambda made: (kept.append(len(made)), keep(made)))
    keys.prepare(str(number) for number in range(2_000))
    keys.prepare(["5", "6", "2001"])
    assert kept == [2_000, 1]


def test_a_draft_key_that_is_not_kept_leaves_nothing(keys: Keys, again: Keys) -> None:
    keys.sealing().seal("1001", NAME)
    assert keys.find("1001") is None
    assert again.find("1001") is None


def test_of_two_who_make_a_subjects_key_at_once_the_second_seals_again_with_the_firsts(keys: Keys, again: Keys) -> None:
    first, second = keys.sealing(), again.sealing()
    sealed = first.seal("1001", NAME)
    second.seal("1001", NAME)
    second.seal("1002", "陆知遥")
    first.keep()
    with pytest.raises(Overtaken):
        second.keep()
    assert again.find("1002") is None
    assert again.sealing().seal("1001", NAME) == sealed


def test_halls_that_share_a_folder_of_keys_do_not_share_keys(keys: Keys, tmp_path: Path) -> None:
    other = Keys(tmp_path / "hall.keys", uuid4())
    sealed = keys.seal("1001", NAME)
    other.forget("1001")
    assert keys.open(sealed) == NAME
    other.close()


def test_keys_without_the_halls_key_are_refused_and_none_is_made_up(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="keys_missing"):
        Keys(tmp_path / "nothing", HALL)
    assert not (tmp_path / "nothing").exists()


def test_the_key_of_another_hall_is_refused_by_name(keys: Keys, again: Keys, tmp_path: Path) -> None:
    sealed = keys.seal("1001", NAME)
    (tmp_path / "hall.keys" / "hall.key").write_bytes(b"\x01" * 32)
    wrong = Keys(tmp_path / "hall.keys", HALL)
    with pytest.raises(Refused, match="keys_wrong"):
        wrong.seal("1001", NAME)
    assert again.open(sealed) == NAME
    wrong.close()


def test_only_the_owner_reads_the_keys(keys: Keys, tmp_path: Path) -> None:
    keys.backup()
    folder = tmp_path / "hall.keys"
    assert {
        path.relative_to(folder).as_posix(): oct(path.stat().st_mode & 0o777) for path in (folder, *folder.glob("*"))
    } == {
        ".": "0o700",
        "hall.key": "0o600",
        "keys.db": "0o600",
        "backup": "0o700",
    }
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in (folder / "backup").iterdir())


def _seal_all(folder: Path, numbers: range, told: "multiprocessing.Queue[list[Sealed]]") -> None:
    keys = Keys(folder, HALL)
    told.put([keys.seal(str(number), NAME) for number in numbers])
    keys.close()


def test_several_processes_agree_on_every_subjects_key(keys: Keys, tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    told: multiprocessing.Queue[list[Sealed]] = spawn.Queue()
    processes = [spawn.Process(target=_seal_all, args=(tmp_path / "hall.keys", range(30), told)) for _ in range(2)]
    for process in processes:
        process.start()
    first, second = told.get(timeout=60), told.get(timeout=60)
    for process in processes:
        process.join(60)
    assert first == second == [keys.seal(str(number), NAME) for number in range(30)]


def test_keys_that_cannot_be_kept_fail_as_storage(keys: Keys) -> None:
    pages = keys._connection.execute("PRAGMA page_count").fetchone()[0]
    keys._connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageFailed):
        keys.prepare(str(number) for number in range(1_000))
    assert keys.find("1") is None
    keys._connection.execute("PRAGMA max_page_count = 100000")
    assert keys.open(keys.seal("1", NAME)) == NAME
