"""The demo hall's terminals go on calling while it is open."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from sites import Site

from api.demo import beating
from api.doors.contacts import contacts_of
from attendance import terminals


def test_terminals_that_called_go_on_calling(own_site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beating, "EVERY", 0.05)
    own_site.hall.decide(lambda draft: terminals.bind(draft, sn="A001", address="127.0.0.1"), "office")
    with beating.beating(own_site.server):
        until = time.monotonic() + 10
        while time.monotonic() < until:
            contact = contacts_of(own_site.hall).of("A001")
            if contact and contact.interval is not None:
                break
            time.sleep(0.02)
    assert contact is not None and contact.interval is not None
    assert datetime.now(UTC) - contact.at < timedelta(seconds=10)
    assert contact.refused == ""
