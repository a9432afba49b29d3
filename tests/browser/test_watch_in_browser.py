"""The watch renews itself under the eyes of whoever looks, and takes nothing from under their hands."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sites import Site

from api.doors.contacts import contacts_of
from attendance.punches import Origin, Reading, judge_all

LOST = datetime(2000, 1, 1, 0, 0, 5)


@pytest.fixture
def office(chromium: Browser, own_site: Site) -> Iterator[Page]:
    """A browser on the watch page, whose clock the test turns."""
    with own_site.browser("office") as client:
        cookies = [{"name": one.name, "value": one.value, "url": own_site.named_address} for one in client.cookies.jar]
    context = chromium.new_context(base_url=own_site.named_address, locale="zh-CN")
    context.add_cookies(cookies)
    page = context.new_page()
    page.clock.install()
    yield page
    context.close()


def test_a_page_left_open_follows_what_happens(office: Page, own_site: Site) -> None:
    office.goto("/watch")
    board = office.locator("#watch")
    expect(board).to_contain_text("从文件导入")
    contact = contacts_of(own_site.hall).met("A001", "10.0.0.5", datetime.now(UTC))
    contact.beats.extend(datetime.now(UTC) - timedelta(seconds=10 * n) for n in range(4, -1, -1))
    office.evaluate("window.stays = true")
    office.clock.fast_forward(11_000)
    expect(board).to_contain_text("约每 10 秒来一次")
    assert office.evaluate("window.stays")


def test_a_form_under_somebodys_hands_is_left_alone_and_the_page_is_sound(office: Page, own_site: Site) -> None:
    raw = [Reading("102", str(LOST + timedelta(minutes=n)), raw=f"102\t{n}") for n in range(3)]
    judged = judge_all(raw, Origin("A001", 480, "push", "10.0.0.5", datetime.now(UTC)))
    own_site.hall.receive(judged, "terminal:A001")
    (run,) = own_site.hall.book().open_runs()
    office.goto(f"/runs/{run.id}")
    office.get_by_label("第一条的真实时间").fill("2026-03-31T08:52:10")
    office.get_by_role("button", name="看看移过去是什么样").click()
    expect(office.locator("#preview")).to_contain_text("第一条将是 2026年3月31日 08:52:10")
    grave = [one["id"] for one in Axe().run(office).response["violations"] if one["impact"] in ("serious", "critical")]
    assert grave == []
    office.get_by_label("依据").fill("值班记录")
    office.get_by_label("我核对过").check()
    office.get_by_role("button", name="按此采用").click()
    expect(office.locator("#decided")).to_contain_text("采用，移动 往后")
    office.goto("/jobs")
    button = office.locator("#job-watch button")
    button.focus()
    office.evaluate("document.querySelector('#job-watch h2').dataset.mark = 'mine'")
    office.clock.fast_forward(11_000)
    office.wait_for_timeout(300)
    assert office.evaluate("document.querySelector('#job-watch h2').dataset.mark") == "mine"
