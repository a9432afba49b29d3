"""The terminals' door under load: acknowledged punches over HTTP, in hundreds and one by one."""

import asyncio
import ssl
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from time import perf_counter
from typing import NamedTuple, Self

from attendance.punches import Punched
from benchmarks import halls
from benchmarks.figures import Figure, Load, percentile
from benchmarks.serving import BARE, Served, served

STAFF = 200


class Shape(NamedTuple):
    """How the terminals of a run send."""

    lines: int
    """A post."""
    connections: int
    posts: int
    goal: str


SHAPES = Shape(100, 4, 1_000, "≥ 20,000/s; p99 ≤ 150 ms"), Shape(1, 64, 20_000, "≥ 3,000/s; p99 ≤ 60 ms")


class Posted(NamedTuple):
    """What a run of posts came to."""

    posts: float
    """A second."""
    p99: float
    """Milliseconds of one post."""


def post(served: Served, terminal: str, lines: Sequence[str]) -> bytes:
    """One upload as a terminal sends it."""
    body = "".join(f"{line}\n" for line in lines).encode()
    head = (
        f"POST /iclock/cdata?SN={terminal}&table=ATTLOG&Stamp=9999 HTTP/1.1\r\n"
        f"Host: {served.host}:{served.port}\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Connection:
    """One connection of a terminal: the next request goes out when the one before is answered."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def to(cls, served: Served) -> Self:
        return cls(*await asyncio.open_connection(served.host, served.port))

    @classmethod
    async def of_people(cls, served: Served) -> Self:
        """The same at the people's door, whose certificate is the hall's own."""
        host, port = served.people.removeprefix("https://").split(":")
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return cls(*await asyncio.open_connection(host, int(port), ssl=context))

    async def ask(self, request: bytes) -> bytes:
        """The answer's body."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        _, _, rest = head.lower().partition(b"content-length:")
        return await self._reader.readexactly(int(rest.partition(b"\r\n")[0]))

    async def upload(self, request: bytes) -> None:
        """Send lines. Raises AssertionError when they are not acknowledged."""
        answer = await self.ask(request)
        if not answer.startswith(b"OK"):
            raise AssertionError(f"not acknowledged: {answer!r}")

    async def close(self) -> None:
        self._writer.close()
        with suppress(OSError, ssl.SSLError):
            await self._writer.wait_closed()


async def speak(served: Served, requests: Iterator[bytes], took: list[float]) -> None:
    """Send what is waiting over one connection, and note how long each took."""
    connection = await Connection.to(served)
    for request in requests:
        begun = perf_counter()
        await connection.upload(request)
        took.append(perf_counter() - begun)
    await connection.close()


async def storm(served: Served, requests: Sequence[bytes], connections: int) -> Posted:
    took: list[float] = []
    waiting = iter(requests)
    begun = perf_counter()
    await asyncio.gather(*(speak(served, waiting, took) for _ in range(connections)))
    return Posted(len(took) / (perf_counter() - begun), percentile(took, 99) * 1000)


def uploads(served: Served, punches: Iterator[Punched], posts: int, lines: int) -> list[bytes]:
    made = []
    for _ in range(posts):
        batch = list(islice(punches, lines))
        made.append(post(served, batch[0].terminal, [punch.raw for punch in batch]))
    return made


def greet(served: Served) -> None:
    """Every terminal's first call, which binds it to its address."""
    import httpx

    for terminal in halls.TERMINALS:
        httpx.get(f"{served.url}/iclock/cdata", params={"SN": terminal, "options": "all"}).raise_for_status()


def figure(hall: Served, nothing: Served, shape: Shape, requests: list[bytes]) -> Figure:
    raw = asyncio.run(storm(nothing, requests, shape.connections))
    ours = asyncio.run(storm(hall, requests, shape.connections))
    return Figure(
        f"acknowledged punches through the door, {shape.lines} a post, {shape.connections} connections",
        ours.posts * shape.lines,
        "punches/s",
        shape.goal,
        raw.posts * shape.lines,
        "the same posts to a bare server that stores nothing",
        note=f"p99 of a post {ours.p99:.0f} ms, the bare server's {raw.p99:.0f} ms",
    )


def figures(load: Load) -> Iterator[Figure]:
    with load.folder() as folder:
        halls.found(folder / "hall", STAFF).close()
        punches = (punch for month in halls.months(12) for punch in halls.punches(STAFF, month))
        with served(folder / "hall") as hall, served(BARE) as nothing:
            greet(hall)
            for shape in SHAPES:
                requests = uploads(hall, punches, load.of(shape.posts, 100), shape.lines)
                yield figure(hall, nothing, shape, requests)
