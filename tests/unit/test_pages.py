"""The pages as HTML: what they say, and that every point leads to its fact."""

import re

import httpx
import pytest
from sites import ADMINISTRATOR, MONTH, WAITING, Site, form_token

from api.pages.month_view import MonthView
from api.pages.words import Words
from attendance.people import post
from projections.ledger import Ledger


@pytest.fixture
def browser(site: Site):
    with site.browser() as client:
        yield client


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def squeezed(html: str) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", html))


def section(page: httpx.Response, anchor: str) -> str:
    """The HTML from an anchor to the next heading of its kind."""
    return re.split(rf'id="{anchor}"', page.text, maxsplit=1)[1].split("<h3", 1)[0]


def test_the_months_lead_to_the_month(browser: httpx.Client):
    page = browser.get("/months")
    assert f'href="/months/{MONTH}"' in page.text
    assert "2026年3月" in page.text
    assert browser.get("/").headers["location"] == "/months"


def test_full_attendance_and_who_is_off_it_and_why(browser: httpx.Client):
    page = browser.get(f"/months/{MONTH}")
    assert "钱桐雅" in section(page, "full")
    off = section(page, "off")
    assert "3月4日（周三）上午迟迟到" in squeezed(off)
    assert f'href="/months/{MONTH}/people/102#d04"' in off


def test_lateness_by_window_names_reliefs_and_dates_as_a_bulletin_does(browser: httpx.Client):
    late = squeezed(section(browser.get(f"/months/{MONTH}"), "lateness"))
    assert "公安窗口孙可岚：3月4日迟到9分、25日迟到4分。" in late
    assert "税务窗口李若茗（替岗人员，替钱桐雅）：3月12日迟到7分。" in late
    assert "共3次，其中替岗人员1人次" in late.replace("人次，其", "次，其", 1)


def test_the_ranking_opens_to_each_line_and_each_line_to_its_fact(browser: httpx.Client):
    page = browser.get(f"/months/{MONTH}")
    details = re.search(r'<details id="r102".*?</details>', page.text, re.DOTALL)
    assert details
    assert "3月4日（周三）迟到−1打卡" in squeezed(details.group())
    assert "巡查：上班时间玩手机−2巡查记录" in squeezed(details.group())
    facts = re.findall(r'href="(/facts/[0-9a-f-]{36})"', details.group())
    assert len(facts) >= 3
    fact = browser.get(facts[0])
    assert "102\t2026-03-04 09:09:00\t1\t15\t0\t0" in fact.text
    assert "2026-03-04 09:09:00 +08:00" in fact.text
    assert "孙可岚" in fact.text
    assert f'href="/months/{MONTH}/people/102#d04"' in fact.text


def test_the_sum_of_a_person_adds_up_on_the_page(browser: httpx.Client):
    asked = browser.get(f"/months/{MONTH}/people/102/arithmetic")
    assert "<html" not in asked.text
    assert "劳动纪律30.00−4.0026.00" in squeezed(asked.text)
    assert squeezed(asked.text).endswith("得分96.00")


def test_open_questions_come_first_and_say_what_to_do(browser: httpx.Client):
    page = browser.get(f"/months/{MONTH}")
    questions = page.text.split('id="questions"')[1].split("</section>")[0]
    assert page.text.index('id="questions"') < page.text.index('id="attendance"')
    assert "终端 A001 的 PIN 7777，打卡 1 次" in text_of(questions)
    assert f"终端 {WAITING}（10.0.0.9）来过" in text_of(questions)
    assert "格式不对" in questions
    assert "自 3月3日（周二） 08:59" in text_of(questions)


def test_a_question_since_we_heard_of_it_is_told_on_the_halls_clock(site: Site):
    words = Words("zh", site.hall.book().policies.in_force(MONTH), site.hall.book())
    view = MonthView(Ledger(site.hall).month(MONTH), words)
    assert view.since("2026-03-31T16:05:00+00:00") == "4月1日（周三） 00:05"
    assert view.since(None) == ""


def test_the_position_the_page_rests_on_is_shown(browser: httpx.Client, site: Site):
    position = site.hall.store.head().position
    assert f"依据事件簿第 {position} 号位置，记录于 " in browser.get(f"/months/{MONTH}").text
    then = browser.get(f"/months/{MONTH}?as_of=8").text
    assert "依据事件簿第 8 号位置" in then
    assert "这是事件簿当时所知的结果" in then
    assert "data-sum" not in then


