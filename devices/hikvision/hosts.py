"""Telling a Hikvision terminal where to post its events (httpHosts)."""

from xml.sax.saxutils import escape

from devices.calling import Line
from devices.hikvision.isapi import Isapi, found_in
from devices.slots import Slot

PATH = "Event/notification/httpHosts"
SLOTS = 2
HEARTBEAT = 30
"""Seconds."""


def slots(line: Line) -> list[Slot]:
    """The slots as they are; a terminal may list the used ones alone. Raises Refused."""
    listed_hosts = Isapi(line).xml("GET", PATH).iter()
    hosts = [host for host in listed_hosts if host.tag.rpartition("}")[2] == "HttpHostNotification"]
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


def listen(line: Line, slot: Slot) -> None:
    """Let the terminal post its events, and a heartbeat, to what the slot names. Raises Refused."""
    address = slot.address
    is_number = address.replace(".", "").isdigit() or ":" in address
    kind, tag = ("ipaddress", "ipAddress") if is_number else ("hostname", "hostName")
    event = "<Event><type>AccessControllerEvent</type><pictureURLType>binary</pictureURLType></Event>"
    fields = (
        f"<id>{escape(slot.id)}</id><url>{escape(slot.path)}</url><protocolType>HTTP</protocolType>"
        "<parameterFormatType>JSON</parameterFormatType>"
        f"<addressingFormatType>{kind}</addressingFormatType><{tag}>{escape(address)}</{tag}>"
        f"<portNo>{escape(slot.port)}</portNo><httpAuthenticationMethod>none</httpAuthenticationMethod>"
        f"<SubscribeEvent><heartbeat>{HEARTBEAT}</heartbeat><eventMode>list</eventMode>"
        f"<EventList>{event}</EventList></SubscribeEvent>"
    )
    text = f"<HttpHostNotification>{fields}</HttpHostNotification>"
    Isapi(line).xml("PUT", f"{PATH}/{slot.id}", text)
