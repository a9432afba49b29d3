"""The month's page, as a signed-in person gets it."""

import re
from collections.abc import Iterator
from time import perf_counter

import httpx

from api.accounts import ADMINISTRATOR
from benchmarks import halls
from benchmarks.figures import Figure, Load, percentile
from benchmarks.serving import served

GOALS = {200: "≤ 100 ms"}


def sign_in(client: httpx.Client, password: str) -> None:
    """Begin a browser's session of the administrator."""
    token = re.search(r'name="csrf" value="([^"]+)"', client.get("/sign-in").text)
    if token is None:
        raise AssertionError("the sign-in page has no form token")
    form = {"name": ADMINISTRATOR, "password": password, "csrf": token[1]}
    client.post("/sign-in", data=form, follow_redirects=True).raise_for_status()


def milliseconds(client: httpx.Client, path: str) -> float:
    begun = perf_counter()
    client.get(path).raise_for_status()
    return (perf_counter() - begun) * 1000


def opened(load: Load, staff: int) -> Figure:
    path = f"/months/{halls.MONTH}"
    with load.folder() as folder:
        hall = halls.found(folder / "hall", staff)
        halls.fill(hall, staff, halls.MONTH)
        hall.close()
        with served(folder / "hall") as place, httpx.Client(base_url=place.people, timeout=120, verify=False) as client:
            sign_in(client, place.password)
            first = milliseconds(client, path)
            later = [milliseconds(client, path) for _ in range(load.of(30, 3))]
            empty = [milliseconds(client, "/healthz") for _ in range(load.of(30, 3))]
    return Figure(
        f"page /months/{halls.MONTH} for {staff:,} staff",
        percentile(later, 50),
        "ms",
        GOALS.get(staff, ""),
        percentile(empty, 50),
        "the same server's /healthz",
        better="less",
        note=f"p99 {percentile(later, 99):.0f} ms; the very first, deriving the month, {first:,.0f} ms",
    )


def figures(load: Load) -> Iterator[Figure]:
    for staff in [20] if load.short else [200, 2_000]:
        yield opened(load, staff)
