"""A tablet that an inspector carries: deeds as it sends them, and photos as a canvas writes them."""

import struct
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import msgspec

from attendance.hall import Hall
from attendance.tablet import Answer, Telling, offset, take

ZONE = "Asia/Shanghai"
INSPECTOR = "zhou"


def at(text: str) -> datetime:
    """A moment on the hall's wall, with its zone."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE))


def deed(kind: str, when: str, **fields: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "kind": kind, "at": at(when).isoformat(), **fields}


def tell(
    hall: Hall,
    *deeds: dict[str, Any],
    now: str = "2026-03-13 10:30",
    ahead: int = 0,
    account: str = INSPECTOR,
    tablet: str = "T1",
) -> list[Answer]:
    """Send deeds from a tablet whose clock is `ahead` seconds before the hall's."""
    moment = at(now)
    who = Telling(account, tablet, moment, offset(moment + timedelta(seconds=ahead), moment), ZONE)
    raws = [msgspec.json.encode(one) for one in deeds]
    return hall.decide(lambda draft: [take(draft, raw, who) for raw in raws], f"user:{account}")


def outcomes(answers: list[Answer]) -> list[str]:
    """Each answer as `outcome`, or `outcome code`."""
    return [f"{one.outcome} {one.refused.code}" if one.refused else one.outcome for one in answers]


def jpeg(words: bytes = b"", *, segment: bytes = b"", width: int = 8) -> bytes:
    """The bones of a JPEG: what stands in its one scan is told apart by `words`."""
    jfif = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0\1\1\0\0\1\0\1\0\0"
    table = b"\xff\xdb" + struct.pack(">H", 67) + b"\0" + bytes(range(1, 65))
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, 8, width, 1) + b"\1\x11\0"
    codes = b"\xff\xc4" + struct.pack(">H", 20) + b"\0" + bytes(16) + b"\0"
    scan = b"\xff\xda" + struct.pack(">H", 8) + b"\1\1\0\0\x3f\0" + b"\x2a" + words.replace(b"\xff", b"\xff\0")
    return b"\xff\xd8" + jfif + segment + table + frame + codes + scan + b"\xff\xd9"


def hash_of(photo: bytes) -> str:
    return sha256(photo).hexdigest()


def hall_clock() -> datetime:
    return datetime.now(UTC).astimezone(ZoneInfo(ZONE))


def fill_a_round(hall: Hall) -> None:
    """On the 13th zhou walks by both windows; something is found, something praised, and something cannot be placed."""
    begun = deed("round_started", "2026-03-13 09:30")
    here = {"window": "公安窗口", "round": begun["id"]}
    tell(
        hall,
        begun,
        deed("window_seen", "2026-03-13 09:35", round=begun["id"], window="税务窗口", in_order=True),
        deed("finding", "2026-03-13 09:40", code="absent", no="102", photos=["a" * 64], **here),
        deed("finding", "2026-03-13 09:41", code="desk", **here),
        deed("finding", "2026-03-13 09:42", code="phone", window="海关窗口", note="门口第二个窗口"),
        deed("praise", "2026-03-13 09:45", code="lost_found", window="税务窗口", no="0101"),
        deed("outing", "2026-03-13 09:50", no="0101", until="11:50"),
    )
    tell(hall, deed("finding", "2026-03-13 10:40", code="eat", window="税务窗口", no="0101"), ahead=3600, tablet="T2")
