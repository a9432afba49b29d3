"""Telling a Hikvision terminal where to post its events. It has few slots, and another system's stays as it is."""

from typing import NamedTuple
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from attendance.facts import Refused
from devices.hikvision.isapi import Isapi, found_in

PATH = "Event/notification/httpHosts"
SLOTS = 2
HEARTBEAT = 30
"""Seconds."""
OURS = "/hikvision/"
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


def slots(isapi: Isapi) -> list[Slot]:
    """The slots as they are; a terminal may list the used ones alone."""
    hosts = [host for host in isapi.xml("GET", PATH).iter() if host.tag.rpartition("}")[2] == "HttpHostNotification"]
    listed = [
        Slot(
            found_in(host, "id"),
            found_in(host, "ipAddress") or found_in(host, "hostName"),
            found_in(host, "portNo"),
            found_in(host, "url"),
        )
        for host in hosts
    ]
    taken = {slot.id for slot in listed}
    return [*listed, *(Slot(str(n), "", "", "") for n in range(1, SLOTS + 1) if str(n) not in taken)]


def slot_for(listed: list[Slot], address: str, port: int) -> Slot:
    """The slot that already points to this hall, else a free one. Raises Refused when others have them all."""
    ours = [slot for slot in listed if (slot.address, slot.port) == (address, str(port)) and OURS in slot.path]
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
        raise Refused("bad_url", "--here", url=url[:80]) from None
    if parts.scheme != "http" or not parts.hostname or parts.path.strip("/") or parts.query:
        raise Refused("bad_url", "--here", url=url[:80])
    return parts.hostname, port


def listen(isapi: Isapi, slot: Slot, address: str, port: int, path: str) -> None:
    """Let the terminal post its events, and a heartbeat, to a path of this hall."""
    is_number = address.replace(".", "").isdigit() or ":" in address
    kind, tag = ("ipaddress", "ipAddress") if is_number else ("hostname", "hostName")
    event = "<Event><type>AccessControllerEvent</type><pictureURLType>binary</pictureURLType></Event>"
    fields = (
        f"<id>{escape(slot.id)}</id><url>{escape(path)}</url><protocolType>HTTP</protocolType>"
        "<parameterFormatType>JSON</parameterFormatType>"
        f"<addressingFormatType>{kind}</addressingFormatType><{tag}>{escape(address)}</{tag}><portNo>{port}</portNo>"
        "<httpAuthenticationMethod>none</httpAuthenticationMethod>"
        f"<SubscribeEvent><heartbeat>{HEARTBEAT}</heartbeat><eventMode>list</eventMode>"
        f"<EventList>{event}</EventList></SubscribeEvent>"
    )
    isapi.xml("PUT", f"{PATH}/{slot.id}", f"<HttpHostNotification>{fields}</HttpHostNotification>")
