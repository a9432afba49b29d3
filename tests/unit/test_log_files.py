"""Where the parts of a hall's folder lie."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from attendance.facts import Refused
from attendance.log.files import Folder, write_once


def test_the_keys_lie_beside_the_data_and_not_in_it(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "hall")
    assert folder.keys == tmp_path / "hall.keys"
    assert folder.log.parent == folder.projections.parent == tmp_path / "hall"


def test_manqin_keys_says_where_the_keys_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MANQIN_KEYS", str(tmp_path / "safe"))
    assert Folder(tmp_path / "hall").keys == tmp_path / "safe"


@pytest.mark.parametrize("place", ["hall", "hall/keys", "hall/deep/keys"])
def test_keys_inside_the_data_are_refused(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MANQIN_KEYS", str(tmp_path / place))
    with pytest.raises(Refused, match="keys_in_data"):
        Folder(tmp_path / "hall")


def test_a_new_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    Folder(tmp_path / "new" / "hall").create()
    assert (tmp_path / "new" / "hall").stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_made_is_refused_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Refused) as refusal:
        Folder(tmp_path / "file" / "hall").create()
    assert refusal.value.code == "data_unusable"
    assert refusal.value.details["reason"] == "Not a directory"


def test_of_many_who_write_a_file_once_all_read_what_the_first_wrote(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        read = list(pool.map(lambda number: write_once(tmp_path / "once", bytes([number]) * 32), range(40)))
    assert len(set(read)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["once"]
