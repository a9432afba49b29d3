"""The inspector's tablet in a real browser, over HTTPS by the hall's name: offline, interrupted, full, and shared."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from inspectors import Clock, Inspector, clock_on_the_wall, findings, inspector, picture, weighed_down
from playwright.sync_api import Browser, expect
from sites import Site

from api import patrolling
from api.text import catalogue

POLICE, TAX = "公安窗口", "税务窗口"
NAMES = ("孙可岚", "钱桐雅", "李若茗")
STORED = """async () => {
  const open = (name) => new Promise((found) => {
    const request = indexedDB.open(name);
    request.onsuccess = () => found(request.result);
  });
  const database = await open("manqin-patrol");
  const all = (store) => new Promise((found) => {
    const request = database.transaction(store).objectStore(store).getAll();
    request.onsuccess = () => found(request.result);
  });
  const text = (value) => JSON.stringify(value, (_, part) =>
    part instanceof ArrayBuffer ? new TextDecoder().decode(part) : ArrayBuffer.isView(part) ? "" : part);
  const rows = [];
  for (const store of database.objectStoreNames) rows.push(`${store} ${text(await all(store))}`);
  database.close();
  return rows.join("\\n");
}"""
"""Everything that lies in the page's own database, sealed bytes read as text."""


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    with clock_on_the_wall(monkeypatch) as clock:
        yield clock


@pytest.fixture
def tablet(chromium: Browser, patrolled: Site, clock: Clock) -> Iterator[Inspector]:
    with inspector(chromium, patrolled, clock, "zhou") as opened:
        opened.arrive()
        yield opened
        assert opened.complaints == []


def test_a_round_whose_network_is_cut_reaches_the_hall_once(tablet: Inspector):
    tablet.tap("开始巡查", "link")
    tablet.tap("开始巡查")
    noted = [tablet.record(POLICE, "phone", picture(1))]
    tablet.context.set_offline(True)
    tablet.page.reload()
    expect(tablet.page.locator(".network")).to_have_text("没有网络")
    expect(tablet.page.locator(".tile", has_text=POLICE)).to_contain_text("孙可岚")
    noted += [tablet.record((POLICE, TAX)[seed % 2], "badge", picture(seed)) for seed in range(2, 11)]
    tablet.page.reload()
    expect(tablet.page.locator(".round")).to_contain_text("已看 2 / 2 个窗口")
    expect(tablet.unsent()).to_have_text("10 条、10 张照片未发送")
    tablet.wait_a_minute()
    tablet.context.set_offline(False)
    tablet.all_sent()
    stored = tablet.noted()
    assert [fact.finding for fact in stored] == noted
    photos = [fact.photos[0] for fact in stored]
    assert len(set(photos)) == 10
    assert all(patrolling.photos_of(tablet.site.hall).has(sha256) for sha256 in photos)
    rounds = {fact.on_round for fact in stored}
    assert len(rounds) == 1
    assert rounds != {""}


def test_three_taps_save_a_finding_with_its_photo(tablet: Inspector):
    taps: list[str] = []
    tablet.page.expose_function("tapped", lambda text: taps.append(text))
    tablet.page.evaluate("addEventListener('click', (event) => event.isTrusted && tapped(event.target.textContent))")
    tablet.page.locator(f'.tile[data-key="{POLICE}"]').click()
    tablet.page.locator('.code[data-key="phone"]').click()
    with tablet.page.expect_file_chooser() as camera:
        tablet.page.get_by_text("拍照").click()
    camera.value.set_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture(1)})
    expect(tablet.page.locator(".photos img")).to_have_count(1)
    assert len(taps) == 3
    tablet.wait_a_minute()
    tablet.all_sent()
    (stored,) = tablet.noted()
    assert (stored.window, stored.no, stored.code, len(stored.photos)) == (POLICE, "102", "phone", 1)


