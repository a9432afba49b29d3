"""Punches: readings of terminals taken into the log, or set aside with the reason."""

from datetime import datetime

from attendance.facts import Fact, topic


@topic("punch")
class Punched(Fact, frozen=True, kw_only=True):
    """This PIN, at this terminal, at this moment of the terminal's wall clock. Who that is, is looked up later.

    Verify mode, status and raw line are those of the first sighting; only terminal, PIN and second make the identity.
    """

    terminal: str
    pin: str
    """Without padding or leading zeros."""
    at: datetime
    """Naive: the terminal's wall clock."""
    zone: int = 480
    """Minutes east of UTC that the terminal's clock stood at."""
    road: str = "push"
    """push, usb, pull, sheet"""
    source: str = ""
    """Network address, or file hash and line number."""
    verify: str = ""
    status: str = ""
    workcode: str = ""
    raw: str = ""
    """The attendance line as sent, without health columns."""

    def key(self) -> tuple[str, ...]:
        return (self.terminal, self.pin, self.at.isoformat(" "))


@topic("reading.quarantined")
class ReadingQuarantined(Fact, frozen=True, kw_only=True):
    """A reading that cannot be a punch, kept for a person to decide on."""

    terminal: str
    reason: str
    """impossible_time, too_old, in_future, no_pin, malformed, too_long"""
    table: str = ""
    road: str = "push"
    source: str = ""
    raw: str = ""
    """Attendance lines only; any other failing line leaves table, length and hash."""
    length: int = 0
    sha256: str = ""

    def key(self) -> tuple[str, ...]:
        return (self.terminal, self.table, self.sha256)


@topic("attlog.imported")
class AttlogImported(Fact, frozen=True, kw_only=True):
    """An exported file was read."""

    terminal: str
    sha256: str
    lines: int
    accepted: int
    repeated: int
    quarantined: int

    def key(self) -> tuple[str, ...]:
        return (self.terminal, self.sha256)
