"""When each terminal last called and what it said of itself: kept in memory, so that heartbeats do not fill the log."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from attendance.hall import Hall

MOST = 1_000
"""Serial numbers remembered; whoever invents more pushes out the one that was silent longest."""
REPEAT_AFTER = timedelta(minutes=1)


@dataclass
class Contact:
    """The last that was heard of a terminal."""

    terminal: str
    address: str
    at: datetime
    told: dict[str, str] = field(default_factory=dict)
    """Model, firmware, counts, as the terminal names them."""
    refused: str = ""
    """Why the last call was turned away; empty when it was let in."""
    clock: tuple[datetime, datetime] | None = None
    """The terminal's wall clock and ours at its last single punch, both naive and in its zone's time."""

    @property
    def behind_seconds(self) -> int | None:
        """How far the terminal's clock seems behind ours: a little time on the way, or a wrong clock."""
        return int((self.clock[1] - self.clock[0]).total_seconds()) if self.clock else None


class Contacts:
    """Every terminal that called since the server started."""

    def __init__(self) -> None:
        self._by_terminal: dict[str, Contact] = {}

    def note(self, terminal: str, address: str, at: datetime, refused: str = "") -> bool:
        """Note a call. True when it says something new: another address, another refusal, or a minute has passed."""
        old = self._by_terminal.pop(terminal, None)
        contact = old or Contact(terminal, address, at)
        news = old is None or (old.address, old.refused) != (address, refused) or at - old.at > REPEAT_AFTER
        contact.address, contact.at, contact.refused = address, at, refused
        self._by_terminal[terminal] = contact
        if len(self._by_terminal) > MOST:
            self._by_terminal.pop(next(iter(self._by_terminal)))
        return news

    def of(self, terminal: str) -> Contact | None:
        return self._by_terminal.get(terminal)

    def all(self) -> list[Contact]:
        """Every contact, the latest last."""
        return list(self._by_terminal.values())


_contacts: WeakKeyDictionary[Hall, Contacts] = WeakKeyDictionary()


def contacts_of(hall: Hall) -> Contacts:
    """The contacts of an open hall, shared by its doors and its pages."""
    return _contacts.setdefault(hall, Contacts())
