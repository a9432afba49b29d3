"""Tones, so that nobody has to look twice: rising is good, level is late, falling is not done.

Played by whatever player the system has, in a process of its own; without one, the console rings its bell.
"""

import os
import shutil
import subprocess
import sys
import wave
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from api.terminal.view import Tone

TONES: dict[Tone, Sequence[int]] = {
    "good": (660, 880),
    "late": (520, 520, 520),
    "plain": (660,),
    "bad": (330, 220),
    "ask": (740,),
}
"""Hertz; the same as the page sounds."""
RATE = 22_050
LONG, PAUSE, LOUD = 0.12, 0.03, 0.3
PLAYERS: Sequence[Sequence[str]] = (("paplay",), ("pw-play",), ("aplay", "-q"), ("afplay",))
BELL = "\a"


class Sounds:
    """One at a time; a sound that comes while another is heard is left out."""

    def __init__(self, folder: Path, players: Sequence[Sequence[str]] = PLAYERS) -> None:
        self._players = [player for player in players if shutil.which(player[0])]
        self._folder = folder / "tones"
        self._playing: subprocess.Popen[bytes] | None = None
        if self._players:
            self._folder.mkdir(exist_ok=True)
            for tone, pitches in TONES.items():
                _record(self._folder / f"{tone}.wav", pitches)

    def play(self, tone: Tone) -> None:
        """Returns at once."""
        if self._is_playing():
            return
        if self._players:
            self._start([*self._players[0], str(self._folder / f"{tone}.wav")])
        elif sys.stderr.isatty():
            os.write(sys.stderr.fileno(), BELL.encode())

    def _start(self, command: list[str]) -> None:
        quiet = subprocess.DEVNULL
        try:
            self._playing = subprocess.Popen(  # noqa: S603 - a player of the system and a file of our own
                command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
            )
        except OSError:
            self._players.pop(0)

    def _is_playing(self) -> bool:
        """Whether one is still heard; a player that cannot play, for want of a sound device, is not asked again."""
        if self._playing is None:
            return False
        done = self._playing.poll()
        if done is None:
            return True
        self._playing = None
        if done:
            self._players.pop(0)
        return False

    def close(self) -> None:
        if self._playing is not None:
            self._playing.kill()
            self._playing.wait()


def _record(file: Path, pitches: Sequence[int]) -> None:
    """The tones as a sound file, each fading out."""
    at = np.arange(round(LONG * RATE)) / RATE
    fade = np.minimum(1, np.minimum(at / 0.005, (LONG - at) / 0.03))
    silence = np.zeros(round(PAUSE * RATE))
    waves = [part for pitch in pitches for part in (np.sin(2 * np.pi * pitch * at) * fade * LOUD, silence)]
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes((np.concatenate(waves) * 32767).astype("<i2").tobytes())
