"""The terminal at work: who stands there, what they are asked, what is kept and what the hall says of it."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol
from uuid import uuid4

from msgspec.structs import replace

from attendance.recognition import Recognition
from devices.face.liveness import draw
from devices.face.ports import ChallengeMode, Decision, Step, TimedFrame
from devices.face.recogniser import Looker, Recogniser
from devices.face.terminal.clocks import Anchor, Clocks
from devices.face.terminal.kept import Kept, Sighting
from devices.face.terminal.lease import Lease
from devices.face.terminal.line import HallLine, NoHall

HEARTBEAT = 10.0
SAME = 60.0
"""Seconds in which somebody who still stands there is not kept again."""
LOOK_EVERY = 0.3
FILMED, FILM_EVERY = 3.0, 0.2
TOLD_EVERY = 3.0


class Happening(NamedTuple):
    """Something to say: a code of `terminal.said.*`, and what fills its sentence."""

    code: str
    details: dict[str, Any]


class Frames(Protocol):
    """Where frames come from."""

    def frames(self) -> Iterator[TimedFrame]: ...


class Watching:
    """One terminal. `run` goes on until the frames end."""

    def __init__(
        self, line: HallLine, kept: Kept, lease: Lease, looker: Looker, clocks: Clocks, say: Callable[[Happening], None]
    ) -> None:
        self._line, self._kept, self._lease, self._looker, self._clocks = line, kept, lease, looker, clocks
        self._say = say
        self._mode: ChallengeMode = "random"
        self._called = self._looked = -HEARTBEAT
        self._seen: dict[str, float] = {}
        self._told: dict[str, float] = {}
        self._owing: set[str] = set()
        """Who failed a movement; asked again until one is done."""
        self._there = False

    def run(self, camera: Frames) -> None:
        frames = camera.frames()
        for frame in frames:
            self._keep_in_touch()
            if frame.seconds - self._looked >= LOOK_EVERY:
                self._looked = frame.seconds
                self._look(frame, frames)
        self.send()

    def _keep_in_touch(self) -> None:
        """Every few seconds: what the hall wants, the lease, what waits."""
        now = self._clocks.mono()
        if now - self._called < HEARTBEAT:
            return
        self._called = now
        try:
            told, anchor = self._line.state()
            self._kept.remember(anchor)
            self._mode = told["challenge"]
            self._tell_there(there=True)
            if self._lease.is_due:
                lent = self._line.borrow()
                self._lease.take(lent)
                self._tell("borrowed", people=lent.people)
            self.send()
        except NoHall as gone:
            self._tell_there(there=False, why=str(gone))

    def send(self) -> None:
        """Send what waits; each sighting is forgotten once the hall has answered it."""
        try:
            while waiting := self._kept.waiting():
                answers = self._line.send(waiting)
                for answer in answers:
                    self._kept.answered(answer["id"])
                    self._tell(answer["state"], **answer)
                if not answers:
                    return
        except NoHall as gone:
            self._tell_there(there=False, why=str(gone))

    def _look(self, frame: TimedFrame, frames: Iterator[TimedFrame]) -> None:
        gallery = self._lease.gallery()
        if gallery is None:
            self._tell_now_and_then("no_lease")
            return
        recogniser = Recogniser(gallery, self._looker)
        decision = recogniser.identify([frame.jpeg])
        if decision.verdict != "accepted" or decision.recognition is None:
            self._not_known(decision)
        elif not self._just_seen(decision.no, frame.seconds):
            self._meet(recogniser, decision.no, decision.recognition, frames)

    def _not_known(self, decision: Decision) -> None:
        """Nobody there is the usual state, and is not said."""
        if "no_face" not in decision.reasons:
            self._tell_now_and_then(decision.verdict, reasons=decision.reasons)

    def _just_seen(self, no: str, seconds: float) -> bool:
        return seconds - self._seen.get(no, -SAME) < SAME

    def _meet(self, recogniser: Recogniser, no: str, recognition: Recognition, frames: Iterator[TimedFrame]) -> None:
        step = draw("always" if no in self._owing and self._mode == "random" else self._mode)
        if step is not None and not self._did(recogniser, no, step, frames):
            self._owing.add(no)
            return
        self._owing.discard(no)
        self._seen[no] = time.monotonic()
        self._keep(no, replace(recognition, liveness=step or ""))

    def _did(self, recogniser: Recogniser, no: str, step: Step, frames: Iterator[TimedFrame]) -> bool:
        self._tell("step", step=step)
        verdict = recogniser.challenge(step, _filmed(frames), no=no)
        if not verdict.passed:
            self._tell("not_done", reasons=verdict.reasons)
        return verdict.passed

    def _keep(self, no: str, recognition: Recognition) -> None:
        """On the disk first, then to the hall; what it says of it is shown when it comes."""
        before: Anchor | None = self._kept.last_anchor()
        self._kept.add(Sighting(str(uuid4()), no, recognition, self._clocks.read(), before))
        if self._there:
            self.send()
        if waiting := self._kept.count():
            self._tell("kept", no=no, unsent=waiting)

    def _tell_there(self, *, there: bool, why: str = "") -> None:
        if there != self._there:
            self._there = there
            self._tell("online" if there else "offline", why=why, unsent=self._kept.count())

    def _tell_now_and_then(self, code: str, **details: object) -> None:
        now = time.monotonic()
        if now - self._told.get(code, -TOLD_EVERY) >= TOLD_EVERY:
            self._told[code] = now
            self._tell(code, **details)

    def _tell(self, code: str, **details: object) -> None:
        self._say(Happening(code, details))


def _filmed(frames: Iterator[TimedFrame]) -> Sequence[TimedFrame]:
    """Three seconds of frames, a fifth of a second apart."""
    taken: list[TimedFrame] = []
    for frame in frames:
        if not taken or frame.seconds - taken[-1].seconds >= FILM_EVERY:
            taken.append(frame)
        if frame.seconds - taken[0].seconds >= FILMED:
            break
    return taken
