"""The pages of a month's life over HTTP: what they say, what they refuse, and that the command line does the same."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from click.testing import CliRunner
from halls import do
from sites import MONTH, Site, form_token, punched

from api.cli import main
from attendance import corrections

REASON = "已逐条核实"
CLOCK = ZoneInfo("Asia/Shanghai")
"""The hall's own."""


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def squeezed(html: str) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", html))


@contextmanager
def as_office(site: Site) -> Iterator[httpx.Client]:
    with site.browser("office") as client:
        yield client


@contextmanager
def as_person(site: Site, no: str = "102") -> Iterator[httpx.Client]:
    with site.browser(site.account(f"person{no}", "staff", no=no)) as client:
        yield client


def press(client: httpx.Client, page: str, path: str, **fields: Any) -> httpx.Response:
    """Send a form of a page, with everything the page itself put into it."""
    html = client.get(page).text
    seen = re.search(r'name="seen" value="(\w+)"', html)
    form = {"csrf": form_token(client, page), **({"seen": seen.group(1)} if seen else {}), **fields}
    return client.post(path, data=form)


def here(part: str) -> str:
    return f"/months/{MONTH}/{part}"


def open_review(client: httpx.Client) -> httpx.Response:
    return press(client, here("review"), here("review"))


def publish(client: httpx.Client, **fields: Any) -> httpx.Response:
    return press(client, here("publish"), here("publish"), **({"reason": REASON, "sure": "yes"} | fields))


def mend(site: Site) -> None:
    do(site.hall, corrections.approve, no="102", date=date(2026, 3, 4), session="am", mark="on", reason="停电")


def test_the_bar_says_where_the_month_stands(own_site: Site) -> None:
    with as_office(own_site) as office:
        page = office.get(f"/months/{MONTH}").text
        assert re.search(r'<li class="current" aria-current="step"><b>开放</b>', page)
        assert f'<a class="next" href="{here("review")}">下一步：转入公示核对 →</a>' in page
        assert open_review(office).status_code == 303
        page = office.get(f"/months/{MONTH}").text
        assert re.search(r'aria-current="step"><b>公示核对</b><span>异议至 \d{4}年\d+月\d+日（星期.）</span>', page)
        assert publish(office, number="〔2026〕12号").status_code == 303
        assert re.search(r'aria-current="step"><b>已通报</b><span>〔2026〕12号', office.get(f"/months/{MONTH}").text)
        assert "已通报" in office.get("/months").text


def test_what_is_unsettled_comes_first_each_with_where_it_is_settled(own_site: Site) -> None:
    with as_office(own_site) as office:
        open_review(office)
        page = office.get(here("publish")).text
        items = page.split('id="completeness"')[1].split("</section>")[0]
        assert page.index('id="completeness"') < page.index('id="publish"')
        for link in ("/terminals#pins", "/terminals#quarantine", "/terminals#waiting", here("bulletin")):
            assert f'href="{link}"' in items
        assert "2项要落实或说明" in squeezed(items)


def test_publishing_over_open_questions_without_a_reason_is_refused_on_the_page(own_site: Site) -> None:
    with as_office(own_site) as office:
        open_review(office)
        refused = publish(office, reason=" ", number="〔2026〕9号")
        assert refused.status_code == 422
        assert "还有 2 项没有落实" in refused.text
        assert 'value="〔2026〕9号"' in refused.text
        assert publish(office, sure="").status_code == 422
        assert own_site.hall.book().months.state(MONTH) == "in_review"


def test_the_second_manager_is_told_that_it_is_published(own_site: Site) -> None:
    with as_office(own_site) as office, own_site.browser(own_site.account("zhou", "director")) as other:
        open_review(office)
        page = other.get(here("publish")).text
        form = {"csrf": form_token(other, here("publish")), "reason": REASON, "sure": "yes"}
        form["seen"] = re.search(r'name="seen" value="(\w+)"', page).group(1)  # type: ignore[union-attr]
        assert publish(office).status_code == 303
        late = other.post(here("publish"), data=form)
        assert late.status_code == 422
        assert "2026-03 已经通报，不再改动" in late.text


def test_what_moved_after_the_page_was_opened_is_not_published(own_site: Site) -> None:
    with as_office(own_site) as office:
        open_review(office)
        page = office.get(here("publish")).text
        form = {"csrf": form_token(office, here("publish")), "reason": REASON, "sure": "yes"}
        form["seen"] = re.search(r'name="seen" value="(\w+)"', page).group(1)  # type: ignore[union-attr]
        mend(own_site)
        refused = office.post(here("publish"), data=form)
        assert refused.status_code == 422
        assert "在您打开页面之后变了" in refused.text
        assert "补卡" in text_of(office.get(here("differences")).text)
        assert "公示以后结果有变化" in office.get(here("bulletin")).text


