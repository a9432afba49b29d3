"""Who did what, by month and by person: from the log, for the auditor and for oneself."""

import re
from datetime import datetime

from halls import do
from sites import MONTH, Site

from attendance import corrections
from projections.ledger import Ledger


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_a_month_lists_every_deed_with_who_when_and_why(site: Site):
    with site.browser("auditor") as browser:
        page = text_of(browser.get(f"/audit/{MONTH}").text)
    assert "管理办公室（命令行） 请假 0101 2026年3月12日 00:00:00–2026年3月13日 00:00:00" in page
    assert "外出开会" in page
    assert "类型：公出/公假" in page
    assert "巡查记录 102 2026年3月13日 10:20:00" in page
    assert "打卡" not in page.replace("打卡不在此列", "")


def test_a_stand_in_is_listed_under_both(site: Site):
    ledger = Ledger(site.hall)
    arranged = [row for row in ledger.audit(month=MONTH) if row["topic"] == "relief.arranged"]
    assert [row["people"] for row in arranged] == [["0101", "9001"]]
    for no in ("0101", "9001"):
        assert arranged[0]["position"] in {row["position"] for row in ledger.audit(no=no)}


def test_a_change_is_another_version_and_both_are_listed(own_site: Site):
    details = {"no": "102", "date": datetime(2026, 3, 4).date(), "session": "am", "mark": "on"}
    for reason in ("忘带卡", "终端没反应"):
        do(own_site.hall, corrections.approve, **details, reason=reason)
    name = own_site.account("sunkl", "staff", no="102")
    with own_site.browser(name) as browser:
        page = text_of(browser.get("/me/changes").text)
    assert page.index("终端没反应") < page.index("忘带卡")
    assert "第 2 版" in page


def test_ones_own_changes_are_ones_own_alone(site: Site):
    name = site.account("qianty", "staff", no="0101")
    with site.browser(name) as browser:
        page = text_of(browser.get("/me/changes").text)
        assert browser.get("/audit/people/102").status_code == 403
    assert "外出开会" in page
    assert "类型：公出/公假" in page
    assert "10:20:00" not in page


def test_signing_in_failing_and_taking_data_are_in_the_log_without_a_secret(own_site: Site):
    with own_site.stranger() as stranger:
        for name, password in (("admin", "not the password"), ("hunter2-typed-as-name", "x")):
            stranger.get("/api/v1/months", auth=(name, password))
    with own_site.program("office") as program:
        for _ in range(3):
            assert program.get(f"/api/v1/months/{MONTH}").status_code == 200
    told = Ledger(own_site.hall).audit()
    taken = [row for row in told if row["topic"] == "data.exported"]
    assert [row["actor"] for row in taken] == ["user:office"]
    log = b"".join(file.read_bytes() for file in own_site.hall.folder.data.glob("log.db*"))
    assert b"hunter2" not in log
    assert b"not the password" not in log
    assert own_site.passwords["office"].encode() not in log
    assert sum(row["topic"] == "account.noted" and row["actor"] == "nobody" for row in told) == 2


def test_the_tables_are_the_same_followed_or_rebuilt(own_site: Site):
    ledger = Ledger(own_site.hall)
    followed = ledger.audit(limit=1000)
    assert followed
    ledger.rebuild()
    assert ledger.audit(limit=1000) == followed
