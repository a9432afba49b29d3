"""An inspector with a tablet in a real browser, and the hall's clock beside the tablet's."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sites import Site

from api import patrolling
from api.forms import ACCOUNT, SESSION
from attendance.hall import Hall
from attendance.patrol import FindingNoted

ZONE = "Asia/Shanghai"
MORNING = datetime(2026, 3, 13, 10, 20, tzinfo=ZoneInfo(ZONE))
"""A Friday of the month of `sites.fill_a_month`: both windows are open and everybody has come."""
TABLET, LYING, PHONE = {"width": 800, "height": 1280}, {"width": 1024, "height": 768}, {"width": 390, "height": 844}
UNDO_OVER = 61
"""Seconds after which a finding is sent."""


class Clock:
    """The hall's clock, begun at MORNING: it runs, and can be put forward together with a tablet's."""

    def __init__(self) -> None:
        self._ahead = MORNING - datetime.now(MORNING.tzinfo)

    def now(self, _hall: Hall | None = None) -> datetime:
        return datetime.now(MORNING.tzinfo) + self._ahead

    def forward(self, seconds: float) -> None:
        self._ahead += timedelta(seconds=seconds)


@contextmanager
def clock_on_the_wall(patch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """The hall lives at MORNING while the block runs."""
    clock = Clock()
    with patch.context() as patched:
        patched.setattr(patrolling, "hall_now", clock.now)
        yield clock


class Inspector:
    """Somebody walking past the windows."""

    def __init__(self, context: BrowserContext, site: Site, clock: Clock, name: str) -> None:
        self.context, self.site, self.clock, self.name = context, site, clock, name
        self.complaints: list[str] = []
        self._before = {fact.finding for fact in findings(site.hall, name)}
        self.page = self._open_page()

    def _open_page(self) -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self._heard(message.type, message.text))
        return page

    def _heard(self, kind: str, text: str) -> None:
        # A browser calls every request that finds no network an error.
        if kind == "error" and "net::ERR_" not in text and "status of 4" not in text:
            self.complaints.append(text)

    def arrive(self, name: str = "") -> None:
        """Come with a session that was begun a moment ago, and wait until the page lies on the tablet."""
        self.name = name or self.name
        token = self.site.server.accounts.sessions.begin(self.name)
        cookies = {SESSION: token, ACCOUNT: self.name}
        self.context.add_cookies(
            [{"name": name, "value": value, "url": self.site.named_address} for name, value in cookies.items()]
        )
        self.page.goto("/patrol")
        expect(self.page.locator(".tile").first).to_be_visible()
        self.page.evaluate("navigator.serviceWorker.ready")

    def fill_in(self, name: str = "") -> None:
        """Sign in by the form, as oneself or as somebody else."""
        self.name = name or self.name
        self.page.get_by_label("登录名").fill(self.name)
        self.page.get_by_label("密码").fill(self.site.passwords[self.name])
        self.page.get_by_role("button", name="登录").click()

    def tap(self, name: str, role: Any = "button") -> None:
        self.page.get_by_role(role, name=name, exact=False).first.click()

    def note(self, window: str, code: str) -> str:
        """Two taps; the finding's number."""
        self.page.locator(f'.tile[data-key="{window}"]').click()
        self.page.locator(f'.code[data-key="{code}"]').click()
        expect(self.page.locator(".deed-head .state")).to_contain_text("已保存")
        return str(self.page.url.rsplit("/", 1)[1])

    def take_photo(self, photo: bytes | Path) -> None:
        file: Any = photo if isinstance(photo, Path) else {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo}
        self.page.locator("input[type=file]").set_input_files(file)

    def done(self) -> None:
        self.page.get_by_role("link", name="完成").click()

    def record(self, window: str, code: str, photo: bytes) -> str:
        """A finding with its photo: the third tap is the camera's."""
        number = self.note(window, code)
        self.take_photo(photo)
        expect(self.page.locator(".photos img")).to_have_count(1)
        self.done()
        return number

    def wait_a_minute(self) -> None:
        """On both clocks."""
        self.clock.forward(UNDO_OVER)
        self.page.clock.fast_forward(UNDO_OVER * 1000)

    def noted(self) -> list[FindingNoted]:
        """What the log holds of this inspector's findings since the tablet was taken in hand."""
        return [fact for fact in findings(self.site.hall, self.name) if fact.finding not in self._before]

    def unsent(self) -> Any:
        return self.page.locator(".bar .unsent")

    def all_sent(self, seconds: float = 30) -> None:
        """The tablet's pauses pass quickly, the network takes the time it takes."""
        until = monotonic() + seconds
        while self.unsent().text_content() != "全部已发送" and monotonic() < until:
            self.page.wait_for_timeout(100)
            self.page.clock.run_for(2_000)
        expect(self.unsent()).to_have_text("全部已发送")


def weighed_down(photo: bytes, size: int) -> bytes:
    """The same photo in a larger file: phones put previews and depths beside the picture."""
    comment = b"\xff\xfe\xff\xff" + bytes(65_533)
    return photo[:2] + comment * -(-size // len(comment)) + photo[2:]


@contextmanager
def inspector(
    browser: Browser, site: Site, clock: Clock, name: str, *, ahead: int = 0, address: str = ""
) -> Iterator[Inspector]:
    """A tablet of its own, whose clock is so many seconds before the hall's; it may come by another address."""
    context = browser.new_context(
        viewport=TABLET, base_url=address or site.named_address, locale="zh-CN", timezone_id=ZONE, has_touch=True
    )
    context.set_default_timeout(10_000)
    context.clock.install(time=clock.now() + timedelta(seconds=ahead))
    try:
        yield Inspector(context, site, clock, name)
    finally:
        context.close()


def picture(seed: int = 0, size: tuple[int, int] = (320, 240), *, noise: bool = False, **options: Any) -> bytes:
    """A JPEG as a camera writes it; another seed is another picture."""
    image = Image.effect_noise(size, 90).convert("RGB") if noise else Image.new("RGB", size)
    image.paste((seed * 37 % 256, seed * 91 % 256, seed * 53 % 256), (0, 0, size[0] // 3, size[1] // 3))
    file = BytesIO()
    image.save(file, "JPEG", **options)
    return file.getvalue()


def findings(hall: Hall, account: str) -> list[FindingNoted]:
    """What the log holds of an inspector's findings."""
    return [entry.fact for entry in hall.book().patrol.findings if entry.fact.account == account]
