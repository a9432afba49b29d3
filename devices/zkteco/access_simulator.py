"""A ZKTeco access control terminal made of software: it registers, then says what happens at its door.

The same moods as `devices.zkteco.simulator`, over the same bytes; only the words are those of security push 3.x.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from devices.exchange import NotAcknowledged, Reply
from devices.zkteco import clock
from devices.zkteco.simulator import SimulatedTerminal

RTLOG, TRANSACTION = "rtlog", "transaction"
OPENED_BY_A_PERSON, NOBODY = 0, "0"


@dataclass
class SimulatedAccess(SimulatedTerminal):
    """One access control terminal with its own log of events."""

    SEPARATORS: ClassVar[dict[str, str]] = {"tab": "\t", "comma": ",", "ampersand": "&"}

    spelling: str = "tab"
    """tab, comma or ampersand: what stands between the fields of an event."""
    road: str = RTLOG
    """rtlog, ATTLOG (as some firmware calls it) or transaction (the table of events)."""
    code: str = ""
    session: str = ""
    people: dict[str, str] = field(default_factory=dict)
    """Names by PIN."""
    authorised: set[str] = field(default_factory=set)
    """PINs with a time period for the door; the others are recognised, and refused."""

    def punch(self, pin: str, at: datetime, status: int = 0, verify: int = 15) -> str:
        """Someone shows a face and is let in."""
        return self.happen(OPENED_BY_A_PERSON, at, pin, status, verify)

    def happen(self, event: int, at: datetime, pin: str = NOBODY, status: int = 0, verify: int = 200) -> str:
        """Anything at the door; `at` is the true local time."""
        shown = at + self.mood.skew
        fields = {
            "time": f"{shown:%Y-%m-%d %H:%M:%S}",
            "pin": pin,
            "cardno": "0",
            "eventaddr": "1",
            "event": str(event),
            "inoutstatus": str(status),
            "verifytype": str(verify),
            "index": str(len(self.log) + 1),
        }
        line = self._row(fields, shown) if self.road == TRANSACTION else self._line(fields)
        self.log.append(line)
        return line

    def _line(self, fields: dict[str, str]) -> str:
        return self.SEPARATORS[self.spelling].join(f"{name}={text}" for name, text in fields.items())

    def _row(self, fields: dict[str, str], shown: datetime) -> str:
        """An event as a row of the terminal's table: other names, and the time as one number."""
        row = {
            "cardno": "0",
            "pin": fields["pin"],
            "verified": fields["verifytype"],
            "doorid": "1",
            "eventtype": fields["event"],
            "inoutstate": fields["inoutstatus"],
            "time_second": str(clock.number_of(shown)),
            "index": fields["index"],
        }
        return f"{TRANSACTION} " + "\t".join(f"{name}={text}" for name, text in row.items())

    def handshake(self) -> Reply:
        """Say hello, register where that is asked for, take the settings, and say hello again."""
        reply = self._hello()
        if reply.text == "OK":
            self._register()
            reply = self._hello()
        if reply.status == 200:
            self.options = _options(reply.text)
            self.code, self.session = self.options["RegistryCode"], self.options["SessionID"]
        return reply

    def _hello(self) -> Reply:
        return self.call("GET", "cdata", "options=all&pushver=3.1.2&DeviceType=acc")

    def _register(self) -> None:
        told = b"DeviceType=acc,~DeviceName=SpeedFace-V5L,FirmVer=Ver 8.0.4,MACAddress=00:17:61:00:00:01"
        self.code = self.call("POST", "registry", body=told).text.removeprefix("RegistryCode=")
        self.session = _options(self.call("POST", "push").text)["SessionID"]

    def upload(self) -> int:
        """Send the events that were not acknowledged yet. Raises NotAcknowledged."""
        first = self.sent.get(self.road, 0)
        for start in range(first, len(self.log), self.batch):
            batch = self.log[start : start + self.batch]
            reply = self.post(self.road, batch)
            if not self._is_taken(reply, len(batch)):
                raise NotAcknowledged(reply)
            self.sent[self.road] = start + len(batch)
        if self.mood.forgetful:
            self.sent.clear()
        return len(self.log) - first

    def _is_taken(self, reply: Reply, lines: int) -> bool:
        return reply.text == f"{TRANSACTION}={lines}" if self.road == TRANSACTION else reply.is_ack

    def post(self, table: str, lines: list[str], stamp: str = "9999") -> Reply:
        body = "".join(line + self.mood.line_end for line in lines).encode(self.mood.encoding)
        if table == TRANSACTION:
            return self.call("POST", "cdata", f"table=tabledata&tablename={table}&count={len(lines)}", body)
        return self.call("POST", "cdata", f"table={table}&Stamp={stamp}", body)

    def state(self, at: datetime) -> Reply:
        """How door and sensors stand."""
        shown = at + self.mood.skew
        return self.call(
            "POST", "cdata", "table=rtstate", f"time={shown:%Y-%m-%d %H:%M:%S}\tsensor=02\trelay=00".encode()
        )

    def _carry_out(self, number: str, words: str) -> None:
        if words.startswith(f"DATA QUERY tablename={TRANSACTION}"):
            self._answer_query(number)
        table, _, told = words.removeprefix("DATA UPDATE ").removeprefix("DATA DELETE ").partition(" ")
        fields = dict(part.split("=", 1) for part in told.split("\t") if "=" in part)
        match (" ".join(words.split(" ")[:2]), table):
            case ("DATA UPDATE", "user"):
                self.people[fields["Pin"]] = fields.get("Name", "")
            case ("DATA UPDATE", "userauthorize"):
                self.authorised.add(fields["Pin"])
            case ("DATA DELETE", "user"):
                self.people.pop(fields["Pin"], None)
                self.authorised.discard(fields["Pin"])
        self.call("POST", "devicecmd", body=f"ID={number}&Return=0&CMD={words.split()[0]}\n".encode())

    def _answer_query(self, number: str) -> None:
        body = "".join(f"{line}\n" for line in self.log).encode()
        query = f"type=tabledata&cmdid={number}&tablename={TRANSACTION}&count={len(self.log)}&packcnt=1&packidx=1"
        self.call("POST", "querydata", query, body)


def _options(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
