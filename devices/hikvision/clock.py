"""A Hikvision terminal's clock."""

from datetime import datetime

from devices.hikvision.events import Moment, moment, offset
from devices.hikvision.isapi import Isapi, found_in

PATH = "System/time"


def read(isapi: Isapi, zone: int) -> Moment:
    """What the terminal's clock shows, `zone` being the register's."""
    return moment(found_in(isapi.xml("GET", PATH), "localTime"), zone)


def set_to(isapi: Isapi, at: datetime, zone: int) -> None:
    """Set the wall clock, and the zone it stands in."""
    written = f"{at:%Y-%m-%dT%H:%M:%S}{offset(zone)}"
    words = f"<timeMode>manual</timeMode><localTime>{written}</localTime><timeZone>{posix_zone(zone)}</timeZone>"
    isapi.xml("PUT", PATH, f"<Time>{words}</Time>")


def posix_zone(zone: int) -> str:
    """The zone in POSIX's way, whose sign is turned round: China, eight hours east, is CST-8:00:00."""
    hours, minutes = divmod(abs(zone), 60)
    return f"CST{'+' if zone < 0 else '-'}{hours}:{minutes:02d}:00"
