"""Enrolments that meet each other, a withdrawal, or the end of the process: no template stays without its right."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import portraits
import pytest
from halls import POLICY, do, register_a_small_hall

from api.face_records import sweep
from api.faces import FaceService, today
from api.settings import Settings
from attendance import consent, people
from attendance.facts import Refused
from attendance.hall import Hall
from devices.face import VAULT
from devices.face.engines import SFACE_KIND
from devices.face.seen import Seen, Wanted
from devices.face.vault import Kept, Vault
from devices.face.workers import Workers

ASTRONAUT, FRIEND = "102", "0101"


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    hall = Hall.found(tmp_path / "hall", POLICY)
    register_a_small_hall(hall)
    for no in (ASTRONAUT, FRIEND):
        agree(hall, no)
    yield hall
    hall.close()


@pytest.fixture(scope="module")
def looker() -> Iterator[Workers]:
    with Workers("sface", 1) as workers:
        workers.warm()
        yield workers


class Meanwhile:
    """Workers that look at frames as ever; when they have, something else happens first."""

    def __init__(self, looker: Workers, then: Callable[[], object]) -> None:
        self._looker, self._then = looker, then

    def examine(self, jpegs: Sequence[bytes], wanted: Wanted) -> list[Seen]:
        seen = self._looker.examine(jpegs, wanted)
        self._then()
        return seen

    def close(self) -> None:
        """The looker stays for the next test."""


@pytest.fixture
def opened(hall: Hall, looker: Workers) -> Iterator[Callable[..., FaceService]]:
    """Face services of that hall, each with a vault of its own, as in several processes."""
    services = []

    def one(then: Callable[[], object] = lambda: None) -> FaceService:
        service = FaceService(hall, Settings(data=hall.folder.data, face_workers=1))
        service.loaded().workers.close()
        service.loaded().workers = Meanwhile(looker, then)  # type: ignore[assignment]
        services.append(service)
        return service

    yield one
    for service in services:
        service.close()


def agree(hall: Hall, no: str) -> None:
    at = datetime.combine(today(hall), datetime.now(UTC).time())
    do(hall, consent.give, no=no, kind="face", at=at, text="2026-1", signature="M0 0")


def withdraw(hall: Hall, no: str) -> None:
    do(hall, consent.withdraw, no=no, kind="face", at=datetime.combine(today(hall), datetime.now(UTC).time()))


def kept(hall: Hall) -> list[Kept]:
    vault = Vault(hall.folder.data, hall.keys)
    try:
        return vault.kept()
    finally:
        vault.close()


def events(hall: Hall) -> list[tuple[str, str]]:
    """What the log says of templates: enrolled or why destroyed, and whose."""
    facts = [row.entry().fact for row in hall.store.read(0, 1_000)]
    told = [fact for fact in facts if fact.topic.startswith("face.")]
    return [(getattr(fact, "reason", None) if fact.topic == "face.destroyed" else "enrolled", fact.no) for fact in told]


def test_two_enrolments_of_one_person_at_once_leave_one_template(hall: Hall, opened: Callable[..., FaceService]):
    services = [opened() for _ in range(2)]
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda one: one.enrol(ASTRONAUT, portraits.frames("astronaut"), actor="user:ops"), services))
    (standing,) = hall.book().faces.standing()
    assert [one.template for one in kept(hall)] == [standing.fact.template]
    assert events(hall) == [("enrolled", ASTRONAUT), ("enrolled", ASTRONAUT), ("replaced", ASTRONAUT)]


def test_one_face_enrolled_as_two_people_at_once_is_refused_to_the_second(
    hall: Hall, opened: Callable[..., FaceService]
):
    first = opened()
    second = opened(lambda: first.enrol(ASTRONAUT, portraits.frames("astronaut"), actor="user:ops"))
    with pytest.raises(Refused) as refused:
        second.enrol(FRIEND, portraits.frames("astronaut"), actor="user:ops")
    assert (refused.value.code, refused.value.details["no"]) == ("face_taken", ASTRONAUT)
    assert [one.no for one in kept(hall)] == [ASTRONAUT]


def test_a_consent_withdrawn_while_the_frames_are_looked_at_stops_the_enrolment(
    hall: Hall, opened: Callable[..., FaceService]
):
    service = opened(lambda: withdraw(hall, ASTRONAUT))
    with pytest.raises(Refused) as refused:
        service.enrol(ASTRONAUT, portraits.frames("astronaut"), actor="user:ops")
    assert refused.value.code == "face_without_consent"
    assert (kept(hall), events(hall)) == ([], [])


def test_nobody_is_enrolled_after_leaving(hall: Hall, opened: Callable[..., FaceService]):
    yesterday = today(hall) - timedelta(days=1)
    do(hall, people.post, no="401", name="周一禾", window="公安窗口", start=yesterday, end=yesterday)
    agree(hall, "401")
    with pytest.raises(Refused) as refused:
        opened().enrol("401", portraits.frames("friend"), actor="user:ops")
    assert refused.value.code == "face_of_leaver"


def test_a_night_does_not_take_an_enrolment_under_way_for_one_that_broke_off(hall: Hall):
    under_way, night = Vault(hall.folder.data, hall.keys), Vault(hall.folder.data, hall.keys)
    try:
        with ThreadPoolExecutor(1) as beside, under_way.alone():
            under_way.put(Kept("new", ASTRONAUT, SFACE_KIND.name, SFACE_KIND.model), np.ones(128, np.float32))
            swept = beside.submit(sweep, hall, night, today(hall), "office")
            with pytest.raises(TimeoutError):
                swept.result(timeout=0.2)
            under_way.destroy("new")
        assert swept.result() == {}
    finally:
        under_way.close()
        night.close()


ENROLLING = f"""
import os, signal, sys
from pathlib import Path
sys.path[:0] = {[path for path in sys.path if path]!r}
import portraits
from api.faces import FaceService
from api.settings import Settings
from attendance.hall import Hall
from devices.face.vault import Vault

