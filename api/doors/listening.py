"""Telling a terminal by its own interface where to post: nobody types a secret path into its menu."""

from api.doors.secrets import TerminalSecrets
from attendance.facts import Refused
from attendance.hall import Hall
from attendance.terminals import accepted
from devices.calling import Line
from devices.hikvision import hosts
from devices.hikvision.isapi import Isapi, NotDone
from devices.hikvision.visit import Visit


def let_post(hall: Hall, sn: str, line: Line, here: str) -> str:
    """Give a Hikvision terminal a new secret path; returns the slot it lies in. Another system's slot stays as it is.

    The old secret opens until the terminal has said that it took the new one: a failure on the way silences nobody.
    """
    terminal = accepted(hall.book().terminals, sn)
    if terminal.family != "hikvision":
        raise Refused("not_callable", "sn", sn=terminal.terminal, family=terminal.family)
    address, port = hosts.here(here)
    secrets = TerminalSecrets(hall.folder.keys, hall.id)
    with line:
        Visit(line, terminal.zone).check_identity(terminal.terminal)
        isapi = Isapi(line)
        slot = hosts.slot_for(hosts.slots(isapi), address, port)
        secret = secrets.add(terminal.terminal)
        try:
            hosts.listen(isapi, slot, address, port, secrets.path(terminal.family, secret))
        except NotDone:
            secrets.end(secret)
            raise
    secrets.end_others(terminal.terminal, secret)
    return slot.id
