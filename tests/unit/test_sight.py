"""What a scope hides is nowhere: not on a page, not in the interface, not behind a fact."""

import httpx
import pytest
from sites import MONTH, Site

NAMES = {"0101": "钱桐雅", "102": "孙可岚", "9001": "李若茗"}


@pytest.fixture(params=["page", "program"])
def as_staff(site: Site, request: pytest.FixtureRequest):
    """孙可岚 (102), in a browser and as a program."""
    name = site.account("sun", "staff", no="102")
    if request.param == "program":
        with site.program(name) as client:
            yield client
    else:
        with site.browser(name) as client:
            yield client


@pytest.fixture
def as_contact(site: Site):
    """The contact of 税务局, which posted 0101 and 9001."""
    with site.program(site.account("tax", "unit_contact", unit="税务局")) as client:
        yield client


def numbers(body: dict, key: str) -> set[str]:
    return {row["no"] for row in body[key]}


def test_a_person_gets_their_own_rows_alone(as_staff: httpx.Client):
    month = as_staff.get(f"/api/v1/months/{MONTH}").json()
    for key in ("off_the_list", "lateness", "ranking", "findings"):
        assert numbers(month, key) == {"102"}, key
    assert (month["full_attendance"], month["windows"], month["open_questions"]) == ([], [], [])
    assert {row["no"] for row in as_staff.get(f"/api/v1/months/{MONTH}/days").json()} == {"102"}
    for no in ("0101", "101", "9001", "555"):
        assert as_staff.get(f"/api/v1/days?month={MONTH}&no={no}").status_code == 403, no


def test_no_page_tells_a_person_anything_of_others(site: Site):
    with site.browser(site.account("sun", "staff", no="102")) as browser:
        for path in (f"/months/{MONTH}", f"/months/{MONTH}/calendar", f"/months/{MONTH}/people/102", "/me/changes"):
            page = browser.get(path)
            assert page.status_code == 200, path
            assert NAMES["0101"] not in page.text, path
            assert NAMES["9001"] not in page.text, path
        for path in (f"/months/{MONTH}/people/0101", f"/months/{MONTH}/people/0101/arithmetic", "/terminals", "/audit"):
            answer = browser.get(path)
            assert answer.status_code == 403, path
            assert NAMES["0101"] not in answer.text


def test_a_unit_contact_gets_the_units_people_and_windows(as_contact: httpx.Client):
    month = as_contact.get(f"/api/v1/months/{MONTH}").json()
    assert numbers(month, "full_attendance") == {"0101"}
    assert numbers(month, "lateness") == {"9001"}
    assert numbers(month, "ranking") | numbers(month, "unranked") <= {"0101", "9001"}
    assert {row["window"] for row in month["windows"]} == {"税务窗口"}
    assert {row["no"] for row in as_contact.get(f"/api/v1/months/{MONTH}/days").json()} == {"0101", "9001"}


def test_a_fact_opens_for_whom_it_is_about(site: Site, as_contact: httpx.Client):
    with site.program() as everybody:
        month = everybody.get(f"/api/v1/months/{MONTH}").json()
    hers = next(row for row in month["lateness"] if row["no"] == "102")["evidence"][0]
    reliefs = next(row for row in month["lateness"] if row["no"] == "9001")["evidence"][0]
    with site.program(site.account("sun", "staff", no="102")) as sun:
        assert sun.get(f"/api/v1/facts/{hers}").status_code == 200
        assert sun.get(f"/api/v1/facts/{reliefs}").status_code == 403
    assert as_contact.get(f"/api/v1/facts/{reliefs}").status_code == 200
    assert as_contact.get(f"/api/v1/facts/{hers}").status_code == 403


def test_rules_and_calendar_are_everybodys_and_accounts_are_not(site: Site):
    book = site.hall.book()
    policy = next(iter(book.policies)).id
    account = next(e.id for row in site.hall.store.read_decisions(0) if (e := row.entry()).fact.topic == "account.set")
    with site.program(site.account("sun", "staff", no="102")) as sun:
        assert sun.get(f"/api/v1/facts/{policy}").status_code == 200
        assert sun.get(f"/api/v1/facts/{account}").status_code == 403


def test_somebody_linked_to_nobody_sees_nobody(site: Site):
    with site.program(site.account("nobody", "inspector")) as client:
        month = client.get(f"/api/v1/months/{MONTH}").json()
        assert (month["ranking"], month["lateness"], month["full_attendance"]) == ([], [], [])
        assert client.get(f"/api/v1/months/{MONTH}/days").json() == []
