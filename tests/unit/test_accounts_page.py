"""The accounts over real HTTP: making them, first passwords, roles, second factors, sessions that end."""

import re
import time
from base64 import b32decode

import httpx
import pytest
from sites import MONTH, Site, form_token, sign_in

from api.second_factor import STEP_SECONDS, code


def made_password(answer: httpx.Response) -> str:
    found = re.search(r'<code class="secret">([^<]+)</code>', answer.text)
    assert found, answer.text
    return found[1]


def make(site: Site, **fields: object) -> httpx.Response:
    with site.browser("security") as browser:
        return browser.post("/accounts", data={"csrf": form_token(browser, "/accounts"), **fields})


def test_a_first_password_opens_nothing_until_it_is_changed(own_site: Site):
    password = made_password(make(own_site, name="zhou", roles=["supervisor"], reason="新任督查"))
    with own_site.stranger() as browser:
        assert sign_in(browser, password, name="zhou").headers["location"] == "/"
        for path in ("/", "/months", f"/months/{MONTH}", "/terminals"):
            assert browser.get(path, follow_redirects=True).url.path == "/account", path
        assert browser.get(f"/api/v1/months/{MONTH}").status_code == 403
        form = {"csrf": form_token(browser, "/account"), "old": password, "new": "春眠不觉晓", "again": "春眠不觉晓"}
        assert "太短" in browser.post("/account", data=form).text
        form |= {"new": "春眠不觉晓处处闻啼鸟", "again": "春眠不觉晓处处闻啼鸟"}
        assert browser.post("/account", data=form).headers["location"] == "/"
        assert browser.get(f"/months/{MONTH}").status_code == 200
    with own_site.stranger() as program:
        assert program.get("/api/v1/months", auth=("zhou", password)).status_code == 401
    entry = next(e for e in own_site.hall.store.read_decisions(0) if b'"zhou"' in e.state)
    assert entry.actor == "user:security"


def test_a_program_may_not_use_a_password_that_was_handed_out(own_site: Site):
    password = made_password(make(own_site, name="robot", roles=["supervisor"]))
    with own_site.stranger() as program:
        answer = program.get("/api/v1/months", auth=("robot", password))
    assert (answer.status_code, answer.json()["code"]) == (403, "password_to_change")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": "Zhou", "roles": ["staff"]}, "小写英文字母"),
        ({"name": "admin", "roles": ["staff"]}, "已经有了"),
        ({"name": "zhou"}, "没有“”这种角色"),
        ({"name": "zhou", "roles": ["auditor", "security_admin"]}, "三员分立"),
        ({"name": "zhou", "roles": ["staff"], "no": "777"}, "没有工号为“777”"),
        ({"name": "zhou", "roles": ["unit_contact"]}, "要写明是哪个派驻单位"),
        ({"name": "zhou", "roles": ["unit_contact"], "unit": "海关"}, "海关"),
    ],
)
def test_a_wrong_account_is_refused_in_a_sentence_and_not_made(site: Site, fields: dict[str, object], sentence: str):
    before = [account.name for account in site.server.accounts.all()]
    answer = make(site, **fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert [account.name for account in site.server.accounts.all()] == before


def test_the_last_security_administrator_stays(own_site: Site):
    with own_site.browser("security") as browser:
        form = {"csrf": form_token(browser, "/accounts"), "roles": ["security_admin"], "disabled": "true"}
        assert "最后一个" in browser.post("/accounts/security", data=form).text


def test_a_disabled_account_is_out_at_once_and_stays_out(own_site: Site):
    own_site.account("zhou", "supervisor")
    with own_site.browser("zhou") as hers, own_site.browser("security") as browser:
        form = {"csrf": form_token(browser, "/accounts"), "roles": ["supervisor"], "disabled": "true"}
        assert browser.post("/accounts/zhou", data=form).status_code == 303
        assert hers.get("/months").status_code == 303
        assert sign_in(hers, own_site.passwords["zhou"], name="zhou").status_code == 401


def test_a_stolen_cookie_is_dead_once_its_session_was_ended(own_site: Site):
    with own_site.browser("office") as hers, own_site.stranger() as thief, own_site.browser("security") as browser:
        thief.cookies.update(hers.cookies)
        assert thief.get("/months").status_code == 200
        page = browser.get("/accounts/office").text
        ends = re.findall(r'action="(/accounts/office/sessions/\d+/end)"', page)
        browser.post(ends[0], data={"csrf": form_token(browser, "/accounts")})
        assert thief.get("/months").status_code == 303


def set_up(browser: httpx.Client) -> tuple[bytes, list[str]]:
    """Turn the second factor on; the secret and the recovery codes."""
    page = browser.get("/account/second-factor").text
    assert "<svg" in page
    secret = b32decode(re.findall(r'class="secret">([A-Z2-7]+)<', page)[0])
    given = code(secret, int(time.time() // STEP_SECONDS))
    answer = browser.post("/account/second-factor", data={"csrf": form_token(browser, "/account"), "code": given})
    codes = re.findall(r"<li><code>([^<]+)</code>", answer.text)
    assert len(codes) == 8, answer.text
    return secret, codes


def test_a_second_factor_is_asked_for_and_each_code_is_good_once(own_site: Site):
    with own_site.browser("office") as browser:
        secret, codes = set_up(browser)
        assert browser.get("/months").status_code == 200
    with own_site.stranger() as browser:
        assert (
            sign_in(browser, own_site.passwords["office"], name="office").headers["location"]
            == "/sign-in/code?next=%2F"
        )
        assert browser.get("/months").headers["location"] == "/sign-in/code"
        assert browser.get(f"/api/v1/months/{MONTH}").status_code == 403
        used = code(secret, int(time.time() // STEP_SECONDS))
        form = {"csrf": form_token(browser, "/sign-in/code"), "next": "/months"}
        assert "不对，或已经用过" in browser.post("/sign-in/code", data=form | {"code": used}).text
        assert browser.post("/sign-in/code", data=form | {"code": codes[0].upper()}).headers["location"] == "/months"
        assert browser.get("/months").status_code == 200
    with own_site.stranger() as browser:
        sign_in(browser, own_site.passwords["office"], name="office")
        form = {"csrf": form_token(browser, "/sign-in/code")}
        assert browser.post("/sign-in/code", data=form | {"code": codes[0]}).status_code == 401
    with own_site.program("office") as program:
        assert program.get("/api/v1/months").json()["code"] == "second_factor_no_program"


def test_a_code_that_nobody_asked_for_is_wrong(site: Site):
    with site.browser("office") as browser:
        form = {"csrf": form_token(browser, "/account"), "code": "123456"}
        assert browser.post("/sign-in/code", data=form).status_code == 401


def test_everybody_begins_at_the_place_of_their_role(site: Site):
    site.account("sun", "staff", no="102")
    for name, place in (("office", "/months"), ("security", "/accounts"), ("auditor", "/audit"), ("sun", "/me")):
        with site.browser(name) as browser:
            assert browser.get("/").headers["location"] == place


def test_five_wrong_codes_lock_like_five_wrong_passwords(own_site: Site):
    with own_site.browser("office") as browser:
        set_up(browser)
    with own_site.stranger() as browser:
        sign_in(browser, own_site.passwords["office"], name="office")
        form = {"csrf": form_token(browser, "/sign-in/code"), "code": "000000"}
        texts = [browser.post("/sign-in/code", data=form).text for _ in range(5)]
    assert "已锁定" in texts[-1]
    assert "已锁定" not in texts[-2]
