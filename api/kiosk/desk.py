"""What the camera terminals of one hall share while the server runs."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

from api.auth import Limit
from api.doors.secrets import TerminalSecrets
from api.kiosk.codes import PairingCodes
from api.kiosk.envelopes import Envelopes
from api.kiosk.moments import Moments
from api.kiosk.pace import Pace
from api.kiosk.passcodes import Passcodes
from api.kiosk.tickets import Tickets
from attendance.hall import Hall
from attendance.recognition import Recognition
from devices.face.ports import Faces, Step
from projections.ledger import Ledger

if TYPE_CHECKING:
    from api.kiosk.punching import Clocked

FRAMES_A_SECOND = 5.0
FRAMES_AT_ONCE = 12
WRONG_IN_FIVE_MINUTES = 20
"""Wrong passcodes and tickets of one terminal, whoever they were for, before it has to wait."""
CODES_IN_FIVE_MINUTES = 20
GUESSES_IN_FIVE_MINUTES = 10
"""Codes typed in the office that no device shows."""
CHALLENGE_SECONDS = 20.0
LINGERS = 6.0
"""Seconds from one look at somebody to the next in which they have not gone: longer than a result is shown."""


@dataclass(frozen=True)
class Challenge:
    """What somebody was asked to do before their punch counts."""

    terminal: str
    no: str
    step: Step
    recognition: Recognition | None
    until: float


@dataclass
class Desk:
    """One per server: memory of the moment, and the small stores of passcodes, tickets and envelopes."""

    hall: Hall
    ledger: Ledger
    faces: Faces
    passcodes: Passcodes
    tickets: Tickets
    envelopes: Envelopes
    credentials: TerminalSecrets
    moments: Moments
    codes: PairingCodes = field(default_factory=PairingCodes)
    pace: Pace = field(default_factory=lambda: Pace(FRAMES_A_SECOND, FRAMES_AT_ONCE))
    wrong: Limit = field(default_factory=lambda: Limit(WRONG_IN_FIVE_MINUTES, 300, monotonic))
    aside: Limit = field(default_factory=lambda: Limit(WRONG_IN_FIVE_MINUTES, 300, monotonic))
    """The same for what was kept without a network: nobody may have passcodes guessed by the batch."""
    asking: Limit = field(default_factory=lambda: Limit(CODES_IN_FIVE_MINUTES, 300, monotonic))
    guesses: Limit = field(default_factory=lambda: Limit(GUESSES_IN_FIVE_MINUTES, 300, monotonic))
    challenges: dict[str, Challenge] = field(default_factory=dict)
    met: dict[tuple[str, str], float] = field(default_factory=dict)
    """When a terminal saw somebody last who had clocked in, by terminal and staff number."""
    last: dict[str, list["Clocked"]] = field(default_factory=dict)
    """Who was at each terminal last; see `api.kiosk.last`."""

    @classmethod
    def open(cls, hall: Hall, ledger: Ledger, faces: Faces) -> "Desk":
        keys = hall.folder.keys
        return cls(
            hall=hall,
            ledger=ledger,
            faces=faces,
            passcodes=Passcodes(hall.folder.data / "passcodes.db", keys),
            tickets=Tickets(keys),
            envelopes=Envelopes(keys),
            credentials=TerminalSecrets(keys, hall.id),
            moments=Moments(hall.folder.data / "moments.db"),
        )

    def close(self) -> None:
        self.passcodes.close()
        self.moments.close()

    def lingers(self, terminal: str, no: str) -> bool:
        """Whether somebody whom the terminal saw is there still. They are seen now."""
        now = monotonic()
        seen = self.met.get((terminal, no), -LINGERS)
        self.met = {key: at for key, at in self.met.items() if now - at < LINGERS} | {(terminal, no): now}
        return now - seen < LINGERS

    def keep_challenge(self, token: str, challenge: Challenge) -> None:
        now = monotonic()
        self.challenges = {key: one for key, one in self.challenges.items() if one.until > now}
        self.challenges[token] = challenge

    def take_challenge(self, token: str, terminal: str) -> Challenge | None:
        """The challenge of a token, once, at the terminal that asked it, while there is time."""
        challenge = self.challenges.pop(token, None)
        if challenge is None or challenge.terminal != terminal or challenge.until < monotonic():
            return None
        return challenge


def desk_of(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


TheDesk = Annotated[Desk, Depends(desk_of)]


def wall_clock(moment: datetime, zone: int) -> datetime:
    """What a clock `zone` minutes east of UTC shows at a moment (with its zone), to the second."""
    return (moment + (timedelta(minutes=zone) - (moment.utcoffset() or timedelta()))).replace(
        tzinfo=None, microsecond=0
    )
