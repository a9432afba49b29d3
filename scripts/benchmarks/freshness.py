"""How soon an acknowledged punch stands in its day sheet, while the hall's terminals send 500 a second."""

import asyncio
import json
from base64 import b64encode
from collections.abc import Iterator
from itertools import islice
from time import perf_counter

from api.accounts import ADMINISTRATOR
from attendance.punches import Punched
from benchmarks import halls
from benchmarks.door import Connection, greet, post
from benchmarks.figures import Figure, Load, percentile
from benchmarks.serving import Served, served

STAFF = 200
RATE = 500
LINES = 10
GLANCE = 0.005
"""Seconds between two looks at a day sheet."""


class Watch:
    """The newest acknowledged punch, and how long each one that was watched for took to appear."""

    def __init__(self) -> None:
        self.newest: tuple[Punched, float] | None = None
        self.delays: list[float] = []
        self.done = False


async def send(served: Served, punches: Iterator[Punched], watch: Watch, seconds: float) -> None:
    """Terminals that send steadily, whatever the hall's answers take."""
    connection = await Connection.to(served)
    begun = perf_counter()
    for number in range(int(seconds * RATE / LINES)):
        await asyncio.sleep(max(0, begun + number * LINES / RATE - perf_counter()))
        batch = list(islice(punches, LINES))
        await connection.upload(post(served, batch[0].terminal, [punch.raw for punch in batch]))
        watch.newest = batch[-1], perf_counter()
    watch.done = True
    await connection.close()


def question(served: Served, punch: Punched) -> bytes:
    """A program's request for one person's day sheets."""
    token = b64encode(f"{ADMINISTRATOR}:{served.password}".encode()).decode()
    return (
        f"GET /api/v1/days?month={punch.at:%Y-%m}&no={punch.pin} HTTP/1.1\r\n"
        f"Host: {served.host}:{served.port}\r\nAuthorization: Basic {token}\r\n\r\n"
    ).encode()


def shows(answer: bytes, punch: Punched) -> bool:
    """Whether the day sheets hold the punch, on a mark or as unused."""
    moment = f"{punch.at:%H:%M:%S}"
    for sheet in json.loads(answer):
        marks = [session[mark] for session in sheet["sessions"] for mark in ("on", "off") if session[mark]]
        if sheet["date"] == f"{punch.at:%Y-%m-%d}":
            return moment in [*(mark["punch"] for mark in marks), *sheet["unused"]]
    return False


async def look(served: Served, watch: Watch) -> None:
    """Take the newest punch, look until its day sheet shows it, take the next."""
    connection = await Connection.of_people(served)
    while not watch.done:
        if watch.newest is None:
            await asyncio.sleep(GLANCE)
            continue
        (punch, acknowledged), watch.newest = watch.newest, None
        while not shows(await connection.ask(question(served, punch)), punch):
            await asyncio.sleep(GLANCE)
        watch.delays.append((perf_counter() - acknowledged) * 1000)
    await connection.close()


async def observe(served: Served, punches: Iterator[Punched], seconds: float) -> list[float]:
    watch = Watch()
    await asyncio.gather(send(served, punches, watch, seconds), look(served, watch))
    return watch.delays


def figures(load: Load) -> Iterator[Figure]:
    with load.folder() as folder:
        halls.found(folder / "hall", STAFF).close()
        with served(folder / "hall") as hall:
            greet(hall)
            delays = asyncio.run(observe(hall, halls.punches(STAFF, halls.MONTH), load.of(20, 1)))
    yield Figure(
        f"an acknowledged punch stands in its day sheet, at {RATE} punches/s, 99th percentile",
        percentile(delays, 99),
        "ms",
        "≤ 1,000 ms",
        note=f"median {percentile(delays, 50):.0f} ms, {len(delays)} watched, asked over HTTP",
    )
