"""Accounts and roles as people meet them, in a real browser that came by the hall's name."""

import re
import time
from base64 import b32decode

from playwright.sync_api import Browser, Page, expect
from sites import MONTH, Site

from api.second_factor import STEP_SECONDS, code


def enter(page: Page, site: Site, name: str, password: str) -> None:
    page.goto(f"{site.named_address}/sign-in")
    page.get_by_label("登录名").fill(name)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()


def test_an_account_is_made_handed_over_and_its_password_changed(chromium: Browser, own_site: Site):
    office, hers = chromium.new_context().new_page(), chromium.new_context().new_page()
    enter(office, own_site, "security", own_site.passwords["security"])
    office.get_by_label(re.compile("^登录名")).fill("zhou")
    office.get_by_label("窗口人员").check()
    office.get_by_label("本人工号").fill("102")
    office.get_by_role("button", name="新建").click()
    password = office.get_by_role("status").locator("code").inner_text()
    enter(hers, own_site, "zhou", password)
    expect(hers.get_by_role("status")).to_contain_text("别人知道的初始密码")
    hers.goto(f"{own_site.named_address}/months/{MONTH}")
    expect(hers).to_have_url(f"{own_site.named_address}/account")
    hers.get_by_label("现在的密码").fill(password)
    hers.get_by_label("新密码（").fill("春眠不觉晓处处闻啼鸟")
    hers.get_by_label("再输一遍").fill("春眠不觉晓处处闻啼鸟")
    hers.get_by_role("button", name="修改").click()
    hers.goto(f"{own_site.named_address}/months/{MONTH}/people/102")
    expect(hers.get_by_role("heading", level=1)).to_contain_text("孙可岚")
    hers.goto(f"{own_site.named_address}/months/{MONTH}/people/0101")
    expect(hers.get_by_text("不在您可以看的范围内")).to_be_visible()
    expect(hers.get_by_role("link", name="终端")).to_have_count(0)
    for page in (office, hers):
        page.context.close()


def test_a_second_factor_is_set_up_from_the_picture_and_asked_for(chromium: Browser, own_site: Site):
    page = chromium.new_context().new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    enter(page, own_site, "office", own_site.passwords["office"])
    page.goto(f"{own_site.named_address}/account/second-factor")
    expect(page.get_by_role("img", name="给口令程序扫的二维码")).to_be_visible()
    secret = b32decode(page.locator("code.secret").inner_text())
    page.get_by_label("手机上的六位数字").fill(code(secret, int(time.time() // STEP_SECONDS)))
    page.get_by_role("button", name="启用").click()
    recovery = page.locator(".codes code").first.inner_text()
    assert complaints == []
    page.get_by_role("button", name="退出").click()
    enter(page, own_site, "office", own_site.passwords["office"])
    page.get_by_label("六位数字，或一个恢复码").fill("000000")
    page.get_by_role("button", name="继续").click()
    expect(page.get_by_role("alert")).to_contain_text("动态口令不对")
    page.get_by_label("六位数字，或一个恢复码").fill(recovery)
    page.get_by_role("button", name="继续").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("月份")
    page.context.close()


def test_the_terminals_door_sends_people_to_theirs_and_tells_how_to_trust_it(chromium: Browser, site: Site):
    page = chromium.new_context().new_page()
    page.goto(site.server.terminals_address)
    expect(page.get_by_role("heading", level=1)).to_have_text("这里是考勤终端的门")
    page.get_by_role("link", name="信任大厅的证书").click()
    expect(page.locator("code.fingerprint")).to_have_text(re.compile(r"([0-9A-F]{2}:){31}[0-9A-F]{2}"))
    with page.expect_download() as download:
        page.get_by_role("link", name="下载证书（UOS、麒麟、火狐）").click()
    assert download.value.suggested_filename == "manqin-ca.crt"
    page.context.close()