def test_undone_within_the_minute_it_never_was_and_afterwards_a_withdrawal_says_why(tablet: Inspector):
    tablet.note(POLICE, "eat")
    tablet.tap("撤销")
    number = tablet.note(TAX, "desk")
    tablet.page.get_by_label("补充说明").fill("文件堆满台面")
    tablet.page.get_by_label("补充说明").press("Tab")
    tablet.done()
    tablet.wait_a_minute()
    tablet.all_sent()
    (stored,) = tablet.noted()
    assert (stored.finding, tablet.site.hall.opened(stored.note)) == (number, "文件堆满台面")
    tablet.page.goto(f"/patrol#deed/{number}")
    expect(tablet.page.get_by_role("button", name="撤销")).to_have_count(0)
    tablet.page.get_by_text("撤回这条记录").first.click()
    tablet.page.get_by_label("撤回的理由").fill("看错了窗口")
    tablet.page.get_by_role("button", name="撤回这条记录").click()
    tablet.page.wait_for_url("**/patrol#windows")
    tablet.all_sent()
    assert tablet.site.hall.book().patrol.state(number) == "withdrawn"


def test_praise_all_in_order_relief_and_an_outing_are_noted(tablet: Inspector):
    tablet.page.locator(f'.tile[data-key="{TAX}"]').click()
    tablet.tap("一切正常")
    tablet.note(POLICE, "lost_found")
    tablet.done()
    tablet.page.goto(f"/patrol#arrange/{TAX}")
    tablet.page.get_by_text("替岗：谁替谁").click()
    tablet.page.get_by_label("李若茗").check()
    tablet.page.get_by_label("60 分钟").first.check()
    tablet.tap("记下替岗")
    expect(tablet.page.locator(".tile", has_text=TAX)).to_contain_text("替 钱桐雅")
    tablet.page.goto(f"/patrol#arrange/{POLICE}")
    tablet.page.get_by_text("外出、短时离开").click()
    tablet.page.get_by_label("15 分钟").last.check()
    tablet.tap("记下外出")
    expect(tablet.page.locator(".tile", has_text=POLICE)).to_contain_text("外出")
    tablet.wait_a_minute()
    tablet.all_sent()
    expect(tablet.page.locator(".tile", has_text=TAX)).to_contain_text("替 钱桐雅")
    book = tablet.site.hall.book()
    assert [entry.fact.code for entry in book.praises.noted if entry.fact.account == tablet.name] == ["lost_found"]
    assert book.reliefs.find("relief", "9001")[-1].fact.regular_no == "0101"
    assert book.leaves.find("no", "102")[-1].fact.type == "trip_short"


def test_an_expired_sign_in_keeps_the_queue_asks_and_goes_on(tablet: Inspector):
    number = tablet.note(POLICE, "uniform")
    tablet.done()
    tablet.site.server.accounts.sessions.end_all(tablet.name)
    tablet.wait_a_minute()
    expect(tablet.page.get_by_role("alert")).to_contain_text("登录已过期")
    expect(tablet.unsent()).to_have_text("1 条未发送")
    tablet.tap("登录", "link")
    tablet.fill_in()
    tablet.all_sent()
    assert [fact.finding for fact in tablet.noted()] == [number]


def test_another_account_neither_sends_nor_reads_what_waits(tablet: Inspector):
    first, second = "zhou", "second"
    tablet.context.set_offline(True)
    number = tablet.record(POLICE, "smoke", picture(3))
    assert tablet.page.evaluate("navigator.onLine") is False
    everything = tablet.page.evaluate(STORED)
    assert number in everything
    assert not [name for name in (*NAMES, "smoke", POLICE) if name in everything]
    tablet.tap("更多", "link")
    tablet.tap("退出登录")
    expect(tablet.page.get_by_text("请联网并登录一次")).to_be_visible()
    tablet.page.wait_for_function("!Object.keys(localStorage).join().includes('snapshot')")
    tablet.context.set_offline(False)
    tablet.tap("登录", "link")
    tablet.fill_in(second)
    expect(tablet.page.locator(".tile").first).to_be_visible()
    tablet.wait_a_minute()
    expect(tablet.page.locator(".banner")).to_contain_text("其他账号的 1 条记录没有发送")
    expect(tablet.unsent()).to_have_text("全部已发送")
    before = findings(tablet.site.hall, first)
    assert number not in [fact.finding for fact in before + findings(tablet.site.hall, second)]
    tablet.tap("更多", "link")
    tablet.tap("退出登录")
    tablet.page.wait_for_url("**/sign-in")
    tablet.arrive(first)
    tablet.all_sent()
    assert [fact.finding for fact in findings(tablet.site.hall, first)] == [*(fact.finding for fact in before), number]
    assert findings(tablet.site.hall, second) == []


