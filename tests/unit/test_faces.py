"""Enrolling, recognising and forgetting faces in an open hall, with the real engine in its own processes."""

import base64
import os
import signal
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event

import numpy as np
import portraits
import pytest
from halls import POLICY, do, register_a_small_hall
from traces import found_in, of_frame, writings

from api.face_records import sweep
from api.faces import FaceService, today
from api.jobs.faces import destroy_what_may_not_stay
from api.jobs.job import House
from api.settings import Settings
from attendance import consent, people
from attendance.faces import has_left
from attendance.facts import Refused
from attendance.hall import Hall
from attendance.recognition import Recognition
from devices.face import VAULT, lease
from devices.face.engines import SFACE_KIND
from devices.face.ports import TimedFrame
from devices.face.vault import Kept, Vault
from projections.ledger import Ledger

ASTRONAUT, FRIEND = "102", "0101"


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    hall = Hall.found(tmp_path_factory.mktemp("faces") / "hall", POLICY)
    register_a_small_hall(hall)
    yield hall
    hall.close()


@pytest.fixture(scope="module")
def service(hall: Hall) -> Iterator[FaceService]:
    """One service for the module: its processes take half a second to start."""
    service = FaceService(hall, Settings(data=hall.folder.data, face_workers=1))
    yield service
    service.close()


@pytest.fixture
def faces(service: FaceService, hall: Hall) -> Iterator[FaceService]:
    """The service with the astronaut enrolled as 102."""
    agree(hall, ASTRONAUT)
    service.enrol(ASTRONAUT, portraits.frames("astronaut"), actor="user:ops")
    yield service
    for no in (ASTRONAUT, FRIEND):
        service.forget(no, reason="office", actor="user:ops")
        if hall.book().consents.stands(no, "face", today(hall)):
            do(hall, consent.withdraw, no=no, kind="face", at=now(hall))


def now(hall: Hall) -> datetime:
    return datetime.combine(today(hall), datetime.now(UTC).time())


def agree(hall: Hall, no: str) -> None:
    do(hall, consent.give, no=no, kind="face", at=now(hall), text="2026-01", signature="M0 0")


def refusal(call: object, *given: object, **named: object) -> Refused:
    assert callable(call)
    with pytest.raises(Refused) as refused:
        call(*given, **named)
    return refused.value


def test_an_enrolled_face_is_recognised_with_the_figures_that_decided(faces: FaceService):
    decision = faces.identify(portraits.frames("astronaut", 2))
    assert (decision.verdict, decision.no) == ("accepted", ASTRONAUT)
    assert isinstance(decision.recognition, Recognition)
    assert decision.recognition.score >= decision.recognition.threshold == 0.45
    assert decision.recognition.model == SFACE_KIND.model


def test_a_face_that_nobody_enrolled_is_a_stranger_and_named_for_nobody(faces: FaceService):
    decision = faces.identify(portraits.frames("friend", 1))
    assert (decision.verdict, decision.no) == ("stranger", "")
    assert faces.verify(ASTRONAUT, portraits.frames("friend", 1)).verdict == "stranger"


def test_a_number_without_a_template_cannot_be_verified(faces: FaceService):
    assert faces.verify("9001", portraits.frames("astronaut", 1)).reasons == ("not_enrolled",)


def test_a_frame_that_does_not_serve_says_what_to_do(faces: FaceService):
    cases = [(portraits.empty_room(), "no_face"), (portraits.crowd(), "several_faces"), (b"no picture", "unreadable")]
    for frame, reason in cases:
        decision = faces.identify([frame])
        assert (decision.verdict, decision.reasons) == ("unclear", (reason,))


def test_frames_of_two_people_are_nobody(faces: FaceService):
    mixed = [portraits.frames("astronaut")[0], portraits.jpeg(portraits.portrait("actor"))]
    assert faces.identify(mixed).reasons == ("another_person",)


def test_whoever_meets_the_challenge_is_there_and_whoever_fails_is_asked_again(faces: FaceService):
    still = [TimedFrame(*moment) for moment in portraits.picture_in_hand("astronaut")]
    turning = [TimedFrame(*moment) for moment in portraits.turning("astronaut")]
    assert not faces.challenge("turn_left", still, no=ASTRONAUT).passed
    assert all(faces.draw_step("random", no=ASTRONAUT) for _ in range(20))
    assert faces.challenge("turn_left", turning, no=ASTRONAUT).passed
    assert not all(faces.draw_step("random", no=ASTRONAUT) for _ in range(60))


