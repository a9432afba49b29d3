"""The tablet's road over real HTTPS: what it takes along, what it brings back, and photos."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sites import Site, site_opened
from tablets import hall_clock, hash_of, jpeg

from attendance.log.photos import Photos
from attendance.punches import Punched

COMMENT = b"\xff\xfe\x00\x08secret"


@pytest.fixture(scope="module")
def hall_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site_opened(tmp_path_factory.mktemp("patrol")) as site:
        for name, role, linked in (
            ("zhou", "inspector", {}),
            ("wu", "inspector", {}),
            ("sun", "staff", {"no": "102"}),
            ("qian", "staff", {"no": "0101"}),
        ):
            site.account(name, role, **linked)
        yield site


@pytest.fixture
def inspector(hall_site: Site) -> Iterator[httpx.Client]:
    with hall_site.browser("zhou") as client:
        client.headers["X-CSRF-Token"] = client.get("/api/v1/patrol/snapshot").json()["csrf"]
        yield client


def finding(**fields: Any) -> dict[str, Any]:
    when = hall_clock() - timedelta(seconds=30)
    return {
        "id": str(uuid4()),
        "kind": "finding",
        "at": when.isoformat(),
        "code": "phone",
        "window": "公安窗口",
    } | fields


def send(client: httpx.Client, *deeds: Any, **batch: Any) -> httpx.Response:
    body = {"tablet": "T1", "sent_at": hall_clock().isoformat(), "deeds": deeds} | batch
    return client.post("/api/v1/patrol/sync", json=body)


def test_the_snapshot_says_who_should_be_where_and_whether_they_came(hall_site: Site, inspector: httpx.Client):
    now = hall_clock()
    hall_site.hall.receive(
        [Punched(terminal="A001", pin="102", at=now.replace(tzinfo=None, microsecond=0))], "terminal:A001"
    )
    hall_site.server.ledger.follow()
    body = inspector.get("/api/v1/patrol/snapshot").json()
    assert [one["window"] for one in body["windows"]] == ["税务窗口", "公安窗口"]
    everybody = [row["no"] for one in body["windows"] for row in (*one["expected"], *one["elsewhere"])]
    assert sorted(everybody) == ["0101", "102"]
    assert {one["no"] for one in body["people"] if one["relief"]} == {"9001"}
    assert {one["kind"] for one in body["codes"]} == {"fault", "praise"}
    assert [one["code"] for one in body["codes"] if one["needs_person"]] == ["late", "absent"]


def test_a_batch_is_answered_deed_by_deed_and_is_there_once(hall_site: Site, inspector: httpx.Client):
    good, odd = finding(note="看短视频"), finding(window="海关窗口")
    answer = send(inspector, good, odd, "nonsense", {"id": "x"})
    assert answer.status_code == 200
    results = answer.json()["results"]
    assert [one["outcome"] for one in results] == ["stored", "held", "refused", "refused"]
    assert [one["id"] for one in results] == [good["id"], odd["id"], "", "x"]
    assert all(one["sentence"] for one in results)
    assert [one["outcome"] for one in send(inspector, good).json()["results"]] == ["repeated"]
    assert good["id"] in [one["finding"] for one in inspector.get("/api/v1/patrol/snapshot").json()["findings"]]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"[]", 422),
        (b'{"tablet":"T1"}', 422),
        (b'{"tablet":"T1","sent_at":"noon","deeds":[]}', 422),
        (b"x" * (2 * 1024 * 1024 + 1), 413),
    ],
)
def test_a_body_that_is_no_batch_stores_nothing_and_says_why(inspector: httpx.Client, body: bytes, status: int):
    answer = inspector.post("/api/v1/patrol/sync", content=body)
    assert (answer.status_code, answer.json()["code"]) == (
        status,
        "batch_unreadable" if status == 422 else "batch_too_large",
    )


def test_a_thousand_deeds_at_once_are_asked_for_in_parts(hall_site: Site, inspector: httpx.Client):
    head = hall_site.hall.store.head()
    assert send(inspector, *[finding()] * 501).json()["code"] == "batch_too_large"
    assert hall_site.hall.store.head() == head
    many = [finding(id=f"00000000-0000-4000-9000-{number:012d}") for number in range(500)]
    assert {one["outcome"] for one in send(inspector, *many).json()["results"]} == {"stored"}


def test_without_a_session_or_its_token_nothing_is_taken(hall_site: Site, inspector: httpx.Client):
    with hall_site.stranger() as stranger:
        assert send(stranger, finding()).status_code == 401
    inspector.headers["X-CSRF-Token"] = "0" * 64
    assert (send(inspector, finding()).status_code, send(inspector).json()["code"]) == (403, "form_expired")
    with hall_site.browser("sun") as person:
        assert person.get("/api/v1/patrol/snapshot").status_code == 403


def put(client: httpx.Client, data: bytes, *, name: str = "", kind: str = "image/jpeg") -> httpx.Response:
    return client.put(f"/api/v1/patrol/photos/{name or hash_of(data)}", content=data, headers={"Content-Type": kind})


def test_a_photo_is_kept_once_sealed_and_shown_to_whom_its_finding_is_shown(hall_site: Site, inspector: httpx.Client):
    photo = jpeg(b"on the phone at window seven")
    named = finding(no="102", photos=[hash_of(photo)])
    assert send(inspector, named).json()["photos_missing"] == [hash_of(photo)]
    assert [put(inspector, photo).status_code for _ in range(2)] == [201, 200]
    assert send(inspector, named).json()["photos_missing"] == []
    files = [path.read_bytes() for path in hall_site.hall.folder.data.rglob("*") if path.is_file()]
    assert not any(b"on the phone at window seven" in data for data in files)
    path = f"/api/v1/patrol/photos/{hash_of(photo)}"
    assert inspector.get(path).content == photo
    for name, status in (("sun", 200), ("qian", 404), ("wu", 404), ("office", 200)):
        with hall_site.browser(name) as client:
            assert client.get(path).status_code == status, name


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<html>no photo</html>", "photo_unreadable"),
        (b"", "photo_unreadable"),
        (b"\xff\xd8\xff\xd9", "photo_unreadable"),
        (jpeg()[:-2], "photo_unreadable"),
        (jpeg()[:40] + b"\xff\xd9", "photo_unreadable"),
        (jpeg(segment=COMMENT), "photo_metadata"),
        (jpeg(segment=b"\xff\xe1\x00\x0aExif\0\0\0\0"), "photo_metadata"),
        (jpeg() + jpeg(), "photo_metadata"),
        (jpeg(width=5000), "photo_size"),
    ],
)
def test_what_is_no_photo_or_says_too_much_is_not_kept(
    hall_site: Site, inspector: httpx.Client, data: bytes, code: str
):
    answer = put(inspector, data)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert not Photos(hall_site.hall.folder.photos, hall_site.hall.keys).has(hash_of(data))


def test_a_photo_of_another_hash_another_type_or_twenty_megabytes_is_not_kept(inspector: httpx.Client):
    assert put(inspector, jpeg(), name="0" * 64).json()["code"] == "photo_hash"
    assert put(inspector, jpeg(), kind="image/png").status_code == 415
    assert put(inspector, b"\xff\xd8" + bytes(20 * 1024 * 1024)).status_code == 413


def test_a_photo_whose_file_was_changed_proves_nothing_and_says_so(hall_site: Site, inspector: httpx.Client):
    photo = jpeg(b"changed later")
    send(inspector, finding(no="102", photos=[hash_of(photo)]))
    put(inspector, photo)
    path = hall_site.hall.folder.photos / hash_of(photo)
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    answer = inspector.get(f"/api/v1/patrol/photos/{hash_of(photo)}")
    assert (answer.status_code, answer.json()["code"]) == (500, "photo_damaged")
