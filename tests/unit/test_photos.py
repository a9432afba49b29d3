"""Photos: what one may be, how it is kept, and that it goes when its time is over."""

from datetime import date, timedelta
from threading import Event
from typing import Any

import pytest
from halls import do
from hypothesis import given
from hypothesis import strategies as st
from tablets import deed, hash_of, jpeg, tell

from api.jobs import photos as job
from api.jobs.job import House
from api.patrolling import photos_of, today_of
from api.settings import Settings
from attendance.facts import Refused
from attendance.hall import Hall
from attendance.log.photos import PhotoDamaged
from attendance.photos import check, expired
from attendance.policy import put_in_force
from projections.ledger import Ledger


@given(st.binary(max_size=400))
def test_any_bytes_are_a_photo_or_refused(data: bytes):
    for candidate in (data, jpeg()[:30] + data + b"\xff\xd9", jpeg(data)):
        try:
            check(candidate)
        except Refused as refused:
            assert refused.code.startswith("photo_")


def test_a_photo_of_several_scans_is_one():
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x2a\xff\x00\x2a"
    check(jpeg()[:-2] + scan + b"\xff\xd9")


def test_a_photo_is_read_as_it_was_kept_and_its_file_shows_nothing_of_it(hall: Hall):
    photos, photo = photos_of(hall), jpeg(b"somebody at window seven")
    assert photos.keep(hash_of(photo), photo)
    assert not photos.keep(hash_of(photo), photo)
    assert photos.read(hash_of(photo)) == photo
    assert photos.all() == [hash_of(photo)]
    assert b"somebody" not in (hall.folder.photos / hash_of(photo)).read_bytes()


@pytest.mark.parametrize("name", ["0" * 64, "../log.db", ""])
def test_a_photo_under_another_name_is_refused(hall: Hall, name: str):
    with pytest.raises(Refused) as refused:
        photos_of(hall).keep(name, jpeg())
    assert refused.value.code == "photo_hash"


def test_a_changed_file_is_found_out(hall: Hall):
    photos, photo = photos_of(hall), jpeg(b"one")
    photos.keep(hash_of(photo), photo)
    (hall.folder.photos / hash_of(photo)).write_bytes(b"short")
    with pytest.raises(PhotoDamaged):
        photos.read(hash_of(photo))


def test_a_destroyed_photo_opens_no_more_from_a_copy_either_and_is_not_taken_again(hall: Hall):
    photos, photo = photos_of(hall), jpeg(b"one")
    photos.keep(hash_of(photo), photo)
    path = hall.folder.photos / hash_of(photo)
    copy = path.read_bytes()
    photos.destroy(hash_of(photo))
    assert photos.read(hash_of(photo)) is None
    with pytest.raises(Refused) as refused:
        photos.keep(hash_of(photo), photo)
    assert refused.value.code == "photo_removed"
    path.write_bytes(copy)
    with pytest.raises(PhotoDamaged):
        photos.read(hash_of(photo))


def seen_with(hall: Hall, when: str, photo: bytes) -> None:
    named: dict[str, Any] = {"code": "phone", "window": "公安窗口", "photos": [hash_of(photo)]}
    tell(hall, deed("finding", when, **named), now="2099-12-31 09:00")
    photos_of(hall).keep(hash_of(photo), photo)


def test_a_photo_goes_when_the_last_finding_that_names_it_is_old_enough(hall: Hall):
    photo = jpeg(b"twice")
    seen_with(hall, "2026-01-05 10:00", photo)
    seen_with(hall, "2026-03-05 10:00", photo)
    last = date(2026, 3, 5) + timedelta(days=365)
    assert expired(hall.book(), last) == {}
    assert expired(hall.book(), last + timedelta(days=1)) == {hash_of(photo): 365}


def test_the_night_destroys_what_is_old_and_the_hash_stays(hall: Hall):
    policy = hall.book().policies.by_date()[0].sha256
    text = next(entry.fact.text for entry in hall.book().policies if entry.fact.sha256 == policy)
    do(hall, put_in_force, text=text.replace("photo_days = 365", "photo_days = 30"))
    old, fresh = jpeg(b"old"), jpeg(b"fresh")
    seen_with(hall, "2026-01-05 10:00", old)
    seen_with(hall, f"{today_of(hall)} 00:00", fresh)
    house = House(hall, Ledger(hall), Settings(data=hall.folder.data), Event())
    assert job.destroy_old_photos(house) == {"destroyed": 1, "stored": 1}
    assert job.destroy_old_photos(house) == {"destroyed": 0, "stored": 1}
    assert [entry.fact.sha256 for entry in hall.book().photos_removed] == [hash_of(old)]
    assert hash_of(old) in {sha256 for entry in hall.book().patrol.findings for sha256 in entry.fact.photos}
