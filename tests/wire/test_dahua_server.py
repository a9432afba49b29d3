"""Dahua's door of the real server: open to terminals without a sign-in, whatever shape they write."""

import re
from datetime import datetime, timedelta
from pathlib import Path

from halls import POLICY

from api.doors.secrets import TerminalSecrets
from api.server import Server
from api.settings import Settings
from attendance import terminals
from attendance.hall import Hall
from attendance.punches import Punched
from devices.dahua.simulator import Mood, SimulatedTerminal

MORNING = datetime(2026, 9, 28, 8, 0)


def test_a_backlog_comes_in_through_the_real_server(tmp_path: Path) -> None:
    hall = Hall.found(tmp_path / "hall", POLICY)
    hall.decide(lambda draft: terminals.accept(draft, sn="D001", family="dahua"), "office")
    secret = TerminalSecrets(hall.folder.keys, hall.id).renew("D001")
    hall.close()
    server = Server(Settings.of({}, data=tmp_path / "hall", host="127.0.0.1", port=0))
    with server.running():
        found = re.fullmatch(r"http://(.+):(\d+)", server.terminals_address)
        assert found is not None
        mood = Mood(shape="list", wrapping="mixed", packing="zlib")
        terminal = SimulatedTerminal("D001", found[1], int(found[2]), secret, mood=mood)
        for minute in range(60):
            terminal.punch(str(minute + 1), MORNING + timedelta(minutes=minute))
        assert terminal.upload() == 60
        assert terminal.keepalive().text == '{"result":true}'
        assert set(terminal.keepalive().headers) == {"date", "content-type", "content-length", "connection"}
    hall = Hall.open(tmp_path / "hall")
    kept = [row for row in hall.store.read(0, 10_000) if row.topic == Punched.topic]
    hall.close()
    assert len(kept) == 60
