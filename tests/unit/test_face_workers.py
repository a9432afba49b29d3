"""The processes that look at frames: bounded, replaced when they die, and gone with the server."""

import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import run
from time import monotonic, sleep

import numpy as np
import portraits
import pytest

from attendance.facts import Refused
from devices.face import workers as under_test
from devices.face.seen import Wanted
from devices.face.workers import Workers

LOOK = Wanted(face=False)


@pytest.fixture(scope="module")
def two() -> Iterator[Workers]:
    with Workers("sface", 2) as workers:
        workers.warm()
        yield workers


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_frames_come_back_in_the_order_they_were_sent(two: Workers):
    frames = [portraits.empty_room(), *portraits.frames("astronaut", 2), b"", portraits.crowd()]
    seen = two.examine(frames, LOOK)
    assert [one.report.faces for one in seen] == [0, 1, 1, 0, 2]


def test_a_face_is_only_made_into_numbers_when_it_is_asked_for(two: Workers):
    (looked,), (known,) = (two.examine(portraits.frames("astronaut", 1), wanted) for wanted in (LOOK, Wanted()))
    assert (len(looked.vector), len(known.vector)) == (0, 128 * 4)


def test_when_too_many_wait_the_next_is_told_so_at_once(two: Workers):
    begun = monotonic()
    with pytest.raises(Refused) as refused:
        two.examine([b""] * (under_test.WAITING_PER_WORKER * 2 + 1), LOOK)
    assert refused.value.code == "faces_busy"
    assert monotonic() - begun < 0.5
    assert two.examine([portraits.empty_room()], LOOK)[0].report.reasons == ("no_face",)


def test_a_worker_that_is_killed_under_way_is_replaced_and_its_frame_looked_at_again(two: Workers):
    frames = portraits.frames("astronaut", 1) * 20
    before = two.pids
    with ThreadPoolExecutor(1) as beside:
        answers = beside.submit(two.examine, frames, LOOK)
        sleep(0.05)
        os.kill(before[0], signal.SIGKILL)
        seen = answers.result()
    assert [one.report.faces for one in seen] == [1] * 20
    assert before[0] not in two.pids


def test_a_small_file_that_unfolds_into_a_huge_picture_takes_no_memory(two: Workers):
    huge = portraits.jpeg(np.zeros((6000, 6000, 3), np.uint8))
    before = [peak(process) for process in two.pids]
    seen = two.examine([huge] * 4, LOOK)
    assert {one.report.reasons for one in seen} == {("unreadable",)}
    assert all(peak(process) - start < 60_000 for process, start in zip(two.pids, before, strict=True))


def peak(process: int) -> int:
    """The most memory a process ever had, in KiB."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def test_workers_leave_no_core_file(two: Workers):
    for process in two.pids:
        limits = Path(f"/proc/{process}/limits").read_text(encoding="utf-8")
        assert next(line.split()[4] for line in limits.splitlines() if line.startswith("Max core file size")) in "01"


def test_workers_end_with_whoever_started_them():
    script = (
        "import os, sys\n"
        "from devices.face.workers import Workers\n"
        "workers = Workers('sface', 1)\n"
        "workers.warm()\n"
        "print(workers.pids[0], flush=True)\n"
        "os._exit(9)\n"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    ended = run([sys.executable, "-c", script], env=environment, stdout=-1, check=False)
    process, deadline = int(ended.stdout), monotonic() + 10
    while is_running(process) and monotonic() < deadline:
        sleep(0.02)
    assert not is_running(process)


def test_a_machine_that_cannot_load_opencv_is_told_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """As on a server without libGL, where importing cv2 fails."""
    reason = "libGL.so.1: cannot open shared object file"
    (tmp_path / "cv2.py").write_text(f"raise ImportError({reason!r})", encoding="utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    with Workers("sface", 1) as lame, pytest.raises(Refused) as refused:
        lame.warm()
    assert (refused.value.code, refused.value.details["reason"]) == ("faces_unavailable", reason)
    assert lame.pids == []
