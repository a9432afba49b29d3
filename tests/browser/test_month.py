"""The month as a person uses it, in a real browser."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sites import MONTH

PATHS = (
    "/months",
    f"/months/{MONTH}",
    f"/months/{MONTH}/calendar",
    f"/months/{MONTH}/people/102",
    "/terminals",
    "/account",
)


def test_from_the_sign_in_to_the_terminals_own_line(signed_in: Page, complaints: list[str]):
    signed_in.get_by_role("link", name="2026年3月").click()
    expect(signed_in.get_by_role("heading", level=1)).to_have_text("2026年3月考勤与考核")
    hers = signed_in.locator("#r102")
    expect(hers.locator(".lines")).to_be_hidden()
    hers.locator("summary").click()
    expect(hers.get_by_text("综合分（按权重平均）")).to_be_visible()
    expect(hers.locator(".steps .total").last).to_have_text("96.00")
    hers.get_by_role("link", name="打卡").first.click()
    expect(signed_in.locator("pre.raw")).to_contain_text("2026-03-04 09:09:00")
    signed_in.get_by_role("link", name="这一天的考勤").click()
    expect(signed_in.locator("#d04")).to_contain_text("迟 9 分")
    assert complaints == []


def test_a_person_opens_by_keyboard(signed_in: Page):
    signed_in.goto(f"/months/{MONTH}")
    summary = signed_in.locator("#r102 summary")
    summary.focus()
    signed_in.keyboard.press("Enter")
    expect(signed_in.locator("#r102 .steps")).to_be_visible()


def test_the_ranking_opens_without_scripts_too(context: BrowserContext, signed_in: Page):
    session = context.cookies()
    assert context.browser
    plain = context.browser.new_context(java_script_enabled=False)
    plain.add_cookies(session)
    page = plain.new_page()
    page.goto(f"{signed_in.url.split('/months')[0]}/months/{MONTH}")
    page.locator("#r102 summary").click()
    expect(page.locator("#r102 .lines")).to_be_visible()
    page.locator("#r102 .to-person a").click()
    expect(page.locator(".steps .total").last).to_have_text("96.00")
    plain.close()


def test_the_calendar_shows_exceptions_alone_and_leads_to_the_day(signed_in: Page, complaints: list[str]):
    signed_in.goto(f"/months/{MONTH}/calendar")
    hers = signed_in.get_by_role("row").filter(has_text="孙可岚")
    expect(hers).to_be_visible()
    signed_in.get_by_label("窗口").select_option("税务窗口")
    expect(hers).to_be_hidden()
    signed_in.goto(f"/months/{MONTH}/calendar")
    hers.get_by_role("link", name="迟/√").first.click()
    expect(signed_in.locator("#d04")).to_be_in_viewport()
    assert complaints == []


def test_the_calendar_keeps_names_in_view(signed_in: Page):
    signed_in.set_viewport_size({"width": 820, "height": 700})
    signed_in.goto(f"/months/{MONTH}/calendar")
    signed_in.locator(".matrix-frame").evaluate("frame => frame.scrollLeft = 10000")
    name = signed_in.get_by_role("link", name="孙可岚").bounding_box()
    assert name is not None
    assert 0 <= name["x"] < 200


def test_the_language_is_switched_and_stays(signed_in: Page):
    signed_in.goto(f"/months/{MONTH}")
    signed_in.get_by_role("link", name="English").click()
    expect(signed_in.get_by_role("heading", level=1)).to_have_text("Attendance and evaluation, March 2026")
    signed_in.get_by_role("link", name="Terminals").click()
    expect(signed_in.get_by_role("heading", level=1)).to_have_text("Terminals")
    signed_in.get_by_role("link", name="中文").click()
    expect(signed_in.get_by_role("heading", level=1)).to_have_text("考勤终端")


@pytest.mark.parametrize(("width", "height"), [(390, 844), (820, 1180), (1366, 768)])
def test_no_page_scrolls_sideways(signed_in: Page, width: int, height: int, complaints: list[str]):
    signed_in.set_viewport_size({"width": width, "height": height})
    for path in PATHS:
        for language in ("zh", "en"):
            signed_in.goto(f"{path}?lang={language}")
            beyond = signed_in.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert beyond <= 0, f"{path} in {language} is {beyond} px too wide at {width}"
    assert complaints == []


def test_text_stands_out_from_its_ground(signed_in: Page):
    """WCAG 2.1, 1.4.3: at least 4.5 : 1 for the colours that carry meaning."""
    signed_in.goto(f"/months/{MONTH}/calendar")
    for tone in ("late", "bad", "excused"):
        ratio = signed_in.evaluate(CONTRAST, tone)
        assert ratio >= 4.5, (tone, ratio)


CONTRAST = """tone => {
  const root = getComputedStyle(document.documentElement);
  const light = name => {
    const hex = root.getPropertyValue(name).trim();
    const parts = [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16) / 255);
    const [r, g, b] = parts.map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [ink, paper] = [light(`--${tone}`), light(`--${tone}-paper`)];
  return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
}"""
