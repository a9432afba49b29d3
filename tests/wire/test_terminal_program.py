"""`manqin terminal` at work: a real hall over HTTPS, cameras and networks that fail, and a program that is killed."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest

pytest.importorskip("cv2", reason="the face stack is not installed", exc_type=ImportError)

from cameras import NetworkCamera, film, network_camera
from click.testing import CliRunner
from halls import POLICY
from kiosks import enrol
from machines import LONG, Machine, until
from networks import Network, network
from portraits import TURNED, empty_room, frames, jpeg, turned
from sites import Site, site_opened

from api.cli import main
from api.kiosk import pairing
from attendance.pairing import GalleryLent
from attendance.punches import Punched, ReadingQuarantined
from attendance.terminals import TerminalOperated
from devices.face.terminal.camera import source_of
from devices.face.terminal.clocks import Anchor
from devices.face.terminal.kept import Kept, Place
from devices.face.workers import Workers

NOWHERE = "https://127.0.0.1:9"
A_DAY = 24 * 3600.0
PROGRAM = "from api.cli import main; main()"
KNOWN = "0101"


@pytest.fixture(scope="module")
def hall_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A hall in which 孙可岚 (102) and 钱桐雅 (0101) are enrolled, turns to the left alone are asked for, and every
    second of somebody counts: the tests come faster after one another than people do."""
    policy = POLICY.replace("dedupe_seconds = 60", "dedupe_seconds = 0")
    with site_opened(tmp_path_factory.mktemp("program"), policy, face_steps=("turn_left",), face_workers=1) as site:
        enrol(site, "102", frames("astronaut", 4))
        enrol(site, KNOWN, frames("friend", 4))
        yield site


@pytest.fixture(scope="module")
def looker() -> Iterator[Workers]:
    with Workers("sface", 1) as workers:
        yield workers


@pytest.fixture
def machine(hall_site: Site, tmp_path: Path, looker: Workers) -> Iterator[Machine]:
    made = Machine(hall_site, tmp_path / "machine", looker)
    made.pair()
    yield made
    made.kept.close()


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("films")
    known, stranger = folder / "known.avi", folder / "stranger.avi"
    return {"known": film(known, frames("friend", 3)), "stranger": film(stranger, frames("actor", 3) * 4)}


@pytest.fixture
def camera() -> Iterator[NetworkCamera]:
    with network_camera() as made:
        yield made


@pytest.fixture
def line(hall_site: Site) -> Iterator[Network]:
    with network(hall_site.address) as made:
        yield made


def seconds_from(punch: Punched, moment: datetime) -> float:
    return abs((punch.at - (moment + timedelta(hours=8)).replace(tzinfo=None)).total_seconds())


def test_somebody_enrolled_is_known_here_and_counted_by_the_hall(machine: Machine, films: dict[str, Path]):
    codes = machine.watch(films["known"])
    assert machine.details("kept")["called"] == ("钱", "税务窗口")
    assert codes.index("kept") < codes.index("answered")
    assert machine.details("answered")["answer"].name == "钱"
    assert machine.kept.count() == 0
    assert [fact.people for fact in machine.facts(GalleryLent)] == [2]


def test_a_stranger_is_told_kindly_and_nothing_is_kept(machine: Machine, films: dict[str, Path]):
    assert "stranger" in machine.watch(films["stranger"])
    assert (machine.kept.count(), machine.facts(Punched)) == (0, [])


def test_whoever_stays_is_one_punch_and_whoever_comes_again_later_is_another(machine: Machine, films: dict[str, Path]):
    with machine.in_touch():
        for passed in (0, 10, 70):
            machine.passed += passed
            machine.look(films["known"])
    assert machine.codes.count("kept") == 3


def test_without_a_network_people_are_called_by_name_and_their_punches_come_later_at_their_time(
    machine: Machine, films: dict[str, Path]
):
    machine.meet_the_hall()
    stood_there = datetime.now(UTC) - timedelta(hours=2)
    machine.passed = -7200
    machine.kept.remember(Anchor(stood_there.timestamp() * 1000, machine.clocks.read()))
    machine.wrong = 3 * 3600.0
    machine.lease._since -= 7200
    assert "kept" in machine.watch(films["known"], NOWHERE)
    assert machine.details("kept")["called"].name == "钱"
    assert machine.kept.count() == 1
    machine.passed = 0
    machine.meet_the_hall()
    assert machine.kept.count() == 0
    [punch] = machine.facts(Punched)
    assert seconds_from(punch, stood_there) < 30
    assert (punch.pin, punch.verify, punch.recognised.engine) == ("101", "face", "sface")
    assert machine.facts(TerminalOperated)


