"""What people and files write for a zone."""

import pytest

from attendance.facts import Refused
from attendance.zones import zone_minutes


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("", 480),
        ("+08:00", 480),
        ("8", 480),
        ("+8", 480),
        ("0800", 480),
        ("UTC+8", 480),
        ("Asia/Shanghai", 480),
        ("Asia/Urumqi", 360),
        ("480min", 480),
        ("480 min", 480),
        ("+05:30", 330),
        ("+0545", 345),
        ("-3", -180),
        ("-03:30", -210),
        ("UTC", 0),
    ],
)
def test_zones(text: str, minutes: int) -> None:
    assert zone_minutes(text) == minutes


@pytest.mark.parametrize("text", ["480", "25", "+15:00", "+8:75", "Europe/Berlin", "north", "../etc/passwd", "-"])
def test_no_zones(text: str) -> None:
    with pytest.raises(Refused, match="unknown_zone"):
        zone_minutes(text)
