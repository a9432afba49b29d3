"""The few places a terminal can post to. One that points to another system stays as it is."""

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from attendance.facts import Refused

NOWHERE = ("", "0.0.0.0", "::")  # noqa: S104 - compared, not bound


class Slot(NamedTuple):
    """One place a terminal posts to."""

    id: str
    address: str
    port: str
    path: str

    @property
    def is_free(self) -> bool:
        return self.address in NOWHERE and not self.path.strip("/")

    @property
    def secret(self) -> str:
        """What stands last in the path: of a path of this hall, the terminal's secret."""
        return self.path.rstrip("/").rpartition("/")[2]


def slot_for(listed: Sequence[Slot], address: str, port: int, family: str) -> Slot:
    """The slot that already points to this hall, else a free one. Raises Refused when others have them all."""
    own = f"/{family}/"
    ours = [slot for slot in listed if (slot.address, slot.port) == (address, str(port)) and own in slot.path]
    free = [slot for slot in listed if slot.is_free]
    if not ours and not free:
        raise Refused("no_free_slot", None, taken=[f"{slot.address}:{slot.port}{slot.path[:40]}" for slot in listed])
    return (ours or free)[0]


def here(url: str) -> tuple[str, int]:
    """Address and port of ``http://address:port`` at which the terminal finds the hall. Raises Refused."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port or 80
    except ValueError:
        raise Refused("bad_here", "--here", url=url[:80]) from None
    if parts.scheme != "http" or not parts.hostname or parts.path.strip("/") or parts.query or parts.username:
        raise Refused("bad_here", "--here", url=url[:80])
    return parts.hostname, port
