"""The terminals' door does not wait for faces: not for one that is looked at, and not when nobody looks any more."""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from time import perf_counter

import portraits
import pytest
from halls import do
from httpx import AsyncClient, Response
from sites import Site, form_token, site_opened, trusting

from api.kiosk.frames import HEAD
from attendance import consent

POSTS = 20
FRAMES = 50
"""More than one worker's queue holds, and more than the server has threads for pages."""
NO = "0101"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with site_opened(tmp_path, face_workers=1) as opened:
        do(
            opened.hall,
            consent.give,
            no=NO,
            kind="face",
            at=datetime(2026, 1, 5),
            text="2026-1",
            signature="M0 0",
        )
        opened.server.app.state.faces.warm()
        yield opened


@contextmanager
def stopped(processes: list[int]) -> Iterator[None]:
    """Workers that neither answer nor die."""
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGCONT)


async def posts(site: Site) -> list[float]:
    """Seconds that posts of one line take, one after the other."""
    taken = []
    async with AsyncClient(base_url=site.server.terminals_address) as client:
        for number in range(POSTS):
            line = f"{NO}\t2026-04-01 08:00:{number:02d}\t0\t15\t0\t0"
            begun = perf_counter()
            answer = await client.post("/iclock/cdata?SN=A001&table=ATTLOG&Stamp=1", content=line)
            taken.append(perf_counter() - begun)
            assert answer.text.startswith("OK")
    return taken


async def beside(site: Site, office: AsyncClient) -> tuple[list[float], list[Response]]:
    """How long posts take while frames wait for a worker that stands still, and what became of the frames."""
    frame = portraits.frames("astronaut", 1)[0]
    body = HEAD.pack(0.0, len(frame)) + frame
    (worker,) = site.server.app.state.faces.loaded().workers.pids
    with stopped([worker]):
        looks = [asyncio.create_task(office.post(f"/faces/{NO}/judge", content=body)) for _ in range(FRAMES)]
        # The first that is told to come again says that the queue is full.
        await asyncio.wait(looks, return_when=asyncio.FIRST_COMPLETED)
        taken = await posts(site)
    return taken, list(await asyncio.gather(*looks))


def test_posts_of_a_terminal_pass_while_frames_wait_for_a_worker_that_stands_still(site: Site):
    with site.browser(site.account("office", "director")) as signed_in:
        headers = {"X-CSRF-Token": form_token(signed_in, f"/faces/{NO}")}
        cookies = dict(signed_in.cookies)

        async def whole() -> tuple[list[float], list[Response]]:
            how = {"base_url": site.address, "verify": trusting(), "timeout": 30, "headers": headers}
            async with AsyncClient(**how, cookies=cookies) as office:
                return await beside(site, office)

        taken, answers = asyncio.run(whole())
    told = [answer.json().get("code", answer.json()["state"]) for answer in answers]
    assert set(told) == {"good", "faces_busy"}
    assert max(taken) < 1.0
