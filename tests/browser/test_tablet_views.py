"""The tablet's views as eyes, thumbs, keys and screen readers meet them; and a network that drops one in three."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from inspectors import LYING, PHONE, TABLET, Inspector, clock_on_the_wall, inspector, picture
from playwright.sync_api import Browser, expect
from sites import HOST, Site

from api import patrolling
from benchmarks.lossy import lossy_road
from benchmarks.tablet import FILL

POLICE, TAX = "公安窗口", "税务窗口"
AXE = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "rules": {"color-contrast-enhanced": {"enabled": True}},
}
"""WCAG 2.2 AA and the contrast of AAA, 7 : 1: a tablet is read under lamps and before windows."""
SMALLEST = 48
"""Pixels a thumb can hit."""
TOO_SMALL = """smallest => [...document.querySelectorAll("a, button, input, summary, textarea")]
  .map(control => control.closest("label") ?? control)
  .filter(control => control.offsetParent !== null)
  .map(control => [control.textContent.trim(), control.getBoundingClientRect()])
  .filter(([, box]) => box.width < smallest || box.height < smallest - 0.5)
  .map(([text, box]) => `${text}: ${Math.round(box.width)} × ${Math.round(box.height)}`)"""
BEYOND = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LOW = """() => [...document.querySelectorAll("#actions > *")]
  .every(action => action.getBoundingClientRect().bottom <= innerHeight
    && action.getBoundingClientRect().top > innerHeight * 0.75)"""
"""The thumb of the hand that holds the tablet reaches what stands at the bottom."""


@pytest.fixture
def tablet(chromium: Browser, patrolled: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Inspector]:
    with clock_on_the_wall(monkeypatch) as clock, inspector(chromium, patrolled, clock, "zhou") as opened:
        opened.arrive()
        yield opened
        assert opened.complaints == []


def test_every_view_is_named_seen_and_hit_at_every_size(tablet: Inspector):
    tablet.tap("开始巡查", "link")
    tablet.tap("开始巡查")
    number = tablet.record(POLICE, "late", picture(1))
    views = ["windows", f"window/{TAX}", f"deed/{number}", "round", "today", "unsent", "more", f"arrange/{TAX}"]
    faults = {view: found for view in views if (found := wrong_with(tablet, view))}
    assert faults == {}


def wrong_with(tablet: Inspector, view: str) -> list[str]:
    """What is wrong with a view, at any of the sizes it is used at."""
    tablet.page.goto(f"/patrol#{view}")
    tablet.page.evaluate("document.querySelectorAll('details').forEach((more) => (more.open = true))")
    found = Axe().run(tablet.page, options=AXE).response["violations"]
    faults = [f"{one['id']}: {node['html'][:150]}" for one in found for node in one["nodes"][:2]]
    for size in (TABLET, LYING, PHONE):
        tablet.page.set_viewport_size(size)
        faults += [f"{small} at {size}" for small in tablet.page.evaluate(TOO_SMALL, SMALLEST)]
        if tablet.page.evaluate(BEYOND) > 0:
            faults.append(f"too wide at {size}")
        if not tablet.page.evaluate(LOW):
            faults.append(f"actions out of reach at {size}")
    tablet.page.set_viewport_size(TABLET)
    return faults


def test_a_finding_is_made_by_keyboard_alone(tablet: Inspector):
    tablet.page.locator(f'.tile[data-key="{POLICE}"]').focus()
    tablet.page.keyboard.press("Enter")
    button = tablet.page.locator('.code[data-key="badge"]')
    expect(button).to_be_visible()
    for _ in range(40):
        if button.evaluate("button => button === document.activeElement"):
            break
        tablet.page.keyboard.press("Tab")
    assert button.evaluate("button => getComputedStyle(button).outlineStyle") != "none"
    tablet.page.keyboard.press("Enter")
    expect(tablet.page.locator(".deed-head .state")).to_contain_text("已保存")
    tablet.page.get_by_role("button", name="撤销").focus()
    tablet.page.keyboard.press("Enter")
    expect(tablet.unsent()).to_have_text("全部已发送")


def test_sixty_findings_pass_a_network_that_drops_one_request_in_three(
    chromium: Browser, patrolled: Site, monkeypatch: pytest.MonkeyPatch
):
    """One lost on the way there, another's answer lost: then the hall has it and is told again."""
    with (
        lossy_road(urlsplit(patrolled.address).port or 0) as road,
        clock_on_the_wall(monkeypatch) as clock,
        inspector(chromium, patrolled, clock, "zhou", address=f"https://{HOST}:{road.port}") as tablet,
    ):
        tablet.arrive()
        tablet.page.evaluate(FILL, {"count": 60, "pixels": 64})
        expect(tablet.unsent()).to_have_text("60 条、60 张照片未发送")
        road.dropping = True
        tablet.wait_a_minute()
        tablet.all_sent()
        stored = tablet.noted()
    assert road.dropped > 15
    assert len(stored) == len({fact.finding for fact in stored}) == 60
    photos = {sha256 for fact in stored for sha256 in fact.photos}
    assert len(photos) == 60
    assert all(patrolling.photos_of(patrolled.hall).has(sha256) for sha256 in photos)
