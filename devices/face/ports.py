"""What a page or a terminal asks about faces, and what it hears. Frames are JPEG bytes, in memory only."""

from collections.abc import Sequence
from typing import Literal, NamedTuple, Protocol, get_args

from attendance.recognition import Recognition

Verdict = Literal["accepted", "uncertain", "stranger", "unclear"]
"""accepted: this is that person. uncertain: perhaps; ask for the staff number and verify. stranger: nobody enrolled.
unclear: the frames do not serve, and `reasons` say why. Only accepted is ever a punch."""
Step = Literal["turn_left", "turn_right", "blink", "closer"]
"""What somebody is asked to do; left and right are their own."""
STEPS: tuple[Step, ...] = get_args(Step)
ChallengeMode = Literal["always", "random", "never"]


class Box(NamedTuple):
    """A rectangle in a frame's pixels."""

    x: int
    y: int
    width: int
    height: int


class FrameReport(NamedTuple):
    """What one frame is worth. `reasons` is empty when it serves; the codes are those of `face.reason.*`:

    unreadable, no_face, several_faces, too_small, too_large, off_edge, unsure, too_dark, too_bright, glare, blurred,
    turned, tilted.
    """

    reasons: tuple[str, ...]
    faces: int = 0
    box: Box | None = None
    """Of the largest face."""
    width: int = 0
    """Of the frame."""
    height: int = 0
    sharpness: float = 0.0
    light: float = 0.0
    """Mean brightness of the face, 0 to 255."""
    clipped: float = 0.0
    """Share of the face that is burnt out or black."""
    yaw: float = 0.0
    """Degrees; positive when the person looks to their own left."""
    pitch: float = 0.0
    """Degrees; positive when the person looks up."""
    roll: float = 0.0
    """Degrees the head leans to its own left."""

    @property
    def good(self) -> bool:
        return not self.reasons


class Decision(NamedTuple):
    """Who it is, as far as can be said. `recognition` belongs into the punch's `recognised`."""

    verdict: Verdict
    no: str = ""
    """The staff number, of an accepted or an uncertain face; never tell an uncertain one to the person."""
    recognition: Recognition | None = None
    reasons: tuple[str, ...] = ()
    """Codes of `face.reason.*`: of the frame, or another_person (the frames show two people), not_enrolled."""
    frames: tuple[FrameReport, ...] = ()


class TimedFrame(NamedTuple):
    """A frame of a challenge and when the camera took it."""

    seconds: float
    """On any clock that does not jump: performance.now() of the page."""
    jpeg: bytes


class Liveness(NamedTuple):
    """Whether a challenge was met. `reasons` are codes of `face.reason.*`: too_few_frames, too_short, too_slow,
    another_person, face_lost, turned (not straight at first), not_done, flat (moves like a picture), jumped,
    not_enrolled."""

    passed: bool
    step: Step
    reasons: tuple[str, ...] = ()


class Resemblance(NamedTuple):
    """Somebody enrolled whom a new face resembles."""

    no: str
    score: float


class Enrolled(NamedTuple):
    """An enrolment that was recorded."""

    template: str
    frames: int
    resembles: tuple[Resemblance, ...] = ()
    """Others whom it resembles enough to look again (warned, not refused)."""


class Called(NamedTuple):
    """How a screen calls somebody in front of the queue, and their window."""

    name: str
    window: str


class Wishes(NamedTuple):
    """What the hall wants of a terminal that matches by itself; it goes along inside what is lent."""

    challenge: ChallengeMode
    steps: tuple[Step, ...]
    called: dict[str, Called]
    """By staff number."""


class GalleryExport(NamedTuple):
    """The gallery for one terminal that matches by itself: useless without the lease's key, which is sent apart."""

    content: bytes
    key: bytes
    """32 bytes, in the terminal's memory only and never on its disk."""
    people: int
    seconds: int
    """How long the terminal may use it, by its own monotonic clock."""


class Faces(Protocol):
    """The face service of an open hall. Every call blocks (call it with `asyncio.to_thread`, or from a plain `def`
    route) and may come from any thread.

    Each may raise Refused("faces_unavailable", reason=…) where the engine cannot run on this machine, and
    Refused("faces_busy") when more frames wait than the workers can look at in a second or two.
    """

    def warm(self) -> None:
        """Start the workers now, so that the first person in the morning does not wait for them."""

    def judge_frame(self, jpeg: bytes) -> FrameReport:
        """What a frame is worth for an enrolment; the page shows the reasons while the person moves."""

    def identify(self, jpegs: Sequence[bytes], *, liveness: str = "") -> Decision:
        """Whose face it is, of everybody enrolled (1:N). One to three frames of the same moment."""

    def verify(self, no: str, jpegs: Sequence[bytes], *, liveness: str = "") -> Decision:
        """Whether it is this person's face (1:1)."""

    def draw_step(self, mode: ChallengeMode | None = None, *, no: str = "") -> Step | None:
        """What to ask of a person who was known: None for nothing. Without a mode, the hall's own setting; whoever
        failed a challenge is asked again until one is met, also at random."""

    def challenge(self, step: Step, frames: Sequence[TimedFrame], *, no: str) -> Liveness:
        """Whether somebody did what was asked, and was `no` in every frame. Two to three seconds, 8 or more frames."""

    def enrol(self, no: str, jpegs: Sequence[bytes], *, actor: str, override: str = "") -> Enrolled:
        """Put a person's template, made of 3 to 5 good frames, into the vault, and record it, durably.

        A template of the same person is replaced. `override` is a supervisor's reason to enrol a face that is somebody
        else's to all appearances. Raises Refused: person_unknown, face_without_consent, face_frames_few,
        face_frame_bad (frame, reason), face_frames_differ, face_taken (score).
        """

    def forget(self, no: str, *, reason: str, actor: str) -> bool:
        """Destroy a person's template and its key, and record it; False when there was none. `reason` is one of
        attendance.faces.REASONS: call it with "withdrawn" right after a consent was withdrawn."""

    def enrolled(self) -> int:
        """How many faces are stored."""

    def gallery_export(self, challenge: ChallengeMode, called: dict[str, Called]) -> GalleryExport:
        """The gallery under a fresh key, a lease of 24 hours, for `manqin terminal`; with it how that terminal asks
        for a movement, and how its screen calls people."""
