"""A hundred terminals of one family at once, each with a backlog: what arrives a second, and that all of it did.

And one terminal's whole log on a USB stick.
"""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from api.doors.secrets import TerminalSecrets
from api.imports.attlog import import_attlog
from attendance import terminals
from attendance.hall import Hall
from attendance.punches import Punched
from benchmarks import halls
from benchmarks.door import Connection
from benchmarks.figures import Figure, Load, percentile, seconds
from benchmarks.serving import Served, served
from devices.dahua.simulator import Mood as DahuaMood
from devices.dahua.simulator import SimulatedTerminal as DahuaTerminal
from devices.hikvision.simulator import SimulatedTerminal
from devices.zkteco.access_simulator import SimulatedAccess
from devices.zkteco.simulator import SimulatedTerminal as ZktecoTerminal

TERMINALS, BACKLOG = 100, 1_000
AT_ONCE = 100
"""Records of a post where the terminal has a backlog and its protocol lets it send several."""
ON_A_STICK, STAFF = 200_000, 200
MORNING = datetime(2025, 4, 1, 8)
GAP = timedelta(seconds=19)


class Post(NamedTuple):
    """One post of a terminal."""

    body: bytes
    label: str = "text/plain"
    tail: str = ""
    """What stands behind the secret path."""


def pins_and_times(backlog: int) -> Iterator[tuple[str, datetime]]:
    return ((str(number % STAFF + 1), MORNING + number * GAP) for number in range(backlog))


def hikvision(serial: str, backlog: int) -> Iterator[Post]:
    """What a Hikvision terminal was waiting to post, picture and all, with the label on it."""
    terminal = SimulatedTerminal(serial)
    return (Post(*terminal.body(terminal.punch(*one))) for one in pins_and_times(backlog))


def dahua(serial: str, backlog: int) -> Iterator[Post]:
    """What a Dahua terminal was waiting to upload, each event with its picture behind it."""
    terminal = DahuaTerminal(serial, "", 0, "", mood=DahuaMood(wrapping="mixed"))
    for one in pins_and_times(backlog):
        event = terminal.event(terminal.punch(*one), is_offline=True)
        yield Post(*terminal.framed(terminal.body([event])))


def attendance_push(serial: str, backlog: int) -> Iterator[Post]:
    """What a ZKTeco terminal was waiting to upload."""
    yield from uploads(ZktecoTerminal(serial, "", 0), "ATTLOG", backlog)


def security_push(serial: str, backlog: int) -> Iterator[Post]:
    """The same of one for access control."""
    yield from uploads(SimulatedAccess(serial, "", 0), "rtlog", backlog)


def uploads(terminal: ZktecoTerminal, table: str, backlog: int) -> Iterator[Post]:
    lines = [terminal.punch(*one) for one in pins_and_times(backlog)]
    for first in range(0, backlog, AT_ONCE):
        body = "".join(f"{line}\n" for line in lines[first : first + AT_ONCE])
        yield Post(body.encode(), tail=f"/cdata?SN={terminal.serial}&table={table}&Stamp=9999")


class Family(NamedTuple):
    """How terminals of a family bring their backlog."""

    name: str
    """As the register knows it."""
    spoken: str
    posts: Callable[[str, int], Iterator[Post]]
    at_once: int = 1


FAMILIES = (
    Family("hikvision", "hikvision", hikvision),
    Family("dahua", "dahua", dahua),
    Family("zkteco", "zkteco attendance", attendance_push, AT_ONCE),
    Family("zkteco", "zkteco access control", security_push, AT_ONCE),
)


def found(folder: Path, family: str, count: int) -> dict[str, str]:
    """A hall with so many terminals of a family; the path of each by its serial number."""
    hall = halls.found(folder, 2)
    secrets = TerminalSecrets(hall.folder.keys, hall.id)
    serials = [f"BENCH{number:05d}" for number in range(count)]
    for serial in serials:
        hall.decide(partial(terminals.accept, sn=serial, family=family), "office")
    paths = {serial: secrets.path(family, secrets.renew(serial)) for serial in serials}
    hall.close()
    return paths


