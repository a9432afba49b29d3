"""The terminals' door does not wait for faces, however many are being looked at."""

import asyncio
from statistics import median
from time import perf_counter

import portraits
from httpx import AsyncClient
from sites import Site

from attendance.facts import Refused
from devices.face.ports import FrameReport

POSTS = 40
HAMMERING = 4
"""People before as many cameras, each with the next frame as soon as the last one was looked at."""


async def post_times(site: Site, second: int) -> list[float]:
    """Seconds that posts of one line take, one after the other."""
    taken = []
    async with AsyncClient(base_url=site.server.terminals_address) as client:
        for number in range(POSTS):
            line = f"0101\t2026-04-01 08:{second:02d}:{number:02d}\t0\t15\t0\t0"
            begun = perf_counter()
            answer = await client.post("/iclock/cdata?SN=A001&table=ATTLOG&Stamp=1", content=line)
            taken.append(perf_counter() - begun)
            assert answer.text.startswith("OK")
    return taken


async def hammer(site: Site, done: asyncio.Event) -> int:
    """How many frames were looked at, or turned away, until the posts were through."""
    frame, answers = portraits.frames("astronaut", 1)[0], 0
    while not done.is_set():
        try:
            report = await asyncio.to_thread(site.server.app.state.faces.judge_frame, frame)
            assert isinstance(report, FrameReport)
        except Refused as refused:
            assert refused.code == "faces_busy"
        answers += 1
    return answers


async def both(site: Site) -> tuple[list[float], list[float], int]:
    quiet = await post_times(site, 1)
    done = asyncio.Event()
    people = [asyncio.create_task(hammer(site, done)) for _ in range(HAMMERING)]
    await asyncio.sleep(0.2)
    beside = await post_times(site, 2)
    done.set()
    return quiet, beside, sum([await person for person in people])


def test_posts_of_a_terminal_pass_while_faces_are_hammered(own_site: Site):
    own_site.server.app.state.faces.warm()
    quiet, beside, looked_at = asyncio.run(both(own_site))
    assert looked_at >= HAMMERING
    # Both share the cores, so a post takes its turn there; what it must not do is stand in line behind frames.
    assert median(beside) < max(0.05, 10 * median(quiet))
    assert max(beside) < 1.0
