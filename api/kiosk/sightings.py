"""What a terminal that matches by itself has seen, counted or set aside; and the gallery it borrows for that."""

from base64 import b64encode
from hashlib import sha256
from typing import Any
from uuid import uuid4

import msgspec

from api.faces import today
from api.kiosk.batches import batch_of
from api.kiosk.entries import Settled, claimed, dated, note_clock
from api.kiosk.paired import Paired
from api.kiosk.punching import clock_in
from api.kiosk.shown import called_on
from api.kiosk.two_clocks import Anchor, Reading
from api.problems import Problem
from attendance.facts import Refused
from attendance.pairing import GalleryLent
from attendance.punches import ReadingQuarantined
from attendance.recognition import Recognition

MOST = 50
TABLE = "SIGHTING"


class Sighting(msgspec.Struct, frozen=True):
    """Somebody known stood before the terminal's camera."""

    id: str
    no: str
    recognised: Recognition
    clocks: Reading
    before: Anchor | None = None


class Batch(msgspec.Struct, frozen=True):
    """Sightings, and both clocks of the terminal now."""

    clocks: Reading
    sightings: list[Sighting]


read_batch = batch_of(Batch, "sightings")


def settle(terminal: Paired, batch: Batch) -> list[Settled]:
    """Count what can be counted; the rest is listed for the office."""
    check_borrower(terminal)
    return [_settle(terminal, one, batch.clocks) for one in batch.sightings[:MOST]]


def _settle(terminal: Paired, one: Sighting, now: Reading) -> Settled:
    # numpy comes with it, which a hall without such terminals need not load.
    from devices.face.decisions import is_sure

    try:
        if not is_sure(one.recognised):
            raise Refused("face_not_sure", no=one.no)
        proved = dated(terminal, one.id, one.clocks, one.before, now)
        clocked = clock_in(
            terminal.desk,
            terminal.accepted,
            one.no,
            way="face",
            actor=terminal.actor,
            at=proved.moment,
            recognised=one.recognised,
            source="own",
        )
    except Refused as refused:
        _set_aside(terminal, one, refused)
        return Settled(one.id, refused)
    if proved.clock_changed:
        note_clock(terminal, one.clocks)
    return Settled(one.id, clocked)


def _set_aside(terminal: Paired, one: Sighting, refused: Refused) -> None:
    no = terminal.desk.hall.book().people.resolve(one.no) or "?"
    raw = f"{no}\t{claimed(terminal, one.clocks.wall)}\tface"
    told = ReadingQuarantined(
        terminal=terminal.sn,
        reason=refused.code,
        table=TABLE,
        road="terminal",
        raw=raw,
        length=len(raw),
        sha256=sha256(f"{one.id}\0{raw}".encode()).hexdigest(),
    )
    terminal.desk.hall.receive([told], terminal.actor)


def check_borrower(terminal: Paired) -> None:
    """Raises Problem for a device that the office paired as a page: it may neither borrow nor vouch."""
    if not terminal.pairing.borrows:
        raise Problem(403, "may_not_borrow")


def lend(terminal: Paired) -> dict[str, Any]:
    """Everybody's templates for a day, closed under a key that goes with them and is kept in memory there."""
    check_borrower(terminal)
    edition, day = edition_of(terminal), today(terminal.desk.hall)
    called = {no: called_on(terminal, no, day) for no in _enrolled(terminal)}
    lent = terminal.desk.faces.gallery_export(terminal.pairing.challenge, called)
    fact = GalleryLent(terminal=terminal.sn, lease=str(uuid4()), people=lent.people, lasts=lent.seconds)
    terminal.desk.hall.receive([fact], terminal.actor)
    return {
        "content": b64encode(lent.content).decode(),
        "key": b64encode(lent.key).decode(),
        "people": lent.people,
        "seconds": lent.seconds,
        "edition": edition,
    }


def edition_of(terminal: Paired) -> str:
    """Another one as soon as the terminal would be lent something else: somebody enrolled, gone, called otherwise."""
    whole = sha256(f"{terminal.pairing.challenge} {terminal.pairing.names}".encode())
    for entry in terminal.desk.hall.book().faces.standing():
        whole.update(entry.fact.template.encode())
    return whole.hexdigest()[:16]


def _enrolled(terminal: Paired) -> set[str]:
    return {entry.fact.no for entry in terminal.desk.hall.book().faces.standing()}
