"""The web server of a Dahua terminal made of software: its records, its people, its clock, behind Digest."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from json import dumps, loads
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from devices.dahua.simulator import BOUNDARY, Json, SimulatedTerminal
from devices.served import LOOKS_EVERY, Asked, DigestLock, Streamed, Told, served

OK = Told(200, b"OK\r\n")
BAD = Told(400, b"Error\r\nBad Request!\r\n")
EXISTS, ABSENT = 286064917, 286064918
"""The terminal's own codes for a person it has, or has not."""
MOMENT = "%Y-%m-%d %H:%M:%S"
FROM_THE_FACTORY = {
    "PictureHttpUpload.Enable": "false",
    "PictureHttpUpload.UploadServerList[0].Address": "",
    "PictureHttpUpload.UploadServerList[0].Port": "80",
    "PictureHttpUpload.UploadServerList[0].HttpsEnable": "true",
    "PictureHttpUpload.UploadServerList[0].Uploadpath": "",
}


@dataclass
class CgiMood:
    """How this terminal's web server deviates from the book."""

    most: int = 1_000
    """Records in one answer, however many are asked for."""
    newest_first: bool = False
    capital: bool = False
    """Writes ``Records[`` for ``records[``."""
    drops: tuple[str, ...] = ()
    """Fields that this firmware never tells."""
    says_serial: str | None = None
    """The serial number it tells, when not its own."""
    hangs_up: bool = False
    """Ends every stream."""


@dataclass
class SimulatedCgi:
    """What the terminal answers; its records are those of the terminal that also uploads them."""

    terminal: SimulatedTerminal
    mood: CgiMood = field(default_factory=CgiMood)
    faces: set[str] = field(default_factory=set)
    clock_error: timedelta = timedelta()
    settings: dict[str, str] = field(default_factory=lambda: dict(FROM_THE_FACTORY))
    asked: list[str] = field(default_factory=list)
    """The targets asked for, oldest first."""

    def answer(self, asked: Asked) -> Told | Streamed:
        self.asked.append(asked.target)
        place = urlsplit(asked.target)
        query = dict(parse_qsl(place.query))
        known: dict[str, Callable[[], Told | Streamed]] = {
            "configManager.cgi/getConfig": lambda: self._show(query["name"]),
            "configManager.cgi/setConfig": lambda: self._set(query),
            "eventManager.cgi/attach": lambda: Streamed(
                self._events(), f"multipart/x-mixed-replace; boundary={BOUNDARY}"
            ),
            "recordFinder.cgi/find": lambda: self._find(query),
            "magicBox.cgi/getSystemInfo": self._about,
            "AccessUser.cgi/startFind": lambda: _json({"Caps": 100, "Token": 7, "Total": len(self.terminal.people)}),
            "AccessUser.cgi/doFind": lambda: self._listed(query),
            "AccessUser.cgi/stopFind": lambda: OK,
            "AccessUser.cgi/insertMulti": lambda: self._write(asked.body, is_new=True),
            "AccessUser.cgi/updateMulti": lambda: self._write(asked.body, is_new=False),
            "AccessUser.cgi/removeMulti": lambda: self._remove(query, self.terminal.people),
            "AccessFace.cgi/removeMulti": lambda: self._remove(query, dict.fromkeys(self.faces)),
            "global.cgi/getCurrentTime": self._clock,
            "global.cgi/setCurrentTime": lambda: self._set_clock(query),
        }
        return known.get(f"{place.path.rpartition('/')[2]}/{query.get('action')}", lambda: BAD)()

    def _about(self) -> Told:
        serial = self.mood.says_serial or self.terminal.serial
        return Told(200, f"deviceType=ASI-simulated\r\nserialNumber={serial}\r\n".encode())

    def _show(self, name: str) -> Told:
        """A table of the settings; this firmware has one place to upload to, or two."""
        told = [f"table.{key}={value}" for key, value in self.settings.items() if key.startswith(f"{name}.")]
        return Told(200, "".join(f"{line}\r\n" for line in told).encode()) if told else BAD

    def _set(self, query: dict[str, str]) -> Told:
        """All or nothing: a key that this firmware has not spoils the others."""
        wanted = {key: value for key, value in query.items() if key != "action"}
        if not wanted.keys() <= self.settings.keys():
            return BAD
        self.settings |= wanted
        return OK

    def _events(self) -> Iterator[bytes]:
        """What happens from now on, and a heartbeat."""
        told = len(self.terminal.records)
        while not self.mood.hangs_up:
            yield f"--{BOUNDARY}\r\nContent-Type: text/plain\r\nContent-Length:9\r\n\r\nHeartbeat\r\n".encode()
            for record in self.terminal.records[told:]:
                yield self.terminal.alert(record)
                told += 1
            time.sleep(LOOKS_EVERY)

    def _find(self, query: dict[str, str]) -> Told:
        start, end = int(query["StartTime"]), int(query["EndTime"])
        found = [record for record in self.terminal.records if start <= record["CreateTime"] <= end]
        found.sort(key=lambda record: record["CreateTime"], reverse=self.mood.newest_first)
        return Told(200, self._table(found[: min(self.mood.most, int(query["count"]))]).encode())

    def _table(self, records: list[Json]) -> str:
        word = "Records" if self.mood.capital else "records"
        lines = [f"found={len(records)}"]
        for number, record in enumerate(records):
            told = ((name, value) for name, value in sorted(record.items()) if name not in self.mood.drops)
            lines += [f"{word}[{number}].{name}={value}" for name, value in told]
        return "\r\n".join(lines) + "\r\n"

    def _listed(self, query: dict[str, str]) -> Told:
        first = int(query["Offset"])
        return _json({"Info": list(self.terminal.people.values())[first : first + min(20, int(query["Count"]))]})

    def _write(self, body: bytes, *, is_new: bool) -> Told:
        """Each person by themselves; one that fails makes the whole answer an error with a code for each."""
        codes = [self._write_one(user, is_new=is_new) for user in loads(body)["UserList"]]
        return _codes(codes)

    def _write_one(self, user: Json, *, is_new: bool) -> int:
        people, pin = self.terminal.people, user["UserID"]
        if (pin in people) == is_new:
            return EXISTS if is_new else ABSENT
        people[pin] = user
        return 0

    def _remove(self, query: dict[str, str], those: dict[str, Any]) -> Told:
        codes = []
        for name, pin in query.items():
            if name.startswith("UserIDList["):
                codes.append(0 if pin in those else ABSENT)
                those.pop(pin, None)
                self.faces.discard(pin)
        return _codes(codes)

    def _clock(self) -> Told:
        return Told(200, f"result={self._now() + self.clock_error:{MOMENT}}\r\n".encode())

    def _set_clock(self, query: dict[str, str]) -> Told:
        self.clock_error = datetime.strptime(query["time"], MOMENT) - self._now()
        return OK

    def _now(self) -> datetime:
        return datetime.now(UTC).replace(tzinfo=None) + timedelta(minutes=self.terminal.zone)


def _codes(codes: list[int]) -> Told:
    if not any(codes):
        return OK
    return _json({"code": 268632336, "detail": {"FailCodes": codes}, "message": "Batch process error"}, 400)


def _json(told: Json, status: int = 200) -> Told:
    return Told(status, dumps(told).encode(), "application/json")


@contextmanager
def cgi_served(cgi: SimulatedCgi, lock: DigestLock) -> Iterator[str]:
    """Serve a terminal's CGI while the block runs; gives its address."""
    with served(cgi.answer, lock, Told(401, b"Error\r\nAccount locked\r\n")) as url:
        yield url
