"""A network that drops one request in three: half of them on the way there, half when the hall has answered already."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import BrowserContext, Request, Route

PATROL = "**/api/v1/patrol/**"


@contextmanager
def dropping_one_in_three(context: BrowserContext, road: httpx.Client, seed: int = 7) -> Iterator[list[str]]:
    """Drop what a browser asks while the block runs; gives the list of it. `road` is another way to the same hall."""
    chance, dropped = random.Random(seed), list[str]()

    def pass_or_drop(route: Route) -> None:
        fate = chance.random()
        if fate >= 1 / 3:
            route.continue_()
            return
        if fate >= 1 / 6:
            _deliver(road, route.request)
        dropped.append(route.request.url)
        route.abort()

    context.route(PATROL, pass_or_drop)
    try:
        yield dropped
    finally:
        context.unroute(PATROL, pass_or_drop)


def _deliver(road: httpx.Client, request: Request) -> None:
    headers = {name: value for name, value in request.all_headers().items() if not name.startswith(":")}
    road.request(request.method, urlsplit(request.url).path, headers=headers, content=request.post_data_buffer or b"")
