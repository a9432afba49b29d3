"""ZKTeco's OPERLOG: what was done at the terminal, mixed with people's records and templates.

Only operations pass, field by field. Names, passwords, cards, templates and photos are acknowledged and go no further.
"""

import re
from collections import Counter
from typing import NamedTuple

from attendance.punches import Unreadable, moment_of, unreadable
from attendance.terminals import TerminalOperated
from devices.readings import is_utf8

WITHHELD = frozenset({b"USER", b"FP", b"FACE", b"FVEIN", b"PALM", b"USERPIC", b"BIOPHOTO", b"BIODATA", b"IDCARD"})
AUDITED = frozenset({0, 1, 3, 5, 6, 9, 10, 13, 21, 22, 23, 24, 29, 30, 32, 36, 40, 41, 43, 71, 82, 83, 101, 106})
"""Attendance PUSH, appendix 3: what touches clock, records, people or address. Opened menus and failed tries do not."""
LONGEST_OPERATION = 256
PLAIN = re.compile(r"[0-9A-Za-z_.:-]{0,24}")


class Operlog(NamedTuple):
    """What one upload says."""

    records: int
    operations: list[TerminalOperated]
    withheld: Counter[str]
    """How many records of each kind were not let in."""
    unreadable: list[Unreadable]
    encoding: str = ""
    """In which the terminal writes names; empty while it showed none that would tell."""


def read_operlog(lines: list[bytes], terminal: str) -> Operlog:
    """Sort the lines of an OPERLOG upload. A template may go on over several lines, which are one record."""
    operlog = Operlog(0, [], Counter(), [])
    records, in_template = 0, False
    for line in lines:
        word = line[:16].split(None, 1)[0].upper()
        if word in WITHHELD:
            operlog.withheld[word.decode()] += 1
            in_template = word != b"USER"
        elif word == b"OPLOG":
            _take_operation(line, terminal, operlog)
            in_template = False
        elif in_template:
            continue
        else:
            operlog.unreadable.append(unreadable("malformed", line))
        records += 1
    return operlog._replace(records=records, encoding=_encoding(lines))


def _encoding(lines: list[bytes]) -> str:
    """Judged by the last person's record whose name is no plain ASCII."""
    told = next((line for line in reversed(lines) if line[:5].upper().startswith(b"USER") and not line.isascii()), b"")
    return "" if not told else "utf-8" if is_utf8(told) else "gb18030"


def _take_operation(line: bytes, terminal: str, into: Operlog) -> None:
    operation = read_operation(line, terminal)
    if operation is None:
        into.unreadable.append(unreadable("malformed", line))
    elif operation.kind in AUDITED:
        into.operations.append(operation)
    else:
        into.withheld[f"OPLOG {operation.kind}"] += 1


def read_operation(line: bytes, terminal: str) -> TerminalOperated | None:
    """``OPLOG type  operator  time  object1 … object4``; None when it is not that."""
    fields = re.split(r"[\t ]", line[:LONGEST_OPERATION].decode("ascii", "replace"), maxsplit=1)[-1].split("\t")
    if len(fields) < 3 or not fields[0].strip().isdecimal() or len(fields[0]) > 4:
        return None
    operator, at, *objects = (field.strip() for field in fields[1:7])
    return TerminalOperated(
        terminal=terminal,
        kind=int(fields[0]),
        operator=_plain(operator),
        at=at if moment_of(at) else "",
        objects=tuple(_plain(item) for item in objects),
    )


def _plain(field: str) -> str:
    """A number or code; anything that could be free text is dropped."""
    return field if PLAIN.fullmatch(field) else ""
