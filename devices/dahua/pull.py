"""Reading a Dahua terminal's own records over ``recordFinder``: what an upload lost is found here.

The finder knows no pages. It gives some records of a span, as many as it likes, mostly the oldest first; the span is
moved on, a little less far than the last record, until nothing new comes.
"""

from collections.abc import Iterator
from typing import NamedTuple

from attendance.facts import Refused
from attendance.punches import Reading, Unreadable
from devices.calling import Line
from devices.dahua.answers import table_of, text_from, values_of
from devices.dahua.records import number_of, reading_of, word
from devices.dahua.shapes import Json

COUNT = 1_000
"""Records asked for at once."""
OVERLAP = 60
"""Seconds by which a span reaches back over what was read: records of one second may be cut apart."""
MOST_PAGES = 100_000
"""A terminal that goes on for ever is not believed."""
FIND = "/cgi-bin/recordFinder.cgi?action=find&name=AccessControlCardRec&StartTime={}&EndTime={}&count={}"


class Page(NamedTuple):
    """Records that were not seen before in this visit."""

    readings: list[Reading | Unreadable]
    last: int
    """Seconds since 1970 of the newest; 0 when none of them has a time."""
    number: int
    """The terminal's own number of that one."""


class Span(NamedTuple):
    """Seconds since 1970, both included."""

    start: int
    end: int


def check_identity(line: Line, serial: str) -> None:
    """Make sure that the terminal at this address is the one meant. Raises Refused when it says to be another."""
    told = values_of(text_from(line, "/cgi-bin/magicBox.cgi?action=getSystemInfo")).get("serialnumber", "")
    if told and told.upper() != serial:
        raise Refused("terminal_is_another", "--url", url=line.url, sn=serial, told=told[:40])


def pages(line: Line, span: Span, zone: int) -> Iterator[Page]:
    """The records of a span, page by page; `zone` in minutes east of UTC. Raises Refused."""
    seen: set[tuple[str, ...]] = set()
    for _ in range(MOST_PAGES):
        records = table_of(text_from(line, FIND.format(span.start, span.end, COUNT)))
        fresh = [record for record in records if _key(record) not in seen]
        if fresh:
            seen.update(map(_key, fresh))
            yield _page(fresh, zone)
        span = _rest_of(span, [_time(record) for record in records], OVERLAP if fresh else 0)
        if span.start > span.end:
            return


def _key(record: Json) -> tuple[str, ...]:
    return tuple(word(record.get(field)) for field in ("recno", "userid", "createtime", "method"))


def _time(record: Json) -> int:
    told = word(record.get("createtime"))
    return int(told) if told.isdecimal() and told.isascii() and len(told) <= 12 else 0


def _page(records: list[Json], zone: int) -> Page:
    newest = max(records, key=_time)
    readings = (reading_of(record, zone) for record in records)
    return Page([reading for reading in readings if reading], _time(newest), number_of(newest))


def _rest_of(span: Span, times: list[int], overlap: int) -> Span:
    """What is still to be asked; some firmware gives the newest first, and is read backwards."""
    told = [time for time in times if span.start <= time <= span.end]
    if not told:
        return Span(span.end + 1, span.end)
    if told[0] > told[-1]:
        oldest = min(told) + overlap
        return Span(span.start, oldest if oldest < span.end else min(told) - (min(told) == span.end))
    newest = max(told) - overlap
    return Span(newest if newest > span.start else max(told) + (max(told) == span.start), span.end)