def test_a_blink_is_told_by_the_workers_and_a_lost_face_or_two_prints_are_none(faces: FaceService):
    blinking, exchanged = portraits.blinking("astronaut"), portraits.exchanged("astronaut")
    lost = [*blinking[:3], (blinking[3][0], portraits.empty_room()), *blinking[4:]]
    told = [
        faces.challenge("blink", [TimedFrame(*one) for one in film], no=ASTRONAUT).reasons for film in (exchanged, lost)
    ]
    assert told == [("jumped",), ("face_lost",)]
    assert faces.challenge("blink", [TimedFrame(*one) for one in blinking], no=ASTRONAUT).passed


def test_nobody_is_enrolled_without_a_consent_that_stands(service: FaceService, hall: Hall):
    refused = refusal(service.enrol, "9001", portraits.frames("friend"), actor="user:ops")
    assert refused.code == "face_without_consent"
    assert not [one for one in hall.book().faces.standing() if one.fact.no == "9001"]


@pytest.mark.parametrize(
    ("taken", "code"),
    [
        (portraits.frames("astronaut", 2), "face_frames_few"),
        ([*portraits.frames("astronaut", 2), portraits.empty_room()], "face_frame_bad"),
        ([*portraits.frames("astronaut", 2), portraits.frames("actor", 1)[0]], "face_frame_bad"),
    ],
)
def test_frames_that_make_no_template_are_refused(faces: FaceService, hall: Hall, taken: list[bytes], code: str):
    agree(hall, FRIEND)
    assert refusal(faces.enrol, FRIEND, taken, actor="user:ops").code == code
    assert faces.enrolled() == 1


def test_a_face_enrolled_as_somebody_else_needs_a_supervisors_reason(faces: FaceService, hall: Hall):
    agree(hall, FRIEND)
    refused = refusal(faces.enrol, FRIEND, portraits.frames("astronaut"), actor="user:ops")
    assert (refused.code, refused.details["no"]) == ("face_taken", ASTRONAUT)
    enrolled = faces.enrol(FRIEND, portraits.frames("astronaut"), actor="user:ops", override="twins")
    assert [other.no for other in enrolled.resembles] == [ASTRONAUT]
    fact = hall.book().faces.of(FRIEND)
    assert fact is not None
    assert (fact.fact.resembles, hall.opened(fact.fact.reason)) == ((ASTRONAUT,), "twins")
    # Two people with one face: neither is ahead of the other, so the number is asked for.
    assert faces.identify(portraits.frames("astronaut", 1)).verdict == "uncertain"
    assert faces.verify(FRIEND, portraits.frames("astronaut", 1)).verdict == "accepted"


def test_enrolling_again_destroys_the_template_before(faces: FaceService, hall: Hall):
    before = hall.book().faces.of(ASTRONAUT)
    assert before is not None
    faces.enrol(ASTRONAUT, portraits.frames("astronaut", 4), actor="user:ops")
    (gone,) = hall.book().faces.destroyed.find("template", before.fact.template)
    assert gone.fact.reason == "replaced"
    assert faces.enrolled() == 1


def test_forgotten_a_face_is_a_stranger_and_its_key_is_gone(faces: FaceService, hall: Hall):
    entry = hall.book().faces.of(ASTRONAUT)
    assert entry is not None
    assert faces.forget(ASTRONAUT, reason="withdrawn", actor="user:102")
    assert faces.identify(portraits.frames("astronaut", 1)).verdict == "stranger"
    assert refusal(hall.keys.find, f"face/{entry.fact.template}").code == "forgotten"
    (gone,) = hall.book().faces.destroyed.find("template", entry.fact.template)
    assert (gone.fact.reason, gone.actor) == ("withdrawn", "user:102")
    assert not faces.forget(ASTRONAUT, reason="withdrawn", actor="user:102")


def test_what_another_process_enrols_is_known_here(faces: FaceService, hall: Hall):
    agree(hall, FRIEND)
    beside = FaceService(hall, Settings(data=hall.folder.data, face_workers=1))
    try:
        beside.enrol(FRIEND, portraits.frames("friend"), actor="user:ops")
    finally:
        beside.close()
    assert faces.identify(portraits.frames("friend", 1)).no == FRIEND


def test_a_lent_gallery_opens_with_its_key_alone(faces: FaceService):
    lent = faces.gallery_export("random", {})
    assert (lent.people, lent.seconds) == (1, 24 * 3600)
    gallery = lease.borrowed(lent.content, lent.key).gallery
    own = gallery.template(ASTRONAUT)
    assert own is not None
    assert own.tobytes() not in lent.content
    assert refusal(lease.borrowed, lent.content, bytes(32)).code == "lease_broken"
    assert refusal(lease.borrowed, lent.content[:-1], lent.key).code == "lease_broken"


def test_a_worker_that_dies_is_started_again(faces: FaceService):
    workers = faces.loaded().workers
    (before,) = workers.pids
    os.kill(before, signal.SIGKILL)
    assert faces.identify(portraits.frames("astronaut", 1)).no == ASTRONAUT
    assert workers.pids != [before]


