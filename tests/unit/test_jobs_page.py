"""The jobs on their page and at the command line."""

from click.testing import CliRunner
from sites import Site, form_token

from api.cli import main


def test_the_page_shows_each_job_and_does_one_at_once(own_site: Site):
    with own_site.browser() as browser:
        assert "还没有做过" in browser.get("/jobs").text
        token = form_token(browser, "/jobs")
        answer = browser.post("/jobs/key_backup/run", data={"csrf": token})
        assert answer.headers["location"] == "/jobs#job-key_backup"
        assert browser.post("/jobs/nobody/run", data={"csrf": token}).status_code == 422
        own_site.server.app.state.board.stop()
        assert "已备份为 keys-" in browser.get("/jobs").text


def test_a_page_that_renews_itself_keeps_no_session_awake(own_site: Site):
    sessions = own_site.server.accounts.sessions
    with own_site.browser() as browser:
        sessions._db.write("UPDATE session SET seen_at = seen_at - 600")
        before = sessions.open()[0].seen_at
        assert browser.get("/jobs", headers={"X-Manqin-Refresh": "1"}).status_code == 200
        assert sessions.open()[0].seen_at == before
        assert browser.get("/jobs").status_code == 200
        assert sessions.open()[0].seen_at > before


def test_the_command_line_lists_and_runs_jobs(own_site: Site):
    place = ["--data", str(own_site.hall.folder.data)]
    run = CliRunner().invoke
    assert "已备份为" in run(main, ["jobs", "run", "key_backup", *place]).stderr
    listed = run(main, ["jobs", "list", *place])
    assert listed.stdout.startswith("key_backup\t2") and "已备份为" in listed.stdout
    assert '"outcome": "done"' in run(main, ["jobs", "list", "--json", *place]).stdout
    unknown = run(main, ["jobs", "run", "nobody", *place])
    assert (unknown.exit_code, "没有叫“nobody”的定时任务" in unknown.stderr) == (1, True)
