"""Faces at terminals over real HTTPS: the page, which asks the hall, and `manqin terminal`, which matches by itself."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("cv2", reason="the face stack is not installed", exc_type=ImportError)

import cv2
import numpy as np
from click.testing import CliRunner
from kiosks import WAY_OUT, Kiosk, paired_kiosk
from portraits import HEIGHT, TURNED, WIDTH, empty_room, frames, jpeg, turned
from sites import Site, authority, site_opened

from api.cli import main
from api.kiosk import pairing
from attendance import consent
from attendance.pairing import GalleryLent
from attendance.punches import Punched
from attendance.terminals import TerminalOperated
from devices.face.terminal.camera import Camera
from devices.face.terminal.clocks import Anchor, Clocks, clocks
from devices.face.terminal.kept import Kept
from devices.face.terminal.lease import Lease
from devices.face.terminal.line import HallLine
from devices.face.terminal.watching import Happening, Watching
from devices.face.workers import Workers

NOWHERE = "https://127.0.0.1:9"
A_DAY = 24 * 3600.0
SIDES = {"turn_left": 1, "turn_right": -1}


class Machine:
    """A machine with a camera, paired with the hall; tests move its clocks and cut its line."""

    def __init__(self, site: Site, folder: Path, looker: Workers) -> None:
        self.site, self.folder, self.looker = site, folder, looker
        self.passed, self.wrong = 0.0, 0.0
        real = clocks()
        self.clocks = Clocks(lambda: real.wall() + self.passed + self.wrong, lambda: real.mono() + self.passed, "one")
        folder.mkdir()
        self.ca = folder / "ca.pem"
        self.ca.write_text(authority().shown(), encoding="ascii")
        self.kept, self.lease = Kept(folder / "kept.db"), Lease(folder / "gallery.bin", self.clocks.mono)
        self.sn = ""
        self.said: list[Happening] = []

    def pair(self) -> None:
        desk = self.site.server.app.state.desk
        line = HallLine(self.site.address, self.folder / "credential", self.clocks, self.ca)
        code, claim, _ = line.begin_pairing()
        wishes: dict[str, Any] = {"name": "西门", "challenge": "never", "borrows": True, "way_out": WAY_OUT}
        self.sn = pairing.begin(desk, "user:admin", code=code, **wishes)
        assert line.paired(claim)
        line.close()

    def watch(self, film: Path, server: str = "") -> list[str]:
        """Look at a film to its end; the codes of what was said."""
        self.said.clear()
        line = HallLine(server or self.site.address, self.folder / "credential", self.clocks, self.ca)
        camera = Camera(str(film))
        Watching(line, self.kept, self.lease, self.looker, self.clocks, self.said.append).run(camera)
        camera.close()
        line.close()
        return [happening.code for happening in self.said]

    def facts(self, kind: type) -> list[Any]:
        facts = [row.entry().fact for row in self.site.hall.store.read(0, 100_000)]
        return [fact for fact in facts if isinstance(fact, kind) and fact.terminal == self.sn]


@pytest.fixture(scope="module")
def hall_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A hall in which 孙可岚 (102) and 钱桐雅 (0101) are enrolled."""
    with site_opened(tmp_path_factory.mktemp("program")) as site:
        for no, face in (("102", "astronaut"), ("0101", "friend")):
            agreed = {"no": no, "kind": "face", "at": datetime(2026, 1, 5), "text": "1", "signature": "x"}
            site.hall.decide(lambda draft, agreed=agreed: consent.give(draft, **agreed), "office")
            site.server.app.state.faces.enrol(no, frames(face, 4), actor="user:office")
        yield site


@pytest.fixture(scope="module")
def looker() -> Iterator[Workers]:
    workers = Workers("sface", 1)
    yield workers
    workers.close()


@pytest.fixture
def machine(hall_site: Site, tmp_path: Path, looker: Workers) -> Iterator[Machine]:
    made = Machine(hall_site, tmp_path / "machine", looker)
    made.pair()
    yield made
    made.kept.close()


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("films")
    shown = {"nobody": [empty_room()], "known": frames("friend", 3), "stranger": frames("actor", 3)}
    return {name: filmed(folder / f"{name}.avi", pictures) for name, pictures in shown.items()}


def filmed(file: Path, pictures: list[bytes]) -> Path:
    """A second and a half."""
    writer = cv2.VideoWriter(str(file), cv2.VideoWriter.fourcc(*"MJPG"), 10, (WIDTH, HEIGHT))
    for number in range(15):
        writer.write(cv2.imdecode(_bytes(pictures[number % len(pictures)]), cv2.IMREAD_COLOR))
    writer.release()
    return file


def _bytes(jpeg: bytes) -> Any:
    return np.frombuffer(jpeg, np.uint8)


def seconds_from(punch: Punched, moment: datetime) -> float:
    return abs((punch.at - (moment + timedelta(hours=8)).replace(tzinfo=None)).total_seconds())


def test_somebody_enrolled_is_known_here_and_counted_by_the_hall(machine: Machine, films: dict[str, Path]):
    said = machine.watch(films["known"])
    assert said[:2] == ["online", "borrowed"]
    assert "clocked" in said or "already" in said
    assert machine.kept.count() == 0
    assert [fact.people for fact in machine.facts(GalleryLent)] == [2]