def test_the_calendar_has_a_cell_a_day_that_leads_to_the_day(browser: httpx.Client):
    page = browser.get(f"/months/{MONTH}/calendar").text
    row = re.search(r"<tr[^>]*>(?:(?!</tr>).)*孙可岚.*?</tr>", page, re.DOTALL)
    assert row
    assert re.search(r'<td class="late" title="迟到 / 正常"><a href="people/102#d04">迟/√</a>', row.group())
    assert row.group().count('href="people/102#d') == 22
    assert row.group().count('class="rest"') == 9
    other = browser.get(f"/months/{MONTH}/calendar", params={"window": "税务窗口"}).text
    assert "孙可岚" not in other
    assert "钱桐雅" in other


def test_a_persons_days_show_due_punch_judgement_and_excuse(browser: httpx.Client):
    hers = browser.get(f"/months/{MONTH}/people/102").text
    fourth = squeezed(re.search(r'<tbody id="d04">.*?</tbody>', hers, re.DOTALL).group())
    assert "上午应09:0009:09:00迟9分应12:0012:05:00准时迟迟到" in fourth
    assert re.search(r'href="/facts/[0-9a-f-]{36}">09:09:00', hers)
    his = browser.get(f"/months/{MONTH}/people/0101").text
    twelfth = squeezed(re.search(r'<tbody id="d12">.*?</tbody>', his, re.DOTALL).group())
    assert "不需打卡不需打卡公公出/公假" in twelfth


def test_a_relief_has_a_page_too(browser: httpx.Client):
    page = squeezed(browser.get(f"/months/{MONTH}/people/9001").text)
    assert "不参加排名：替岗人员" in page
    assert "没有参加本月排名，不计总分" in page


def test_every_page_speaks_english_when_asked(browser: httpx.Client):
    for path in (
        "/months",
        f"/months/{MONTH}",
        f"/months/{MONTH}/calendar",
        f"/months/{MONTH}/people/102",
        "/terminals",
    ):
        page = browser.get(path, params={"lang": "en"})
        assert '<html lang="en">' in page.text
        assert "page." not in text_of(page.text), path
    assert "Off the list" in browser.get(f"/months/{MONTH}").text
    assert '<html lang="zh-CN">' in browser.get("/months", params={"lang": "zh"}).text


def test_no_key_of_the_catalogue_shows_instead_of_its_sentence(browser: httpx.Client, site: Site):
    for entry in site.hall.store.read(0, 1000):
        page = text_of(browser.get(f"/facts/{entry.entry().id}").text)
        assert not re.search(r"\b(page|problem|refused)\.\w", page), page


def test_a_name_is_text_and_never_markup(own_site: Site):
    own_site.hall.decide(
        lambda draft: post(draft, no="666", name="<script>alert(1)</script>", window="税务窗口"), "office"
    )
    with own_site.browser() as browser:
        for path in (f"/months/{MONTH}", f"/months/{MONTH}/calendar", f"/months/{MONTH}/people/666"):
            page = browser.get(path)
            assert page.status_code == 200
            assert "<script>alert" not in page.text
            assert "&lt;script&gt;alert" in page.text


def test_a_waiting_terminal_is_accepted_with_one_press(own_site: Site):
    with own_site.browser() as browser:
        page = browser.get("/terminals")
        assert f'action="/terminals/{WAITING}/accept"' in page.text
        form = {"csrf": form_token(browser, "/terminals"), "name": "西门", "zone": "+08:00"}
        assert browser.post(f"/terminals/{WAITING}/accept", data=form | {"zone": "?"}).status_code == 422
        assert browser.post(f"/terminals/{WAITING}/accept", data=form).headers["location"] == f"/terminals/{WAITING}"
        assert browser.post("/terminals/NOBODY/accept", data=form).status_code == 404
        after = browser.get("/terminals").text
    assert "/accept" not in after
    assert "西门" in after
    accepted = next(entry for entry in own_site.hall.book().terminals.accepted if entry.fact.terminal == WAITING)
    assert accepted.actor == f"user:{ADMINISTRATOR}"


def test_quarantined_readings_and_unknown_pins_are_on_the_terminals_page(browser: httpx.Client):
    page = text_of(browser.get("/terminals").text)
    assert "7777" in page
    assert "格式不对 谁 ?" in page


def test_pages_keep_out_of_caches_and_frames_and_take_no_foreign_code(browser: httpx.Client):
    answer = browser.get(f"/months/{MONTH}")
    assert answer.headers["cache-control"] == "no-store"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r'<(script|style)>|\sstyle="|\son\w+="|src="http', answer.text)
    assert browser.get("/static/base.css").headers["cache-control"].startswith("public")


def test_a_fact_told_anew_shows_every_version(own_site: Site):
    with own_site.browser() as browser:
        own_site.hall.decide(lambda draft: post(draft, no="102", name="孙可兰", window="税务窗口"), "office")
        entry = own_site.hall.book().people.postings("102")[0]
        page = text_of(browser.get(f"/facts/{entry.id}").text)
    assert page.index("第 2 版") < page.index("第 1 版")
    assert "孙可兰" in page
    assert "孙可岚" in page
