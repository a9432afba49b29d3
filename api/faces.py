"""The hall's face service: engine, workers, gallery and vault behind `devices.face.ports.Faces`.

Nothing of it is loaded, and no process started, before somebody asks about a face: a hall without face terminals pays
nothing for them, and a machine that cannot run an engine keeps its hall open and says why here.
"""

import os
from collections.abc import Sequence
from datetime import UTC, date, datetime
from threading import Lock
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from api.settings import Settings
from attendance.facts import Refused
from attendance.hall import Hall
from devices.face import VAULT
from devices.face.ports import (
    Called,
    ChallengeMode,
    Decision,
    Enrolled,
    FrameReport,
    GalleryExport,
    Liveness,
    Step,
    TimedFrame,
)

if TYPE_CHECKING:
    from api.face_loaded import Loaded

NONE = "none"
"""The engine of a hall that wants no faces."""


def today(hall: Hall) -> date:
    """The hall's own date."""
    zone = hall.book().policies.in_force(f"{datetime.now(UTC):%Y-%m}").meta.timezone
    return datetime.now(ZoneInfo(zone)).date()


class FaceService:
    """One hall's faces. Every call blocks and may come from any thread."""

    def __init__(self, hall: Hall, settings: Settings) -> None:
        self._hall = hall
        self._settings = settings
        self._lock = Lock()
        self._loaded: Loaded | None = None
        self._failed: set[str] = set()
        """Who failed the last challenge; forgotten when the server starts again."""

    def loaded(self) -> "Loaded":
        """Engine and vault, at the first call. Raises Refused("faces_unavailable") where they cannot be had."""
        with self._lock:
            if self._loaded is None:
                if self._settings.face_engine == NONE:
                    raise Refused("faces_unavailable", reason="MANQIN_FACE_ENGINE=none")
                # Threads of the matching would wait for each other where other work is under way: 6 ms instead of 0.1.
                os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
                try:
                    from api.face_loaded import Loaded
                except ImportError as error:
                    raise Refused("faces_unavailable", reason=str(error)) from None
                self._loaded = Loaded(self._hall, self._settings)
            return self._loaded

    def warm(self) -> None:
        self.loaded().workers.warm()

    def judge_frame(self, jpeg: bytes) -> FrameReport:
        return self.loaded().recogniser().judge_frame(jpeg)

    def identify(self, jpegs: Sequence[bytes], *, liveness: str = "") -> Decision:
        return self.loaded().recogniser().identify(jpegs, liveness=liveness)

    def verify(self, no: str, jpegs: Sequence[bytes], *, liveness: str = "") -> Decision:
        return self.loaded().recogniser().verify(no, jpegs, liveness=liveness)

    def draw_step(self, mode: ChallengeMode | None = None, *, no: str = "") -> Step | None:
        return self.loaded().draw(mode or self._settings.face_challenge, failed=no in self._failed)

    def challenge(self, step: Step, frames: Sequence[TimedFrame], *, no: str) -> Liveness:
        judged = self.loaded().challenge(step, frames, no)
        (self._failed.discard if judged.passed else self._failed.add)(no)
        return judged

    def enrol(self, no: str, jpegs: Sequence[bytes], *, actor: str, override: str = "") -> Enrolled:
        return self.loaded().enrol(no, jpegs, actor=actor, override=override)

    def forget(self, no: str, *, reason: str, actor: str) -> bool:
        """Also where no engine runs any more: what a person withdrew must not wait for one."""
        try:
            loaded = self.loaded()
        except Refused:
            return self._forget_at_rest(no, reason, actor)
        return loaded.forget(no, reason=reason, actor=actor)

    def _forget_at_rest(self, no: str, reason: str, actor: str) -> bool:
        if not (self._hall.folder.data / VAULT).exists():
            return False
        from api.face_records import forget, opened

        with opened(self._hall) as vault:
            return forget(self._hall, vault, no, reason=reason, actor=actor)

    def enrolled(self) -> int:
        return len(self._hall.book().faces.standing())

    def gallery_export(self, challenge: ChallengeMode, called: dict[str, Called]) -> GalleryExport:
        return self.loaded().lend(challenge, called)

    def close(self) -> None:
        """End the workers; the next call would start them again."""
        with self._lock:
            if self._loaded is not None:
                self._loaded.close()
                self._loaded = None
