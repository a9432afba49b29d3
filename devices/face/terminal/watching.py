"""Who stands before the camera, what they are asked, and what is kept. Nothing here waits for the network."""

from collections.abc import Callable, Iterator
from threading import Event
from uuid import uuid4

from msgspec.structs import replace

from attendance.facts import Refused
from attendance.recognition import Recognition
from devices.face.lease import Borrowed
from devices.face.liveness import draw
from devices.face.ports import Called, Decision, Step, TimedFrame
from devices.face.recogniser import Looker, Recogniser
from devices.face.terminal.camera import Dark, Over, Shot, Source
from devices.face.terminal.clocks import Clocks
from devices.face.terminal.happenings import Say, Teller
from devices.face.terminal.kept import Kept, NotKept, Sighting
from devices.face.terminal.lease import Lease

LOOK_EVERY = 0.3
AWAY = 3.0
"""Seconds without being seen after which somebody has gone and come again, which is another punch: whoever was told
that they leave too early comes again a moment later. Who just stays there is kept once."""
SURE_AFTER = 3
"""One frame proves little: a doubt is told when so many in a row say the same."""
READ_WITHIN = 2.5
"""Seconds in which somebody reads why a movement was not seen, before the next is asked."""
FILMED, FILM_EVERY = 3.0, 0.2


class Watching:
    """One terminal's eyes. `run` goes on until the film ends or `stop` is called."""

    def __init__(self, kept: Kept, lease: Lease, looker: Looker, clocks: Clocks, say: Say) -> None:
        self._kept, self._lease, self._looker, self._clocks = kept, lease, looker, clocks
        self._teller = Teller(say)
        self._ended = Event()
        self._looked = -LOOK_EVERY
        self._met: dict[str, float] = {}
        """When somebody who was kept was seen last, in seconds of the clock that nobody can set."""
        self._owing: set[str] = set()
        """Who failed a movement; asked again until one is done."""
        self._doubt, self._doubted = "", 0
        self.on_kept: Callable[[], None] = lambda: None

    def stop(self) -> None:
        self._ended.set()

    def run(self, source: Source) -> None:
        self._looked = -LOOK_EVERY
        for shot in self._shots(source):
            if shot.seconds - self._looked >= LOOK_EVERY:
                self._looked = shot.seconds
                try:
                    self._look(shot, source)
                    self._teller.tell_change("looker", "looking")
                except Refused as refused:
                    self._teller.tell_change("looker", "refused", refused=refused)

    def _shots(self, source: Source) -> Iterator[Shot]:
        while not self._ended.is_set():
            try:
                yield source.newest()
            except Dark:
                self._teller.tell_change("camera", "camera_lost")
                continue
            except Over:
                return
            self._teller.tell_change("camera", "camera")

    def _look(self, shot: Shot, source: Source) -> None:
        borrowed = self._lease.held()
        if borrowed is None:
            self._teller.tell_change("lease", "no_lease")
            return
        self._teller.tell_change("lease", "lease")
        decision = Recogniser(borrowed.gallery, self._looker).identify([shot.frame().jpeg])
        if decision.verdict != "accepted" or decision.recognition is None:
            self._not_known(decision)
            return
        self._doubted = 0
        self._known(borrowed, decision.no, decision.recognition, source)

    def _not_known(self, decision: Decision) -> None:
        if "no_face" in decision.reasons:
            self._doubted = 0
            self._teller.tell("nobody")
        elif decision.reasons:
            self._teller.tell("unclear", reason=decision.reasons[0])
        elif self._is_sure(decision.verdict):
            self._teller.tell(decision.verdict)

    def _is_sure(self, doubt: str) -> bool:
        self._doubted = self._doubted + 1 if doubt == self._doubt else 1
        self._doubt = doubt
        return self._doubted >= SURE_AFTER

    def _known(self, borrowed: Borrowed, no: str, recognition: Recognition, source: Source) -> None:
        now = self._clocks.mono()
        if now - self._met.get(no, -AWAY) >= AWAY:
            self._meet(borrowed, no, recognition, source)
        else:
            self._met[no] = now

    def _meet(self, borrowed: Borrowed, no: str, recognition: Recognition, source: Source) -> None:
        mode = borrowed.wishes.challenge
        step = draw("always" if no in self._owing and mode == "random" else mode, borrowed.wishes.steps)
        if step is not None and not self._did(borrowed, no, step, source):
            self._owing.add(no)
            self._looked += FILMED + READ_WITHIN
            return
        self._owing.discard(no)
        self._keep(borrowed, no, replace(recognition, liveness=step or ""))

    def _did(self, borrowed: Borrowed, no: str, step: Step, source: Source) -> bool:
        self._teller.tell("step", step=step)
        verdict = Recogniser(borrowed.gallery, self._looker).challenge(step, filmed(self._shots(source)), no=no)
        if not verdict.passed:
            self._teller.tell("not_done", reason=verdict.reasons[0])
        return verdict.passed

    def _keep(self, borrowed: Borrowed, no: str, recognition: Recognition) -> None:
        """On the disk first; then it is told, and the hall may say more when it hears of it."""
        here = self._clocks.read()
        before, hall = self._kept.last_anchor(), self._kept.place().hall
        sighting = Sighting(str(uuid4()), no, recognition, here, before, hall)
        try:
            self._kept.add(sighting)
        except NotKept:
            self._teller.tell("not_kept")
            return
        self._met[no] = here.mono / 1000
        self._teller.tell("kept", id=sighting.id, called=_called(borrowed, no), at=here, unsent=self._kept.count())
        self.on_kept()


def _called(borrowed: Borrowed, no: str) -> Called:
    return borrowed.wishes.called.get(no) or Called(no, "")


def filmed(shots: Iterator[Shot]) -> list[TimedFrame]:
    """Three seconds of frames, a fifth of a second apart."""
    taken: list[TimedFrame] = []
    for shot in shots:
        if not taken or shot.seconds - taken[-1].seconds >= FILM_EVERY:
            taken.append(shot.frame())
        if shot.seconds - taken[0].seconds >= FILMED:
            break
    return taken
