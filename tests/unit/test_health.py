"""Health: alive, fit to work, and in numbers. Nobody signs in, and nobody is named."""

import time

import pytest
from disks import full_disk
from sites import Site

from api import follower
from api.routes import health


@pytest.fixture
def no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every question is tried anew."""
    monkeypatch.setattr(health, "FRESH_SECONDS", 0.0)


def test_it_is_alive_and_ready(site: Site):
    with site.stranger() as anybody:
        assert anybody.get("/healthz").json() == {"status": "ok"}
        assert anybody.head("/readyz").status_code == 200
        answer = anybody.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")
    assert answer.json()["checks"] == {"store_writable": True, "projections_current": True}


def test_a_full_disk_makes_it_unready_until_there_is_room(own_site: Site, no_memory: None):
    with own_site.stranger() as anybody:
        assert anybody.get("/readyz").status_code == 200
        with full_disk():
            answer = anybody.get("/readyz")
            assert anybody.get("/healthz").status_code == 200
        assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
        assert answer.json()["checks"]["store_writable"] is False
        assert "磁盘" in answer.json()["detail"]
        assert anybody.get("/readyz").status_code == 200
    assert not (own_site.hall.folder.data / ".probe").exists()


def test_a_full_disk_is_told_to_people_in_a_sentence_and_passes(own_site: Site):
    with own_site.browser() as browser:
        with full_disk():
            answer = browser.get("/months/2026-03")
        assert answer.status_code in (200, 503)
        assert answer.status_code == 200 or "请检查磁盘是否已满" in answer.text
        assert browser.get("/months/2026-03").status_code == 200


def test_a_lost_folder_makes_it_unready(own_site: Site, no_memory: None):
    own_site.server.app.state.probe._file = own_site.hall.folder.data / "gone" / ".probe"
    with own_site.stranger() as anybody:
        assert anybody.get("/readyz").status_code == 503


def test_lists_that_do_not_follow_make_it_unready(own_site: Site, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(follower, "PATIENCE", -1.0)
    with own_site.stranger() as anybody:
        answer = anybody.get("/readyz")
    assert answer.json()["checks"] == {"store_writable": True, "projections_current": False}
    assert answer.json()["detail"].startswith("名单和排名没有跟上")


def test_asking_often_does_not_write_often(own_site: Site):
    probe = own_site.server.app.state.probe
    assert probe.store_is_writable()
    tried_at = probe._tried_at
    with own_site.stranger() as anybody:
        for _ in range(5):
            anybody.get("/readyz")
    if time.monotonic() - tried_at < health.FRESH_SECONDS:
        assert probe._tried_at == tried_at


def test_metrics_count_things_and_name_nobody(site: Site):
    with site.stranger() as anybody:
        answer = anybody.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = [line.split(" ") for line in answer.text.splitlines() if not line.startswith("#")]
    values = {name: float(value) for name, value in lines}
    assert values["manqin_log_position"] == site.hall.store.head().position
    assert (values["manqin_terminals_accepted"], values["manqin_terminals_waiting"]) == (1, 1)
    assert values["manqin_readings_quarantined"] == 1
    assert all(name.startswith("manqin_") for name in values)
    assert "0101" not in answer.text