def test_two_tablets_of_one_inspector_bring_each_their_own(
    chromium: Browser, patrolled: Site, tablet: Inspector, clock: Clock
):
    with inspector(chromium, patrolled, clock, "zhou") as other:
        other.arrive()
        numbers = {tablet.note(POLICE, "phone"), other.note(POLICE, "phone")}
        other.wait_a_minute()
        tablet.page.clock.fast_forward(61_000)
        other.all_sent()
        tablet.all_sent()
    stored = tablet.noted()
    assert {fact.finding for fact in stored} == numbers
    assert len({fact.tablet for fact in stored}) == 2


def test_a_newer_page_comes_whole_and_keeps_the_queue(tablet: Inspector, monkeypatch: pytest.MonkeyPatch):
    tablet.context.set_offline(True)
    noted = [tablet.record(POLICE, "phone", picture(seed)) for seed in (1, 2)]
    tablet.context.set_offline(False)
    monkeypatch.setitem(catalogue("zh"), "page.tablet.heading", "新版巡查")
    tablet.page.evaluate("navigator.serviceWorker.getRegistration('/patrol').then((kept) => kept.update())")
    expect(tablet.page.locator(".banner")).to_contain_text("页面有新版本")
    expect(tablet.page.get_by_role("heading", level=1)).to_have_text("现场巡查")
    tablet.tap("换成新版本")
    expect(tablet.page.get_by_role("heading", level=1)).to_have_text("新版巡查")
    expect(tablet.unsent()).to_have_text("2 条、2 张照片未发送")
    assert len(tablet.page.evaluate("caches.keys()")) == 1
    tablet.wait_a_minute()
    tablet.all_sent()
    assert [fact.finding for fact in tablet.noted()] == noted


def test_a_full_tablet_keeps_findings_and_says_that_their_photos_are_not_kept(
    chromium: Browser, patrolled: Site, clock: Clock
):
    with inspector(chromium, patrolled, clock, "zhou") as tablet:
        allow(tablet, ROOM_FOR_THE_PAGE)
        tablet.arrive()
        tablet.context.set_offline(True)
        number = tablet.note(POLICE, "phone")
        tablet.take_photo(picture(7, (1800, 1400), noise=True))
        alert = tablet.page.locator(".deed [role=alert]")
        expect(alert).to_contain_text("本机空间不足，照片没有保存", timeout=20_000)
        tablet.done()
        tablet.page.evaluate(RECORD, {"kind": "praise", "fields": {"window": TAX, "note": "好" * 2000}, "times": 40})
        expect(tablet.unsent()).to_have_text("41 条未发送")
        assert "reserve" not in tablet.page.evaluate(KEPT)
        tablet.page.reload()
        expect(tablet.unsent()).to_have_text("41 条未发送")
        tablet.context.set_offline(False)
        tablet.wait_a_minute()
        expect(tablet.unsent()).to_have_text("40 条未发送")
        assert [(fact.finding, fact.photos) for fact in tablet.noted()] == [(number, ())]


KEPT = """async () => {
  const { Device } = await import("/static/patrol/device.js");
  return (await Device.open()).database.keys("kept");
}"""
ROOM_FOR_THE_PAGE = 4_400_000
"""Bytes: the page, its reserve, and less than a photo or than forty long texts."""