def test_a_month_that_is_not_over_says_so(own_site: Site) -> None:
    today = datetime.now(CLOCK).date()
    own_site.hall.receive([punched("102", datetime(today.year, today.month, today.day, 8, 1))], "terminal:A001")
    month = f"{today:%Y-%m}"
    with as_office(own_site) as office:
        for path in ("review", "publish"):
            assert "本月还没有结束" in office.get(f"/months/{month}/{path}").text
        form = {"csrf": form_token(office, f"/months/{month}/publish"), "sure": "yes", "reason": REASON}
        assert office.post(f"/months/{month}/review", data=form).status_code == 422
        refused = office.post(f"/months/{month}/publish", data=form)
    assert refused.status_code == 422
    assert "才结束" in refused.text


def test_a_person_objects_sees_the_answer_and_agrees(own_site: Site) -> None:
    with as_office(own_site) as office, as_person(own_site) as person:
        open_review(office)
        mine = f"/months/{MONTH}/people/102"
        assert person.get("/me").headers["location"] == mine
        assert "异议截止" in person.get(mine).text
        chosen = person.get(mine, params={"about": "2026-03-04"}).text
        assert '<option value="2026-03-04" selected>' in chosen
        told = {"about": "2026-03-04", "text": "<b>终端</b>停电"}
        assert press(person, mine, f"{mine}/objections", **told).status_code == 303
        page = office.get(here("review")).text
        assert "&lt;b&gt;终端&lt;/b&gt;停电" in page
        path = re.search(r'action="(/months/[^"]*/objections/[^"]+)"', page)
        assert path
        assert press(office, here("review"), path.group(1), verdict="upheld", answer="").status_code == 422
        answered = press(office, here("review"), path.group(1), verdict="upheld", answer="属实，予以补卡")
        assert answered.status_code == 303
        hers = text_of(person.get(mine).text)
        assert "成立" in hers
        assert "属实，予以补卡" in hers
        assert press(person, mine, f"{mine}/confirm").status_code == 303
        assert "已确认本月结果" in person.get(mine).text
        assert "1 / " in office.get(here("review")).text


def test_nobody_agrees_or_objects_for_somebody_else_or_answers_themselves(own_site: Site) -> None:
    both = own_site.account("zheng", "staff", "supervisor", no="102")
    with as_office(own_site) as office, as_person(own_site, "0101") as person, own_site.browser(both) as herself:
        open_review(office)
        token = {"csrf": form_token(person, f"/months/{MONTH}/people/0101")}
        for path in ("confirm", "objections"):
            assert person.post(f"/months/{MONTH}/people/102/{path}", data=token | {"text": "x"}).status_code == 403
            assert office.post(f"/months/{MONTH}/people/102/{path}", data={"text": "x"}).status_code == 403
        mine = f"/months/{MONTH}/people/102"
        assert press(herself, mine, f"{mine}/objections", text="我在岗").status_code == 303
        path = re.search(r'action="(/months/[^"]*/objections/[^"]+)"', herself.get(here("review")).text)
        assert path
        refused = press(herself, here("review"), path.group(1), verdict="upheld", answer="同意")
        assert refused.status_code == 422
        assert "不能答复自己提出的异议" in refused.text


def test_a_persons_day_says_what_it_cost_and_by_which_rule(own_site: Site) -> None:
    with as_person(own_site) as person:
        page = person.get(f"/months/{MONTH}/people/102").text
        fourth = squeezed(re.search(r'<tbody id="d04">.*?</tbody>', page, re.DOTALL).group())  # type: ignore[union-attr]
        assert "迟到−1依据" in fourth
        assert "1–10分钟扣1分" in fourth
        assert "共2人" in squeezed(page)


def test_an_account_without_a_number_is_told_so(own_site: Site) -> None:
    with as_office(own_site) as office:
        assert "没有对应的工号" in office.get("/me").text


def test_after_publication_the_differences_and_their_facts_are_shown_and_corrected(own_site: Site) -> None:
    with as_office(own_site) as office:
        open_review(office)
        publish(office, number="〔2026〕12号")
        assert "与通报的完全一样" in office.get(here("differences")).text
        mend(own_site)
        page = squeezed(office.get(here("differences")).text)
        assert "迟到孙可岚3月4日（周三）上午迟到9分（没有）" in page
        assert "补卡孙可岚" in page
        listed = office.get(f"/months/{MONTH}").text
        assert "3月4日" in listed.split('id="lateness"')[1].split("<h3")[0]
        amend = {"sure": "yes", "number": "〔2026〕13号"}
        assert press(office, here("differences"), here("amend"), reason=" ", **amend).status_code == 422
        assert press(office, here("differences"), here("amend"), reason="补卡获批", **amend).status_code == 303
        page = squeezed(office.get(here("differences")).text)
        assert "更正通报〔2026〕13号" in page
        assert "补卡获批" in page
        assert "与通报的完全一样" in page


def test_a_published_month_shows_a_person_what_is_known_now_beside_it(own_site: Site) -> None:
    with as_office(own_site) as office, as_person(own_site) as person:
        open_review(office)
        publish(office)
        mend(own_site)
        page = person.get(f"/months/{MONTH}/people/102").text
        assert "本月已经通报，通报的内容不变" in page
        assert 'action="/months' not in page


