"""What an inspector's tablet asks and tells, for the hall's clock and store (docs/patrol.md)."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import msgspec

from api.problems import Problem
from attendance.hall import Hall
from attendance.log.photos import Photos
from attendance.tablet import Answer, Telling, offset, take

MOST_DEEDS = 500
MOST_BYTES = 2 * 1024 * 1024
LONGEST_NAME = 64


class Batch(msgspec.Struct, frozen=True):
    """Deeds as a tablet sends them, each still as it came."""

    tablet: str
    sent_at: datetime
    deeds: list[msgspec.Raw]


def zone_of_hall(hall: Hall, now: datetime) -> str:
    """The hall's civil time."""
    return hall.book().policies.in_force(f"{now:%Y-%m}").meta.timezone


def hall_now(hall: Hall) -> datetime:
    """The hall's clock, with its zone."""
    now = datetime.now(UTC)
    return now.astimezone(ZoneInfo(zone_of_hall(hall, now)))


def today_of(hall: Hall) -> date:
    """The date on the hall's own wall."""
    return hall_now(hall).date()


def photos_of(hall: Hall) -> Photos:
    return Photos(hall.folder.photos, hall.keys)


def read_batch(body: bytes) -> Batch:
    """Raises Problem for a body that is no batch, or holds too many deeds."""
    try:
        batch = msgspec.json.decode(body, type=Batch)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Problem(422, "batch_unreadable") from None
    if batch.sent_at.tzinfo is None or not 0 < len(batch.tablet) <= LONGEST_NAME:
        raise Problem(422, "batch_unreadable")
    if len(batch.deeds) > MOST_DEEDS:
        raise too_large()
    return batch


def too_large() -> Problem:
    return Problem(413, "batch_too_large", most=MOST_DEEDS, megabytes=MOST_BYTES // 1024**2)


def take_batch(hall: Hall, batch: Batch, account: str, now: datetime) -> list[Answer]:
    """Take in every deed for itself, and store what came of them together. Raises StorageFailed."""
    who = Telling(account, batch.tablet, now, offset(batch.sent_at, now), zone_of_hall(hall, now))
    return hall.decide(lambda draft: [take(draft, bytes(raw), who) for raw in batch.deeds], f"user:{account}")


def missing_photos(hall: Hall, answers: Iterable[Answer]) -> list[str]:
    """Photos that are named and not here: still to be sent, unless their time was over already."""
    photos, removed = photos_of(hall), hall.book().photos_removed
    named = dict.fromkeys(sha256 for one in answers if one.outcome != "refused" for sha256 in one.photos)
    return [sha256 for sha256 in named if not photos.has(sha256) and not removed.find("sha256", sha256)]
