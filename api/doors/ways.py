"""The way to each terminal that the hall calls by itself: address, user and password.

They lie under the hall's key in the folder of the keys, one file a terminal: never in the log, never in clear on a
disk, and no page shows them again.
"""

from hashlib import sha256
from pathlib import Path

import msgspec

from attendance.facts import Refused, Sealed
from attendance.hall import Hall
from attendance.log.files import write_anew
from attendance.terminals import accepted
from devices.calling import Line, plain_url


class Way(msgspec.Struct, frozen=True):
    """How a terminal is reached."""

    url: str
    user: str
    password: str
    allows_basic: bool = False
    """Firmware that knows nothing better than to be shown the password."""


class Ways:
    """The ways to one hall's terminals."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._folder = hall.folder.keys / "ways" / str(hall.id)

    def keep(self, sn: str, way: Way) -> None:
        """Remember how a terminal is reached, in place of what was known. Raises Refused."""
        terminal = accepted(self._hall.book().terminals, sn).terminal
        if not way.password:
            raise Refused("missing", "password")
        checked = msgspec.structs.replace(way, url=plain_url(way.url))
        sealed = self._hall.keys.seal("", msgspec.json.encode(checked).decode())
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_anew(self._file(terminal), sealed.box)

    def forget(self, sn: str) -> None:
        """The hall calls this terminal no more."""
        self._file(sn.upper()).unlink(missing_ok=True)

    def of(self, sn: str) -> Way | None:
        """The way to a terminal; None when nobody gave one, or the key that opens it is another."""
        try:
            box = self._file(sn.upper()).read_bytes()
        except FileNotFoundError:
            return None
        text = self._hall.opened(Sealed("", box))
        return msgspec.json.decode(text, type=Way) if text else None

    def line(self, sn: str) -> Line:
        """A line to a terminal. Raises Refused when nobody gave a way to it."""
        way = self.of(sn)
        if way is None:
            raise Refused("no_way", "sn", sn=sn.upper())
        return Line(way.url, way.user, way.password, allows_basic=way.allows_basic)

    def _file(self, terminal: str) -> Path:
        return self._folder / sha256(terminal.encode()).hexdigest()
