"""A Hikvision terminal made of software, the side that calls: it keeps a log and posts each event, in every shape that
firmware has. Tests and benchmarks use it; `devices.hikvision.served` is the side that answers.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from xml.sax.saxutils import escape

from devices.exchange import NotAcknowledged, Reply, exchange

JPEG = b"\xff\xd8\xff\xe0 a face\r\n--not a boundary\xff\xd9"
XML_NAMESPACE = "http://www.isapi.org/ver20/XMLSchema"
Event = dict[str, Any]


@dataclass
class Mood:
    """How this terminal deviates from the book."""

    shape: str = "multipart"
    """multipart, event_log, lying_boundary, json, doubled, flat, quoted, xml"""
    skew: timedelta = timedelta()
    """How far its clock runs before the true time."""
    offset: str = "+08:00"
    """The zone it claims."""
    encoding: str = "utf-8"
    label: str = ""
    """A content type in place of the right one."""
    forgetful: bool = False
    """Posts its whole log again every time."""
    cut_after: int | None = None
    """Breaks the line after so many bytes of a body, once."""
    live: bool = True
    """Whether it says that events happen now; the backlog of days offline does not."""
    offline: bool = False
    """The network is away: what happens stays in the log, and is told as a backlog afterwards."""


@dataclass
class SimulatedTerminal:
    """One terminal with its own log, which no acknowledgement deletes."""

    serial: str
    host: str = ""
    port: int = 0
    path: str = ""
    """``/hikvision/<secret>``"""
    mood: Mood = field(default_factory=Mood)
    log: list[Event] = field(default_factory=list)
    """Events as a search gives them."""
    sent: int = 0
    _kept_back: int = 0
    """How many of its events were in the log when the network came back."""

    def punch(self, pin: str, at: datetime, minor: int = 75, name: str = "某人", **more: Any) -> Event:
        """Someone shows a face; `at` is the true local time."""
        person = {"employeeNoString": pin, "name": name, "cardNo": "8812345", "currentVerifyMode": "cardOrFaceOrFp"}
        health = {"currTemperature": 36.6, "mask": "no", "attendanceStatus": "undefined", "userType": "normal"}
        return self.happen(5, minor, at, **(person | health | more))

    def happen(self, major: int, minor: int, at: datetime, **more: Any) -> Event:
        """Anything else: a door opens, a clock is set."""
        event = {"major": major, "minor": minor, "time": self._time(at), "serialNo": len(self.log) + 1, **more}
        self.log.append(event)
        return event

    def _time(self, at: datetime) -> str:
        return f"{at + self.mood.skew:%Y-%m-%dT%H:%M:%S}{self.mood.offset}"

    def upload(self) -> int:
        """Post what was not acknowledged yet; returns how many were. Raises NotAcknowledged at the first failure."""
        if self.mood.offline:
            self._kept_back = len(self.log)
            return 0
        first = 0 if self.mood.forgetful else self.sent
        for event in self.log[first:]:
            reply = self.post(*self.body(event))
            if reply.status != 200:
                raise NotAcknowledged(reply)
            self.sent = max(self.sent, event["serialNo"])
        return len(self.log) - first

    def heartbeat(self, at: datetime) -> Reply:
        """Nothing happened, and the terminal is there."""
        message = self._envelope("heartBeat", self._time(at))
        return self.post(json.dumps(message | {"eventState": "active"}).encode(), "application/json")

    def body(self, event: Event) -> tuple[bytes, str]:
        """An event in this terminal's shape, and the label on it."""
        shapes = {
            "json": self._plain_json,
            "doubled": self._doubled,
            "flat": self._flat,
            "quoted": self._quoted,
            "xml": self._xml,
        }
        body, label = shapes.get(self.mood.shape, self._multipart)(event)
        return body, self.mood.label or label

    def alert(self, event: Event, *, is_live: bool) -> bytes:
        """An event as a part of the stream that the terminal writes, its picture behind it."""
        message = self._message(event)
        message["AccessControllerEvent"]["currentEvent"] = is_live
        text = json.dumps(message, ensure_ascii=False, indent=1).encode(self.mood.encoding)
        return _part("MIME_boundary", "", "application/json; charset=UTF-8", text) + _part(
            "MIME_boundary", 'filename="Picture.jpg"', "image/jpeg", JPEG
        )

    def _envelope(self, kind: str, time: str) -> Event:
        where = {"ipAddress": "192.0.2.64", "portNo": 80, "protocol": "HTTP", "macAddress": "44:a6:42:00:00:01"}
        return where | {"dateTime": time, "eventType": kind, "shortSerialNumber": self.serial, "channelID": 1}

    def _pushed(self, event: Event) -> Event:
        rest = {name: value for name, value in event.items() if name not in ("major", "minor", "time")}
        types = {"majorEventType": event["major"], "subEventType": event["minor"]}
        return {"deviceName": "Access", **types, **rest, "currentEvent": self._is_live(event)}

    def _is_live(self, event: Event) -> bool:
        return self.mood.live and event["serialNo"] > self._kept_back

    def _message(self, event: Event) -> Event:
        envelope = self._envelope("AccessControllerEvent", event["time"])
        return envelope | {"AccessControllerEvent": self._pushed(event)}

    def _json(self, message: Event) -> bytes:
        # Names come with whatever control characters someone typed: no proper JSON, and usual.
        return json.dumps(message, ensure_ascii=False).replace("\\u0001", "\x01").encode(self.mood.encoding)

    def _plain_json(self, event: Event) -> tuple[bytes, str]:
        return self._json(self._message(event)), "application/json"

    def _doubled(self, event: Event) -> tuple[bytes, str]:
        inner = self._message(event)
        return self._json({"EventNotificationAlert": {"AccessControllerEvent": inner}}), "application/json"

    def _flat(self, event: Event) -> tuple[bytes, str]:
        envelope = self._envelope("AccessControllerEvent", event["time"])
        return self._json(envelope | self._pushed(event)), "application/json"

    def _quoted(self, event: Event) -> tuple[bytes, str]:
        inner = json.dumps(self._message(event), ensure_ascii=False)
        return json.dumps({"event_log": inner}, ensure_ascii=False).encode(self.mood.encoding), "application/json"

    def _xml(self, event: Event) -> tuple[bytes, str]:
        text = _elements(self._message(event))
        alert = f'<EventNotificationAlert version="2.0" xmlns="{XML_NAMESPACE}">{text}</EventNotificationAlert>'
        head = f'<?xml version="1.0" encoding="{self.mood.encoding}"?>\n'
        return (head + alert).encode(self.mood.encoding), "application/xml"

    def _multipart(self, event: Event) -> tuple[bytes, str]:
        part = "event_log" if self.mood.shape == "event_log" else "AccessControllerEvent"
        boundary = "MIME_boundary"
        claimed = "mime_boundary" if self.mood.shape == "lying_boundary" else boundary
        body = b"".join(
            (
                _part(boundary, f'name="{part}"', "application/json", self._json(self._message(event))),
                _part(boundary, 'name="Picture"; filename="Picture.jpg"', "image/jpeg", JPEG),
                f"--{boundary}--\r\n".encode(),
            )
        )
        return body, f"multipart/form-data; boundary={claimed}"

    def post(self, body: bytes, label: str = "application/json") -> Reply:
        """One request on a connection of its own."""
        head = (
            f"POST {self.path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\nConnection: close\r\n"
            f"Content-Type: {label}\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode()
        cut, self.mood.cut_after = self.mood.cut_after, None
        if cut is not None:
            return exchange(self.host, self.port, head + body[:cut], hangs_up=True)
        return exchange(self.host, self.port, head + body)


def _part(boundary: str, name: str, kind: str, content: bytes) -> bytes:
    head = f"--{boundary}\r\nContent-Disposition: form-data; {name}\r\nContent-Type: {kind}\r\n"
    return f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content + b"\r\n"


def _elements(message: Event) -> str:
    return "".join(
        f"<{name}>{_elements(value) if isinstance(value, dict) else escape(_word(value))}</{name}>"
        for name, value in message.items()
    )


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