hall = Hall.open(Path(sys.argv[1]))
kind, name, calls = {{"decide": Hall, "destroy": Vault}}[sys.argv[2]], sys.argv[2], int(sys.argv[3])
plain = getattr(kind, name)

def and_the_plug_is_pulled(*given, **named):
    global calls
    calls -= 1
    if not calls:
        os.kill(os.getpid(), signal.SIGKILL)
    return plain(*given, **named)

setattr(kind, name, and_the_plug_is_pulled)
service = FaceService(hall, Settings(data=Path(sys.argv[1]), face_workers=1))
for round in range(int(sys.argv[4])):
    service.enrol("102", portraits.frames("astronaut"), actor="user:ops")
"""


@pytest.mark.parametrize(
    ("before", "call", "enrolments", "said", "left"),
    [
        pytest.param("decide", 1, 1, ["unfinished"], 0, id="in the vault, not in the log"),
        pytest.param("destroy", 1, 2, ["enrolled", "enrolled", "replaced"], 1, id="the one before still opens"),
        pytest.param("decide", 3, 2, ["enrolled", "enrolled", "replaced"], 1, id="destroyed, not said"),
    ],
)
def test_a_process_killed_in_an_enrolment_leaves_nothing_that_the_next_start_does_not_mend(
    tmp_path: Path, hall: Hall, before: str, call: int, enrolments: int, said: list[str], left: int
):
    arguments = [str(hall.folder.data), before, str(call), str(enrolments)]
    ended = subprocess.run([sys.executable, "-c", ENROLLING, *arguments], check=False, capture_output=True, text=True)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    vault = Vault(hall.folder.data, hall.keys)
    try:
        sweep(hall, vault, today(hall), "office")
        assert sweep(hall, vault, today(hall), "office") == {}
        assert [one.template for one in vault.kept()] == [one.fact.template for one in hall.book().faces.standing()]
        assert all(vault.opens(one.template) for one in vault.kept())
    finally:
        vault.close()
    assert [what for what, _ in events(hall)] == said
    assert len(hall.book().faces.standing()) == left


def test_a_template_whose_key_alone_was_destroyed_is_said_to_be_lost(hall: Hall):
    vault = Vault(hall.folder.data, hall.keys)
    try:
        vault.put(Kept("half", ASTRONAUT, SFACE_KIND.name, SFACE_KIND.model), np.ones(128, np.float32))
        enrolled(hall, "half")
        hall.keys.forget("face/half")
        assert sweep(hall, vault, today(hall), "office") == {"lost": 1}
        assert vault.kept() == []
    finally:
        vault.close()


def enrolled(hall: Hall, template: str) -> None:
    from attendance import faces

    fact = faces.FaceEnrolled(template=template, no=ASTRONAUT, engine=SFACE_KIND.name, model=SFACE_KIND.model, frames=3)
    hall.decide(lambda draft: faces.enrol(draft, enrolled=fact, day=today(hall)), "user:ops")


def test_what_was_destroyed_twice_at_once_keeps_its_first_reason(hall: Hall):
    from attendance import faces

    for reason in ("withdrawn", "left"):
        do(hall, faces.destroyed, template="t", no=ASTRONAUT, reason=reason)
    assert events(hall) == [("withdrawn", ASTRONAUT)]


def test_of_a_destroyed_template_not_even_the_ciphertext_stays_in_a_file(hall: Hall):
    vault = Vault(hall.folder.data, hall.keys)
    try:
        for number in range(30):
            row = np.full(128, number, np.float32)
            vault.put(Kept(f"t{number}", ASTRONAUT, SFACE_KIND.name, SFACE_KIND.model), row)
        file = hall.folder.data / VAULT
        boxes = [bytes(box) for (box,) in vault._connection.execute("SELECT box FROM templates")]
        assert all(box[-64:] in file.read_bytes() for box in boxes)
        for number in range(30):
            vault.destroy(f"t{number}")
        lying = [path for path in hall.folder.data.rglob("*") if path.is_file()]
        assert not [path for path in lying for box in boxes if box[-64:] in path.read_bytes()]
    finally:
        vault.close()
