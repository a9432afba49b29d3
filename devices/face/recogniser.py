"""Whose face it is, with a gallery and something that looks at frames: the server's workers, or a terminal itself."""

from collections.abc import Sequence
from typing import Protocol

from attendance.facts import Refused
from devices.face import decisions, liveness
from devices.face.gallery import Gallery
from devices.face.ports import Decision, FrameReport, Liveness, Step, TimedFrame
from devices.face.seen import Change, Seen, Straight, Wanted


class Looker(Protocol):
    """What looks at frames."""

    @property
    def engine(self) -> str: ...

    def examine(self, jpegs: Sequence[bytes], wanted: Wanted) -> list[Seen]: ...

    def compare(self, faces: Sequence[Straight]) -> list[Change]: ...


class Recogniser:
    """Safe to use from any thread if its looker is."""

    def __init__(self, gallery: Gallery, looker: Looker) -> None:
        """Raises Refused when they are of different engines: numbers of one mean nothing to the other."""
        if looker.engine != gallery.kind.name:
            raise Refused("face_engines_differ", engine=looker.engine, templates=gallery.kind.name)
        self.gallery = gallery
        self._looker = looker

    def judge_frame(self, jpeg: bytes) -> FrameReport:
        (seen,) = self._looker.examine([jpeg], Wanted(enrolling=True, face=False))
        return seen.report

    def identify(self, jpegs: Sequence[bytes], *, liveness: str = "") -> Decision:
        return decisions.identify(self.gallery, self._looker.examine(jpegs, Wanted()), liveness)

    def verify(self, no: str, jpegs: Sequence[bytes], *, liveness: str = "") -> Decision:
        return decisions.verify(self.gallery, no, self._looker.examine(jpegs, Wanted()), liveness)

    def challenge(self, step: Step, frames: Sequence[TimedFrame], *, no: str) -> Liveness:
        template = self.gallery.template(no)
        if template is None:
            return Liveness(False, step, ("not_enrolled",))
        seen = self._looker.examine([frame.jpeg for frame in frames], Wanted(straight=step == "blink"))
        # A film in which the face was lost is refused for that.
        straight = [one.straight for one in seen]
        changes = self._looker.compare(straight) if all(one.grey for one in straight) else [Change()] * len(seen)
        taken = zip(frames, seen, changes, strict=True)
        moments = [liveness.Moment(frame.seconds, one, change) for frame, one, change in taken]
        return liveness.judge(self.gallery.kind, step, moments, template)
