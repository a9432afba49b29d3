"""Signing in over real HTTP, and what happens to everybody who has not."""

from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute
from sites import EXAMPLES, MONTH, Site, form_token, sign_in, site_opened
from starlette.routing import Mount, Route

from api.app import ROUTERS

SHELL = {
    f"/terminal{path}"
    for path in ("", "/", "/worker.js", "/reader.js", "/manifest.webmanifest", "/state", "/pairing", "/pairing/claim")
}
"""The face terminal's page before it is paired: it shows a code to type in, and nobody."""
OPEN = SHELL | {"/healthz", "/readyz", "/metrics", "/sign-in", "/trust", "/trust/ca.crt", "/trust/ca.cer"}
"""What answers without signing in, besides the terminals' doors and the static files."""


def routes() -> Iterator[tuple[str, str]]:
    for router in ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            yield from ((method, route.path.format(**EXAMPLES)) for method in sorted(route.methods))


def test_every_route_is_found_by_the_walk(site: Site):
    paths = {path for _, path in routes()}
    assert {"/months", f"/months/{MONTH}/people/102", f"/api/v1/months/{MONTH}", "/terminals/B777/accept"} <= paths
    others = [route.path for route in site.server.app.routes if isinstance(route, Route | Mount)]
    assert others == ["/static"]
    assert len(site.server.app.routes) == len(ROUTERS) + len(others)


def test_no_page_and_no_interface_answers_without_signing_in(site: Site):
    with site.stranger() as stranger:
        for method, path in routes():
            if path in OPEN:
                continue
            answer = stranger.request(method, path)
            if path.startswith("/api/"):
                assert answer.status_code in (401, 403), (method, path)
            else:
                assert answer.status_code in (303, 401, 403), (method, path)
            assert "孙可岚" not in answer.text


def test_a_page_sends_to_sign_in_and_back_to_where_one_was_going(site: Site):
    with site.stranger() as browser:
        asked = browser.get(f"/months/{MONTH}?as_of=3")
        assert asked.status_code == 303
        assert asked.headers["location"] == f"/sign-in?next=%2Fmonths%2F{MONTH}%3Fas_of%3D3"
        answer = sign_in(browser, site.password, next=f"/months/{MONTH}?as_of=3")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/months/{MONTH}?as_of=3")


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"])
def test_signing_in_never_leads_to_another_site(site: Site, elsewhere: str):
    with site.stranger() as browser:
        assert sign_in(browser, site.password, next=elsewhere).headers["location"] == "/"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(site: Site):
    with site.stranger() as browser:
        cookie = sign_in(browser, site.password).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_signing_out_ends_the_session_and_not_only_the_cookie(site: Site):
    with site.browser() as browser:
        kept = dict(browser.cookies)
        answer = browser.post("/sign-out", data={"csrf": form_token(browser, "/months")})
        assert answer.headers["location"] == "/sign-in"
        browser.cookies.update(kept)
        assert browser.get("/months").status_code == 303


@pytest.mark.parametrize("token", ["", "0" * 64])
def test_a_form_without_its_own_token_is_refused(site: Site, token: str):
    with site.browser() as browser:
        for path in ("/sign-out", "/account", "/terminals/B777/accept"):
            assert browser.post(path, data={"csrf": token}).status_code == 403
        assert browser.get("/months").status_code == 200
    assert [entry.fact.terminal for entry in site.hall.book().terminals.waiting()] == ["B777"]


def test_a_form_sent_by_another_site_is_refused_even_with_the_token(site: Site):
    with site.browser() as browser:
        form = {"csrf": form_token(browser, "/months")}
        assert browser.post("/sign-out", data=form, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_another_browsers_token_is_no_good(site: Site):
    with site.browser() as mine, site.browser() as yours:
        assert mine.post("/sign-out", data={"csrf": form_token(yours, "/months")}).status_code == 403


def test_a_program_signs_in_with_every_request(site: Site):
    with site.program() as program:
        assert program.get("/api/v1/months").json() == [MONTH]
    with site.stranger() as stranger:
        answer = stranger.get("/api/v1/months")
        assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
        assert answer.headers["www-authenticate"].startswith("Basic")
        assert stranger.get("/api/v1/months", headers={"Authorization": "Basic !"}).status_code == 401


def test_five_wrong_passwords_lock_the_account_for_people_and_programs(own_site: Site):
    with own_site.program() as program, own_site.stranger() as browser:
        assert program.get("/api/v1/months").status_code == 200
        answers = [sign_in(browser, f"wrong {number}") for number in range(5)]
        assert [answer.status_code for answer in answers] == [401] * 5
        assert "密码不对" in answers[3].text
        assert "已锁定" in answers[4].text
        assert "已锁定" in sign_in(browser, own_site.password).text
        assert program.get("/api/v1/months").status_code == 423


def test_a_program_with_a_wrong_password_is_told_so(own_site: Site):
    with own_site.stranger() as program:
        answer = program.get("/api/v1/months", auth=("admin", "wrong"))
        assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_wrong")


def test_an_address_that_fails_too_often_has_to_wait(tmp_path):
    with site_opened(tmp_path, failures_per_address=3) as site, site.stranger() as browser:
        for number in range(3):
            sign_in(browser, f"wrong {number}", name=f"nobody {number}")
        answer = sign_in(browser, site.password)
        assert answer.status_code == 401
        assert "试错太多" in answer.text
        program = browser.get("/api/v1/months", auth=("admin", site.password))
        assert program.status_code == 429
        assert int(program.headers["retry-after"]) > 200


def test_a_changed_password_ends_other_sessions_and_goes_on_in_this_one(own_site: Site):
    with own_site.browser() as here, own_site.browser() as there:
        form = {"csrf": form_token(here, "/account"), "old": own_site.password, "new": "满勤满勤台账春夏秋冬"}
        assert "两遍新密码不一样" in here.post("/account", data=form | {"again": "different one"}).text
        assert here.post("/account", data=form | {"again": form["new"]}).status_code == 303
        assert here.get("/account?changed=1").status_code == 200
        assert there.get("/months").status_code == 303
    with own_site.stranger() as program:
        assert program.get("/api/v1/months", auth=("admin", own_site.password)).status_code == 401
