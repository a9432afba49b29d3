"""A terminal's tones: played by a player of the system, and never waited for."""

import os
import wave
from pathlib import Path

import pytest

pytest.importorskip("cv2", reason="the face stack is not installed", exc_type=ImportError)

from machines import until

from api.terminal.sound import TONES, Sounds


@pytest.fixture
def player(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Notes what it was asked to play; a test writes what else it does."""
    file = tmp_path / "player"
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    return file


def written(player: Path, *lines: str) -> Path:
    played = player.with_name("played")
    player.write_text("\n".join(["#!/bin/sh", f'echo "$1" >> {played}', *lines]), encoding="ascii")
    player.chmod(0o700)
    return played


def test_a_tone_is_played_from_a_file_that_holds_it(tmp_path: Path, player: Path):
    played = written(player)
    sounds = Sounds(tmp_path, [["player"]])
    sounds.play("late")
    until(lambda: played.exists() and played.read_text(encoding="ascii").strip())
    sounds.close()
    with wave.open(played.read_text(encoding="ascii").strip()) as sound:
        assert sound.getnframes() / sound.getframerate() == pytest.approx(0.15 * len(TONES["late"]), abs=0.01)


def test_a_player_that_hangs_is_not_waited_for_and_is_ended_with_the_program(tmp_path: Path, player: Path):
    played = written(player, "exec sleep 600")
    sounds = Sounds(tmp_path, [["player"]])
    sounds.play("good")
    until(played.exists)
    for _ in range(3):
        sounds.play("bad")
    playing = sounds._playing
    assert playing is not None
    assert playing.poll() is None
    sounds.close()
    assert playing.poll() is not None
    assert len(played.read_text(encoding="ascii").split()) == 1


def test_a_player_without_a_sound_device_is_not_asked_again(tmp_path: Path, player: Path):
    played = written(player, "exit 1")
    sounds = Sounds(tmp_path, [["player"]])
    sounds.play("good")
    playing = sounds._playing
    assert playing is not None
    playing.wait()
    for _ in range(3):
        sounds.play("good")
    assert sounds._playing is None
    assert len(played.read_text(encoding="ascii").split()) == 1


def test_a_machine_without_any_player_goes_on_in_silence(tmp_path: Path):
    sounds = Sounds(tmp_path, [["no such player"]])
    sounds.play("good")
    sounds.close()
    assert not (tmp_path / "tones").exists()
