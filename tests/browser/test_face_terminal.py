"""The face terminal in a real browser over HTTPS, by the hall's name, with a camera that shows films of test faces.

One hall, one browser, one device, in the order of its life: paired, used, without a network, unpaired.
"""

import re
import time as clock
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

pytest.importorskip("cv2", reason="the face stack is not installed", exc_type=ImportError)

from films import Projector
from halls import POLICY
from kiosks import WAY_OUT, type_code
from playwright.sync_api import Browser, Page, ViewportSize, expect
from portraits import frames, picture_in_hand
from sites import Site, site_opened

from api.kiosk import pairing
from attendance.calendar import set_day
from attendance.pairing import settle
from attendance.policy import adopt
from attendance.punches import Punched, ReadingQuarantined
from attendance.timetable import assign_duty

SN = "MQ-0001"
PASSCODE = "820465"
DEDUPE = 8
"""Seconds in which two punches count as one: here too few for anybody to wait for them."""
STORED = """async () => {
  const database = await new Promise((found) => {
    const request = indexedDB.open("manqin-terminal");
    request.onsuccess = () => found(request.result);
  });
  const rows = await new Promise((found) => {
    const request = database.transaction("outbox").objectStore("outbox").getAll();
    request.onsuccess = () => found(request.result);
  });
  database.close();
  return JSON.stringify(rows);
}"""
"""What the device keeps, as whoever takes it away would read it."""
A_MINUTE_LATER = """() => {
  const before = performance.now.bind(performance);
  performance.now = () => before() + 60000;
}"""
TABLET: ViewportSize = {"width": 1024, "height": 768}
DRAWN = [(20, 60), (80, 20), (140, 90), (200, 30), (260, 100), (320, 40)]


@pytest.fixture(scope="module")
def hall_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A hall in which 102 is on duty soon, on a day without other sessions."""
    with site_opened(tmp_path_factory.mktemp("face"), face_workers=1) as site:
        here = datetime.now(ZoneInfo("Asia/Shanghai")).replace(tzinfo=None)
        on = here + timedelta(minutes=20)
        duty = {"session": "duty", "on": on.time().replace(second=0), "off": (on + timedelta(hours=2)).time()}
        quick = adopt(POLICY.replace("dedupe_seconds = 60", f"dedupe_seconds = {DEDUPE}"))
        site.hall.decide(lambda draft: draft.record(quick), "office")
        site.hall.decide(lambda draft: set_day(draft, date=on.date(), workday=False), "office")
        site.hall.decide(lambda draft: assign_duty(draft, no="102", date=on.date(), **duty), "office")
        site.server.app.state.desk.passcodes.choose("0101", PASSCODE)
        yield site


@pytest.fixture(scope="module", autouse=True)
def patience() -> Iterator[None]:
    """A machine with other work to do looks at faces slowly; results stay readable in the page after they are shown."""
    expect.set_options(timeout=20_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="module")
def projector(tmp_path_factory: pytest.TempPathFactory) -> Projector:
    return Projector(tmp_path_factory.mktemp("film") / "camera.mjpeg")


@pytest.fixture(scope="module")
def filmed(launch: Callable[..., Browser], projector: Projector) -> Iterator[Browser]:
    browser = launch(*projector.flags)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def device(filmed: Browser, hall_site: Site) -> Iterator[Page]:
    """The tablet on the wall."""
    context = filmed.new_context(base_url=hall_site.named_address, viewport=TABLET, locale="zh-CN")
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    yield page
    context.close()


@pytest.fixture(scope="module")
def paired(device: Page, hall_site: Site) -> Page:
    device.goto("/terminal/")
    code = device.locator("#pairing-code")
    expect(code).to_have_text(re.compile(r"\d{3} \d{3}"))
    assert type_code(hall_site, code.inner_text(), challenge="never").status_code == 303
    expect(device.locator("#hint")).to_be_visible()
    return device


@pytest.fixture(scope="module")
def enrolled(paired: Page, filmed: Browser, hall_site: Site, projector: Projector) -> Page:
    """孙可岚 (102) has agreed, signed and been enrolled in the office, before the office's own camera."""
    paired.goto("about:blank")
    projector.show([(0.0, frame) for frame in frames("astronaut", 3)])
    context = filmed.new_context(base_url=hall_site.named_address, locale="zh-CN")
    office = context.new_page()
    signed_in(office, hall_site, "office")
    office.goto("/faces/102")
    office.get_by_label("本人已阅读").check()
    draw(office)
    office.get_by_role("button", name="同意并签名").click()
    office.get_by_role("button", name="开始采集").click()
    save = office.get_by_role("button", name="保存模板")
    expect(office.locator("#say")).to_have_text("采集够了，请保存", timeout=25_000)
    save.click()
    expect(office.locator("#say")).to_contain_text("已录入")
    context.close()
    paired.goto("/terminal/")
    return paired


