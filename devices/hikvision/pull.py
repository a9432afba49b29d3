"""Reading a Hikvision terminal's log (AcsEvent) by its running numbers: what a push lost is found here.

The listener falls silent after some reboots, and a terminal forgets what it could not deliver; its own log does not.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import uuid4

from attendance.facts import Refused
from attendance.punches import Reading, Unreadable, unreadable
from devices.calling import Line
from devices.hikvision.events import ACCESS, TABLE, Event, event_of, number, offset, reading_of
from devices.hikvision.isapi import Isapi, NotDone
from devices.hikvision.messages import flat
from devices.ports import Mark

PAGE = 30
"""Most events a terminal gives at once; many refuse to give more."""
OVERLAP = 50
"""Events read again at every visit: the last one known must be among them, or the numbers have started anew."""
LAST_SERIAL = 2**31 - 1
SPAN = ("1970-01-01T00:00:00", "2037-12-31T23:59:59")
"""All time there is on a terminal: a record of a wrong clock must be found too, and put before a person."""


class Page(NamedTuple):
    """One answer to a search."""

    total: int
    """0 where the firmware does not count."""
    more: bool
    items: list[Any]

    def is_followed(self, position: int) -> bool:
        """Whether there is more from a position on. Asking past the end is an error to the terminal."""
        return bool(self.items) and (position < self.total if self.total else self.more)


class Reconciliation:
    """One visit: everything since the last, from a little before."""

    table = TABLE

    def __init__(self, line: Line, since: Mark, zone: int) -> None:
        self._isapi = Isapi(line)
        self._since = since
        self._zone = zone
        self._recognised = since.serial == 0
        self._last = 0
        self._ascending = True
        self.mark = since
        self.records = 0

    def batches(self) -> Iterator[list[Reading | Unreadable]]:
        """The attendance since the last visit. Raises Refused when the terminal breaks off; the mark stays true then.

        When the last event known is not where it was, the numbers were started anew (the log was cleared, the terminal
        reset), and everything is read from the first one on.
        """
        first = max(1, self._since.serial - OVERLAP + 1)
        try:
            yield from self._search(first)
        except NotDone as refused:
            if first == 1 or "badparameters" not in refused.word.lower():
                raise
        if not self._recognised:
            self.mark, self._last, self._ascending = Mark(), 0, True
            yield from self._search(1)

    def _search(self, first: int) -> Iterator[list[Reading | Unreadable]]:
        search, position, newest = uuid4().hex, 0, self.mark
        while True:
            page = self._page(search, position, first)
            if not page.items and position < page.total:
                raise Refused("pull_broken", None, read=position, total=page.total)
            events = [(item, event) for item in page.items for event in [_event(item, self._zone)]]
            yield [_read(item, event) for item, event in events if event is None or event.is_punch]
            newest = max(newest, self._follow([event for _, event in events if event]))
            position += len(page.items)
            if not page.is_followed(position):
                break
        self.mark = newest

    def _page(self, search: str, position: int, first: int) -> Page:
        condition = {
            "searchID": search,
            "searchResultPosition": position,
            "maxResults": PAGE,
            "major": ACCESS,
            "minor": 0,
            "startTime": f"{SPAN[0]}{offset(self._zone)}",
            "endTime": f"{SPAN[1]}{offset(self._zone)}",
            "beginSerialNo": first,
            "endSerialNo": LAST_SERIAL,
            "picEnable": False,
        }
        return page_of(self._isapi.json("POST", "AccessControl/AcsEvent", {"AcsEventCond": condition}))

    def _follow(self, events: list[Event]) -> Mark:
        """Take the mark along while the events come in order; returns the newest of them."""
        self.records += len(events)
        for event in events:
            self._recognised = self._recognised or Mark(event.serial, event.moment.text) == self._since
            self._ascending = self._ascending and event.serial > self._last
            self._last = event.serial
        marks = [Mark(event.serial, event.moment.text) for event in events]
        if marks and self._ascending and marks[-1] > self.mark:
            self.mark = marks[-1]
        return max(marks, default=Mark())


def page_of(answer: dict[str, Any]) -> Page:
    """A search's answer; without matches it has no list at all."""
    found = answer.get("AcsEvent")
    if not isinstance(found, dict):
        raise NotDone("no AcsEvent")
    items = found.get("InfoList") or []
    return Page(
        number(found.get("totalMatches")) or 0,
        found.get("responseStatusStrg") == "MORE",
        items if isinstance(items, list) else [items],
    )


def _event(item: Any, zone: int) -> Event | None:
    return next((event_of(fields, zone) for fields in flat(item)), None)


def _read(item: Any, event: Event | None) -> Reading | Unreadable:
    return reading_of(event) if event else unreadable("malformed", repr(item))
