"""The register's pages: one terminal, what is asked before it is done, orders and receipts."""

import re
from collections.abc import Iterator
from datetime import date

import httpx
import pytest
from halls import do
from sites import Site, form_token, site_opened

from api.doors.secrets import TerminalSecrets
from api.jobs.carriage import keep_up
from attendance import people, pins, terminals
from attendance.carriage import MOST_REFUSALS, Order, OrderSent
from attendance.visits import PersonCarried

CARRIED = "P001"
"""A terminal whose orders these tests look at."""


@pytest.fixture(scope="module")
def open_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site_opened(tmp_path_factory.mktemp("register")) as opened:
        opened.account("supervises", "supervisor")
        do(opened.hall, terminals.accept, sn=CARRIED, name="西门")
        yield opened


@pytest.fixture
def admin(open_site: Site) -> Iterator[httpx.Client]:
    with open_site.browser("admin") as client:
        yield client


def new_terminal(site: Site, sn: str, **details: str) -> str:
    do(site.hall, terminals.accept, sn=sn, **details)
    return f"/terminals/{sn}"


def press(client: httpx.Client, path: str, page: str, **fields: object) -> httpx.Response:
    return client.post(path, data={"csrf": form_token(client, page), **fields})


def answer(site: Site, order: Order, code: int, attempt: int = 1) -> None:
    """What the terminal said to an order."""
    told = {"terminal": CARRIED, "pin": order.fact.pin, "deed": order.fact.deed, "number": order.fact.number}
    sent = OrderSent(terminal=CARRIED, number=order.fact.number, attempt=attempt)
    receipt = PersonCarried(**told, applied=code == 0, answer=str(code), attempt=attempt)
    site.hall.receive([sent, receipt], f"terminal:{CARRIED}")


def test_a_terminal_is_named_moved_and_given_to_windows(open_site: Site, admin: httpx.Client) -> None:
    path = new_terminal(open_site, "E001", name="旧名")
    told = {"name": "东门", "zone": "+07:00", "place": "一楼", "windows": ["税务窗口"], "sure": "true"}
    assert press(admin, path, path, **told).headers["location"] == path
    page = admin.get(path).text
    assert "东门" in page
    assert "UTC+07:00" in page
    assert 'value="税务窗口" checked' in page
    assert press(admin, path, path, name="东门", zone="noon").status_code == 422
    assert press(admin, path, path, name="东门", zone="", consent_rule="maybe").status_code == 422


def test_what_takes_people_off_a_terminal_is_asked_first(open_site: Site, admin: httpx.Client) -> None:
    path = new_terminal(open_site, "E002", name="东门")
    told = {"name": "东门", "zone": "+08:00", "windows": ["公安窗口"]}
    asked = press(admin, path, path, **told)
    assert asked.status_code == 200
    assert "会有 2 人从终端删除" in asked.text
    assert open_site.hall.book().terminals.placing("E002").windows == ()
    assert press(admin, path, path, **told, sure="true").status_code == 303
    assert open_site.hall.book().terminals.placing("E002").windows == ("公安窗口",)
    assert "会有 1 人" in press(admin, path, path, **told, consent_rule="required").text


def test_a_secret_path_is_shown_once(open_site: Site, admin: httpx.Client) -> None:
    path = new_terminal(open_site, "E003", family="hikvision")
    shown = press(admin, f"{path}/secret", path).text
    found = re.search(r'<code class="secret">/hikvision/([\w-]+)</code>', shown)
    assert found
    secrets = TerminalSecrets(open_site.hall.folder.keys, open_site.hall.id)
    assert secrets.owner(found[1]) == "E003"
    assert found[1] not in admin.get(path).text


def test_a_terminal_of_sheets_has_no_path_to_renew(open_site: Site, admin: httpx.Client) -> None:
    path = new_terminal(open_site, "E004", family="wecom")
    assert press(admin, f"{path}/secret", path).status_code == 422
    assert "/secret" not in admin.get(path).text