def test_a_stranger_is_told_kindly_and_nothing_is_kept(machine: Machine, films: dict[str, Path]):
    assert "stranger" in machine.watch(films["stranger"])
    assert (machine.kept.count(), machine.facts(Punched)) == (0, [])


def test_without_a_network_people_are_known_and_their_punches_come_later_at_their_time(
    machine: Machine, films: dict[str, Path]
):
    machine.watch(films["nobody"])
    stood_there = datetime.now(UTC) - timedelta(hours=2)
    machine.passed = -7200
    machine.kept.remember(Anchor(stood_there.timestamp() * 1000, machine.clocks.read()))
    machine.wrong = 3 * 3600.0
    # A program that has not heard from the hall asks for a movement one time in four; a film of stills makes none.
    assert any("kept" in machine.watch(films["known"], NOWHERE) for _ in range(12))
    assert machine.kept.count() == 1
    machine.passed = 0
    machine.watch(films["nobody"])
    assert machine.kept.count() == 0
    [punch] = machine.facts(Punched)
    assert seconds_from(punch, stood_there) < 30
    assert (punch.pin, punch.verify, punch.recognised.engine) == ("101", "face", "sface")
    assert machine.facts(TerminalOperated)


def test_a_lease_that_is_over_matches_nobody_and_leaves_nothing(machine: Machine, films: dict[str, Path]):
    machine.watch(films["nobody"])
    assert (machine.folder / "gallery.bin").exists()
    machine.passed += A_DAY
    machine.wrong -= A_DAY
    assert "no_lease" in machine.watch(films["known"], NOWHERE)
    assert machine.kept.count() == 0
    assert not (machine.folder / "gallery.bin").exists()


def test_the_command_pairs_by_its_code_and_says_what_it_sees(hall_site: Site, films: dict[str, Path], tmp_path: Path):
    machine = Machine(hall_site, tmp_path / "paired", Workers("sface", 1))
    machine.pair()
    machine.kept.close()
    asked = ["terminal", "--server", hall_site.address, "--ca", str(machine.ca), "--folder", str(machine.folder)]
    told = CliRunner().invoke(main, [*asked, "--camera", str(films["stranger"])], catch_exceptions=False)
    assert told.exit_code == 0
    assert "已借到 2 人的模板" in told.output
    assert "没有认出您" in told.output
    refused = CliRunner().invoke(main, [*asked, "--camera", str(tmp_path / "no such film")])
    assert (refused.exit_code, "打不开摄像头" in refused.output) == (1, True)


@pytest.fixture
def kiosk(hall_site: Site) -> Iterator[Kiosk]:
    """A page that always asks for a movement."""
    with paired_kiosk(hall_site, challenge="always") as kiosk:
        yield kiosk


def asked_to_turn(kiosk: Kiosk) -> tuple[str, int]:
    """The token of a turn that was asked, and to which side."""
    for _ in range(10):
        answer = kiosk.show(frames("astronaut", 1))
        assert answer["state"] == "challenge", answer
        if answer["step"] in SIDES:
            return answer["token"], SIDES[answer["step"]]
    raise AssertionError("never asked to turn")


def test_a_page_may_not_borrow_the_gallery(kiosk: Kiosk):
    assert kiosk.client.post("/terminal/gallery", json={}).status_code == 403


def test_standing_still_is_no_movement(kiosk: Kiosk):
    token, _ = asked_to_turn(kiosk)
    still = kiosk.show(frames("astronaut", 3) * 4, f"challenge?token={token}")
    assert (still["state"], bool(still["words"])) == ("not_done", True)
    assert kiosk.punches() == []


def test_what_was_asked_and_done_is_a_punch_that_says_so_and_counts_once(kiosk: Kiosk, hall_site: Site):
    token, side = asked_to_turn(kiosk)
    straight, halfway, turned_away = (jpeg(turned("astronaut", side * angle)) for angle in (0, TURNED / 2, TURNED))
    film = [straight] * 4 + [halfway] * 2 + [turned_away] * 5 + [halfway]
    with paired_kiosk(hall_site) as other:
        assert other.show(film, f"challenge?token={token}")["state"] == "unclear"
    token, again = asked_to_turn(kiosk)
    while again != side:
        token, again = asked_to_turn(kiosk)
    answer = kiosk.show(film, f"challenge?token={token}")
    assert answer["state"] == "clocked", answer
    assert kiosk.show(film, f"challenge?token={token}")["state"] == "unclear"
    [punch] = kiosk.punches()
    assert (punch.pin, punch.recognised.liveness in SIDES) == ("102", True)


def test_an_uncertain_face_with_a_number_is_compared_with_that_person_alone(kiosk: Kiosk):
    other = kiosk.show(frames("actor", 2), "frames?no=102")
    assert other["state"] in ("stranger", "uncertain")
    assert kiosk.show(frames("astronaut", 2), "frames?no=0101")["state"] in ("stranger", "uncertain")
    assert kiosk.show(frames("astronaut", 2), "frames?no=nobody")["code"] == "passcode_wrong"
