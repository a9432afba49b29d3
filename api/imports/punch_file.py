"""A file of punches, whatever it is: looked at before anything is taken from it, then taken in.

Two kinds come: sheets of other systems, known by their header, and what a ZKTeco terminal writes on a USB stick.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from api.imports.attlog import import_attlog
from api.imports.clocking import Found, SheetReport, form_for, found_in, import_sheet, readings_of
from api.imports.report import RefusedRow
from attendance.facts import Refused
from attendance.hall import Hall
from attendance.punches import Judged, Origin, Punched, Reading, ReadingQuarantined, Unreadable, judge_all
from attendance.terminals import TerminalAccepted, accepted
from devices.zkteco.usb import read_export

ATTLOG = "attlog"
FAMILIES = ("zkteco", "dingtalk", "wecom", "zktime")
"""The families of terminals whose punches may come as a file."""
SHOWN = 12
"""Of the punches, the first so many."""
MOST_SHOWN = 200
"""Of the rows that people edited, and of those that make no punch."""
AT_ONCE = 5_000


class Column(NamedTuple):
    """A column of a sheet and what it is taken for."""

    letter: str
    text: str
    taken_for: str
    """Empty where it is not read."""


class Line(NamedTuple):
    """A punch as the file tells it."""

    place: str
    """``#17`` for row or line 17."""
    pin: str
    at: str
    edited: str = ""


@dataclass
class Preview:
    """What a file says, before anything is taken from it."""

    file: str
    kind: str
    """attlog, dingtalk, wecom or zktime"""
    columns: list[Column] = field(default_factory=list)
    punches: int = 0
    edited: int = 0
    empty: int = 0
    first: str = ""
    last: str = ""
    pins: set[str] = field(default_factory=set)
    shown: list[Line] = field(default_factory=list)
    edited_lines: list[Line] = field(default_factory=list)
    aside: list[tuple[str, Line]] = field(default_factory=list)
    """What is no punch, each with the reason."""
    aside_count: int = 0
    refused: list[RefusedRow] = field(default_factory=list)


def preview(hall: Hall, path: Path, terminal: str) -> Preview:
    """Look at a file as the punches of a terminal. Raises Refused as the import would."""
    known = accepted(hall.book().terminals, terminal)
    if known.family not in FAMILIES:
        raise Refused("no_file_of_family", "terminal", sn=known.terminal, family=known.family)
    return _look_at_attlog(path, known) if is_attlog(path, known) else _look_at_sheet(path, known)


def take_in(hall: Hall, path: Path, terminal: str, actor: str) -> SheetReport:
    """Take the file's punches into the log. Raises Refused."""
    if is_attlog(path, accepted(hall.book().terminals, terminal)):
        return SheetReport(path.name, ATTLOG, import_attlog(hall, path, terminal, actor))
    return import_sheet(hall, path, terminal, actor)


def is_attlog(path: Path, terminal: TerminalAccepted) -> bool:
    """Whether the file is a ZKTeco terminal's own export; a sheet of its office program may go to it too."""
    if terminal.family != "zkteco":
        return False
    with path.open("rb") as file:
        first = islice(read_export(file), SHOWN)
        return any(isinstance(reading, Reading) for reading in first)


def _look_at_attlog(path: Path, terminal: TerminalAccepted) -> Preview:
    seen = Preview(path.name, ATTLOG)
    with path.open("rb") as file:
        _look(seen, read_export(file), _origin(terminal, "ATTLOG"))
    return seen


def _look_at_sheet(path: Path, terminal: TerminalAccepted) -> Preview:
    found = found_in(path)
    form = form_for(terminal, found)
    report = SheetReport(path.name, form.name)
    seen = Preview(path.name, form.name, _columns(found[0]))
    for one in found:
        if one.form is form:
            _look(seen, readings_of(one, report), _origin(terminal, form.name))
    seen.edited, seen.empty, seen.refused = report.edited, report.empty, report.refused
    return seen


def _origin(terminal: TerminalAccepted, table: str) -> Origin:
    return Origin(terminal.terminal, terminal.zone, "sheet", "", datetime.now(UTC), table)


def _columns(found: Found) -> list[Column]:
    from openpyxl.utils import get_column_letter  # a third of a second, which a server need not wait for

    places = [(place, text) for text, those in found.heading.columns.items() for place in those]
    return [Column(get_column_letter(place + 1), text, found.form.reads(text)) for place, text in sorted(places)]


def _look(seen: Preview, readings: Iterator[Reading | Unreadable], origin: Origin) -> None:
    while some := list(islice(readings, AT_ONCE)):
        judged = judge_all(some, origin)
        _count(seen, [fact for fact in judged if isinstance(fact, Punched)])
        _set_aside(seen, zip(some, judged, strict=True))


def _count(seen: Preview, punches: Sequence[Punched]) -> None:
    lines = [Line(punch.source, punch.pin, str(punch.at), punch.edited) for punch in punches]
    seen.punches += len(lines)
    seen.pins.update(line.pin for line in lines)
    seen.shown += lines[: SHOWN - len(seen.shown)]
    seen.edited_lines += [line for line in lines if line.edited][: MOST_SHOWN - len(seen.edited_lines)]
    moments = [line.at for line in lines]
    seen.first = min([*moments, *filter(None, [seen.first])], default="")
    seen.last = max([*moments, seen.last])


def _set_aside(seen: Preview, read: Iterable[tuple[Reading | Unreadable, Judged]]) -> None:
    for reading, fact in read:
        if isinstance(fact, ReadingQuarantined):
            seen.aside_count += 1
            told = (reading.pin, reading.time) if isinstance(reading, Reading) else ("", "")
            if len(seen.aside) < MOST_SHOWN:
                seen.aside.append((fact.reason, Line(reading.place, *told)))
