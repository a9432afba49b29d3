"""A terminal loses its clock, goes on punching from 2000, and a person puts its punches right."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from sites import MONTH, Site, form_token

from api.cli import main
from attendance.punches import Punched
from attendance.runs import Run
from devices.zkteco.simulator import Mood, SimulatedTerminal

LOST = datetime(2000, 1, 1, 0, 0, 5)
MORNING = datetime(2026, 3, 31, 8, 52, 10)
"""When it really was: both have punched on this last day of the month, but let these be what came of it."""
SKEW = LOST - MORNING


@pytest.fixture
def lost(own_site: Site) -> Iterator[SimulatedTerminal]:
    """Terminal A001, whose clock stands at 2000, with three punches of two people and one of nobody."""
    place = urlsplit(own_site.server.terminals_address)
    assert place.hostname is not None and place.port is not None
    terminal = SimulatedTerminal("A001", place.hostname, place.port, mood=Mood(skew=SKEW))
    terminal.handshake()
    for pin, minute in (("102", 0), ("101", 1), ("4711", 2), ("102", 200)):
        terminal.punch(pin, MORNING + timedelta(minutes=minute))
    terminal.upload()
    yield terminal


def run_of(site: Site) -> Run:
    (run,) = site.hall.book().open_runs()
    return run


def moved(site: Site) -> list[Punched]:
    facts = (row.entry().fact for row in site.hall.store.read(0, 10_000))
    return [fact for fact in facts if isinstance(fact, Punched) and fact.shifted_from]


def test_the_page_shows_what_it_would_be_and_does_it_once(own_site: Site, lost: SimulatedTerminal) -> None:
    run, first = run_of(own_site), MORNING.isoformat()
    with own_site.browser("office") as browser:
        listed = browser.get("/runs").text
        assert "4 条" in listed and "2000年1月1日 00:00:05" in listed
        shown = browser.get(f"/runs/{run.id}", params={"first": first}).text
        assert "4 次打卡，2 人" in shown
        assert "第一条将是 2026年3月31日 08:52:10" in shown
        assert "其中 1 个 PIN 还不知道是谁" in shown
        form = {"csrf": form_token(browser, f"/runs/{run.id}"), "count": "4", "first": first, "reason": "值班记录"}
        unsure = browser.post(f"/runs/{run.id}/accept", data=form)
        assert (unsure.status_code, moved(own_site)) == (422, [])
        stale = browser.post(f"/runs/{run.id}/accept", data=form | {"count": "3", "sure": "yes"})
        assert (stale.status_code, moved(own_site)) == (422, [])
        done = browser.post(f"/runs/{run.id}/accept", data=form | {"sure": "yes"})
        assert done.headers["location"] == "/runs#decided"
        assert browser.get(f"/runs/{run.id}").status_code == 404
        assert "采用，移动 往后" in browser.get("/runs").text
    assert [punch.at - MORNING for punch in moved(own_site)] == [timedelta(minutes=n) for n in (0, 1, 2, 200)]
    lost.handshake()
    lost.upload()
    assert (len(moved(own_site)), own_site.hall.book().open_runs()) == (4, [])


def test_the_punches_count_on_the_day_and_open_the_terminals_own_line(own_site: Site, lost: SimulatedTerminal) -> None:
    run = run_of(own_site)
    place = ["--data", str(own_site.hall.folder.data)]
    invoke = CliRunner().invoke
    shift = f"+{-SKEW.days - 1}d 23h"
    assert invoke(main, ["terminals", "runs", *place]).stdout.startswith(f"{run.id}\tA001\ttoo_old\t4\t")
    wrong = invoke(main, ["terminals", "accept-run", str(run.id), "--shift", shift, *place])
    assert "将是 2026-03-31" in wrong.stderr and moved(own_site) == []
    sure = ["terminals", "accept-run", str(run.id), "--first-at", str(MORNING), "--sure", *place]
    assert "已采用 4 条，移动 往后" in invoke(main, sure).stderr
    again = invoke(main, sure)
    assert (again.exit_code, len(moved(own_site))) == (1, 4)
    sheet = next(one for one in own_site.server.ledger.days(MONTH, "102") if one["date"] == "2026-03-31")
    assert sheet["sessions"][0]["on"]["punch"] == "08:50:00"
    assert "08:52:10" in sheet["unused"]
    punch = own_site.hall.book().id_of(moved(own_site)[0])
    with own_site.browser("office") as browser:
        page = browser.get(f"/facts/{punch}").text
        assert "2000-01-01 00:00:05" in page
        assert str(run.id) in page


IMPOSSIBLE = ("yesterday", "1999-01-01T00:00:00", "2030-01-01T00:00:00", "9999-12-31T00:00:00")


def test_what_was_no_punch_is_dismissed_with_a_reason(own_site: Site, lost: SimulatedTerminal) -> None:
    run = run_of(own_site)
    with own_site.browser("office") as browser:
        for first in IMPOSSIBLE:
            refused = browser.get(f"/runs/{run.id}", params={"first": first})
            assert (refused.status_code, 'class="trouble"' in refused.text) == (422, True), first
        form = {"csrf": form_token(browser, f"/runs/{run.id}"), "count": "4"}
        assert browser.post(f"/runs/{run.id}/dismiss", data=form).status_code == 422
        assert browser.post(f"/runs/{run.id}/dismiss", data=form | {"reason": "安装试机"}).status_code == 303
        kinds = [one["kind"] for one in own_site.server.ledger.completeness(MONTH)]
        assert kinds.count("quarantined") == 1
    place = ["--data", str(own_site.hall.folder.data)]
    answer = CliRunner().invoke(main, ["terminals", "dismiss-run", str(run.id), "--reason", "再来一次", *place])
    assert (answer.exit_code, "已经处理过" in answer.stderr) == (1, True)
