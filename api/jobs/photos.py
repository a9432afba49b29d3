"""Photos of findings whose time is over, destroyed every night: the file and its key go, the hash stays."""

import time

from api.jobs.job import House, Said
from api.patrolling import photos_of, today_of
from attendance.hall import Hall
from attendance.photos import expired, remove

AT_HOUR, AT_MINUTE = 3, 10
ACTOR = "office"
DAY_SECONDS = 86_400


def destroy_old_photos(house: House) -> Said:
    """Photos that the policy keeps no longer, and those that no finding ever named."""
    hall = house.hall
    photos, over = photos_of(hall), expired(hall.book(), today_of(hall))
    doomed = {sha256: days for sha256, days in (over | _unnamed(hall)).items() if photos.has(sha256)}
    for sha256, days in doomed.items():
        if house.closing.is_set():
            break
        _destroy(hall, sha256, days)
    return {"destroyed": len(doomed), "stored": len(photos.all())}


def _destroy(hall: Hall, sha256: str, days: int) -> None:
    """The log hears of it first: whoever breaks off in between does it again the next night."""
    hall.decide(lambda draft: remove(draft, sha256=sha256, kept_days=days), ACTOR)
    photos_of(hall).destroy(sha256)


def _unnamed(hall: Hall) -> dict[str, int]:
    """Photos that came so long ago without a finding that theirs will not come any more."""
    book, photos = hall.book(), photos_of(hall)
    named = {
        sha256 for shelf in (book.patrol.findings, book.praises.noted) for one in shelf for sha256 in one.fact.photos
    }
    days = book.policies.in_force(f"{today_of(hall):%Y-%m}").retention.photo_days
    oldest = time.time() - days * DAY_SECONDS
    return {sha256: days for sha256 in photos.all() if sha256 not in named and photos.age(sha256) < oldest}