def test_a_clock_set_forward_is_caught_although_the_machine_started_anew_meanwhile(
    machine: Machine, films: dict[str, Path]
):
    """Its other clock counts from nothing then, so that the moment is counted from the last contact before."""
    machine.meet_the_hall()
    stood_there = datetime.now(UTC)
    machine.wrong = 1800.0
    machine.watch(films["known"], NOWHERE)
    machine.wrong, machine.passed = 0.0, machine.passed + 3600
    machine.start_anew()
    machine.kept.remember(machine.kept.last_anchor())  # type: ignore[arg-type]
    machine.passed = 0.0
    machine.meet_the_hall()
    assert (machine.kept.count(), machine.facts(ReadingQuarantined)) == (0, [])
    [punch] = machine.facts(Punched)
    assert seconds_from(punch, stood_there) < 30
    assert machine.facts(TerminalOperated)


def test_a_terminal_that_lost_the_hall_asks_for_movements_as_the_hall_wished(
    hall_site: Site, machine: Machine, films: dict[str, Path], tmp_path: Path
):
    pairing.end(hall_site.server.app.state.desk, machine.sn, "user:admin")
    machine.pair(challenge="always")
    machine.meet_the_hall()
    assert "kept" not in machine.watch(films["known"], NOWHERE)
    assert (machine.details("step")["step"], "not_done" in machine.codes) == ("turn_left", True)
    straight, halfway, aside = (jpeg(turned("friend", angle)) for angle in (0, TURNED / 2, TURNED))
    turn = [straight] * 5 + [halfway] * 2 + [aside] * 5 + [halfway]
    machine.watch(film(tmp_path / "turn.avi", turn, rate=5), NOWHERE)
    [sighting] = machine.kept.waiting()
    assert (sighting.no, sighting.recognised.liveness) == (KNOWN, "turn_left")


def test_a_lease_that_is_over_matches_nobody_and_leaves_nothing(machine: Machine, films: dict[str, Path]):
    machine.meet_the_hall()
    assert (machine.folder / "gallery.bin").exists()
    machine.passed += A_DAY
    machine.wrong -= A_DAY
    assert "no_lease" in machine.watch(films["known"], NOWHERE)
    assert machine.kept.count() == 0
    assert not (machine.folder / "gallery.bin").exists()


def test_somebody_enrolled_meanwhile_is_lent_within_a_minute(machine: Machine, films: dict[str, Path]):
    with machine.in_touch():
        machine.site.server.app.state.faces.forget("102", reason="office", actor="user:office")
    machine.meet_the_hall()
    assert len(machine.facts(GalleryLent)) == 1
    machine.passed += 61
    machine.meet_the_hall()
    assert [fact.people for fact in machine.facts(GalleryLent)] == [2, 1]
    machine.site.server.app.state.faces.enrol("102", frames("astronaut", 4), actor="user:office")


def test_a_device_that_may_not_borrow_is_told_what_to_do(hall_site: Site, machine: Machine, films: dict[str, Path]):
    pairing.end(hall_site.server.app.state.desk, machine.sn, "user:admin")
    machine.pair(borrows=False)
    codes = machine.watch(films["known"])
    assert ("may_not" in codes, "no_lease" in codes, "offline" in codes) == (True, True, False)


def test_while_the_network_swallows_everything_people_are_known_as_fast_as_ever(
    machine: Machine, films: dict[str, Path], line: Network
):
    with machine.in_touch(line.address) as contact:
        line.swallow()
        contact.send_soon()
        machine.look(films["known"])
        assert "kept" in machine.codes
        assert line.swallowed.wait(LONG)
        assert "offline" not in machine.codes, "the line's own patience is longer than the whole film"
        assert machine.kept.count() == 1
        contact.stop()
        line.cut()
    machine.meet_the_hall()
    assert (machine.kept.count(), len(machine.facts(Punched))) == (0, 1)


def test_unpaired_by_the_office_it_forgets_the_lease_and_sends_what_waits_once_it_is_paired_again(
    hall_site: Site, machine: Machine, films: dict[str, Path]
):
    machine.meet_the_hall()
    machine.watch(films["known"], NOWHERE)
    first = machine.sn
    pairing.end(hall_site.server.app.state.desk, machine.sn, "user:admin")
    with machine.in_touch():
        until(lambda: "code" in machine.codes)
        assert machine.details("unpaired") == {"unsent": 1}
        assert (machine.lease.held(), (machine.folder / "credential").exists()) == (None, False)
        machine.sn = pairing.begin(
            hall_site.server.app.state.desk,
            "user:admin",
            code=machine.details("code")["code"],
            way_out="",
            sn=first,
            borrows=True,
        )
        until(lambda: "answered" in machine.codes)
    assert (machine.sn, machine.kept.count(), len(machine.facts(Punched))) == (first, 0, 1)


