"""Reading a Dahua terminal's own records over ``recordFinder``: what an upload lost is found here.

The finder knows no pages. It gives some records of a span, as many as it likes, mostly the oldest first; the span is
moved on, a little less far than the last record, until nothing new comes.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from attendance.facts import Refused
from attendance.punches import AHEAD, FIRST_YEAR, Reading, Unreadable
from devices.calling import Line
from devices.dahua.answers import table_of, text_from, values_of
from devices.dahua.records import number_of, reading_of, word
from devices.dahua.shapes import Json
from devices.ports import Mark

COUNT = 1_000
"""Records asked for at once."""
OVERLAP = 60
"""Seconds by which a span reaches back over what was read: records of one second may be cut apart."""
LOOKS_BACK = 86_400
"""Seconds read again at every visit: a record may have been written late, or under a clock that was behind."""
MOST_ANSWERS = 100_000
"""A terminal that goes on for ever is not believed."""
FIND = "/cgi-bin/recordFinder.cgi?action=find&name=AccessControlCardRec&StartTime={}&EndTime={}&count={}"
IDENTITY = "/cgi-bin/magicBox.cgi?action=getSystemInfo"


class Span(NamedTuple):
    """Seconds since 1970, both included."""

    start: int
    end: int


FIRST = int(datetime(FIRST_YEAR, 1, 1, tzinfo=UTC).timestamp())
LOST_CLOCK = Span(int(datetime(2000, 1, 1, tzinfo=UTC).timestamp()), FIRST - 1)
"""Where a terminal that lost its clock begins again: asked for at every visit, and put before a person."""


class Reconciliation:
    """One visit: everything since the last, with a day of overlap."""

    table = "AccessControlCardRec"

    def __init__(self, line: Line, since: Mark, zone: int) -> None:
        self._line = line
        self._zone = zone
        self._span = Span(_start_after(since), int((datetime.now(UTC) + AHEAD).timestamp()))
        self._seen: set[tuple[str, ...]] = set()
        self.mark = since
        self.records = 0

    def batches(self) -> Iterator[list[Reading | Unreadable]]:
        """The attendance since the last visit. Raises Refused when the terminal breaks off.

        The mark moves at the end alone: a terminal that gives the newest records first leaves a gap until then.
        """
        newest = self.mark
        for span in (LOST_CLOCK, self._span):
            for batch, mark in self._read(span):
                newest = max(newest, mark, key=_seconds)
                yield batch
        self.mark = newest

    def _read(self, span: Span) -> Iterator[tuple[list[Reading | Unreadable], Mark]]:
        """What a span holds, answer by answer, each with its newest record."""
        for _ in range(MOST_ANSWERS):
            told = table_of(text_from(self._line, FIND.format(span.start, span.end, COUNT)))
            fresh = [record for record in told if _key(record) not in self._seen]
            self._seen.update(map(_key, fresh))
            self.records += len(fresh)
            readings = (reading_of(record, self._zone) for record in fresh)
            yield [reading for reading in readings if reading], max(map(_mark, fresh), key=_seconds, default=Mark())
            span = rest_of(span, [_time(record) for record in told])
            if span.start > span.end:
                return


def check_identity(line: Line, serial: str) -> None:
    """Make sure that the terminal at this address is the one meant. Raises Refused when it says to be another."""
    told = values_of(text_from(line, IDENTITY)).get("serialnumber", "")
    if told and told.upper() != serial:
        raise Refused("terminal_is_another", "--url", url=line.url, sn=serial, told=told[:40])


def rest_of(span: Span, times: list[int]) -> Span:
    """What is still to be asked; some firmware gives the newest first, and is read backwards."""
    told = [time for time in times if span.start <= time <= span.end]
    if not told:
        return Span(span.end + 1, span.end)
    if told[0] > told[-1]:
        oldest = min(told) + OVERLAP
        return Span(span.start, oldest if oldest < span.end else min(told) - (min(told) == span.end))
    newest = max(told) - OVERLAP
    return Span(newest if newest > span.start else max(told) + (max(told) == span.start), span.end)


def _start_after(mark: Mark) -> int:
    return max(FIRST, _seconds(mark) - LOOKS_BACK)


def _key(record: Json) -> tuple[str, ...]:
    return tuple(word(record.get(field)) for field in ("recno", "userid", "createtime", "method"))


def _time(record: Json) -> int:
    told = word(record.get("createtime"))
    return int(told) if told.isdecimal() and told.isascii() and len(told) <= 12 else 0


def _mark(record: Json) -> Mark:
    return Mark(number_of(record), str(_time(record)))


def _seconds(mark: Mark) -> int:
    return int(mark.at) if mark.at.isdecimal() else 0
