"""ZKTeco's USB export ``1_attlog.dat``, with the defects of real files.

``PIN  time  device number  status  verify  workcode``: the PIN is padded, the last columns may be missing, a name may
stand second. A block of NUL bytes lies where the ring buffer was cut, and the records after it are the older ones. The
file never tells which terminal it is from.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from attendance.punches import Reading, Unreadable, unreadable
from devices.readings import LONGEST_LINE, text_of
from devices.zkteco.attlog import breaks_off, is_time, plain_line, reading_of

NUL_BLOCK = re.compile(rb"\0{16,}")
"""A cut in the ring buffer; shorter runs pad a field."""
PIECE = 1 << 16


def read_export(file: BinaryIO) -> Iterator[Reading | Unreadable]:
    """Every line that holds anything, in the file's order, with its number as place."""
    number = 1
    while piece := file.readline(PIECE):
        for line in NUL_BLOCK.split(piece):
            text = line.replace(b"\0", b"").strip()
            if text:
                yield read_line(text, f"#{number}")
        number += piece.endswith(b"\n")


def read_line(line: bytes, place: str = "") -> Reading | Unreadable:
    """Take one exported line apart."""
    if len(line) > LONGEST_LINE:
        return unreadable("too_long", line, place)
    fields = [field.strip() for field in (text_of(line) or "").split("\t")]
    if len(fields) > 2 and not is_time(fields[1]) and is_time(fields[2]):
        del fields[1]  # a name
    reading = None if breaks_off(fields) else reading_of([*fields[:2], *fields[3:]], place)
    return reading._replace(raw=plain_line(fields)) if reading else unreadable("malformed", line, place)
