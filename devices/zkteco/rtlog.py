"""ZKTeco's access control events: ``time=…  pin=…  event=…``, by key and in any order.

Separated by tabs, commas or ``&``; as a row of the table *transaction* the same under other names, with the time as one
number. An event from 0 to 19 or from 200 to 253 let somebody in, 20 to 99 refused, 100 to 199 is an alarm.
"""

import re
from collections import Counter
from typing import NamedTuple

from attendance.people import bare
from attendance.punches import Reading, Unreadable, moment_of, unreadable
from attendance.terminals import TerminalOperated
from devices.readings import LONGEST_LINE
from devices.zkteco import attlog, clock
from devices.zkteco.push import query_of

FIELDS = {
    **dict.fromkeys(("time", "time_second"), "time"),
    **dict.fromkeys(("event", "eventtype"), "event"),
    **dict.fromkeys(("inoutstatus", "inoutstate"), "status"),
    **dict.fromkeys(("verifytype", "verified"), "verify"),
    **dict.fromkeys(("eventaddr", "doorid"), "door"),
    "pin": "pin",
    "index": "index",
}
"""What is looked at, under every name it has. Cards, temperatures and all else stay outside."""
PLAIN = re.compile(r"[0-9A-Za-z_.: -]{0,32}")
NUMBER, ZK_TIME, INDEX = (re.compile(rf"[0-9]{{1,{most}}}") for most in (4, 10, 18))
ADMITTED = (range(20), range(200, 254))
REFUSED = range(20, 100)
ALARMS = range(100, 200)
STARTED = 206
ACCESS_EVENTS = 10_000
"""Added to an event's number where it is kept as an operation, since attendance push numbers its operations anew."""


class Event(NamedTuple):
    """One event, taken apart."""

    pin: str
    """``0`` where nobody was recognised."""
    time: str
    number: int
    status: str
    """0 in, 1 out: of the reader, not of the person."""
    verify: str
    """A number or sixteen bits."""
    door: str
    serial: int
    """The terminal's running number; 0 on every event of some firmware."""
    raw: str

    @property
    def is_punch(self) -> bool:
        """Somebody with a number was let in."""
        return self.pin != "0" and any(self.number in numbers for numbers in ADMITTED)

    @property
    def is_kept(self) -> bool:
        """Whether what is no punch is worth keeping: alarms, starts, and people who were known and yet refused."""
        return self.number in ALARMS or self.number == STARTED or (self.number in REFUSED and self.pin != "0")


class Rtlog(NamedTuple):
    """What one upload says."""

    readings: list[Reading | Unreadable]
    operations: list[TerminalOperated]
    left_out: Counter[int]
    """Events nobody's attendance hangs on, by their number: doors, exit buttons, faces nobody knows."""
    last: str
    """The time of the last event."""


def is_spoken(body: bytes) -> bool:
    """Whether a body holds events by key, whatever table it is said to be: some firmware calls it ATTLOG."""
    return b"pin=" in body.lower()


def read_rtlog(lines: list[str | bytes], terminal: str) -> Rtlog:
    """Sort events into punches, operations and the rest. An attendance line among them is one."""
    log, last = Rtlog([], [], Counter(), ""), ""
    for line in lines:
        event = event_of(line)
        if isinstance(event, Event):
            last = event.time
            _sort(event, terminal, log)
        else:
            log.readings.append(event)
    return log._replace(last=last)


def _sort(event: Event, terminal: str, into: Rtlog) -> None:
    if event.is_punch:
        into.readings.append(_reading(event))
    elif event.is_kept:
        into.operations.append(_operation(event, terminal))
    else:
        into.left_out[event.number] += 1


def event_of(line: str | bytes) -> Event | Reading | Unreadable:
    """Take one line apart. Without a time, a person's field or an event it is unreadable."""
    if len(line) > LONGEST_LINE:
        return unreadable("too_long", line)
    if isinstance(line, bytes) or "=" not in line:
        return attlog.read_line(line)
    told = {FIELDS[name]: text for name, text in fields_of(line).items() if name in FIELDS and PLAIN.fullmatch(text)}
    if not {"time", "pin", "event"} <= told.keys() or not NUMBER.fullmatch(told["event"]):
        return unreadable("malformed", line)
    return _event(told)


def fields_of(line: str) -> dict[str, str]:
    """The fields of a line, names in lower case. The table's own name may stand before the first."""
    line = line.strip().removeprefix("transaction ")
    if "\t" not in line and "&" in line:
        return {name: text.strip() for name, text in query_of(line.encode()).items()}
    pairs = (part.partition("=") for part in line.split("\t" if "\t" in line else ","))
    return {name.strip().lower(): text.strip() for name, _, text in pairs}


def _event(told: dict[str, str]) -> Event:
    time = told["time"]
    return Event(
        pin=bare(told["pin"]),
        time=clock.text_of(int(time)) if ZK_TIME.fullmatch(time) else time,
        number=int(told["event"]),
        status=told.get("status", ""),
        verify=told.get("verify", ""),
        door=told.get("door", ""),
        serial=int(index) if INDEX.fullmatch(index := told.get("index", "")) else 0,
        raw="\t".join(f"{name}={text}" for name, text in told.items()),
    )


def _reading(event: Event) -> Reading:
    return Reading(event.pin, event.time, event.status, event.verify, "", event.raw, serial=event.serial)


def _operation(event: Event, terminal: str) -> TerminalOperated:
    return TerminalOperated(
        terminal=terminal,
        kind=ACCESS_EVENTS + event.number,
        operator=event.pin if event.pin != "0" else "",
        at=event.time if moment_of(event.time) else "",
        objects=(event.door,),
    )
