"""A hundred terminals of one family at once, each with a backlog: what arrives a second, and that all of it did."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter

from api.doors.secrets import TerminalSecrets
from attendance import terminals
from attendance.hall import Hall
from attendance.punches import Punched
from benchmarks import halls
from benchmarks.door import Connection
from benchmarks.figures import Figure, Load, percentile
from benchmarks.serving import Served, served
from devices.dahua.simulator import Mood as DahuaMood
from devices.dahua.simulator import SimulatedTerminal as DahuaTerminal
from devices.hikvision.simulator import SimulatedTerminal

TERMINALS, BACKLOG = 100, 1_000
MORNING = datetime(2025, 4, 1, 8)
GAP = timedelta(seconds=19)
Bodies = Callable[[str, int], Iterator[tuple[bytes, str]]]


def hikvision(serial: str, backlog: int) -> Iterator[tuple[bytes, str]]:
    """What a Hikvision terminal was waiting to post, picture and all, with the label on it."""
    terminal = SimulatedTerminal(serial)
    for number in range(backlog):
        yield terminal.body(terminal.punch(str(number % 200 + 1), MORNING + number * GAP))


def dahua(serial: str, backlog: int) -> Iterator[tuple[bytes, str]]:
    """What a Dahua terminal was waiting to upload, each event with its picture behind it."""
    terminal = DahuaTerminal(serial, "", 0, "", mood=DahuaMood(wrapping="mixed"))
    for number in range(backlog):
        record = terminal.punch(str(number % 200 + 1), MORNING + number * GAP)
        yield terminal.framed(terminal.body([terminal.event(record, is_offline=True)]))


FAMILIES: dict[str, Bodies] = {"hikvision": hikvision, "dahua": dahua}


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


def request(path: str, body: bytes, label: str) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: hall\r\nContent-Type: {label}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def backlog_of(server: Served, requests: list[bytes], took: list[float]) -> None:
    """One terminal: the next event goes out when the one before is acknowledged."""
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


def log_alone(folder: Path, punches: int) -> float:
    """Punches a second into the log itself, as many waiting at a time as there are terminals."""
    hall = halls.found(folder, 2)
    begun = perf_counter()
    for first in range(0, punches, TERMINALS):
        numbers = range(first, min(first + TERMINALS, punches))
        wait([hall.receive_soon([halls.punched(number, MORNING)], "terminal:MQB0000") for number in numbers])
    rate = punches / (perf_counter() - begun)
    hall.close()
    return rate


def measured(folder: Path, family: str, count: int, backlog: int) -> Figure:
    paths = found(folder / "hall", family, count)
    waiting = [[request(path, *post) for post in FAMILIES[family](serial, backlog)] for serial, path in paths.items()]
    with served(folder / "hall") as server:
        begun = perf_counter()
        took = asyncio.run(all_at_once(server, waiting))
        rate = len(took) / (perf_counter() - begun)
    kept = stored(folder / "hall")
    if kept != count * backlog:
        raise AssertionError(f"{count * backlog} records were acknowledged, and {kept} are kept")
    return Figure(
        f"records of {count} {family} terminals in parallel, {backlog} each, one a post",
        rate,
        "records/s",
        "nothing lost, nothing doubled",
        log_alone(folder / "limit", min(count * backlog, 20_000)),
        "one a commit's place, into the log alone",
        note=f"{kept:,} kept of {count * backlog:,}; p99 of an acknowledgement {percentile(took, 99) * 1000:.0f} ms",
    )


def figures(load: Load) -> Iterator[Figure]:
    for family in FAMILIES:
        with load.folder() as folder:
            yield measured(folder, family, load.of(TERMINALS, 20), load.of(BACKLOG, 20))