def test_suspending_owes_a_reason_and_is_shown_until_it_is_lifted(open_site: Site, admin: httpx.Client) -> None:
    path = new_terminal(open_site, "E005")
    assert press(admin, f"{path}/suspend", path, reason=" ").status_code == 422
    assert press(admin, f"{path}/suspend", path, reason="门厅装修").status_code == 303
    assert "门厅装修" in admin.get(path).text
    assert "暂停中" in admin.get("/terminals").text
    assert press(admin, f"{path}/resume", path).status_code == 303
    assert "门厅装修" not in admin.get(path).text


def test_another_address_is_bound_by_the_administrator(open_site: Site, admin: httpx.Client) -> None:
    path = new_terminal(open_site, "E006")
    assert "还没有绑定" in admin.get(path).text
    assert press(admin, f"{path}/bind", path, address="10.0.0").status_code == 422
    assert press(admin, f"{path}/bind", path, address="10.0.0.8").status_code == 303
    assert "只认来自 10.0.0.8" in admin.get(path).text


def test_replacing_shows_what_happens_before_it_does(open_site: Site, admin: httpx.Client) -> None:
    path = new_terminal(open_site, "E007", name="东门")
    do(open_site.hall, pins.assign, terminal="E007", pin="17", no="102")
    do(open_site.hall, pins.assign, terminal="E007", pin="18", no="0101", end=date(2026, 1, 31))
    wish = {"successor": "n007", "start": "2026-04-01"}
    shown = press(admin, f"{path}/replace", path, **wish).text
    assert "由 N007 接替 E007" in shown
    assert "仍有效的 1 行" in shown
    assert open_site.hall.book().terminals.known("N007") is None
    assert press(admin, f"{path}/replace", path, successor="E007", start="2026-04-01").status_code == 422
    assert press(admin, f"{path}/replace", path, successor="", start="2026-04-01").status_code == 422
    assert press(admin, f"{path}/replace", path, **wish, sure="true").status_code == 303
    assert "N007" in admin.get(path).text
    assert "E007" in admin.get("/terminals/N007").text
    again = press(admin, f"{path}/replace", "/terminals/N007", successor="N008", start="2026-04-01")
    assert again.status_code == 422


def test_orders_are_shown_with_state_answer_and_receipt(open_site: Site, admin: httpx.Client) -> None:
    terminal = open_site.hall.book().terminals.known(CARRIED)
    assert terminal is not None
    for no in ("301", "302"):
        do(open_site.hall, people.post, no=no, name=f"新人{no}", window="税务窗口")
    keep_up(open_site.hall, terminal)
    first, second = (one for one in open_site.hall.book().carriage.open(CARRIED) if one.fact.no in ("301", "302"))
    answer(open_site, first, 0)
    for attempt in range(1, MOST_REFUSALS + 1):
        answer(open_site, second, -1001, attempt)
    page = admin.get(f"/terminals/{CARRIED}/people").text
    assert "已在终端上" in page
    assert "终端人员已满" in page
    everywhere = admin.get("/terminals/orders").text
    assert "终端拒绝" in everywhere
    again = f"/terminals/{CARRIED}/orders/{second.fact.number}/again"
    assert again in everywhere
    assert press(admin, again, "/terminals/orders", back="all").headers["location"] == "/terminals/orders"
    assert "没有失败的指令" in admin.get("/terminals/orders").text
    assert press(admin, again, "/account").status_code == 422, "it waits again: there is nothing to give again"
    assert "终端回执" in admin.get(f"/terminals/people/{first.fact.no}").text


@pytest.mark.parametrize(
    "path", ["/terminals/Z9", "/terminals/Z9/pins", "/terminals/Z9/people", "/terminals/people/Z9"]
)
def test_what_is_not_registered_is_said_not_to_be(admin: httpx.Client, path: str) -> None:
    assert admin.get(path).status_code == 404


def test_the_office_sees_terminals_and_changes_none(open_site: Site) -> None:
    path = f"/terminals/{CARRIED}"
    with open_site.browser("supervises") as office:
        page = office.get(path).text
        assert "修改登记" not in page
        assert press(office, f"{path}/suspend", "/account", reason="x").status_code == 403
        assert office.get(f"{path}/pins").status_code == 200