def test_nothing_biometric_lies_in_any_file(faces: FaceService, hall: Hall, capfd: pytest.CaptureFixture[str]):
    """The template and the frames, in every writing of them, against every byte of the data and of the keys."""
    vector = faces.loaded().recogniser().gallery.template(ASTRONAUT)
    assert vector is not None
    taken = portraits.frames("astronaut", 1)
    faces.identify(taken)
    hall.keys.backup()
    assert (hall.folder.data / VAULT).is_file()
    pieces = [*writings(vector), *of_frame(taken[0])]
    assert found_in([hall.folder.data, hall.folder.keys], pieces) == []
    said = capfd.readouterr()
    assert not any(piece in (said.out + said.err).encode() for piece in pieces)


def test_the_search_finds_a_template_and_a_frame_that_were_left_lying(tmp_path: Path):
    """The search itself must be able to fail."""
    vector = np.random.default_rng(1).normal(size=128).astype(np.float32)
    (tmp_path / "a leak").write_bytes(b"..." + base64.b64encode(b"x" + vector.tobytes()))
    assert found_in([tmp_path], list(writings(vector))) == ["a leak"]
    (tmp_path / "a picture").write_bytes(b"Content-Type: image/jpeg" + portraits.frames("astronaut", 1)[0])
    assert found_in([tmp_path], list(of_frame(portraits.frames("astronaut", 1)[0]))) == ["a picture"]


def put_directly(hall: Hall, no: str, template: str = "loose") -> Vault:
    vault = Vault(hall.folder.data, hall.keys)
    vault.put(Kept(template, no, SFACE_KIND.name, SFACE_KIND.model), np.ones(128, np.float32))
    return vault


def test_every_night_what_may_not_stay_is_destroyed(faces: FaceService, hall: Hall):
    vault = put_directly(hall, FRIEND)
    try:
        assert sweep(hall, vault, today(hall), "office") == {"unfinished": 1}
        assert [one.no for one in vault.kept()] == [ASTRONAUT]
        do(hall, consent.withdraw, no=ASTRONAUT, kind="face", at=now(hall))
        assert sweep(hall, vault, today(hall), "office") == {"withdrawn": 1}
        assert vault.kept() == []
        assert sweep(hall, vault, today(hall), "office") == {}
    finally:
        vault.close()
    assert faces.identify(portraits.frames("astronaut", 1)).verdict == "stranger"


def test_who_has_left_loses_the_template_and_who_is_still_to_come_has_not_left(faces: FaceService, hall: Hall):
    book = hall.book()
    assert not has_left(book, ASTRONAUT, date(2099, 1, 1))
    do(hall, people.post, no="401", name="周一禾", window="公安窗口", start=date(2026, 1, 1), end=date(2026, 1, 31))
    do(hall, people.post, no="401", name="周一禾", window="税务窗口", start=date(2026, 3, 1), end=date(2026, 3, 31))
    days = [date(2026, 1, 31), date(2026, 2, 1), date(2026, 3, 31), date(2026, 4, 1)]
    assert [has_left(hall.book(), "401", day) for day in days] == [False, False, False, True]


def test_a_vault_that_lost_a_template_is_said_so(faces: FaceService, hall: Hall):
    entry = hall.book().faces.of(ASTRONAUT)
    assert entry is not None
    vault = Vault(hall.folder.data, hall.keys)
    try:
        vault.destroy(entry.fact.template)
        assert sweep(hall, vault, today(hall), "office") == {"lost": 1}
    finally:
        vault.close()


def test_a_hall_that_wants_no_faces_any_more_says_so_and_still_forgets_those_it_has(faces: FaceService, hall: Hall):
    off = FaceService(hall, Settings(data=hall.folder.data, face_engine="none"))
    assert refusal(off.warm).details["reason"] == "MANQIN_FACE_ENGINE=none"
    assert off.forget(ASTRONAUT, reason="withdrawn", actor="user:102")
    assert not off.forget(ASTRONAUT, reason="withdrawn", actor="user:102")
    assert faces.identify(portraits.frames("astronaut", 1)).verdict == "stranger"


def test_the_nightly_job_tells_how_many_are_stored_and_gives_a_hall_without_faces_no_vault(
    faces: FaceService, hall: Hall, tmp_path: Path
):
    put_directly(hall, FRIEND, "left over").close()
    assert destroy_what_may_not_stay(house_of(hall)) == {"stored": 1, "destroyed": 1}
    empty = Hall.found(tmp_path / "hall", POLICY)
    try:
        assert destroy_what_may_not_stay(house_of(empty)) == {"stored": 0, "destroyed": 0}
        assert not (empty.folder.data / VAULT).exists()
    finally:
        empty.close()


def house_of(hall: Hall) -> House:
    return House(hall, Ledger(hall), Settings(data=hall.folder.data), Event())
