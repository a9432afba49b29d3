"""Telling a terminal by its own interface where to post: nobody types a secret path into its menu."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import NamedTuple

from api.doors.contacts import contacts_of
from api.doors.secrets import TerminalSecrets
from api.doors.visiting import visiting
from attendance.facts import Refused
from attendance.hall import Hall
from attendance.terminals import TerminalAccepted, accepted
from devices.calling import Line
from devices.dahua import hosts as dahua
from devices.hikvision import hosts as hikvision
from devices.hikvision.isapi import NotDone
from devices.slots import Slot, here, slot_for


class Posting(NamedTuple):
    """How a family's terminals are told where to post."""

    slots: Callable[[Line], list[Slot]]
    listen: Callable[[Line, Slot], None]
    silent_after: timedelta
    """Three heartbeats without a word."""


POSTING = {
    "hikvision": Posting(hikvision.slots, hikvision.listen, timedelta(seconds=3 * hikvision.HEARTBEAT)),
    "dahua": Posting(dahua.slots, dahua.listen, timedelta(seconds=3 * dahua.HEARTBEAT)),
}


def let_post(hall: Hall, sn: str, line: Line, here_url: str) -> str:
    """Give a terminal a new secret path; returns the slot it lies in. Another system's slot stays as it is.

    The old secret opens until the terminal has said that it took the new one: a failure on the way silences nobody.
    """
    address, port = here(here_url)
    secrets = TerminalSecrets(hall.folder.keys, hall.id)
    with _telling(hall, sn, line) as (terminal, posting):
        free = slot_for(posting.slots(line), address, port, terminal.family)
        secret = secrets.add(terminal.terminal)
        slot = Slot(free.id, address, str(port), secrets.path(terminal.family, secret))
        try:
            posting.listen(line, slot)
        except NotDone:
            secrets.end(secret)
            raise
    secrets.end_others(terminal.terminal, secret)
    return slot.id


def post_again(hall: Hall, sn: str, line: Line) -> str:
    """Set the terminal's slot once more as it is; returns the slot.

    Some firmware keeps the setting over a restart and posts nothing until it is set anew. Raises Refused when the
    terminal was never told where to post, or somebody else took the slot meanwhile.
    """
    with _telling(hall, sn, line) as (terminal, posting):
        secrets = TerminalSecrets(hall.folder.keys, hall.id)
        ours = [slot for slot in posting.slots(line) if slot.secret and secrets.owner(slot.secret) == terminal.terminal]
        if not ours:
            raise Refused("not_told_to_post", "sn", sn=terminal.terminal)
        posting.listen(line, ours[0])
    return ours[0].id


def mend_silence(hall: Hall, sn: str, line: Line, now: datetime) -> str:
    """Set the slot once more when the terminal has not posted for three heartbeats and yet answers; returns the slot,
    empty when the terminal was heard. Raises Refused as `post_again`, and when the terminal does not answer either."""
    terminal = accepted(hall.book().terminals, sn)
    contact = contacts_of(hall).of(terminal.terminal)
    if contact and now - contact.at <= _posting(terminal).silent_after:
        return ""
    return post_again(hall, sn, line)


def _posting(terminal: TerminalAccepted) -> Posting:
    """Raises Refused for a family that cannot be told where to post."""
    posting = POSTING.get(terminal.family)
    if posting is None:
        raise Refused("cannot_be_told", "sn", sn=terminal.terminal, family=terminal.family)
    return posting


@contextmanager
def _telling(hall: Hall, sn: str, line: Line) -> Iterator[tuple[TerminalAccepted, Posting]]:
    posting = _posting(accepted(hall.book().terminals, sn))
    with visiting(hall, sn, line) as (terminal, _):
        yield terminal, posting
