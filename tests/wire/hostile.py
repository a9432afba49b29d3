"""Hostile terminals at every door, and what must be true of the hall afterwards.

`scripts/fuzz` runs it for long: python hostile.py --seconds 600 [--seed 7]
"""

import argparse
import resource
import socket
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import monotonic
from typing import NamedTuple

from dahuas import dahua
from halls import POLICY
from hikvisions import listened_to
from wires import LOCALHOST, OpenDoor, door_opened

from api.doors.visiting import pull
from api.imports.punch_file import preview
from attendance.facts import Refused
from attendance.hall import Hall
from attendance.punches import Punched, ReadingQuarantined
from devices.calling import Line
from devices.dahua.simulator import SimulatedTerminal as DahuaTerminal
from devices.exchange import NO_REPLY, Reply, reply_of
from devices.hikvision.simulator import SimulatedTerminal as HikvisionTerminal
from devices.zkteco import session
from devices.zkteco.records import SIZES
from devices.zkteco.served import PortMood, ServedTerminal
from devices.zkteco.served_port import port_served

MORNING = datetime(2026, 9, 28, 8)
LARGEST = 5 << 20
"""Bytes of one body: more than any door takes."""
MOST_GROWN = 400
"""Megabytes by which the process may grow, however long it runs."""
PATIENCE = 3.0
FEWEST = 40
"""Bodies that are thrown however busy the machine is."""
LITTLE_PATIENCE = 0.05
"""With a terminal on port 4370 that says nothing; with none that breaks off."""
MARK = "hostile-0x"
"""Part of every hostile text, by which it is found where it must not be."""
TEXTS = (
    f"=cmd|'/C {MARK}'!A0",
    f"<script>{MARK}</script>",
    f"../../../tmp/{MARK}",
    f"$({MARK})`{MARK}`",
    f"'; DROP TABLE events; -- {MARK}",
    f"{MARK}\0\r\n\r\nHTTP/1.1 200 OK",
    f"{MARK}%s%n{{0}}",
    "9" * 400,
    "\u202e" + MARK,
)
TABLES = ("ATTLOG", "OPERLOG", "rtlog", "rtstate", "options", "tabledata&tablename=user&count=1", "BIODATA", "ATTPHOTO")
PLACES = ("cdata", "getrequest", "devicecmd", "registry", "push", "querydata", "rtdata", "fdata", "exchange", "ping")


class Target(NamedTuple):
    """One door, and what an honest terminal says there."""

    family: str
    serial: str
    address: Callable[[Random], str]
    honest: Callable[[int], bytes]


@dataclass
class Report:
    """What a run saw; `faults` says what must not be."""

    statuses: Counter[int] = field(default_factory=Counter)
    files: Counter[str] = field(default_factory=Counter)
    visits: Counter[str] = field(default_factory=Counter)
    """To terminals on port 4370."""
    faults: list[str] = field(default_factory=list)
    grown: int = 0
    """Megabytes."""


def targets(door: OpenDoor) -> list[Target]:
    """A terminal of each family that posts, accepted."""
    door.accept("A001")
    hikvision, dahuas = listened_to(door), dahua(door)
    return [
        Target("zkteco", "A001", _iclock, _zkteco),
        Target("hikvision", hikvision.serial, lambda _: hikvision.path, lambda n: _hikvision(hikvision, n)),
        Target("dahua", "D001", lambda _: f"/dahua/{dahuas.secret}", lambda n: _dahua(dahuas, n)),
    ]


def _zkteco(number: int) -> bytes:
    """A line of attendance, or an event of access control."""
    at = MORNING + timedelta(seconds=number)
    if number % 2:
        return f"{number}\t{at}\t0\t15\t0\t0\t0\n".encode()
    return f"time={at}\tpin={number}\tcardno=0\teventaddr=1\tevent=0\tinoutstatus=0\tverifytype=15\tindex=1\n".encode()


def _iclock(dice: Random) -> str:
    return f"/iclock/{dice.choice(PLACES)}?SN=A001&table={dice.choice(TABLES)}&Stamp=1"


def _hikvision(terminal: HikvisionTerminal, number: int) -> bytes:
    terminal.mood.shape = ("multipart", "json", "xml", "quoted", "flat")[number % 5]
    return terminal.body(terminal.punch(str(number), MORNING + timedelta(seconds=number)))[0]


def _dahua(terminal: DahuaTerminal, number: int) -> bytes:
    terminal.mood.shape = ("single", "text", "lines")[number % 3]
    terminal.mood.wrapping = ("", "mixed")[number % 2]
    record = terminal.punch(str(number), MORNING + timedelta(seconds=number))
    return terminal.framed(terminal.body([terminal.event(record)]))[0]