def request(path: str, post: Post) -> bytes:
    lengths = f"Content-Type: {post.label}\r\nContent-Length: {len(post.body)}\r\n\r\n"
    return f"POST {path}{post.tail} HTTP/1.1\r\nHost: hall\r\n{lengths}".encode() + post.body


async def backlog_of(server: Served, requests: list[bytes], took: list[float]) -> None:
    """One terminal: the next post goes out when the one before is acknowledged."""
    connection = await Connection.to(server)
    for one in requests:
        begun = perf_counter()
        await connection.ask(one)
        took.append(perf_counter() - begun)
    await connection.close()


async def all_at_once(server: Served, waiting: list[list[bytes]]) -> list[float]:
    took: list[float] = []
    await asyncio.gather(*(backlog_of(server, requests, took) for requests in waiting))
    return took


def stored(folder: Path) -> int:
    """How many punches lie in the log."""
    hall = Hall.open(folder)
    count = sum(row.topic == Punched.topic for row in hall.store.read(0, 10_000_000))
    hall.close()
    return count


def log_alone(folder: Path, punches: int, at_once: int) -> float:
    """Punches a second into the log itself, as many batches waiting at a time as there are terminals."""
    hall = halls.found(folder, 2)
    batches = [
        [halls.punched(number, MORNING) for number in range(first, min(first + at_once, punches))]
        for first in range(0, punches, at_once)
    ]
    begun = perf_counter()
    for first in range(0, len(batches), TERMINALS):
        wait([hall.receive_soon(batch, "terminal:MQB0000") for batch in batches[first : first + TERMINALS]])
    rate = punches / (perf_counter() - begun)
    hall.close()
    return rate


def measured(folder: Path, family: Family, count: int, backlog: int) -> Figure:
    paths = found(folder / "hall", family.name, count)
    waiting = [[request(path, post) for post in family.posts(serial, backlog)] for serial, path in paths.items()]
    records = count * backlog
    with served(folder / "hall") as server:
        begun = perf_counter()
        took = asyncio.run(all_at_once(server, waiting))
        rate = records / (perf_counter() - begun)
    kept = stored(folder / "hall")
    if kept != records:
        raise AssertionError(f"{records} records were acknowledged, and {kept} are kept")
    return Figure(
        f"records of {count} {family.spoken} terminals in parallel, {backlog} each, {family.at_once} a post",
        rate,
        "records/s",
        "nothing lost, nothing doubled",
        log_alone(folder / "limit", min(records, 20_000 * family.at_once), family.at_once),
        "as many at once, into the log alone",
        note=f"{kept:,} kept of {records:,}; p99 of an acknowledgement {percentile(took, 99) * 1000:.0f} ms",
    )


def on_a_stick(folder: Path, records: int) -> Figure:
    """A terminal's whole log as a USB file, through the same import as the office uses."""
    folder.mkdir(exist_ok=True)
    file = folder / "1_attlog.dat"
    lines = (f"{pin:>9}\t{at}\t1\t0\t15\t0\r\n" for pin, at in pins_and_times(records))
    file.write_text("".join(lines), encoding="ascii", newline="")
    hall = halls.found(folder / "hall", 2)
    took = seconds(lambda: import_attlog(hall, file, halls.TERMINALS[0]))
    hall.close()
    kept = stored(folder / "hall")
    if kept != records:
        raise AssertionError(f"{records} records were read, and {kept} are kept")
    return Figure(
        f"a terminal's USB file of {records:,} records",
        took,
        "s",
        "≤ 20 s",
        records / log_alone(folder / "limit", records, halls.BATCH),
        "as many records into the log alone",
        better="less",
        note=f"{kept:,} kept",
    )


def figures(load: Load) -> Iterator[Figure]:
    for family in FAMILIES:
        with load.folder() as folder:
            yield measured(folder, family, load.of(TERMINALS, 5), load.of(BACKLOG, 20))
    with load.folder() as folder:
        yield on_a_stick(folder, load.of(ON_A_STICK, 1_000))
