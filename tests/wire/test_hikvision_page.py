"""What people see of a Hikvision terminal on the page of terminals, through the whole server."""

from urllib.parse import urlsplit

from halls import do
from hikvisions import MORNING, SERIAL
from sites import Site

from api.doors.secrets import TerminalSecrets
from attendance import terminals
from devices.hikvision.simulator import Mood, SimulatedTerminal


def test_a_strange_zone_and_an_unknown_kind_of_event_are_shown(own_site: Site) -> None:
    hall, door = own_site.hall, urlsplit(own_site.server.terminals_address)
    do(hall, terminals.accept, sn=SERIAL, family="hikvision", name="<b>东门</b>")
    path = TerminalSecrets.path("hikvision", TerminalSecrets(hall.folder.keys, hall.id).renew(SERIAL))
    terminal = SimulatedTerminal(SERIAL, door.hostname or "", door.port or 0, path, Mood(offset="+08:30"))
    terminal.punch("102", MORNING)
    terminal.punch("102", MORNING, minor=196)
    assert terminal.upload() == 2
    with own_site.browser() as browser:
        page = browser.get("/terminals").text
    assert "终端自报时区 +08:30" in page
    assert "有不认识的事件 5.196" in page
    assert "<b>东门" not in page