def spoiled(body: bytes, dice: Random) -> bytes:
    """A body with one to three things wrong with it."""
    for _ in range(dice.randrange(1, 4)):
        body = dice.choice(SPOILING)(body, dice)
    return body[:LARGEST]


def _cut(body: bytes, dice: Random) -> bytes:
    return body[: dice.randrange(len(body) + 1)]


def _changed(body: bytes, dice: Random) -> bytes:
    bits = bytearray(body)
    for _ in range(dice.randrange(1, 9) if bits else 0):
        bits[dice.randrange(len(bits))] = dice.randrange(256)
    return bytes(bits)


def _worded(body: bytes, dice: Random) -> bytes:
    at, text = dice.randrange(len(body) + 1), dice.choice(TEXTS)
    return body[:at] + text.encode(dice.choice(("utf-8", "gb18030", "utf-16"))) + body[at:]


def _claiming(body: bytes, dice: Random) -> bytes:
    """In another terminal's name."""
    return body + dice.choice((b'{"shortSerialNumber":"A001"}', b"SN=D001\tPIN=1", b'{"SN":"A001","DeviceID":"A001"}'))


def _endless(body: bytes, dice: Random) -> bytes:
    piece = dice.choice((body[:64], b"{", b"[", b"<a>", b"--x\r\n", b"\t", b"Code=AccessControl;data={", b"\0")) or b"x"
    return body + piece * (dice.choice((200, 20_000, 400_000)) // len(piece))


def _packed(body: bytes, _dice: Random) -> bytes:
    return zlib.compress(body)


SPOILING = (_cut, _changed, _changed, _worded, _claiming, _endless, _packed)


def request(address: str, body: bytes, dice: Random) -> bytes:
    """A request that may lie about its length, its type and its packing."""
    told = [f"Content-Type: {dice.choice(('application/json', 'text/plain', 'multipart/form-data; boundary=x', ''))}"]
    told += [f"Content-Encoding: {dice.choice(('deflate', 'gzip', MARK))}"] * (dice.random() < 0.2)
    told += [f"X-{n}: {'y' * 200}" for n in range(dice.choice((0, 0, 0, 200)))]
    head, sent = dice.choice(LENGTHS)(body, dice)
    lines = "".join(f"{line}\r\n" for line in (*told, head))
    return f"POST {address} HTTP/1.1\r\nHost: hall\r\nConnection: close\r\n{lines}\r\n".encode() + sent


def _true(body: bytes, _dice: Random) -> tuple[str, bytes]:
    return f"Content-Length: {len(body)}", body


def _too_long(body: bytes, dice: Random) -> tuple[str, bytes]:
    return f"Content-Length: {len(body) + dice.choice((1, 1_000, 1 << 40))}", body


def _chunked(body: bytes, dice: Random) -> tuple[str, bytes]:
    size = len(body) + dice.choice((0, 0, 0, 7, -3, 1 << 30))
    return "Transfer-Encoding: chunked", b"%x\r\n%b\r\n%b" % (
        max(size, 0),
        body,
        dice.choice((b"0\r\n\r\n", b"", b"zz\r\n")),
    )


def _both(body: bytes, dice: Random) -> tuple[str, bytes]:
    head, sent = _chunked(body, dice)
    return f"Content-Length: {dice.randrange(50)}\r\n{head}", sent


LENGTHS = (_true, _true, _true, _too_long, _chunked, _both)


def ordinary(address: str, body: bytes) -> bytes:
    return f"POST {address} HTTP/1.1\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def run(folder: Path, seconds: float, seed: int) -> Report:
    """Throw things at every door for so long, then see what became of the hall."""
    report, dice, until = Report(), Random(seed), monotonic() + seconds
    hall = Hall.found(folder / "hall", POLICY)
    with door_opened(hall) as door, _hasty_visits():
        doors = targets(door)
        for target in doors:
            _greet(door, target, 1)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        while monotonic() < until or report.statuses.total() < FEWEST:
            _attack(door, dice.choice(doors), dice, report)
            _attack_with_file(hall, folder, dice, report)
            if dice.random() < 0.3:
                _attack_visitor(hall, dice, report)
        report.grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10
        report.faults += list(_faults(door, doors, folder, report))
    hall.close()
    return report


def said(port: int, raw: bytes) -> Reply:
    """What the hall answers to a sender that has said all it will ever say."""
    with suppress(OSError), socket.create_connection((LOCALHOST, port), timeout=PATIENCE) as line:
        # The hall may hang up long before the end.
        with suppress(OSError):
            line.sendall(raw)
            line.shutdown(socket.SHUT_WR)
        parts = []
        with suppress(OSError):
            while part := line.recv(1 << 16):
                parts.append(part)
        return reply_of(b"".join(parts))
    return NO_REPLY


def _attack(door: OpenDoor, target: Target, dice: Random, report: Report) -> None:
    raw = request(target.address(dice), spoiled(target.honest(dice.randrange(1, 5_000)), dice), dice)
    reply = said(door.port, raw)
    report.statuses[reply.status] += 1
    if reply.status >= 500:
        report.faults.append(f"{target.family} answers {reply.status} {reply.text[:80]} to {raw[:200]!r}")


FILES = Path(__file__).parents[1] / "unit"


def _attack_with_file(hall: Hall, folder: Path, dice: Random, report: Report) -> None:
    """A file of punches that is no such thing: looked at, or refused in a business word."""
    honest = dice.choice(
        ((FILES / "zktime.xls").read_bytes(), "部门,姓名,考勤号码,日期时间\n,,1,2026-03-02 08:00\n".encode("gbk"))
    )
    path = folder / "file"
    path.write_bytes(spoiled(honest, dice)[: 1 << 20])
    try:
        preview(hall, path, "A001")
        report.files["read"] += 1
    except Refused as refused:
        report.files[refused.code] += 1
    except Exception as error:
        report.faults.append(f"a file raises {error!r}: {path.read_bytes()[:200]!r}")


@contextmanager
def _hasty_visits() -> Iterator[None]:
    """No pauses between two tries to connect."""
    pauses, session.PAUSES = session.PAUSES, (0.0, 0.0, 0.0)
    try:
        yield
    finally:
        session.PAUSES = pauses


@contextmanager
def _visitable(dice: Random) -> Iterator[Line]:
    """The way to a terminal on port 4370 that holds a log, and spoils some of what it says."""
    mood = PortMood(streams=dice.random() < 0.2, size=dice.choice(SIZES), pieces=dice.randrange(1, 4))
    mood.spoils = lambda frame: spoiled(frame, dice) if dice.random() < 0.1 else frame
    terminal = ServedTerminal("A001", mood=mood)
    for number in range(1, dice.choice((5, 100))):
        terminal.enrol(number, str(number))
        terminal.punch(str(number), MORNING + timedelta(minutes=number))
    with port_served(terminal) as url:
        yield Line(url, "", "", LITTLE_PATIENCE)


def _attack_visitor(hall: Hall, dice: Random, report: Report) -> None:
    """A visit to a terminal that answers nonsense: its log is taken, or it is refused in a business word."""
    with _visitable(Random(dice.random())) as line:
        try:
            pull(hall, "A001", line)
            report.visits["read"] += 1
        except Refused as refused:
            report.visits[refused.code] += 1
        except Exception as error:
            report.faults.append(f"a visit raises {error!r}")


def _greet(door: OpenDoor, target: Target, number: int) -> Reply:
    """One honest punch."""
    address = "/iclock/cdata?SN=A001&table=ATTLOG" if target.family == "zkteco" else target.address(Random(0))
    return door.send(ordinary(address, target.honest(number)))


def _faults(door: OpenDoor, doors: list[Target], folder: Path, report: Report) -> Iterator[str]:
    for target in doors:
        stored = len([punch for punch in door.punches() if punch.terminal == target.serial])
        reply = _greet(door, target, 9_999)
        after = len([punch for punch in door.punches() if punch.terminal == target.serial])
        if reply.status != 200 or after != stored + 1:
            yield f"{target.family} takes no honest punch any more: {reply}, {after - stored} stored"
    if report.grown > MOST_GROWN:
        yield f"{report.grown} MB more memory"
    yield from (f"a file is called {path}" for path in folder.rglob("*") if MARK in path.name)
    for fact in [*door.facts(Punched), *door.facts(ReadingQuarantined)]:
        if fact.terminal not in {target.serial for target in doors}:
            yield f"written for another: {fact}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    with TemporaryDirectory(prefix="manqin-fuzz-") as folder:
        report = run(Path(folder), given.seconds, given.seed)
    print(f"{sum(report.statuses.values())} requests: {dict(sorted(report.statuses.items()))}; {report.grown} MB grown")
    print(f"files: {dict(report.files)}")
    print(f"visits: {dict(report.visits)}")
    raise SystemExit("\n".join(report.faults) or 0)


if __name__ == "__main__":
    main()
