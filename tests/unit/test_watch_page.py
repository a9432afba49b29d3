"""The pages of the watch, of runs and of everything left open; the same at the command line."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from halls import do
from sites import Site, form_token, site_opened

from api.cli import main
from api.doors.contacts import Measured, contacts_of
from api.doors.ways import Ways
from api.jobs.pulls import visits_of
from api.pages.spans import ago_text, length_text, shift_text
from attendance import terminals, watch
from attendance.facts import Refused

NOW = datetime.now(UTC)
PASSWORD = "plum-blossom-9"


def calling(site: Site, sn: str, ago: timedelta) -> None:
    contact = contacts_of(site.hall).met(sn, "10.0.0.5", NOW - ago)
    contact.beats.extend(NOW - ago - timedelta(minutes=10 * n) for n in range(4, -1, -1))


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Five terminals, each in another state."""
    with site_opened(tmp_path_factory.mktemp("watched")) as site:
        furnish(site)
        yield site


def furnish(site: Site) -> None:
    hall = site.hall
    for sn, family in (("H100", "hikvision"), ("D200", "dahua"), ("Z300", ""), ("Z400", "")):
        do(hall, terminals.accept, sn=sn, family=family, name=f"{sn}号机")
    contacts_of(hall).since = NOW - timedelta(hours=9)
    calling(site, "A001", timedelta(hours=3))
    for sn, behind in (("Z300", 95), ("Z400", 2)):
        calling(site, sn, timedelta())
        contacts_of(hall).of(sn).measured = Measured(NOW, timedelta(seconds=behind))  # type: ignore[union-attr]
    contacts_of(hall).of("Z400").told["attlogcount"] = "12"  # type: ignore[union-attr]


def test_trouble_comes_first_and_says_since_when_and_how_much(watched: Site) -> None:
    with watched.browser("office") as browser:
        page = browser.get("/watch").text
    order = [page.index(f'href="/watch/{sn}"') for sn in ("A001", "Z300", "Z400", "D200")]
    assert order == sorted(order)
    for told in ("5 台终端需要看一看", "失去联系", "时钟不准", "慢 1 分 35 秒", "终端自报 12 条，收到 0 条，差 12 条"):
        assert told in page, told


def test_the_hall_is_told_how_to_call_a_terminal_and_never_shows_the_password(watched: Site) -> None:
    with watched.browser("admin") as browser:
        token = form_token(browser, "/watch/H100")
        form = {"csrf": token, "url": "http://192.168.7.64", "user": "admin", "password": PASSWORD}
        assert browser.post("/watch/H100/way", data=form | {"url": "telnet://x"}).status_code == 422
        assert browser.post("/watch/H100/way", data=form).status_code == 303
        page = browser.get("/watch/H100").text
        assert "已填：http://192.168.7.64，用户 admin" in page and PASSWORD not in page
        assert visits_of(watched.hall).of("H100").wanted
        visits_of(watched.hall).failed("H100", NOW, Refused("terminal_sign_in", user="admin"))
        assert "密码不对，已停止" in browser.get("/watch").text
        assert browser.post("/watch/H100/visit", data={"csrf": token}).status_code == 303
        assert browser.post("/watch/H100/way/forget", data={"csrf": token}).status_code == 303
        assert browser.get("/watch/NOBODY").status_code == 404
    assert Ways(watched.hall).of("H100") is None


def test_a_wrong_clock_is_settled_on_its_terminals_page_and_leaves_the_questions(watched: Site) -> None:
    since = datetime(2026, 3, 18, 12)
    do(watched.hall, watch.note_stray, sn="Z300", since=since, seconds=95)
    do(watched.hall, watch.note_agreement, sn="Z300", until=since + timedelta(hours=1))
    with watched.browser("office") as browser:
        assert "终端 Z300 的时钟慢 95 秒" in browser.get("/questions").text
        page = browser.get("/watch/Z300").text
        assert "发现时钟慢 1 分 35 秒" in page and "时钟恢复准确" in page
        form = {"csrf": form_token(browser, "/watch/Z300"), "since": since.isoformat(), "reason": ""}
        assert browser.post("/watch/Z300/clock", data=form).status_code == 422
        assert browser.post("/watch/Z300/clock", data=form | {"reason": "已补卡"}).status_code == 303
        assert "Z300" not in browser.get("/questions").text


def test_everything_open_stands_in_one_place_with_what_to_do(watched: Site) -> None:
    with watched.browser("office") as browser:
        page = browser.get("/questions").text
    for told in ("PIN 7777", 'href="/terminals#pins"', "看是谁在这台终端上打的卡", "2026年3月", "终端等待登记"):
        assert told in page, told
    assert 'data-fresh="30"' in page


def test_metrics_tell_of_silence_clocks_and_jobs(watched: Site) -> None:
    do(watched.hall, watch.note_silence, sn="A001", since=datetime(2026, 3, 18, 12))
    do(watched.hall, watch.note_stray, sn="Z300", since=datetime(2026, 3, 20, 12), seconds=95)
    with watched.stranger() as client:
        told = client.get("/metrics").text.splitlines()
    wanted = ("manqin_terminals_silent 1", "manqin_terminals_clock_wrong 1", "manqin_jobs_failing 0")
    assert [line for line in wanted if line not in told] == []


def test_the_command_line_keeps_and_forgets_a_way(watched: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    place = ["--data", str(watched.hall.folder.data)]
    monkeypatch.setenv("MANQIN_TERMINAL_PASSWORD", PASSWORD)
    run = CliRunner().invoke
    kept = run(main, ["terminals", "reach", "H100", "--url", "http://192.168.7.64", *place])
    assert "已记住终端 H100" in kept.stderr and PASSWORD not in kept.output
    assert Ways(watched.hall).of("H100").password == PASSWORD  # type: ignore[union-attr]
    assert run(main, ["terminals", "reach", "H100", *place]).exit_code == 1
    assert "不再呼叫终端 H100" in run(main, ["terminals", "reach", "H100", "--forget", *place]).stderr
    assert Ways(watched.hall).of("H100") is None


@pytest.mark.parametrize(
    ("length", "zh", "en"),
    [
        (timedelta(days=9427, hours=3, minutes=12), "往后 9427 天 3 小时 12 分", "9427 d 3 h 12 min later"),
        (timedelta(seconds=-75), "往前 1 分 15 秒", "1 min 15 s earlier"),
        (timedelta(), "不移动", "by nothing"),
    ],
)
def test_lengths_are_told_as_people_say_them(length: timedelta, zh: str, en: str) -> None:
    assert (shift_text(length, "zh"), shift_text(length, "en")) == (zh, en)
    assert length_text(timedelta(), "zh") == "0 秒"


@pytest.mark.parametrize(
    ("seconds", "told"), [(0, "0 秒前"), (119, "119 秒前"), (120, "2 分钟前"), (7200, "2 小时前"), (200_000, "2 天前")]
)
def test_an_age_is_told_in_its_fitting_unit(seconds: int, told: str) -> None:
    assert ago_text(NOW - timedelta(seconds=seconds), NOW, "zh") == told