def test_what_another_hall_is_owed_is_kept_for_it_and_said(machine: Machine, films: dict[str, Path]):
    machine.meet_the_hall()
    machine.kept.remember(Place(hall="another"))
    machine.watch(films["known"], NOWHERE)
    assert machine.kept.waiting() != []
    machine.meet_the_hall()
    assert machine.details("elsewhere") == {"count": 1}
    assert (machine.kept.count(), machine.kept.count_elsewhere(), machine.facts(Punched)) == (0, 1, [])


def test_a_camera_that_is_unplugged_is_missed_and_found_again(machine: Machine, camera: NetworkCamera):
    with machine.in_touch():
        source = source_of(camera.address)
        looking = Thread(target=machine.watching.run, args=(source,))
        looking.start()
        until(lambda: "nobody" in machine.codes)
        camera.plugged.clear()
        until(lambda: "camera_lost" in machine.codes)
        camera.show(frames("friend", 3))
        camera.plugged.set()
        until(lambda: "kept" in machine.codes)
        machine.watching.stop()
        source.close()
        looking.join(LONG)
    assert machine.codes[-1] != "camera_lost"


def test_a_camera_shows_the_present_however_slowly_it_is_looked_at(camera: NetworkCamera):
    source = source_of(camera.address)
    until(lambda: source.last is not None)
    shown = source.newest()
    until(lambda: source.last is not None and source.last.seconds > shown.seconds + 1)
    latest = source.last
    assert latest is not None
    assert source.newest().seconds >= latest.seconds
    source.close()


def asked(machine: Machine, server: str, camera: str) -> list[str]:
    trust = ["--ca", str(machine.ca), "--folder", str(machine.folder)]
    return ["terminal", "--server", server, *trust, "--camera", camera, "--no-window"]


def test_the_command_says_what_it_sees(machine: Machine, films: dict[str, Path]):
    machine.kept.close()
    server = machine.site.address
    told = CliRunner().invoke(main, asked(machine, server, str(films["stranger"])), catch_exceptions=False)
    assert told.exit_code == 0
    assert "已借到 2 人的模板" in told.output
    assert "没有认出您" in told.output
    assert not (machine.folder / "gallery.bin").exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"camera": "no such film"}, "打不开视频文件"),
        ({"server": "http://127.0.0.1:9"}, "不是 https 地址"),
        ({"ca": "no such file"}, "读不了证书文件"),
    ],
)
def test_what_cannot_work_is_refused_in_words(tmp_path: Path, wrong: dict[str, str], words: str):
    usual = {"server": NOWHERE, "camera": "0", "folder": str(tmp_path / "new")}
    options = [word for name, value in (usual | wrong).items() for word in (f"--{name}", value)]
    refused = CliRunner().invoke(main, ["terminal", *options, "--no-window"])
    assert (refused.exit_code, words in refused.output) == (1, True)


@contextmanager
def program(machine: Machine, server: str, camera: str) -> Iterator[subprocess.Popen[str]]:
    """The real thing, in a process of its own; killed when the block ends, if it still runs."""
    command = [sys.executable, "-c", PROGRAM, *asked(machine, server, camera)]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env=os.environ | {"MANQIN_LANG": "zh"}
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def heard(process: subprocess.Popen[str], words: str) -> None:
    assert process.stderr is not None
    told = []
    for told_line in process.stderr:
        told.append(told_line)
        if re.search(words, told_line):
            return
    raise AssertionError("".join(told))


def children(process: subprocess.Popen[str]) -> list[int]:
    listed = Path(f"/proc/{process.pid}/task").glob("*/children")
    return [int(child) for file in listed for child in file.read_text(encoding="ascii").split()]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="only Linux tells a process's children")
def test_killed_in_the_middle_it_has_lost_nothing_and_counts_nothing_twice(
    machine: Machine, camera: NetworkCamera, line: Network
):
    with program(machine, line.address, camera.address) as process:
        heard(process, "已借到")
        line.swallow()
        camera.show(frames("friend", 3))
        heard(process, "钱 · 税务窗口 · .* · 已保存")
        process.kill()
    assert machine.kept.count() == 1
    line.open.set()
    camera.show([empty_room()])
    with program(machine, line.address, camera.address) as process:
        until(lambda: machine.kept.count() == 0)
        workers = children(process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(LONG) == 0
    assert [pid for pid in workers if Path(f"/proc/{pid}").exists()] == []
    assert not (machine.folder / "gallery.bin").exists()
    assert len(machine.facts(Punched)) == 1
    again = Kept(machine.folder / "kept.db")
    assert again.count() == 0
    again.close()
