"""An inspector sees somebody asleep; the person hears of it and appeals, another judges; a unit mends a desk."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from sites import MONTH, Site, site_opened
from tablets import deed, tell

SEEN = "2026-03-13 10:20"
ACCOUNTS: dict[str, tuple[list[str], dict[str, str]]] = {
    "zhou": (["inspector"], {}),
    "wu": (["inspector"], {}),
    "sun": (["staff"], {"no": "102"}),
    "qian": (["staff"], {"no": "0101"}),
    "police": (["unit_contact"], {"unit": "公安局"}),
    "taxes": (["unit_contact"], {"unit": "税务局"}),
    "li": (["supervisor"], {}),
    "boss": (["director"], {}),
}


@pytest.fixture(scope="module")
def hall_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site_opened(tmp_path_factory.mktemp("findings")) as site:
        for name, (roles, linked) in ACCOUNTS.items():
            site.account(name, *roles, **linked)
        yield site


def seen(site: Site, **fields: Any) -> str:
    """A finding of zhou's on 13 March; the path of its page."""
    told = deed("finding", SEEN, window="公安窗口", **fields)
    tell(site.hall, told)
    site.server.ledger.follow()
    entry = site.hall.book().patrol.noted(str(told["id"]))
    assert entry is not None
    return f"/findings/{entry.id}"


class Person:
    """Somebody at a browser."""

    def __init__(self, browser: httpx.Client) -> None:
        self.browser = browser

    def reads(self, path: str) -> str:
        answer = self.browser.get(path)
        assert answer.status_code == 200, answer.text
        return " ".join(re.sub(r"<[^>]*>", " ", answer.text).split())

    def does(self, path: str, **form: str) -> httpx.Response:
        token = re.search(r'name="csrf" value="([0-9a-f]{64})"', self.browser.get("/account").text)
        assert token
        return self.browser.post(path, data={"csrf": token.group(1), **form})


@pytest.fixture(scope="module")
def people(hall_site: Site) -> Iterator[dict[str, Person]]:
    with contexts(hall_site) as found:
        yield found


@contextmanager
def contexts(site: Site) -> Iterator[dict[str, Person]]:
    clients = {name: site.browser(name) for name in (*ACCOUNTS, "office")}
    try:
        yield {name: Person(client.__enter__()) for name, client in clients.items()}
    finally:
        for client in clients.values():
            client.__exit__(None, None, None)


def lines(site: Site, rule: str) -> int:
    row = next(row for row in site.server.ledger.month(MONTH)["ranking"] if row["no"] == "102")
    return sum(line["rule"] == rule for line in row["lines"])


def test_told_appealed_judged_by_another_and_off_the_score(hall_site: Site, people: dict[str, Person]):
    path = seen(hall_site, code="sleep", no="102", note="趴在桌上")
    assert "待告知" in people["li"].reads(path)
    assert lines(hall_site, "finding:sleep") == 1
    told = people["sun"].reads(path)
    assert all(word in told for word in ("打瞌睡/睡觉", "趴在桌上", "已告知", "我要申诉"))
    assert re.search(r"打瞌睡/睡觉 −2 .*? 申诉到2\d{3}年.*?为止 已告知", people["sun"].reads("/findings"))
    assert people["sun"].does(f"{path}/appeal", text="").status_code == 422
    assert people["sun"].does(f"{path}/appeal", text="低头找掉在地上的笔").status_code == 303
    assert people["zhou"].does(f"{path}/judgement", verdict="upheld", answer="好").status_code == 403
    assert "低头找掉在地上的笔" in people["li"].reads(path)
    assert people["li"].does(f"{path}/judgement", verdict="upheld", answer="监控已核对").status_code == 303
    assert "监控已核对" in people["sun"].reads(path)
    assert lines(hall_site, "finding:sleep") == 0
    topics = [row.topic for row in hall_site.hall.store.read(0, 10_000)][-5:]
    assert topics == ["finding.noted", "finding.told", "appeal.lodged", "appeal.judged", "finding.overturned"]


def test_inspector_judge_and_publisher_are_different_people(hall_site: Site, people: dict[str, Person]):
    hall_site.account("all", "inspector", "supervisor", "director")
    told = deed("finding", SEEN, window="公安窗口", no="102", code="eat")
    tell(hall_site.hall, told, account="all")
    entry = hall_site.hall.book().patrol.noted(str(told["id"]))
    assert entry is not None
    path = f"/findings/{entry.id}"
    people["sun"].does(f"{path}/appeal", text="没有吃")
    with hall_site.browser("all") as browser:
        own = Person(browser).does(f"{path}/judgement", verdict="rejected", answer="吃了")
        assert (own.status_code, "不能裁定它的申诉" in own.text) == (422, True)
        refused = Person(browser).does(f"/months/{MONTH}/publish", sure="yes", reason="都核过")
        assert (refused.status_code, "要由不同的人来办" in refused.text) == (422, True)


