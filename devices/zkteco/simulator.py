"""A ZKTeco terminal made of software: it keeps a log, calls the hall over real HTTP, and has a terminal's moods.

Tests, the demo hall and the benchmarks use it. It writes its requests byte by byte itself, since the moods are about
what no HTTP library would send.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from devices.exchange import NotAcknowledged, Reply, exchange

ATTLOG, OPERLOG = "ATTLOG", "OPERLOG"


@dataclass
class Mood:
    """How this terminal deviates from the book."""

    skew: timedelta = timedelta()
    """How far its clock runs before the true time."""
    forgetful: bool = False
    """Sends its whole log again after every upload."""
    length: str = "right"
    """right, missing, too_small or chunked: how it announces a body's length."""
    cut_after: int | None = None
    """Breaks the line after so many bytes of a body, once."""
    encoding: str = "utf-8"
    line_end: str = "\n"
    path: str = "/iclock/{place}"
    """Some firmware writes /ICLOCK/, some ends in .aspx or a slash."""
    serial_key: str = "SN"
    refuses_people: int = 0
    """What it answers to every command about a person, such as -1001 when it is full; 0: it does them."""
    mute: bool = False
    """Fetches commands and never says what became of them."""


@dataclass
class SimulatedTerminal:
    """One terminal with its own log, which no acknowledgement deletes."""

    serial: str
    host: str
    port: int
    prefix: str = ""
    """``/t/<secret>`` where the hall gave one."""
    mood: Mood = field(default_factory=Mood)
    batch: int = 100
    log: list[str] = field(default_factory=list)
    operations: list[str] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)
    sent: dict[str, int] = field(default_factory=dict)
    """How many lines of each table were acknowledged."""
    people: dict[str, str] = field(default_factory=dict)
    """The names of the people on it by PIN."""
    faces: set[str] = field(default_factory=set)
    """The PINs of those it enrolled."""

    def punch(self, pin: str, at: datetime, status: int = 0, verify: int = 15) -> str:
        """Someone shows a face; `at` is the true local time."""
        line = f"{pin}\t{at + self.mood.skew:%Y-%m-%d %H:%M:%S}\t{status}\t{verify}\t0\t0\t0"
        self.log.append(line)
        return line

    def operate(self, kind: int, at: datetime, operator: str = "0", *objects: str) -> None:
        """Someone opens the menu, sets the clock, deletes a record."""
        four = (*objects, "0", "0", "0", "0")[:4]
        self.operations.append(
            "\t".join((f"OPLOG {kind}", operator, f"{at + self.mood.skew:%Y-%m-%d %H:%M:%S}", *four))
        )

    def enrol(self, pin: str, name: str, password: str = "") -> None:
        """The record of a person, as it lies among the operations."""
        self.operations.append(f"USER PIN={pin}\tName={name}\tPri=0\tPasswd={password}\tCard=\tGrp=1\tTZ=0")

    def handshake(self) -> Reply:
        """Say hello. An accepted terminal takes the options over, and its log to be sent from where they say."""
        reply = self.call("GET", "cdata", "options=all&pushver=2.4.1&language=83&DeviceType=att")
        if reply.status == 200:
            self.options = dict(line.split("=", 1) for line in reply.text.splitlines() if "=" in line)
            if self.options.get("ATTLOGStamp") in ("None", "0"):
                self.sent.clear()
        return reply

    def upload(self) -> int:
        """Send what was not acknowledged yet, batch by batch; returns the acknowledged lines.

        Raises NotAcknowledged at the first batch the hall does not take.
        """
        done = self._upload(ATTLOG, self.log) + self._upload(OPERLOG, self.operations)
        if self.mood.forgetful:
            self.sent.clear()
        return done

    def _upload(self, table: str, lines: list[str]) -> int:
        first = self.sent.get(table, 0)
        for start in range(first, len(lines), self.batch):
            batch = lines[start : start + self.batch]
            reply = self.post(table, batch)
            if not reply.is_ack:
                raise NotAcknowledged(reply)
            self.sent[table] = start + len(batch)
        return len(lines) - first

    def post(self, table: str, lines: list[str], stamp: str = "9999") -> Reply:
        """One upload of a table."""
        body = "".join(line + self.mood.line_end for line in lines).encode(self.mood.encoding)
        return self.call("POST", "cdata", f"table={table}&Stamp={stamp}", body)

    def poll(self) -> list[str]:
        """Ask for commands and carry them out; returns them."""
        reply = self.call("GET", "getrequest")
        commands = [line for line in reply.text.splitlines() if line.startswith("C:")]
        for command in commands:
            _, number, words = command.split(":", 2)
            self._carry_out(number, words)
        return commands

    def _carry_out(self, number: str, words: str) -> None:
        code, told = 0, ""
        if words.startswith("DATA QUERY ATTLOG"):
            found = list(self._between(words))
            code = 0 if found else -1
            if found:
                self.post(ATTLOG, found)
        elif words.startswith("VERIFY SUM ATTLOG"):
            told = f"&AttlogSum={sum(1 for _ in self._between(words))}"
        elif words == "CHECK":
            self.handshake()
        elif words == "INFO":
            told = "\n~DeviceName=Simulated\nFWVersion=Ver 8.0.4"
        elif "USERINFO" in words:
            code = self.mood.refuses_people or self._about_person(words)
        if not self.mood.mute:
            self.call("POST", "devicecmd", body=f"ID={number}&Return={code}&CMD={words.split()[0]}{told}\n".encode())

    def _about_person(self, words: str) -> int:
        """Put a person on the terminal, or forget one with the face; -10 when there is no such PIN."""
        fields = dict(part.split("=", 1) for part in words.partition("USERINFO ")[2].split("\t"))
        if words.startswith("DATA UPDATE"):
            self.people[fields["PIN"]] = fields["Name"]
            return 0
        self.faces.discard(fields["PIN"])
        return 0 if self.people.pop(fields["PIN"], None) is not None else -10

    def _between(self, words: str) -> Iterator[str]:
        span = dict(part.split("=", 1) for part in words.partition("ATTLOG ")[2].split("\t"))
        return (line for line in self.log if span["StartTime"] <= line.split("\t")[1] <= span["EndTime"])

    def ping(self) -> Reply:
        return self.call("GET", "ping")

    def photo(self, name: str, jpeg: bytes) -> Reply:
        """The picture taken at a punch."""
        head = f"PIN={name}\nSN={self.serial}\nsize={len(jpeg)}\nCMD=uploadphoto\0".encode()
        return self.call("POST", "fdata", "table=ATTPHOTO", head + jpeg)

    def call(self, verb: str, place: str, query: str = "", body: bytes = b"") -> Reply:
        """One request on a connection of its own, as terminals make them."""
        target = f"{self.prefix}{self.mood.path.format(place=place)}?{self.mood.serial_key}={self.serial}"
        request = self._head(verb, f"{target}&{query}" if query else target, body) + self._framed(body)
        cut, self.mood.cut_after = (self.mood.cut_after, None) if body else (None, self.mood.cut_after)
        if cut is not None:
            return exchange(self.host, self.port, request[: len(request) - len(body) + cut], hangs_up=True)
        return exchange(self.host, self.port, request)

    def _head(self, verb: str, target: str, body: bytes) -> bytes:
        lengths = {
            "right": f"Content-Length: {len(body)}\r\n",
            "missing": "",
            "too_small": f"Content-Length: {len(body) * 3 // 5}\r\n",
            "chunked": "Transfer-Encoding: chunked\r\n",
        }
        length = lengths[self.mood.length] if body else ""
        return (
            f"{verb} {target} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\nUser-Agent: iClock Proxy/1.09\r\n"
            f"Connection: close\r\nAccept: */*\r\n{length}\r\n"
        ).encode()

    def _framed(self, body: bytes) -> bytes:
        return b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body) if body and self.mood.length == "chunked" else body
