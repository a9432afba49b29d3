"""`scripts/bench --faces`: what it says of a folder is what a plain count says."""

from itertools import combinations
from pathlib import Path

import numpy as np
import portraits
import pytest
from numpy.typing import NDArray

from benchmarks import face_hall, face_pairs
from benchmarks.face_folder import curve
from benchmarks.face_reading import Faces, Picture, in_the_middle, read
from devices.face.decisions import alike
from devices.face.engines import DLIB_KIND, SFACE_KIND, Kind
from devices.face.looking import Finder

Rows = NDArray[np.float32]


def people(count: int, photos: int, spread: float, seed: int = 1) -> Faces:
    """So many people with so many photos each, whose numbers wander by `spread`."""
    chance = np.random.default_rng(seed)
    middles = np.repeat(chance.normal(size=(count, 128)) / np.sqrt(128), photos, axis=0)
    rows = middles + chance.normal(size=middles.shape) * spread / np.sqrt(128)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    pictures = [
        Picture(f"p{place // photos}", f"p{place // photos}_{place % photos + 1:04d}") for place in range(len(rows))
    ]
    return Faces(pictures, rows.astype(np.float32), 0)


def test_pictures_are_read_by_person_and_those_without_a_face_are_counted(tmp_path: Path):
    for number, frame in enumerate([*portraits.frames("astronaut", 2), portraits.empty_room(), b"no picture"]):
        (tmp_path / "one").mkdir(exist_ok=True)
        (tmp_path / "one" / f"{number}.jpg").write_bytes(frame)
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "friend.JPG").write_bytes(portraits.frames("friend", 1)[0])
    (tmp_path / "two" / "notes.txt").write_text("no picture", encoding="utf-8")
    faces = read(tmp_path, SFACE_KIND)
    assert faces.pictures == [Picture("one", "0"), Picture("one", "1"), Picture("two", "friend")]
    assert faces.without == 2
    assert alike(SFACE_KIND, faces.rows[0], faces.rows[1]) > 0.9 > 0.4 > alike(SFACE_KIND, faces.rows[0], faces.rows[2])


def test_a_photo_is_of_whom_it_shows_in_its_middle():
    picture = np.full((480, 640, 3), 120, np.uint8)
    picture[100:380, 200:440] = portraits.nearer(portraits.portrait("astronaut"), 0.7)[100:380, 200:440]
    picture[:, 440:] = portraits.portrait("friend")[:, 220:420]
    points = in_the_middle(Finder(), picture)
    assert points is not None
    assert 200 < points[2][0] < 440
    assert in_the_middle(Finder(), np.full((480, 640, 3), 120, np.uint8)) is None


@pytest.mark.parametrize("kind", [SFACE_KIND, DLIB_KIND])
def test_pairs_are_counted_as_a_plain_loop_counts_them(kind: Kind, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(face_pairs, "AT_ONCE", 7)
    faces = people(9, 3, 0.8)
    scores = face_pairs.compared(kind, faces)
    pairs = [
        (faces.pictures[one].person == faces.pictures[other].person, alike(kind, faces.rows[one], faces.rows[other]))
        for one, other in combinations(range(27), 2)
    ]
    for threshold in (0.1, 0.3, 0.5):
        place = round((threshold - face_pairs.LOWEST) / face_pairs.STEP)
        own = [score >= threshold for same, score in pairs if same]
        others = [score >= threshold for same, score in pairs if not same]
        assert scores.accepted()[place] == pytest.approx(np.mean(own))
        assert scores.strangers()[place] == pytest.approx(np.mean(others))
    assert (scores.same.sum(), scores.different.sum()) == (27, 27 * 26 // 2 - 27)


def test_people_told_apart_by_chance_are_told_rightly_half_of_the_time():
    faces = people(40, 2, 100.0)
    figures = list(face_pairs.verification(SFACE_KIND, face_pairs.compared(SFACE_KIND, faces), 0))
    assert 50 <= figures[-1].ours < 65


def test_the_protocol_of_a_folder_counts_every_pair_and_a_missing_face_as_two_people(tmp_path: Path):
    faces = people(12, 2, 0.3)
    own = [f"p{person}\t1\t2" for person in range(6)]
    others = [f"p{person}\t1\tp{person + 1}\t2" for person in range(6)]
    lines = ["2\t3", *own[:3], *others[:3], *own[3:], *others[3:]]
    (tmp_path / "pairs.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    right, _ = face_pairs.protocol(SFACE_KIND, tmp_path, faces)
    assert (right.ours, right.note.split(",")[0]) == (100, "12 pairs in 2 folds")
    lost = Faces(faces.pictures[1:], faces.rows[1:], 1)
    worse, _ = face_pairs.protocol(SFACE_KIND, tmp_path, lost)
    assert worse.ours == pytest.approx(100 * 11 / 12)
    assert "2 lack a face" in worse.note


def test_a_folder_without_pairs_has_no_protocol(tmp_path: Path):
    assert list(face_pairs.protocol(SFACE_KIND, tmp_path, people(2, 2, 0.3))) == []


def figures_of(faces: Faces) -> dict[str, float]:
    return {figure.what.split(": ")[1]: figure.ours for figure in face_hall.identification(SFACE_KIND, faces)}


def test_people_who_look_like_themselves_are_known_and_strangers_are_not():
    told = figures_of(people(30, 4, 0.3))
    assert (told["known at once"], told["known"], told["strangers accepted"]) == (100, 100, 0)


def test_people_who_all_look_alike_are_asked_for_their_number():
    alike_all = people(30, 4, 0.3)
    told = figures_of(alike_all._replace(rows=np.ascontiguousarray(alike_all.rows * 0 + alike_all.rows[0])))
    assert (told["asked for the number"], told["known at once"]) == (100, 0)


def test_a_stranger_who_looks_like_somebody_enrolled_is_counted():
    faces = people(30, 4, 0.3)
    doubled = faces._replace(
        pictures=faces.pictures + [Picture(f"double {one.person}", one.name) for one in faces.pictures],
        rows=np.concatenate([faces.rows, faces.rows]),
    )
    told = figures_of(doubled)
    assert told["strangers accepted"] > 20
    assert told["known"] < 100


def test_halls_are_as_large_as_leaves_a_third_of_the_people_strangers(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(face_hall, "ROUNDS", 1)
    faces = people(150, 2, 0.3)
    single = [row for row, picture in enumerate(faces.pictures) if picture.person < "p2" or picture.name.endswith("1")]
    fewer = Faces([faces.pictures[row] for row in single], faces.rows[single], 0)
    figures = list(face_hall.identification(SFACE_KIND, fewer))
    assert {figure.what.split(" people")[0] for figure in figures} == {"sface 1:N, 100"}
    enrolled = len([rows for rows in fewer.of_people().values() if len(rows) > 1])
    assert figures[0].note == f"1 rounds: {min(enrolled, 100)} looks of the enrolled, 50 of strangers"


def test_the_curve_is_a_picture_that_a_browser_can_show():
    from xml.etree import ElementTree

    picture = curve(SFACE_KIND, face_pairs.compared(SFACE_KIND, people(9, 3, 0.8)))
    lines = [part for part in ElementTree.fromstring(picture) if part.tag.endswith("polyline")]
    assert len(lines) == 2
    assert all("nan" not in (line.get("points") or "nan") for line in lines)
