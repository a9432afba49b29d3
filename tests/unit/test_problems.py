"""What goes wrong is said in a sentence: problem details for programs, a page for people."""

import pytest
from sites import MONTH, Site

NOBODY = "00000000-0000-5000-8000-000000000000"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/v1/months/2031-01", 409, "calendar_year_unknown"),
        ("/api/v1/months/2026-13", 422, "request_wrong"),
        ("/api/v1/months/March", 422, "request_wrong"),
        (f"/api/v1/months/{MONTH}?as_of=tomorrow", 422, "as_of_wrong"),
        (f"/api/v1/months/{MONTH}?as_of=99999999", 422, "as_of_unknown"),
        (f"/api/v1/months/{MONTH}/days?no=555", 422, "person_unknown"),
        ("/api/v1/days", 422, "request_wrong"),
        (f"/api/v1/facts/{NOBODY}", 404, "fact_unknown"),
        ("/api/v1/facts/x", 422, "request_wrong"),
        ("/api/v1/nothing", 404, "page_unknown"),
    ],
)
def test_a_program_gets_problem_details(site: Site, path: str, status: int, code: str):
    with site.program() as program:
        answer = program.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    problem = answer.json()
    assert problem["type"] == f"urn:manqin:problem:{code}"
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["instance"] == path.partition("?")[0]
    assert problem["detail"].endswith("。")
    assert "{" not in problem["detail"]
    assert "page." not in problem["detail"]


def test_the_sentence_is_in_the_language_asked_for(site: Site):
    with site.program() as program:
        assert "Nothing" not in program.get(f"/api/v1/facts/{NOBODY}").json()["detail"]
        assert program.get(f"/api/v1/facts/{NOBODY}?lang=en").json()["detail"].startswith("The log holds no record")


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/months/2026-01", 404, "2026-01 没有任何记录"),
        ("/months/2026-99", 422, "请求里这一项不对：month"),
        (f"/months/{MONTH}/people/555", 404, "没有工号为“555”的人员"),
        (f"/facts/{NOBODY}", 404, "事件簿里没有编号"),
        ("/nothing", 404, "没有这个页面"),
    ],
)
def test_a_person_gets_a_page_that_says_it(site: Site, path: str, status: int, sentence: str):
    with site.browser() as browser:
        answer = browser.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert sentence in answer.text
    assert 'href="/"' in answer.text


def test_a_surprise_tells_nothing_of_the_inside(own_site: Site, monkeypatch: pytest.MonkeyPatch, caplog):
    def broken(*_: object) -> None:
        raise RuntimeError("secret of the inside")

    monkeypatch.setattr(own_site.server.ledger, "months", broken)
    with own_site.program() as program:
        answer = program.get("/api/v1/months")
    assert (answer.status_code, answer.json()["code"]) == (500, "surprise")
    assert "secret" not in answer.text


def test_the_wrong_method_is_a_problem_too(site: Site):
    with site.program() as program:
        answer = program.delete("/api/v1/months")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_wrong")