def test_the_bulletin_is_edited_reviewed_signed_and_taken_away(own_site: Site) -> None:
    with as_office(own_site) as office, own_site.browser(own_site.account("zhou", "director")) as other:
        page = office.get(here("bulletin")).text
        assert "孙可岚" in page
        section = here("bulletin/sections/closing")
        assert press(office, here("bulletin"), section, text="请各窗口\n<i>整改</i>").status_code == 303
        assert "请各窗口\n&lt;i&gt;整改&lt;/i&gt;</textarea>" in office.get(here("bulletin")).text
        assert press(office, here("bulletin"), here("bulletin/drafted")).status_code == 303
        own = press(office, here("bulletin"), here("bulletin/reviewed"))
        assert own.status_code == 422
        assert 'role="alert"' in own.text
        assert press(other, here("bulletin"), here("bulletin/reviewed")).status_code == 303
        assert press(other, here("bulletin"), here("bulletin/signed")).status_code == 303
        assert "通报稿未签发" not in office.get(here("publish")).text
        taken = press(office, here("bulletin"), here("bulletin/file"), format="xlsx", reason="归档")
        assert taken.content[:2] == b"PK"
        assert taken.headers["content-disposition"].endswith('.xlsx"')
        open_review(office)
        publish(office)
        page = office.get(here("bulletin")).text
        assert "已通报，文字不再改动" in page
        assert "<textarea" not in page


def test_a_watermark_says_who_and_when(own_site: Site) -> None:
    with as_office(own_site) as office:
        assert '<img class="watermark" src="/watermark.svg" alt="">' in office.get(f"/months/{MONTH}").text
        mark = office.get("/watermark.svg")
        assert mark.headers["content-type"] == "image/svg+xml"
        assert mark.headers["cache-control"] == "no-store"
        assert re.search(rf">office {datetime.now(CLOCK):%Y}-\d\d-\d\d \d\d:\d\d</text>", mark.text)
    with own_site.stranger() as stranger:
        assert stranger.get("/watermark.svg").status_code == 303
        assert "watermark" not in stranger.get("/sign-in").text


@pytest.mark.parametrize("page", ["review", "publish", "differences", "bulletin"])
def test_pages_of_the_office_are_closed_to_staff(site: Site, page: str) -> None:
    with as_person(site) as person:
        assert person.get(here(page)).status_code == 403
        assert f'href="{here(page)}"' not in person.get(f"/months/{MONTH}").text


def test_a_form_of_another_site_moves_no_month(own_site: Site) -> None:
    with as_office(own_site) as office:
        for path in ("review", "publish", "amend", "bulletin/drafted"):
            assert office.post(here(path), data={"reason": REASON, "sure": "yes"}).status_code == 403
    assert own_site.hall.book().months.state(MONTH) == "open"


def test_the_command_line_and_the_pages_do_the_same(own_site: Site) -> None:
    data = str(own_site.hall.folder.data)

    def run(*words: str) -> Any:
        return CliRunner().invoke(main, ["--data", data, *words])

    with as_office(own_site) as office:
        assert json.loads(run("review", MONTH, "--json").stdout)["state"] == "in_review"
        assert "第 1 次公示" in office.get(here("review")).text
        refused = run("publish", MONTH)
        assert refused.exit_code == 1
        assert "还有 2 项没有落实" in refused.output
        assert publish(office).status_code == 303
        again = run("publish", MONTH, "--reason", REASON)
        assert again.exit_code == 1
        assert "已经通报" in again.output
        mend(own_site)
        assert run("amend", MONTH, "--reason", "补卡").exit_code == 0
        assert "与通报的完全一样" in office.get(here("differences")).text


def test_unknown_pins_and_readings_set_aside_are_settled_on_the_page(own_site: Site) -> None:
    with as_office(own_site) as office:
        page = office.get("/terminals").text
        reading = re.search(r'action="(/terminals/readings/[^"]+)"', page)
        assert reading
        pin = {"terminal": "A001", "pin": "7777"}
        refused = press(office, "/terminals", "/terminals/pins", **pin, no="555")
        assert refused.status_code == 422
        assert "没有工号为“555”的人员" in refused.text
        assert press(office, "/terminals", reading.group(1), reason=" ").status_code == 422
        assert press(office, "/terminals", "/terminals/pins", **pin, no="102").status_code == 303
        assert press(office, "/terminals", reading.group(1), reason="终端内存损坏").status_code == 303
        assert "每个 PIN 都知道是谁" in office.get("/terminals").text
        assert "已核，不算" in office.get("/terminals").text
        open_review(office)
        assert "0项要落实或说明" in squeezed(office.get(here("publish")).text)
        assert publish(office, reason="").status_code == 303
        nowhere = reading.group(1)[:-12] + "0" * 12
        assert press(office, "/terminals", nowhere, reason="没有").status_code == 422
    assert "终端内存损坏".encode() not in b"".join(row.state for row in own_site.hall.store.read(0, 1000))
