"""The face service once it is needed: what it holds in memory, and the decisions it records."""

from collections.abc import Iterator, Sequence
from threading import RLock
from uuid import uuid4

from api.face_records import destroy, forget, of_person, sweep
from api.faces import today
from api.settings import Settings
from attendance import faces
from attendance.hall import Draft, Hall
from devices.face import enrolment, lease, liveness
from devices.face.engines import Vector, kind_of
from devices.face.gallery import Gallery
from devices.face.ports import Called, ChallengeMode, Enrolled, GalleryExport, Liveness, Step, TimedFrame, Wishes
from devices.face.recogniser import Recogniser
from devices.face.seen import Wanted
from devices.face.vault import Kept, Vault
from devices.face.worker import leave_no_dump
from devices.face.workers import Workers

SERVER = "office"
"""Who destroys what a crash left over."""


class Loaded:
    """Workers, gallery and vault of an open hall."""

    def __init__(self, hall: Hall, settings: Settings) -> None:
        # The server holds everybody's templates now, and the keys of everything.
        leave_no_dump()
        self._hall = hall
        self._steps = settings.face_steps
        self._kind = kind_of(settings.face_engine)
        self._lock = RLock()
        self._vault = Vault(hall.folder.data, hall.keys)
        self.workers = Workers(self._kind.name, settings.face_workers)
        self._version = self._vault.version()
        sweep(hall, self._vault, today(hall), SERVER)
        self._gallery = Gallery(self._kind, self._templates())

    def _templates(self) -> Iterator[tuple[str, Vector]]:
        return ((kept.no, vector) for kept, vector in self._vault.opened(self._kind))

    def recogniser(self) -> Recogniser:
        """With the gallery as the vault holds it now: another process may have enrolled somebody."""
        return Recogniser(self._fresh(), self.workers)

    def _fresh(self) -> Gallery:
        with self._lock:
            version = self._vault.version()
            if version != self._version:
                self._gallery.replace_all(self._templates())
                self._version = version
            return self._gallery

    def draw(self, mode: ChallengeMode, *, failed: bool) -> Step | None:
        return liveness.draw("always" if failed and mode == "random" else mode, self._steps)

    def challenge(self, step: Step, frames: Sequence[TimedFrame], no: str) -> Liveness:
        return self.recogniser().challenge(step, frames, no=no)

    def enrol(self, no: str, jpegs: Sequence[bytes], *, actor: str, override: str) -> Enrolled:
        """See `devices.face.ports.Faces.enrol`."""
        no = faces.may_be_enrolled(self._hall.book(), no, today(self._hall))
        enrolment.check_number(len(jpegs))
        seen = self.workers.examine(jpegs, Wanted(enrolling=True))
        with self._lock, self._vault.alone():
            made = enrolment.make(self._fresh(), no, seen, override=bool(override.strip()))
            before = of_person(self._hall.book(), self._vault, no, "replaced")
            template = self._keep(no, made, actor, override)
            for one in before:
                destroy(self._hall, self._vault, one, actor)
            self._gallery.put(no, made.vector)
        return Enrolled(template, made.frames, made.resembles)

    def _keep(self, no: str, made: enrolment.Made, actor: str, override: str) -> str:
        """Into the vault and then into the log; a template that the log did not take leaves the vault again."""
        kept = Kept(str(uuid4()), no, self._kind.name, self._kind.model)
        fact = faces.FaceEnrolled(
            template=kept.template,
            no=no,
            engine=kept.engine,
            model=kept.model,
            frames=made.frames,
            resembles=tuple(other.no for other in made.resembles),
        )

        def record(draft: Draft) -> None:
            faces.enrol(draft, enrolled=fact, day=today(self._hall), reason=override)

        self._vault.put(kept, made.vector)
        try:
            self._hall.decide(record, actor)
        except BaseException:
            self._vault.destroy(kept.template)
            raise
        return kept.template

    def forget(self, no: str, *, reason: str, actor: str) -> bool:
        """See `devices.face.ports.Faces.forget`."""
        with self._lock:
            gone = forget(self._hall, self._vault, no, reason=reason, actor=actor)
            self._gallery.remove(no)
        return gone

    def lend(self, challenge: ChallengeMode, called: dict[str, Called]) -> GalleryExport:
        return lease.lend(self._fresh(), Wishes(challenge, tuple(self._steps), called))

    def close(self) -> None:
        self.workers.close()
        self._vault.close()
