"""What a terminal kept while it had no network: each entry dated by two clocks, proved, and counted or set aside.

Nothing is dropped: an entry that cannot be counted becomes a reading set aside, for the office to decide on.
"""

from base64 import b64decode
from binascii import Error as NotBase64
from datetime import UTC, datetime
from hashlib import sha256
from typing import NamedTuple

import msgspec

from api.kiosk import ways
from api.kiosk.batches import batch_of
from api.kiosk.desk import wall_clock
from api.kiosk.envelopes import Letter
from api.kiosk.paired import Paired
from api.kiosk.punching import Clocked, Way, clock_in
from api.kiosk.two_clocks import Anchor, Reading, when
from attendance.facts import Refused
from attendance.punches import FIRST_YEAR, ReadingQuarantined
from attendance.terminals import CLOCK_SET, TerminalOperated

MOST_ENTRIES = 20
"""At once: to check a passcode takes its time on purpose."""
LONGEST = 1_200
"""Characters of an envelope: 384 bytes in Base64 and some air."""
TABLE = "ENTRY"


class Entry(msgspec.Struct, frozen=True):
    """One entry as the device kept it."""

    id: str
    sealed: str
    clocks: Reading
    before: Anchor | None = None
    """When the device was last in touch before it was made."""


class Batch(msgspec.Struct, frozen=True):
    """Entries, and both clocks of the device now."""

    clocks: Reading
    entries: list[Entry]


read_batch = batch_of(Batch, "entries")


class Settled(NamedTuple):
    """What became of an entry: counted, or set aside with the reason."""

    id: str
    became: Clocked | Refused


class Dated(NamedTuple):
    """When something kept was made, as far as two clocks prove it."""

    seconds: float
    """Since 1970."""
    clock_changed: bool

    @property
    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)


class Kept(NamedTuple):
    """An entry opened and dated."""

    letter: Letter
    dated: Dated


def settle(terminal: Paired, batch: Batch) -> list[Settled]:
    """Count what can be counted. Raises StorageFailed when the log cannot take it: the device keeps everything then.

    Where too much had to be set aside, the rest is not answered for a while, and waits on the device.
    """
    aside = terminal.desk.aside
    some = batch.entries[:MOST_ENTRIES]
    return [_settle(terminal, entry, batch.clocks) for entry in some if not aside.wait(terminal.sn)]


def _settle(terminal: Paired, entry: Entry, now: Reading) -> Settled:
    letter: Letter | None = None
    try:
        letter = _opened(terminal, entry)
        # The clocks are read from inside the envelope: outside they could be moved.
        clocks = Reading(letter.wall, letter.mono, entry.clocks.session)
        kept = Kept(letter, dated(terminal, entry.sealed, clocks, entry.before, now))
        no, way = _proved(terminal, kept)
        clocked = clock_in(
            terminal.desk, terminal.accepted, no, way=way, actor=terminal.actor, at=kept.dated.moment, source="offline"
        )
    except Refused as refused:
        _set_aside(terminal, entry, letter, refused)
        terminal.desk.aside.count(terminal.sn)
        return Settled(entry.id, refused)
    if kept.dated.clock_changed:
        note_clock(terminal, Reading(letter.wall, letter.mono, entry.clocks.session))
    return Settled(entry.id, clocked)


def _opened(terminal: Paired, entry: Entry) -> Letter:
    if len(entry.sealed) > LONGEST:
        raise Refused("envelope_unreadable", "sealed")
    try:
        sealed = b64decode(entry.sealed, validate=True)
    except NotBase64:
        raise Refused("envelope_unreadable", "sealed") from None
    return terminal.desk.envelopes.opened(sealed)


def dated(terminal: Paired, name: str, clocks: Reading, before: Anchor | None, now: Reading) -> Dated:
    """When something was made that arrives now, the same however often it arrives under this name. Raises Refused when
    the clocks contradict each other."""
    after = Anchor(datetime.now(UTC).timestamp() * 1000, now)
    proved = when(clocks, before, after)
    oldest = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC).timestamp() * 1000
    if proved is None or not oldest <= proved.server <= after.server + 1000:
        raise Refused("clock_changed", "clocks")
    return Dated(terminal.desk.moments.first(terminal.sn, name, proved.server / 1000), proved.clock_changed)


def _proved(terminal: Paired, kept: Kept) -> tuple[str, Way]:
    """Who it was, as at the moment it was made."""
    letter = kept.letter
    if letter.way == "passcode":
        return ways.by_passcode(terminal, letter.no, letter.proof, kept.dated.seconds), "passcode"
    if letter.way == "figures":
        return ways.by_figures(terminal, letter.no, letter.proof, kept.dated.seconds), "ticket"
    return ways.by_ticket(terminal, letter.proof, kept.dated.seconds), "ticket"


def _set_aside(terminal: Paired, entry: Entry, letter: Letter | None, refused: Refused) -> None:
    """Keep the entry for the office: who and when it claims to be, never what was typed as proof."""
    raw = _line(terminal, letter) if letter else ""
    told = ReadingQuarantined(
        terminal=terminal.sn,
        reason=refused.code,
        table=TABLE,
        road="terminal",
        raw=raw,
        length=len(entry.sealed),
        sha256=sha256(f"{entry.id}\0{entry.sealed}".encode()).hexdigest(),
    )
    terminal.desk.hall.receive([told], terminal.actor)


def _line(terminal: Paired, letter: Letter) -> str:
    """Somebody may have typed anything where a number was asked for: a number nobody has is not repeated."""
    no = terminal.desk.hall.book().people.resolve(letter.no.strip()) or "?"
    return f"{no}\t{claimed(terminal, letter.wall)}\t{letter.way}"


def claimed(terminal: Paired, wall: float) -> str:
    """The device's wall clock as it stood; empty when it shows no time there is."""
    try:
        return str(wall_clock(datetime.fromtimestamp(wall / 1000, UTC), terminal.accepted.zone))
    except (OverflowError, ValueError, OSError):
        return ""


def note_clock(terminal: Paired, clocks: Reading) -> None:
    """The device's wall clock was set to something else: kept with the terminal's other operations."""
    told = TerminalOperated(
        terminal=terminal.sn,
        kind=CLOCK_SET,
        at=claimed(terminal, clocks.wall),
        objects=(f"session {clocks.session[:40]}",),
    )
    terminal.desk.hall.receive([told], terminal.actor)
