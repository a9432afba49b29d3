"""The page that says what to type into a terminal, and shows that it has called."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sites import Site, form_token, site_opened

from api.pages.connect import MAKES, addresses_of, steps_of
from api.settings import Settings
from devices.dahua.simulator import SimulatedTerminal


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site_opened(tmp_path_factory.mktemp("connect")) as opened:
        yield opened


@pytest.fixture
def browser(site: Site) -> Iterator[httpx.Client]:
    with site.browser("admin") as client:
        yield client


def port_of(site: Site) -> int:
    return int(site.server.terminals_address.rpartition(":")[2])


def test_the_address_and_the_port_stand_in_every_makes_steps(site: Site, browser: httpx.Client):
    page = browser.get("/connect").text
    assert page.count(f"端口填 {port_of(site)}") == len(MAKES)
    assert page.count("地址填 127.0.0.1") == 2
    assert "目的 IP 填 127.0.0.1" in page


def test_a_secret_path_is_shown_once_and_lets_the_terminal_in(site: Site, browser: httpx.Client):
    form = {"csrf": form_token(browser, "/connect"), "family": "dahua", "sn": "dh1", "name": "南门"}
    path = re.search(r">(/dahua/[\w-]+)<", browser.post("/connect/terminals", data=form).text)
    assert path
    terminal = SimulatedTerminal("DH1", "127.0.0.1", port_of(site), path[1].rpartition("/")[2])
    assert terminal.keepalive().status == 200
    page = browser.get("/connect").text
    assert path[1] not in page
    assert 'href="/terminals/DH1"' in page
    calls = page.split('id="calls"')[1].split("</section>")[0]
    assert "DH1" in calls
    assert "正常，刚来过" in calls
    again = browser.post("/connect/terminals", data=form)
    assert (again.status_code, "DH1 已经登记过" in again.text) == (422, True)


def test_a_stranger_that_called_is_shown_with_what_to_do(site: Site, browser: httpx.Client):
    httpx.get(f"{site.server.terminals_address}/iclock/cdata", params={"SN": "NEU1", "options": "all"})
    calls = browser.get("/connect").text.split('id="calls"')[1]
    assert "NEU1" in calls
    assert "等待登记" in calls


def test_what_a_stranger_says_of_itself_is_text_on_every_page(site: Site, browser: httpx.Client):
    said = {"SN": "NEU2", "options": "all", "pushver": "<script>alert(1)</script>", "DeviceType": "<b>"}
    httpx.get(f"{site.server.terminals_address}/iclock/cdata", params=said)
    for path in ("/terminals", "/connect"):
        page = browser.get(path).text
        assert "NEU2" in page
        assert "alert(1)<" not in page
        assert "<b>" not in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"sn": ""}, "序列号"),
        ({"sn": "a b"}, "序列号"),
        ({"sn": "X1", "zone": "noon"}, "noon"),
        ({"sn": "X1", "family": "zkteco"}, "zkteco"),
    ],
)
def test_wrong_input_ends_in_a_sentence(browser: httpx.Client, fields: dict, sentence: str):
    form = {"csrf": form_token(browser, "/connect"), "family": "dahua"} | fields
    answer = browser.post("/connect/terminals", data=form)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_who_only_looks_registers_nothing(site: Site):
    with site.browser("office") as office:
        page = office.get("/connect").text
        assert "/connect/terminals" not in page
        form = {"csrf": form_token(office, "/uploads"), "family": "dahua", "sn": "DH2"}
        assert office.post("/connect/terminals", data=form).status_code == 403


@pytest.mark.parametrize("make", MAKES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_make_has_its_steps(make: str, language: str):
    steps = steps_of(make, language, {"address": "10.0.0.5", "port": 8080})  # type: ignore[arg-type]
    assert len(steps) == 5
    assert any("10.0.0.5" in step and "8080" in step for step in steps)
    assert not any("{" in step for step in steps)


def test_only_addresses_in_the_network_are_told():
    assert addresses_of(Settings(data=Path(), host="10.9.8.7")) == ["10.9.8.7"]
    assert not any(one.startswith("127.") for one in addresses_of(Settings(data=Path())))
