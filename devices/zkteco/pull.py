"""Reading a ZKTeco terminal's whole log over port 4370: common firmware knows no part of it, and no date.

The log is never cleared. It is read as a whole while the terminal is locked, which is a matter of seconds, and judged
once it is unlocked again.
"""

from collections.abc import Iterator

from attendance.punches import FIRST_YEAR, Reading, Unreadable, moment_of
from devices.ports import Mark
from devices.zkteco import port, userlist
from devices.zkteco.records import Record, reading_of, records_of
from devices.zkteco.session import Session

OVERLAP = 200
"""Records judged again at every visit."""
AT_ONCE = 1_000


class Reconciliation:
    """One visit. Of a log that only grew since the last, what was taken then is passed over."""

    table = "ATTLOG"

    def __init__(self, session: Session, since: Mark) -> None:
        self._session = session
        self._since = since
        self.mark = since
        self.records = 0

    def batches(self) -> Iterator[list[Reading | Unreadable]]:
        """The attendance since the last visit. Raises Refused when the terminal breaks off; nothing is taken then."""
        log = self._log()
        for first in range(self._known(log), len(log), AT_ONCE):
            batch = log[first : first + AT_ONCE]
            self.records += len(batch)
            yield [reading_of(record) for record in batch]
        self.mark = mark_of(log)

    def _log(self) -> list[Record | bytes]:
        pins: dict[int, str] = {}
        with self._session.locked():
            users = userlist.read(self._session)
            pins = {user.row: user.pin for user in users}
            data, count = self._session.ask(port.log)
        return records_of(data, count, pins) if count else []

    def _known(self, log: list[Record | bytes]) -> int:
        """How many records may be passed over: none, unless the last one known stands where it stood."""
        serial, at = self._since
        moment = moment_of(at)
        if not 0 < serial <= len(log) or moment is None or moment.year < FIRST_YEAR:
            return 0
        last = log[serial - 1]
        return max(0, serial - OVERLAP) if isinstance(last, Record) and last.time == at else 0


def mark_of(log: list[Record | bytes]) -> Mark:
    last = log[-1] if log else b""
    return Mark(len(log), last.time) if isinstance(last, Record) else Mark()