def signed_in(page: Page, site: Site, name: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("登录名").fill(name)
    page.get_by_label("密码").fill(site.passwords[name])
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "sign-in" not in url)


def draw(page: Page) -> None:
    canvas = page.locator("canvas.signature")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 10, box["y"] + 60)
    page.mouse.down()
    for x, y in DRAWN:
        page.mouse.move(box["x"] + x, box["y"] + y, steps=3)
    page.mouse.up()


@pytest.fixture(scope="module")
def phone(filmed: Browser, hall_site: Site) -> Iterator[Page]:
    """9001 holds up their own."""
    owner = hall_site.account("phone", "staff", no="9001")
    context = filmed.new_context(base_url=hall_site.named_address, locale="zh-CN")
    page = context.new_page()
    signed_in(page, hall_site, owner)
    yield page
    context.close()


def hold_up(phone: Page, device: Page, projector: Projector) -> None:
    """The device sees the code that the phone shows now."""
    phone.goto("/me/ticket")
    with another_film(device):
        projector.show_paper(phone.locator(".ticket svg").screenshot(type="jpeg"))


@contextmanager
def another_film(page: Page) -> Iterator[None]:
    """The device lets go of its camera while the block changes the film."""
    page.goto("about:blank")
    yield
    page.goto("/terminal/")
    expect(page.locator("#network")).to_have_text("联网")


def wait_until_counted_anew(site: Site) -> None:
    """Until another punch of the last person is another punch."""
    last = kept(site)[-1][1].at + timedelta(seconds=DEDUPE + 1)
    clock.sleep(max(0.0, (last - datetime.now(ZoneInfo("Asia/Shanghai")).replace(tzinfo=None)).total_seconds()))


def kept(site: Site) -> list[tuple[str, Punched]]:
    """Actor and fact of the device's punches."""
    entries = [row.entry() for row in site.hall.store.read(0, 100_000)]
    return [(one.actor, one.fact) for one in entries if isinstance(one.fact, Punched) and one.fact.terminal == SN]


def test_somebody_enrolled_is_known_within_a_second_and_told_how_they_stand(enrolled: Page, hall_site: Site):
    expect(enrolled.locator("#result-word")).to_have_text("正常")
    assert enrolled.locator("#result-name").inner_text() == "孙"
    assert enrolled.locator("#result-window").inner_text() == "公安窗口"
    expect(enrolled.locator("#result-more")).to_have_text("值班上班")
    [(actor, punch)] = kept(hall_site)
    assert (actor, punch.pin, punch.verify) == (f"terminal:{SN}", "102", "face")
    assert punch.recognised is not None
    assert punch.recognised.engine == "sface"
    assert punch.recognised.score >= punch.recognised.threshold
    assert enrolled.locator("#result-at").inner_text() == f"{punch.at:%H:%M:%S}"
    expect(enrolled.locator("#recent li").first).to_contain_text("孙")
    # Whoever still stands there is told again soon: between the two it is back to waiting.
    enrolled.wait_for_selector("#result", state="hidden", timeout=15_000)


def test_whoever_was_just_here_is_told_so_and_not_counted_twice(enrolled: Page, hall_site: Site):
    expect(enrolled.locator("#result-more")).to_contain_text("刚才已打卡")
    assert len(kept(hall_site)) == 1


def test_a_stranger_is_refused_and_led_to_the_other_ways(enrolled: Page, hall_site: Site, projector: Projector):
    with another_film(enrolled):
        projector.show([(0.0, frame) for frame in frames("actor", 3)])
    expect(enrolled.locator("#hint")).to_contain_text("没有认出您")
    assert len(kept(hall_site)) == 1


def test_a_picture_held_up_is_refused_where_a_movement_is_always_asked(
    enrolled: Page, hall_site: Site, projector: Projector
):
    hall_site.hall.decide(lambda draft: settle(draft, sn=SN, challenge="always", names="surname"), "office")
    wait_until_counted_anew(hall_site)
    with another_film(enrolled):
        projector.show(picture_in_hand("astronaut", count=16))
    expect(enrolled.locator("#arrow")).to_have_attribute("data-step", re.compile(".+"))
    expect(enrolled.locator("#hint")).to_have_attribute("data-kind", "stop", timeout=40_000)
    assert len(kept(hall_site)) == 1


def test_the_code_of_a_phone_is_read_from_the_camera(paired: Page, phone: Page, hall_site: Site, projector: Projector):
    hold_up(phone, paired, projector)
    paired.get_by_role("button", name="手机扫码").click()
    expect(paired.locator("#result-name")).to_have_text("李")
    assert kept(hall_site)[-1][1].verify == "ticket"