def test_only_whom_it_concerns_sees_and_answers_a_finding(hall_site: Site, people: dict[str, Person]):
    path = seen(hall_site, code="phone", no="102")
    for name, status in (("qian", 403), ("taxes", 403), ("wu", 403), ("police", 200), ("zhou", 200), ("li", 200)):
        assert people[name].browser.get(path).status_code == status, name
    assert people["police"].does(f"{path}/acceptance").status_code == 403
    assert people["sun"].does(f"{path}/acceptance").status_code == 303
    assert "本人认可" in people["li"].reads("/findings?month=2026-03")
    assert "上班时间玩手机" in people["sun"].reads("/findings?month=2026-03")
    assert "上班时间玩手机" not in people["qian"].reads("/findings?month=2026-03")


def test_a_unit_mends_what_it_was_ordered_to(hall_site: Site, people: dict[str, Person]):
    path = seen(hall_site, code="desk")
    assert "台面凌乱/卫生差" in people["police"].reads("/findings?show=mend")
    assert "台面凌乱/卫生差" not in people["taxes"].reads("/findings?show=mend")
    assert people["taxes"].does(f"{path}/reply", text="好").status_code == 403
    assert people["police"].does(f"{path}/reply", text="已清理").status_code == 303
    assert people["wu"].does(f"{path}/verification", mended="yes").status_code == 403
    assert people["zhou"].does(f"{path}/verification", mended="no").status_code == 422
    assert people["zhou"].does(f"{path}/verification", mended="no", text="还有饭盒").status_code == 303
    sent_back = people["police"].reads(path)
    assert all(word in sent_back for word in ("还有饭盒", "退回", "整改逾期"))
    people["police"].does(f"{path}/reply", text="全部清理")
    assert people["li"].does(f"{path}/verification", mended="yes").status_code == 303
    assert people["li"].does(f"{path}/closing").status_code == 303
    assert "已销号" in people["police"].reads(path)
    assert "台面凌乱/卫生差" not in people["police"].reads("/findings?show=mend")


def test_the_office_settles_what_a_tablet_could_not_place(hall_site: Site, people: dict[str, Person]):
    odd = deed("finding", SEEN, code="phone", window="海关窗口", note="门口第二个窗口")
    good = deed("praise", SEEN, code="lost_found", window="税务窗口", no="0101")
    tell(hall_site.hall, odd, good)
    page = people["office"].reads("/findings/questions")
    assert all(word in page for word in ("没有这个窗口", "门口第二个窗口", "拾金不昧"))
    place = {"deed": str(odd["id"]), "verdict": "admitted"}
    assert people["office"].does("/findings/questions/held", **place).status_code == 422
    assert people["office"].does("/findings/questions/held", **place, at="neulich").status_code == 422
    assert people["office"].does("/findings/questions/held", **place, window="税务窗口").status_code == 303
    assert hall_site.hall.book().patrol.noted(str(odd["id"])) is not None
    claim = {"number": str(good["id"]), "verdict": "claimed"}
    assert people["office"].does("/findings/questions/praise", **claim).status_code == 303
    bonus = next(row["bonus"] for row in hall_site.server.ledger.month(MONTH)["ranking"] if row["no"] == "0101")
    assert bonus == "0.50"
    assert people["office"].does("/findings/questions/praise", **claim).status_code == 422


def test_an_inspector_begins_at_their_rounds_with_what_they_covered(hall_site: Site, people: dict[str, Person]):
    assert people["zhou"].browser.get("/").headers["location"] == "/rounds"
    begun = deed("round_started", "2026-03-12 09:30")
    looked = deed("window_seen", "2026-03-12 09:35", round=begun["id"], window="税务窗口", in_order=True)
    tell(hall_site.hall, begun, looked, now="2026-03-12 10:00")
    page = people["zhou"].reads("/rounds?day=2026-03-12")
    assert all(word in page for word in ("1/2", "税务窗口 正常", "公安窗口 未巡", "进行中"))


def test_the_rota_takes_whoever_can_do_the_duty_on_workdays(hall_site: Site, people: dict[str, Person]):
    week = {"start": "2026-03-12", "end": "2026-03-16", "duty": "patrol"}
    assert people["office"].does("/rota", **week, accounts="sun").status_code == 422
    assert people["office"].does("/rota", **week, accounts="nobody").status_code == 422
    assert people["office"].does("/rota", **week | {"end": "2026-03-01"}, accounts="zhou").status_code == 422
    assert people["office"].does("/rota", **week, accounts="zhou").status_code == 303
    on_duty = [entry.fact.date.day for entry in hall_site.hall.book().rota if entry.fact.accounts == ("zhou",)]
    assert on_duty == [12, 13, 16]
    assert "zhou" in people["wu"].reads("/rota?month=2026-03")
    assert people["zhou"].does("/rota", **week, accounts="zhou").status_code == 403
