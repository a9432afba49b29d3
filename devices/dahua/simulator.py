"""A Dahua terminal made of software: it uploads what happens in any of its firmwares' shapes, and has their moods.

Tests, the demo hall and the benchmarks use it. `served.py` adds the terminal's own web server.
"""

import json
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from devices.exchange import NotAcknowledged, Reply, exchange

Json = dict[str, Any]
EPOCH = datetime(1970, 1, 1)
SUCCESS = {"code": 0, "message": "success"}
BOUNDARY = "myboundary"
PICTURE = b"\xff\xd8\xff\xe0 not a face \r\n--not a boundary\r\n \xff\xd9"
LISTS = ("list", "lines")
"""Shapes that carry several events at once."""


@dataclass
class Mood:
    """How this terminal's firmware writes, and how it deviates from the book."""

    shape: str = "single"
    """single, list, text or lines"""
    wrapping: str = ""
    """mixed, form-data or x-mixed-replace: multipart, with a picture behind the event"""
    packing: str = ""
    """zlib or raw deflate; lie says deflate and packs nothing"""
    clocks: tuple[str, ...] = ("RealUTC", "UTC")
    """The fields that carry the time."""
    skew: timedelta = timedelta()
    """How far its clock runs before the true time."""
    forgetful: bool = False
    """Sends its whole log again after every upload."""
    cut_after: int | None = None
    """Breaks the line after so many bytes of a body, once."""
    offline: bool = False
    """The network is away: what happens stays in the records, and is told as Offline afterwards."""
    patience: float = 3.0
    """Seconds it waits for an answer."""


@dataclass
class SimulatedTerminal:
    """One terminal with its own records, which no acknowledgement deletes."""

    serial: str
    host: str
    port: int
    secret: str
    zone: int = 480
    """Minutes east of UTC."""
    mood: Mood = field(default_factory=Mood)
    batch: int = 20
    records: list[Json] = field(default_factory=list)
    sent: int = 0
    """How many records were acknowledged."""
    tried: int = 0
    """How many were sent at all; those that are sent again are marked Offline."""
    people: dict[str, Json] = field(default_factory=dict)
    _numbers: Any = field(default_factory=lambda: count(550_001))

    def punch(self, pin: str, at: datetime, *, error: int = 0, method: int = 15, state: int = 0) -> Json:
        """Someone shows a face; `at` is the true local time."""
        record = {
            "UserID": pin,
            "CardName": "欧阳若棠" if pin else "",
            "CardNo": "",
            "Method": method,
            "Type": "Entry",
            "Status": int(error == 0),
            "ErrorCode": error,
            "AttendanceState": state,
            "ReaderID": "1",
            "Door": 0,
            "Similarity": 92 if pin else 0,
            "RecNo": next(self._numbers),
            "CreateTime": self.seconds(at + self.mood.skew),
        }
        self.records.append(record)
        return record

    def seconds(self, at: datetime) -> int:
        """Seconds since 1970 of a moment on the terminal's wall clock."""
        return int((at - EPOCH).total_seconds()) - self.zone * 60

    def upload(self) -> int:
        """Send what was not acknowledged yet; returns the acknowledged records.

        Raises NotAcknowledged at the first upload that the hall does not take.
        """
        if self.mood.offline:
            self.tried = len(self.records)
            return 0
        first, most = self.sent, self.batch if self.mood.shape in LISTS else 1
        for start in range(first, len(self.records), most):
            some = self.records[start : start + most]
            events = [self.event(record, is_offline=start < self.tried) for record in some]
            self.tried = max(self.tried, start + len(some))
            reply = self.post(self.body(events))
            if reply.status != 200 or json.loads(reply.text) != SUCCESS:
                raise NotAcknowledged(reply)
            self.sent = start + len(some)
        done = len(self.records) - first
        if self.mood.forgetful:
            self.sent = 0
        return done

    def event(self, record: Json, *, is_offline: bool = False) -> Json:
        """A record as it is told when it happens, under the clocks this firmware has."""
        told = {name: value for name, value in record.items() if name != "CreateTime"}
        told |= dict.fromkeys(self.mood.clocks, record["CreateTime"]) | {"SN": self.serial}
        source = "Offline" if is_offline else "Realtime"
        return {"Action": "Pulse", "Code": "AccessControl", "Index": 0, "DataSource": source, "Data": told}

    def body(self, events: Sequence[Json]) -> bytes:
        """The events in this firmware's shape."""
        return _SHAPES[self.mood.shape](events).encode()

    def post(self, body: bytes) -> Reply:
        """One upload on a connection of its own."""
        body, kind = self.framed(body)
        packed = _PACKINGS[self.mood.packing](body)
        encoding = "Content-Encoding: deflate\r\n" if self.mood.packing else ""
        head = self._head("POST", f"Content-Type: {kind}\r\n{encoding}Content-Length: {len(packed)}\r\n")
        cut, self.mood.cut_after = self.mood.cut_after, None
        return exchange(
            self.host, self.port, head + packed[:cut], hangs_up=cut is not None, patience=self.mood.patience
        )

    def framed(self, body: bytes) -> tuple[bytes, str]:
        """A body within this firmware's multipart, and the label on it."""
        if not self.mood.wrapping:
            return body, "application/json"
        label = f"multipart/{self.mood.wrapping}; boundary={BOUNDARY}"
        return _wrapped(body, named=self.mood.wrapping == "form-data"), label

    def alert(self, record: Json) -> bytes:
        """A record as a part of the stream that the terminal writes; the announced length is not to be relied on."""
        return b"--%b\r\nContent-Type: text/plain\r\nContent-Length:9\r\n\r\n%b\r\n" % (
            BOUNDARY.encode(),
            _text([self.event(record)]).encode(),
        )

    def keepalive(self) -> Reply:
        return exchange(self.host, self.port, self._head("GET", place="/EventHttpUpload/keepalive"))

    def _head(self, verb: str, lines: str = "", place: str = "") -> bytes:
        target = f"/dahua/{self.secret}{place}"
        return f"{verb} {target} HTTP/1.1\r\nHost: {self.host}\r\nConnection: close\r\n{lines}\r\n".encode()