def test_a_supervisor_vouches_with_their_own_sign_in(paired: Page, hall_site: Site):
    expect(paired.locator("#result")).to_be_hidden()
    paired.get_by_role("button", name="督导代签").click()
    form = paired.locator("#supervisor")
    form.get_by_label("工号").fill("0101")
    form.get_by_label("督导账号").fill("office")
    form.get_by_label("督导密码").fill("不是这个")
    form.get_by_role("button", name="打卡").click()
    expect(form.locator(".told")).to_contain_text("不对")
    form.get_by_label("督导密码").fill(hall_site.passwords["office"])
    form.get_by_role("button", name="打卡").click()
    expect(paired.locator("#result-name")).to_have_text("钱")
    actor, punch = kept(hall_site)[-1]
    assert (actor, punch.pin, punch.verify) == ("user:office", "101", "supervisor")


def typed(page: Page, no: str, passcode: str) -> None:
    expect(page.locator("#result")).to_be_hidden()
    page.get_by_role("button", name="工号＋密码").click()
    form = page.locator("#passcode")
    form.get_by_label("工号").fill(no)
    form.get_by_label("打卡密码").fill("")
    for figure in passcode:
        form.get_by_role("button", name=figure, exact=True).click()
    form.get_by_role("button", name="打卡", exact=True).click()


def test_without_a_network_passcodes_and_phones_are_kept_sealed_and_counted_or_listed_later(
    paired: Page, phone: Page, hall_site: Site, projector: Projector
):
    wait_until_counted_anew(hall_site)
    before = len(kept(hall_site))
    hold_up(phone, paired, projector)
    paired.context.set_offline(True)
    paired.reload()
    expect(paired.locator("#network")).to_have_text("断网")
    expect(paired.locator("#hint")).to_contain_text("不能刷脸")
    expect(paired.locator("#recent")).to_be_empty()
    paired.get_by_role("button", name="手机扫码").click()
    expect(paired.locator("#result-word")).to_have_text("已保存")
    made_at = datetime.now(ZoneInfo("Asia/Shanghai")).replace(tzinfo=None)
    typed(paired, "0101", PASSCODE)
    expect(paired.locator("#result-name")).to_have_text("0101")
    typed(paired, "0101", "135792")
    expect(paired.locator("#unsent")).to_have_text("未上传 3 条")
    assert PASSCODE not in paired.evaluate(STORED)
    paired.reload()
    expect(paired.locator("#unsent")).to_have_text("未上传 3 条")
    paired.context.set_offline(False)
    expect(paired.locator("#unsent")).to_be_hidden(timeout=12_000)
    expect(paired.locator("#aside")).to_contain_text("1 条没有核对上")
    [(_, shown), (_, punch)] = kept(hall_site)[before:]
    assert (shown.pin, shown.verify, shown.source) == ("9001", "ticket", "offline")
    assert (punch.pin, punch.verify, punch.source) == ("101", "passcode", "offline")
    assert abs((punch.at - made_at).total_seconds()) < 10
    entries = [row.entry().fact for row in hall_site.hall.store.read(0, 100_000)]
    [aside] = [fact for fact in entries if isinstance(fact, ReadingQuarantined) and fact.terminal == SN]
    assert (aside.reason, aside.raw.split("\t")[0]) == ("passcode_wrong", "0101")
    assert "135792" not in str(entries)


def test_only_the_administrators_code_leads_out(paired: Page):
    expect(paired.locator("#result")).to_be_hidden()
    for code, opens in (("000111", False), (WAY_OUT, True)):
        paired.get_by_role("button", name="管理员").click()
        paired.get_by_label("退出密码").fill(code)
        paired.get_by_role("button", name="下一步").click()
        leave = paired.get_by_role("button", name="离开打卡页")
        if opens:
            expect(leave).to_be_visible()
        else:
            expect(paired.locator("#way-out .told")).to_contain_text("不对")
            expect(leave).to_be_hidden()
    paired.get_by_role("button", name="返回").click()


def test_whoever_walks_away_leaves_the_terminal_to_the_next(paired: Page):
    paired.get_by_role("button", name="管理员").click()
    paired.get_by_label("退出密码").fill(WAY_OUT)
    paired.get_by_role("button", name="下一步").click()
    expect(paired.get_by_role("button", name="离开打卡页")).to_be_visible()
    paired.evaluate(A_MINUTE_LATER)
    expect(paired.locator("#waiting")).to_be_visible()
    paired.get_by_role("button", name="管理员").click()
    expect(paired.get_by_role("button", name="离开打卡页")).to_be_hidden()
    assert paired.get_by_label("退出密码").input_value() == ""


def test_a_device_unpaired_in_the_office_says_so_at_once(paired: Page, hall_site: Site):
    pairing.end(hall_site.server.app.state.desk, SN, "user:admin")
    expect(paired.locator("#pairing-why")).to_contain_text("解除", timeout=12_000)
    expect(paired.locator("#pairing-code")).to_have_text(re.compile(r"\d{3} \d{3}"))
