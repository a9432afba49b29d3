"""The inspector's tablet in a real browser: ready without a network, a tap until saved, a queue until it is sent."""

import shutil
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from api.account_office import NewAccount, make
from api.accounts import Origin
from api.forms import ACCOUNT, SESSION
from api.patrolling import photos_of
from api.server import Server
from api.settings import Settings
from attendance.hall import Hall
from benchmarks import halls
from benchmarks.figures import Figure, Load, percentile, seconds
from benchmarks.lossy import LossyRoad, lossy_road

HOST = "hall.example"
WHO = "inspector"
WINDOWS = 20
TABLET: ViewportSize = {"width": 800, "height": 1280}
A_MINUTE = 61_000
"""Milliseconds after which a finding can no longer be undone, and is sent."""
READY = "performance.getEntriesByName('ready')[0].startTime"
FILL = (Path(__file__).parent / "fill_tablet.js").read_text(encoding="utf-8")
TAPS = """() => {
  window.taps = [];
  addEventListener("click", ({ target, timeStamp }) => {
    if (!target.closest(".code")) return;
    const saved = () => document.querySelector(".deed-head .state")
      ? window.taps.push(performance.now() - timeStamp) : requestAnimationFrame(saved);
    saved();
  }, { capture: true });
}"""
"""Notes for each tap on a finding how long it took until the page said that it is saved, in milliseconds."""


class Tablet(NamedTuple):
    """A tablet that is signed in, with its page installed."""

    server: Server
    context: BrowserContext
    page: Page


@contextmanager
def opened(folder: Path) -> Iterator[tuple[Server, Browser]]:
    """A hall of twenty windows, open, and a browser that trusts it."""
    halls.found(folder / "hall", WINDOWS * halls.PEOPLE_AT_A_WINDOW).close()
    server = Server(Settings(data=folder / "hall", host="127.0.0.1", port=0, names=(HOST,)))
    make(server.hall, server.accounts, "office", NewAccount(WHO, ("inspector",)), origin=Origin.OWN)
    with server.running(), sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", _trusted(server), f"--host-resolver-rules=MAP {HOST} 127.0.0.1"]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        yield server, browser
        browser.close()


@contextmanager
def carried(server: Server, browser: Browser, port: int, *, clock: bool = False) -> Iterator[Tablet]:
    """A tablet of the inspector's, with a clock that can be put forward if asked for: that one measures nothing."""
    address = f"https://{HOST}:{port}"
    context = browser.new_context(base_url=address, viewport=TABLET, has_touch=True)
    token = server.accounts.sessions.begin(WHO)
    context.add_cookies([{"name": n, "value": v, "url": address} for n, v in ((SESSION, token), (ACCOUNT, WHO))])
    if clock:
        # A little behind, so that the skipped minute does not make the tablet's clock a wrong one.
        context.clock.install(time=datetime.now(UTC) - timedelta(seconds=40))
    page = context.new_page()
    page.goto("/patrol")
    page.wait_for_selector(".tile")
    page.evaluate("navigator.serviceWorker.ready")
    yield Tablet(server, context, page)
    context.close()


def _trusted(server: Server) -> str:
    """The hall's own authority alone."""
    authority = server.identity.authority
    assert authority is not None
    key = authority.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"--ignore-certificate-errors-spki-list={b64encode(sha256(key).digest()).decode()}"


def ready_offline(tablet: Tablet, times: int) -> list[float]:
    """Milliseconds from asking for the page to seeing all windows, without a network."""
    tablet.context.set_offline(True)
    found = []
    for _ in range(times):
        tablet.page.reload()
        tablet.page.wait_for_selector(".tile")
        found.append(float(tablet.page.evaluate(READY)))
    tablet.context.set_offline(False)
    return found


def taps(tablet: Tablet, times: int) -> list[float]:
    """Milliseconds from the tap on a finding to the word that it is saved, which is on the disk then."""
    tablet.page.evaluate(TAPS)
    for number in range(times):
        tablet.page.locator(".tile").nth(number % WINDOWS).click()
        tablet.page.locator(".code").nth(number % 7).click()
        tablet.page.locator("[data-key=done]").click()
    return [float(tap) for tap in tablet.page.evaluate("window.taps")]


def through_losses(tablet: Tablet, count: int, road: LossyRoad) -> float:
    """Seconds until so many findings with photos were in the hall."""
    # From the beginning: what is a minute old is sent while the rest is still being made.
    road.dropping = True
    tablet.page.evaluate(FILL, {"count": count})
    tablet.page.wait_for_selector(".unsent.some")
    tablet.page.clock.fast_forward(A_MINUTE)
    return seconds(lambda: tablet.page.wait_for_selector(".unsent.none", timeout=1_800_000))


def arrived(hall: Hall) -> tuple[int, int]:
    """Findings in the log, and those of the photos they name that are stored."""
    noted = [entry.fact for entry in hall.book().patrol.findings if entry.fact.account == WHO]
    stored = photos_of(hall)
    return len(noted), sum(stored.has(photo) for photo in {photo for fact in noted for photo in fact.photos})


def figures(load: Load) -> Iterator[Figure]:
    with load.folder() as folder, opened(folder) as (server, browser):
        port = urlsplit(server.address).port or 0
        with carried(server, browser, port) as tablet:
            yield _in_time("tablet page ready without a network", ready_offline(tablet, load.of(15, 2)), "≤ 1,000 ms")
            yield _in_time("tap on a finding until it is on the disk", taps(tablet, load.of(40, 3)), "≤ 100 ms")
        with lossy_road(port) as road, carried(server, browser, road.port, clock=True) as tablet:
            yield _through_losses(tablet, load.of(1_000, 10), road)


def _in_time(what: str, measured: list[float], goal: str) -> Figure:
    note = f"slowest of {len(measured)}: {max(measured):.0f} ms"
    return Figure(what, percentile(measured, 50), "ms", goal, better="less", note=note)


def _through_losses(tablet: Tablet, count: int, road: LossyRoad) -> Figure:
    took = through_losses(tablet, count, road)
    return Figure(
        f"of {count:,} findings queued with photos, in the hall once each; one request in three dropped",
        min(arrived(tablet.server.hall)),
        "findings",
        f"{count:,}",
        note=f"in {took:,.0f} s; of {road.asked:,} requests {road.dropped:,} were dropped",
    )