def allow(tablet: Inspector, size: int) -> None:
    """Let the browser keep so many bytes for the hall, and no more."""
    devtools = tablet.context.new_cdp_session(tablet.page)
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": tablet.site.named_address, "quotaSize": size})


def test_a_huge_photo_is_made_small_and_loses_what_the_camera_wrote(tablet: Inspector, tmp_path: Path):
    gps = b"Exif\0\0" + b"GPS 39.9042N 116.4074E camera-serial-4711"
    huge = weighed_down(picture(5, (2400, 1800), noise=True, exif=gps), 20_100_000)
    assert len(huge) > 20_000_000
    (tmp_path / "huge.jpg").write_bytes(huge)
    tablet.note(POLICE, "phone")
    tablet.take_photo(b"\xff\xd8 this is no photo")
    expect(tablet.page.locator(".deed [role=alert]")).to_contain_text("不是照片")
    tablet.take_photo(tmp_path / "huge.jpg")
    expect(tablet.page.locator(".photos img")).to_have_count(1, timeout=30_000)
    expect(tablet.page.locator(".deed [role=alert]")).to_have_count(0)
    tablet.done()
    tablet.wait_a_minute()
    tablet.all_sent()
    (stored,) = tablet.noted()
    kept = patrolling.photos_of(tablet.site.hall).read(stored.photos[0])
    assert kept is not None
    assert len(kept) <= 400_000
    assert b"GPS" not in kept
    assert b"Exif" not in kept


def test_a_clock_an_hour_ahead_is_told_and_kept_beside_the_halls(chromium: Browser, patrolled: Site, clock: Clock):
    with inspector(chromium, patrolled, clock, "zhou", ahead=3600) as tablet:
        tablet.arrive()
        tablet.note(POLICE, "phone")
        tablet.done()
        tablet.wait_a_minute()
        tablet.all_sent()
        expect(tablet.page.get_by_role("alert")).to_contain_text("本机时钟快了约 60 分钟")
        (stored,) = tablet.noted()
    assert abs(stored.offset_seconds - 3600) <= 60
    assert stored.tablet_at is not None
    assert (stored.tablet_at.hour - stored.seen_at.hour) == 1


def test_what_the_hall_refuses_stays_in_sight_until_a_person_has_seen_it(tablet: Inspector):
    tablet.page.evaluate(RECORD, {"kind": "dance", "fields": {"window": POLICE}})
    number = tablet.note(POLICE, "phone")
    tablet.done()
    tablet.wait_a_minute()
    tablet.unsent().click()
    expect(tablet.page.locator(".deeds .tile")).to_have_count(1)
    expect(tablet.page.locator(".deeds .state")).to_contain_text("大厅没有接受")
    expect(tablet.unsent()).to_have_text("1 条未发送")
    assert [fact.finding for fact in tablet.noted()] == [number]
    tablet.tap("知道了")
    tablet.all_sent()


RECORD = """async ({ kind, fields, times = 1 }) => {
  const { Device } = await import("/static/patrol/device.js");
  const { Journal } = await import("/static/patrol/journal.js");
  const journal = new Journal(await Device.open());
  await journal.load();
  for (let time = 0; time < times; time += 1) await journal.record(kind, fields);
}"""
"""Records deeds as the page does, past its buttons; the page hears of them as from another tab."""


def test_it_is_installable_and_names_itself_in_both_languages(tablet: Inspector):
    devtools = tablet.context.new_cdp_session(tablet.page)
    shown = devtools.send("Page.getAppManifest")
    assert shown["errors"] == []
    assert json.loads(shown["data"])["name"] == "满勤 · 现场巡查"
    assert devtools.send("Page.getInstallabilityErrors")["installabilityErrors"] in (
        [],
        [{"errorId": "in-incognito", "errorArguments": []}],
    )
    tablet.tap("更多", "link")
    tablet.context.set_offline(True)
    tablet.tap("English")
    expect(tablet.page.get_by_role("heading", level=1)).to_have_text("Patrol")
    tablet.page.reload()
    expect(tablet.page.get_by_role("heading", level=1)).to_have_text("Patrol")
