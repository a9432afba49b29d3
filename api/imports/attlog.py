"""USB exports of terminals: read as a stream, each line on its own, the same punches as by the network."""

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import file_digest
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from attendance.facts import Fact, Refused
from attendance.hall import Hall
from attendance.punches import AttlogImported, Judged, Origin, Punched, Reading, Unreadable, judge_all
from attendance.terminals import serial
from devices.zkteco.usb import read_export

AT_ONCE = 5_000
SHOWN_HASH = 16
"""Hex digits of the file's hash that stand in the source of each of its punches."""


class Counts(NamedTuple):
    """What became of a file's lines; the three add up to its lines that hold anything."""

    accepted: int
    repeated: int
    quarantined: int

    def plus(self, other: "Counts") -> "Counts":
        return Counts(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


def import_attlog(hall: Hall, path: Path, terminal: str, actor: str = "import") -> Counts:
    """Take a terminal's export into the log. The file does not say whose it is; a person does.

    Raises Refused for a terminal nobody accepted, and for a file that is no such export.
    """
    accepted = hall.book().terminals.known(serial(terminal))
    if accepted is None:
        raise Refused("terminal_unknown", "terminal", sn=terminal)
    try:
        digest = _digest(path)
        source = f"sha256:{digest[:SHOWN_HASH]}"
        origin = Origin(accepted.terminal, accepted.zone, "usb", source, datetime.now(UTC))
        counts = _import(hall, path, origin)
    except OSError as error:
        raise Refused("file_unreadable", problem=error.strerror or str(error)) from error
    hall.receive([note(origin.terminal, digest, counts)], actor)
    return counts


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _import(hall: Hall, path: Path, origin: Origin) -> Counts:
    counts = Counts(0, 0, 0)
    with path.open("rb") as file:
        readings = read_export(file)
        while some := list(islice(readings, AT_ONCE)):
            if not sum(counts):
                _check_form(some)
            counts = counts.plus(store(hall, judge_all(some, origin), "import"))
    return counts


def _check_form(first: Sequence[Reading | Unreadable]) -> None:
    """A file none of whose first lines is an attendance line is some other file."""
    if not any(isinstance(reading, Reading) for reading in first):
        raise Refused("not_an_attlog")


def store(hall: Hall, judged: Sequence[Judged], actor: str) -> Counts:
    """Take judged readings into the log, and count what was new. Raises StorageFailed."""
    punches: list[Fact] = [fact for fact in judged if isinstance(fact, Punched)]
    others: list[Fact] = [fact for fact in judged if not isinstance(fact, Punched)]
    appended = hall.receive(punches, actor)
    if others:
        hall.receive(others, actor)
    return Counts(appended.stored, appended.repeated, len(others))


def note(terminal: str, digest: str, counts: Counts) -> AttlogImported:
    """What stays of an import: that a file was read, and what became of it."""
    return AttlogImported(
        terminal=terminal,
        sha256=digest,
        lines=sum(counts),
        accepted=counts.accepted,
        repeated=counts.repeated,
        quarantined=counts.quarantined,
    )
