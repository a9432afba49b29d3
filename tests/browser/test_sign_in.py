"""Signing in and out, in a real browser."""

from playwright.sync_api import Browser, Page, expect
from sites import MONTH, Site


def fill_in(page: Page, address: str, password: str) -> None:
    page.goto(f"{address}/sign-in")
    page.get_by_label("登录名").fill("admin")
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()


def test_a_page_asked_for_is_reached_after_signing_in(page: Page, site: Site, complaints: list[str]):
    page.goto(f"/months/{MONTH}")
    expect(page).to_have_url(f"{site.named_address}/sign-in?next=%2Fmonths%2F{MONTH}")
    page.get_by_label("登录名").fill("admin")
    page.get_by_label("密码").fill(site.password)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.named_address}/months/{MONTH}")
    assert complaints == []


def test_signing_out_leaves_nothing_to_go_back_to(signed_in: Page, site: Site):
    signed_in.goto(f"/months/{MONTH}")
    signed_in.get_by_role("button", name="退出").click()
    expect(signed_in).to_have_url(f"{site.named_address}/sign-in")
    signed_in.go_back()
    expect(signed_in.get_by_role("button", name="登录")).to_be_visible()


def test_five_wrong_passwords_lock_the_door(chromium: Browser, own_site: Site):
    page = chromium.new_page()
    for number in range(5):
        fill_in(page, own_site.named_address, f"wrong {number}")
        expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("已锁定")
    fill_in(page, own_site.named_address, own_site.password)
    expect(page.get_by_role("alert")).to_contain_text("已锁定")
    page.close()


def test_a_password_is_changed(chromium: Browser, own_site: Site):
    page = chromium.new_page()
    fill_in(page, own_site.named_address, own_site.password)
    page.goto(f"{own_site.named_address}/account")
    page.get_by_label("现在的密码").fill(own_site.password)
    page.get_by_label("新密码（").fill("quite another one")
    page.get_by_label("再输一遍").fill("quite another one")
    page.get_by_role("button", name="修改").click()
    expect(page.get_by_role("status")).to_contain_text("密码已改好")
    page.get_by_role("button", name="退出").click()
    fill_in(page, own_site.named_address, "quite another one")
    expect(page.get_by_role("heading", level=1)).to_have_text("月份")
    page.close()


def test_a_waiting_terminal_is_accepted(chromium: Browser, own_site: Site):
    page = chromium.new_page()
    fill_in(page, own_site.named_address, own_site.password)
    page.get_by_role("link", name="终端").click()
    page.get_by_label("安放处").fill("东门")
    page.get_by_role("button", name="登记这台终端").click()
    expect(page.get_by_label("安放处")).to_have_value("东门")
    page.get_by_role("link", name="终端", exact=True).click()
    expect(page.get_by_role("row").filter(has_text="B777")).to_contain_text("东门")
    expect(page.get_by_role("button", name="登记这台终端")).to_have_count(0)
    page.close()
