"""Hikvision HTTP listening (HTTP 监听): the terminal posts each event as it happens, and repeats what is not answered
by 200."""

from collections.abc import Sequence
from typing import NamedTuple

from attendance.facts import Fact
from attendance.punches import Origin, judge_all, moment_of, unreadable
from devices.hikvision.events import TABLE, Event, Moment, event_of, moment, offset, operation_of, plain, reading_of
from devices.hikvision.messages import Fields, messages_of
from devices.ports import Answer, Caller, Hall, Post

DONE = Answer(200, "OK")
HEARTBEATS = frozenset({"heartbeat", "videoloss"})
ABOUT_ITSELF = ("shortserialnumber", "deviceid", "macaddress")
"""What a terminal tells of itself. It is shown; whose the punches are, the secret path alone decides."""
AT_ONCE = 1_000
"""Events judged and stored together: other terminals get their turn between."""


class Said(NamedTuple):
    """One message, and the access event it tells of, if it does."""

    fields: Fields
    event: Event | None

    @property
    def is_strange(self) -> bool:
        """Whether it is none that terminals send: without an event they tell of heartbeats, lost networks and tests."""
        return self.event is None and plain(self.fields.get("eventtype")).lower() in ("", TABLE.lower())

    @property
    def is_heartbeat(self) -> bool:
        """Whether it is sent for its own sake, at its moment: what else is no event may have waited for the network."""
        return self.event is None and plain(self.fields.get("eventtype")).lower() in HEARTBEATS


class Listening:
    """Answers posts; keeps no state between them."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall

    async def answer(self, post: Post, caller: Caller) -> Answer:
        """The reply to one post. Raises StorageFailed when what it brought is not durable."""
        zone = caller.terminal.zone
        told = [Said(message, event_of(message, zone)) for message in messages_of(post.body)]
        if any(said.is_strange for said in told) or (not told and post.body.strip()):
            await self._hall.keep(judge_all([unreadable("malformed", post.body)], origin_of(caller)), caller)
        events = [said.event for said in told if said.event]
        for first in range(0, len(events), AT_ONCE):
            if facts := facts_of(events[first : first + AT_ONCE], caller):
                await self._hall.keep(facts, caller)
        if told:
            self._hall.heard(caller, about(told[-1], zone))
        if any(said.event is None and not said.is_strange for said in told):
            self._hall.alive(caller)
        if len(told) == 1:
            self._read_clock(told[0], caller)
        return DONE

    def _read_clock(self, said: Said, caller: Caller) -> None:
        """A heartbeat says what the terminal's clock shows, and so does an event that happens this moment."""
        shown = moment_of(moment(said.fields.get("datetime"), caller.terminal.zone).text)
        if shown and said.is_heartbeat:
            self._hall.clock_told(caller, shown)
        elif shown and not (said.event and said.event.is_replayed):
            self._hall.clock_read(caller, shown)


def about(said: Said, zone: int) -> dict[str, str]:
    """What a message tells of the terminal: who it says to be, its zone where the register has another, and a kind of
    event that nobody here knows."""
    told = {name: text for name in ABOUT_ITSELF if (text := plain(said.fields.get(name)))}
    at = moment(said.fields.get("datetime"), zone)
    if at.offset is not None:
        told["zoneoffset"] = disagreement(at, zone)
    if said.event is not None and said.event.is_unlisted:
        told["unlisted"] = f"{said.event.major}.{said.event.minor}"
    return told


def disagreement(at: Moment, zone: int) -> str:
    """The offset a terminal claims where the register says another; empty where they agree."""
    if at.offset is None or at.offset == zone:
        return ""
    return offset(at.offset)


def facts_of(events: Sequence[Event], caller: Caller) -> list[Fact]:
    """The punches, readings to be looked at, and operations that events come to."""
    readings = [reading_of(event) for event in events if event.is_punch]
    operations = [operation_of(event, caller.terminal.terminal) for event in events if event.is_operation]
    return [*judge_all(readings, origin_of(caller)), *operations]


def origin_of(caller: Caller) -> Origin:
    return Origin(caller.terminal.terminal, caller.terminal.zone, caller.road, caller.address, caller.received, TABLE)
