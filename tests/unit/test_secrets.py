"""Secret paths: whose they are, from the moment they are given to the moment they end."""

import time
from pathlib import Path
from uuid import uuid4

import pytest

from api.doors import secrets as module
from api.doors.secrets import TerminalSecrets
from attendance.facts import Refused

HALL = uuid4()


def test_a_secret_opens_at_once_and_is_nobodys_after_it_ended(tmp_path: Path) -> None:
    ours, doors = TerminalSecrets(tmp_path, HALL), TerminalSecrets(tmp_path, HALL)
    assert doors.owner("guess") is None
    secret = ours.add("A1")
    assert doors.owner(secret) == "A1"
    ours.end(secret)
    assert doors.owner(secret) is None


def test_a_new_secret_ends_the_old_one_at_once(tmp_path: Path) -> None:
    ours, doors = TerminalSecrets(tmp_path, HALL), TerminalSecrets(tmp_path, HALL)
    old = ours.renew("A1")
    assert doors.owner(old) == "A1"
    new = ours.renew("A1")
    assert (doors.owner(old), doors.owner(new)) == (None, "A1")


def test_one_that_another_process_ended_is_forgotten_within_a_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STALE", 0.05)
    doors = TerminalSecrets(tmp_path, HALL)
    secret = doors.add("A1")
    assert doors.owner(secret) == "A1"
    for file in (tmp_path / "doors" / str(HALL)).iterdir():
        file.unlink()
    time.sleep(0.06)
    assert doors.owner(secret) is None


def test_nothing_but_a_hash_lies_on_the_disk(tmp_path: Path) -> None:
    secret = TerminalSecrets(tmp_path, HALL).add("A1")
    assert secret.encode() not in b"".join(str(f).encode() + f.read_bytes() for f in tmp_path.rglob("*") if f.is_file())


def test_a_family_that_posts_nothing_has_no_path() -> None:
    with pytest.raises(Refused, match="no_door"):
        TerminalSecrets.path("dingtalk", "x")
