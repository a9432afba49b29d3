"""Every page as every role: sound for a screen reader, no complaint of the browser, no page wider than a phone."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi.routing import APIRoute
from pictures import shots
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sites import EXAMPLES, MONTH, Site, site_opened
from tablets import fill_a_round

from api import office
from api.app import ROUTERS
from attendance.bulletins import edit

ROLES: dict[str, dict[str, Any]] = {
    "office": {},
    "admin": {},
    "security": {},
    "auditor": {},
    "person": {"roles": ["staff"], "no": "102"},
    "contact": {"roles": ["unit_contact"], "unit": "公安局"},
    "patrol": {"roles": ["inspector"]},
}
DESKTOP, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
NO_PAGES = {
    *("/", "/sign-in", "/sign-in/code", "/trust", "/trust/ca.crt", "/trust/ca.cer", "/watermark.svg"),
    *("/terminal", "/terminal/worker.js", "/terminal/reader.js", "/terminal/manifest.webmanifest", "/terminal/state"),
    *("/patrol/sw.js", "/patrol/manifest.webmanifest", "/patrol/words.{language}.json"),
    *("/healthz", "/readyz", "/metrics", "/api/v1/openapi.json", "/months/{month}/people/{no}/arithmetic"),
}
"""Ways that lead elsewhere, parts of other pages, pages of the way in, and what is for programs."""
GRAVE = ("serious", "critical")
TURNED_AWAY = "turned away"
BEYOND = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A hall whose month is in review, with an objection and a paragraph of the editor's."""
    with site_opened(tmp_path_factory.mktemp("walk")) as site:
        ledger = site.server.ledger
        text = "请各窗口对照整改。"
        site.hall.decide(lambda draft: edit(draft, month=MONTH, section="closing", text=text), "user:office")
        office.open_review(site.hall, ledger, MONTH, "user:office")
        office.object_to(site.hall, MONTH, "102", "user:person", text="终端停电", about=f"{MONTH}-04")
        fill_a_round(site.hall)
        for name, details in ROLES.items():
            if "roles" in details:
                site.account(name, *details["roles"], **{k: v for k, v in details.items() if k != "roles"})
        yield site


@pytest.fixture(scope="module")
def examined() -> set[str]:
    """Pages that were examined as a role that sees all of them: the parts are the same for the next."""
    return set()


@pytest.fixture
def signed_in(reviewed: Site, role: str) -> Iterator[httpx.Client]:
    """Somebody of a role."""
    with reviewed.browser(role) as client:
        yield client


@pytest.fixture
def walker(chromium: Browser, reviewed: Site, signed_in: httpx.Client) -> Iterator[BrowserContext]:
    """A browser in which they have signed in."""
    cookies = [
        {"name": cookie.name, "value": cookie.value, "url": reviewed.named_address} for cookie in signed_in.cookies.jar
    ]
    context = chromium.new_context(base_url=reviewed.named_address, locale="zh-CN", viewport=DESKTOP)
    context.add_cookies(cookies)
    yield context
    context.close()


@pytest.mark.parametrize("role", ROLES)
def test_every_page_is_sound(
    walker: BrowserContext, signed_in: httpx.Client, reviewed: Site, examined: set[str], role: str
) -> None:
    page = walker.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    shown = reviewed.server.ledger.month(MONTH)
    late, finding = (shown[part][0]["evidence"][0] for part in ("lateness", "findings"))
    every = shots(MONTH, "102", late, finding)
    open_to_them = [shot for shot in every if is_to_be_seen(signed_in, shot, examined)]
    faults = {f"{role} {shot.name}": found for shot in open_to_them if (found := visit(page, shot, examined))}
    assert faults == {}
    assert [complaint for complaint in complaints if "status of 40" not in complaint] == []


def test_no_page_is_left_out_of_the_walk() -> None:
    paths = [shot.path for shot in shots(MONTH, "102", EXAMPLES["fact_id"])]
    pages = {
        route.path: route.path_regex
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute) and "GET" in route.methods and not route.include_in_schema
    }
    left_out = {name for name, regex in pages.items() if not any(regex.match(path.partition("?")[0]) for path in paths)}
    assert left_out <= NO_PAGES


def is_to_be_seen(client: httpx.Client, shot: Any, examined: set[str]) -> bool:
    """Of the pages that turn somebody away, which are all one, the first is looked at."""
    if client.get(shot.path).status_code != 403:
        return True
    is_first = TURNED_AWAY not in examined
    examined.add(TURNED_AWAY)
    return is_first


def visit(page: Page, shot: Any, examined: set[str]) -> list[str]:
    """What is wrong with a page, on the desk and on the phone."""
    page.set_viewport_size(DESKTOP)
    answer = page.goto(shot.path)
    assert answer is not None
    assert answer.status in (200, 403, 404), f"{shot.path} answers {answer.status}"
    faults = []
    if answer.status == 200 and shot.name not in examined:
        examined.add(shot.name)
        faults += grave(page)
    faults += too_wide(page)
    page.set_viewport_size(PHONE)
    return faults + too_wide(page)


def grave(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['html'][:120]}" for one in found if one["impact"] in GRAVE for node in one["nodes"][:3]
    ]


def too_wide(page: Page) -> list[str]:
    beyond = page.evaluate(BEYOND)
    return [f"{beyond} px too wide at {page.viewport_size}"] if beyond > 0 else []


@pytest.mark.parametrize("role", ["office"])
def test_the_keyboard_reaches_the_text_past_the_navigation_and_shows_where_it_is(walker: BrowserContext) -> None:
    page = walker.new_page()
    page.goto(f"/months/{MONTH}/publish")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到正文")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    assert skip.evaluate("link => getComputedStyle(link).outlineStyle") != "none"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


@pytest.mark.parametrize("role", ["office"])
def test_the_watermark_is_drawn_and_lets_the_pointer_through(walker: BrowserContext) -> None:
    page = walker.new_page()
    page.goto(f"/months/{MONTH}")
    mark = page.locator("img.watermark")
    assert mark.evaluate("image => image.complete && image.naturalWidth > 0")
    page.get_by_role("link", name="考勤月历").click()
    expect(page).to_have_url(f"{page.url.split('/months')[0]}/months/{MONTH}/calendar")
    page.emulate_media(media="print")
    assert mark.evaluate("image => getComputedStyle(image).display") != "none"


@pytest.mark.parametrize("role", ["office"])
def test_a_page_without_network_says_so(walker: BrowserContext) -> None:
    page = walker.new_page()
    page.goto("/months")
    told = page.locator("#offline")
    expect(told).to_be_hidden()
    walker.set_offline(True)
    expect(told).to_be_visible()
    walker.set_offline(False)
    expect(told).to_be_hidden()