def _listed(events: Sequence[Json]) -> str:
    return json.dumps({"Events": events, "Time": f"{datetime.now(UTC):%d-%m-%Y %H:%M:%S}"}, ensure_ascii=False)


def _text(events: Sequence[Json]) -> str:
    """The old firmware's one line, its data over several."""
    data = json.dumps(events[0]["Data"] | {"DataSource": events[0]["DataSource"]}, ensure_ascii=False, indent=1)
    return f"Code={events[0]['Code']};action=Pulse;index=0;data={data}\r\n"


def _lines(events: Sequence[Json]) -> str:
    """One line for each field, those of the data beside those of the event."""
    lines = []
    for number, event in enumerate(events):
        lines += [f"Events[{number}].EventBaseInfo.Code={event['Code']}", f"Events[{number}].DataSource=Realtime"]
        lines += [f"Events[{number}].{name}={value}" for name, value in event["Data"].items()]
        lines.append(f"Events[{number}].ImageInfo[0].Type=1")
    return "\n".join(lines)


_SHAPES: dict[str, Callable[[Sequence[Json]], str]] = {
    "single": lambda events: json.dumps(events[0], ensure_ascii=False),
    "list": _listed,
    "text": _text,
    "lines": _lines,
}


def _wrapped(body: bytes, *, named: bool) -> bytes:
    """The event and its picture as parts; those of a stream have no names."""
    name = b'Content-Disposition: form-data; name="info"\r\n' if named else b""
    rule = b"--" + BOUNDARY.encode()
    text = rule + b"\r\n" + name + b"Content-Type: text/plain\r\n\r\n" + body
    return text + b"\r\n" + rule + b"\r\nContent-Type: image/jpeg\r\n\r\n" + PICTURE + b"\r\n" + rule + b"--\r\n"


def _raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


_PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "lie": bytes,
    "zlib": zlib.compress,
    "raw": _raw_deflate,
}
