"""The demo hall's terminals, one of each make, made of software: what was tapped at them, on its way into the hall."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from api.demo.punching import Tap
from api.doors.secrets import TerminalSecrets
from api.doors.visiting import pull
from attendance.hall import Hall
from attendance.terminals import CLOCK_SET
from devices.calling import Line
from devices.dahua.simulator import Mood as DahuaMood
from devices.dahua.simulator import SimulatedTerminal as DahuaTerminal
from devices.exchange import NotAcknowledged
from devices.hikvision.served import ServedTerminal, isapi_served
from devices.hikvision.simulator import SimulatedTerminal as HikvisionTerminal
from devices.served import DigestLock
from devices.zkteco.simulator import SimulatedTerminal

VISITOR = "88"
"""A PIN that belongs to nobody."""
"""ZKTeco's number for “somebody set the clock”."""
UNREADABLE = ["1003\t2026-13-40 08:55:00\t0\t15\t0\t0\t0", "1004\t2000-01-01 00:00:12\t0\t15\t0\t0\t0"]
"""What a worn memory and a clock that lost its battery leave behind."""
POSTED = 60
"""Of a Hikvision terminal's events, the last so many are posted; what came before a restart is read by a visit."""
ADMIN = "admin"


class Way(NamedTuple):
    """Into the hall: itself, and where its door for terminals is."""

    hall: Hall
    host: str
    port: int
    is_worn: bool = True
    """Whether its log holds besides punches what every real log does."""

    def secret(self, serial: str) -> str:
        return TerminalSecrets(self.hall.folder.keys, self.hall.id).renew(serial)


def zkteco(way: Way, serial: str, tapped: Sequence[Tap]) -> None:
    """Says hello and sends all it holds. Raises NotAcknowledged."""
    terminal = SimulatedTerminal(serial, way.host, way.port)
    reply = terminal.handshake()
    if reply.status != 200:
        raise NotAcknowledged(reply)
    for tap in tapped:
        terminal.punch(tap.no, tap.at)
    if way.is_worn:
        terminal.log[5:5] = UNREADABLE
        terminal.operate(CLOCK_SET, _before(tapped))
    terminal.upload()


def hikvision(way: Way, serial: str, tapped: Sequence[Tap]) -> None:
    """Posts the last of its events one by one. It was silent before that, so the hall reads its log."""
    path = TerminalSecrets.path("hikvision", secret := way.secret(serial))
    terminal = HikvisionTerminal(serial, way.host, way.port, path)
    for tap in tapped:
        terminal.punch(tap.no, tap.at)
    terminal.sent = max(0, len(terminal.log) - POSTED)
    terminal.upload()
    with isapi_served(ServedTerminal(terminal), DigestLock(ADMIN, secret)) as url:
        pull(way.hall, serial, Line(url, ADMIN, secret))


def dahua(way: Way, serial: str, tapped: Sequence[Tap]) -> None:
    """Uploads its events by the dozen. Once a visitor tried it too."""
    mood = DahuaMood(shape="list", wrapping="mixed")
    terminal = DahuaTerminal(serial, way.host, way.port, way.secret(serial), mood=mood)
    for tap in tapped:
        terminal.punch(tap.no, tap.at)
    if way.is_worn:
        for later in (timedelta(minutes=7), timedelta(hours=8)):
            terminal.punch(VISITOR, tapped[0].at + later)
    terminal.upload()


def _before(tapped: Sequence[Tap]) -> datetime:
    return tapped[0].at - timedelta(minutes=30)


MAKES: dict[str, Callable[[Way, str, Sequence[Tap]], None]] = {
    "zkteco": zkteco,
    "hikvision": hikvision,
    "dahua": dahua,
}
