"""Photos of findings: what a photo may be, and that one was removed when its time was over."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from attendance.facts import Fact, Refused, topic
from attendance.shelf import Shelf

if TYPE_CHECKING:
    from attendance.book import Book
    from attendance.hall import Draft, Outcome

MOST_BYTES = 3 * 1024 * 1024
MOST_PIXELS = 4096
"""A side of a photo: a tablet scales to 1600."""
START, SCAN, END = 0xD8, 0xDA, 0xD9
PLAIN = frozenset({0xE0, 0xE2, 0xEE})
"""Of the application segments, JFIF, a colour profile and Adobe's colour transform: they say nothing of a person."""
APPLICATION, COMMENT = range(0xE0, 0xF0), 0xFE
FRAMES = frozenset({0xC0, 0xC1, 0xC2})
"""Baseline, extended and progressive: what a canvas writes and a browser shows."""
HEAD = 2
"""Bytes of a marker, and of a segment's length."""


@topic("photo.removed")
class PhotoRemoved(Fact, frozen=True, kw_only=True):
    """A photo's file and its key were destroyed; the hash stays in the finding."""

    sha256: str
    kept_days: int
    """As the policy said then."""

    def key(self) -> tuple[str, ...]:
        return (self.sha256,)


class PhotosRemoved(Shelf[PhotoRemoved]):
    def __init__(self) -> None:
        super().__init__(sha256=lambda fact: fact.sha256)


def remove(draft: "Draft", *, sha256: str, kept_days: int) -> "Outcome":
    """Note that a photo is about to be destroyed."""
    return draft.record(PhotoRemoved(sha256=sha256, kept_days=kept_days))


def expired(book: "Book", today: date) -> dict[str, int]:
    """Photos whose time is over, by hash, with the days they were kept: each finding's month says how long."""
    kept, gone = set[str](), dict[str, int]()
    for shelf in (book.patrol.findings, book.praises.noted):
        for entry in shelf:
            days = book.policies.in_force(f"{entry.fact.seen_at:%Y-%m}").retention.photo_days
            over = entry.fact.seen_at.date() + timedelta(days=days) < today
            for sha256 in entry.fact.photos:
                gone[sha256] = max(days, gone.get(sha256, 0))
                if not over:
                    kept.add(sha256)
    return {sha256: days for sha256, days in gone.items() if sha256 not in kept}


def check(data: bytes) -> None:
    """Raises Refused for what is no whole JPEG, is too large to show, or says where and with what it was taken."""
    if data[:HEAD] != bytes((0xFF, START)) or data[-HEAD:] != bytes((0xFF, END)):
        raise Refused("photo_unreadable", "photo")
    markers = list(_segments(data))
    frame = next((body for marker, body in markers if marker in FRAMES), None)
    if frame is None or markers[-1][0] != SCAN:
        raise Refused("photo_unreadable", "photo")
    for marker, _ in markers:
        if marker == COMMENT or (marker in APPLICATION and marker not in PLAIN):
            raise Refused("photo_metadata", "photo")
    height, width = int.from_bytes(frame[1:3]), int.from_bytes(frame[3:5])
    if not 0 < height <= MOST_PIXELS or not 0 < width <= MOST_PIXELS:
        raise Refused("photo_size", "photo", most=MOST_PIXELS)


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each segment's marker and body, up to the last scan. Raises Refused where the bytes are no JPEG."""
    at = HEAD
    while at < len(data) - HEAD:
        if data[at] != 0xFF:
            raise Refused("photo_unreadable", "photo")
        marker, length = data[at + 1], int.from_bytes(data[at + HEAD : at + 2 * HEAD])
        end = at + HEAD + length
        if length < HEAD or end > len(data) - HEAD:
            raise Refused("photo_unreadable", "photo")
        yield marker, data[at + 2 * HEAD : end]
        at = _after_scan(data, end) if marker == SCAN else end


def _after_scan(data: bytes, at: int) -> int:
    """Where the next marker stands behind a scan's own bytes, in which FF is followed by 00 or a restart."""
    while (at := data.find(0xFF, at)) >= 0:
        following = data[at + 1] if at + 1 < len(data) else END
        if following == END:
            if at != len(data) - HEAD:
                # Something hangs on behind the picture: a film, another picture, words.
                raise Refused("photo_metadata", "photo")
            return at
        if following != 0 and not 0xD0 <= following <= 0xD7 and following != 0xFF:
            return at
        at += 1 if following == 0xFF else HEAD
    raise Refused("photo_unreadable", "photo")
