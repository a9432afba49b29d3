"""From a frame to a decision, beside plain face_recognition on the same frames in the same run."""

from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter

import cv2
import numpy as np

from benchmarks.figures import Figure, Load, percentile, seconds
from devices.face.decisions import identify, vector_of, verify
from devices.face.engines import KINDS, Kind, Vector
from devices.face.engines import load as load_engine
from devices.face.gallery import Gallery
from devices.face.looking import Finder, decoded
from devices.face.seen import Wanted
from devices.face.workers import Workers

WIDTH, HEIGHT = 1280, 720
PEOPLE = (1_000, 10_000)
MILLISECONDS = 1000.0
SOMEBODY = "somebody"


def figures(load: Load) -> Iterator[Figure]:
    frame = astronaut()
    yield from _server(load, frame)
    for engine in KINDS:
        yield from _engine(load, frame, engine)


def astronaut() -> bytes:
    """A person before the camera, out of scikit-image."""
    spec = find_spec("skimage")
    if spec is None or not spec.submodule_search_locations:
        raise ImportError("scikit-image is not installed")
    picture = cv2.imread(str(Path(spec.submodule_search_locations[0]) / "data" / "astronaut.png"))
    assert picture is not None
    return bytes(cv2.imencode(".jpg", cv2.resize(picture[:288], (WIDTH, HEIGHT)))[1])


def _server(load: Load, frame: bytes) -> Iterator[Figure]:
    """What the server's workers cost and do."""
    with Workers("sface", 1) as one:
        yield Figure("a worker ready, from nothing", seconds(one.warm), "s", "≤ 0.5", better="less")
        one.examine([frame], Wanted())
        note = "pages no other process shares"
        yield Figure("memory of a worker", _own_megabytes(one.pids[0]), "MB", "≤ 130", better="less", note=note)
    with Workers("sface", 2) as two:
        two.warm()
        count = load.of(200, 8)
        rate = count / seconds(lambda: [two.examine([frame] * 4, Wanted()) for _ in range(count // 4)])
        yield Figure("faces a second, two workers", rate, "1/s", "≥ 50")


def _own_megabytes(process: int) -> float:
    """Private memory: the libraries' code is in memory once for all workers."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1024


def _engine(load: Load, frame: bytes, engine: str) -> Iterator[Figure]:
    """One engine, from the frame to the decision and step by step."""
    kind, rounds = KINDS[engine], load.of(60, 2)
    with Workers(engine, 1) as workers:
        workers.warm()
        probe = vector_of(workers.examine([frame], Wanted())[0])
        plain = _plain(frame)
        beside = _times(plain, load.of(10, 1))
        for people in PEOPLE:
            gallery = crowd(kind, people, probe)
            taken = _times(lambda gallery=gallery: _decide(workers, gallery, frame), rounds)  # type: ignore[misc]
            yield from _decision(engine, people, taken, beside)
    yield from _steps(load, frame, engine, probe)


def _decide(workers: Workers, gallery: Gallery, frame: bytes) -> None:
    """1:N where the engine may search, else 1:1."""
    seen = workers.examine([frame], Wanted())
    decision = identify(gallery, seen) if gallery.kind.limits.search else verify(gallery, SOMEBODY, seen)
    assert (decision.verdict, decision.no) == ("accepted", SOMEBODY)


def _decision(engine: str, people: int, taken: list[float], beside: list[float]) -> Iterator[Figure]:
    how = "1:N" if KINDS[engine].limits.search else "1:1"
    what = f"{engine}: frame to decision, {people:,} people ({how})"
    for percent, goal in ((50, "≤ 40"), (95, "≤ 150")):
        own, plain = percentile(taken, percent), percentile(beside, percent)
        reached = goal if engine == "sface" else ""
        limit_is = "plain face_recognition, one known face"
        yield Figure(f"{what}, p{percent}", own, "ms", reached, plain, limit_is, better="less")


def _steps(load: Load, frame: bytes, engine: str, probe: Vector) -> Iterator[Figure]:
    """Detection, embedding and matching apart, in this process with one thread."""
    cv2.setNumThreads(1)
    kind, finder, loaded = KINDS[engine], Finder(), load_engine(engine)
    image = decoded(frame)
    assert image is not None
    _, found = finder.find(image)
    assert found is not None
    rounds = load.of(40, 2)
    if engine == "sface":
        yield _step("detection (YuNet)", _times(lambda: finder.find(image), rounds))
    yield _step(f"{engine}: embedding", _times(lambda: loaded.embed(image, found.points), rounds))
    for people in PEOPLE:
        gallery = crowd(kind, people, probe)
        own = _times(lambda gallery=gallery: gallery.likest(probe), rounds)  # type: ignore[misc]
        yield _matching(engine, people, own, _face_distance(gallery, probe, rounds))


def _step(what: str, taken: list[float]) -> Figure:
    return Figure(f"{what}, p50", percentile(taken, 50), "ms", better="less")


def _matching(engine: str, people: int, own: list[float], beside: list[float]) -> Figure:
    goal = "≤ 0.25" if people == max(PEOPLE) and engine == "sface" else ""
    limit_is = "face_recognition.face_distance"
    what = f"{engine}: matching {people:,} people exactly, p50"
    return Figure(what, percentile(own, 50), "ms", goal, percentile(beside, 50), limit_is, better="less")


def crowd(kind: Kind, people: int, probe: Vector) -> Gallery:
    """So many people, one of whom is the one before the camera."""
    chance = np.random.default_rng(1)
    rows = chance.normal(size=(people, kind.size)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    templates = [(f"{number}", row) for number, row in enumerate(rows[1:])]
    return Gallery(kind, [*templates, (SOMEBODY, probe)])


def _face_distance(gallery: Gallery, probe: Vector, rounds: int) -> list[float]:
    library = import_module("face_recognition")
    known = gallery.templates()[1].astype(np.float64)
    return _times(lambda: library.face_distance(known, probe.astype(np.float64)), rounds)


def _plain(frame: bytes) -> Callable[[], object]:
    """face_recognition as its own example uses it: find, encode, compare with one known face."""
    library = import_module("face_recognition")
    image = decoded(frame)
    assert image is not None
    (known,) = library.face_encodings(image[:, :, ::-1].copy())

    def recognise() -> object:
        again = decoded(frame)
        assert again is not None
        (found,) = library.face_encodings(again[:, :, ::-1].copy())
        return library.compare_faces([known], found)

    return recognise


def _times(work: Callable[[], object], rounds: int) -> list[float]:
    """Milliseconds of each round; the first, which warms caches, is left out."""
    work()
    taken = []
    for _ in range(rounds):
        begun = perf_counter()
        work()
        taken.append((perf_counter() - begun) * MILLISECONDS)
    return taken
