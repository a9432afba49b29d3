"""Who it is: scores, margins and limits, and galleries compared exactly."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.face import decisions
from devices.face.engines import DLIB_KIND, SFACE_KIND, Kind, Vector, likeness, load, merged, search_limit
from devices.face.gallery import Gallery
from devices.face.ports import FrameReport
from devices.face.seen import Seen

GOOD = FrameReport((), 1)


def face(*, of: int, like: float = 1.0, kind: Kind = SFACE_KIND) -> Vector:
    """A face that is so like template number `of`; to every other it is like 0, save one shared direction."""
    vector = np.zeros(kind.size, np.float32)
    vector[of], vector[-1] = like, np.sqrt(1 - like**2)
    return vector


def shown(*vectors: Vector) -> list[Seen]:
    return [Seen(GOOD, vector.tobytes()) for vector in vectors]


def gallery(people: int) -> Gallery:
    return Gallery(SFACE_KIND, [(f"{number}", face(of=number)) for number in range(people)])


@pytest.mark.parametrize(
    ("people", "like", "verdict"),
    [
        (100, 0.46, "accepted"),
        (100, 0.44, "uncertain"),
        (100, 0.39, "stranger"),
        (120, 0.46, "uncertain"),
        (120, 0.51, "accepted"),
    ],
)
def test_the_more_are_enrolled_the_more_is_asked(people: int, like: float, verdict: str):
    decision = decisions.identify(gallery(people), shown(face(of=3, like=like)))
    assert decision.verdict == verdict
    assert decision.no == ("" if verdict == "stranger" else "3")


def test_two_people_close_together_are_uncertain_however_high_the_score():
    twins = Gallery(SFACE_KIND, [("1", face(of=1, like=0.99)), ("2", face(of=2, like=0.99))])
    probe = np.asarray((face(of=1) + face(of=2)) / np.sqrt(2), np.float32)
    decision = decisions.identify(twins, shown(probe))
    assert decision.verdict == "uncertain"
    assert decision.recognition is not None
    assert decision.recognition.margin == 0.0


def test_one_person_is_asked_less_of_than_the_hall_and_has_no_margin():
    decision = decisions.verify(gallery(5), "3", shown(face(of=3, like=0.41)))
    assert decision.verdict == "accepted"
    assert decision.recognition is not None
    assert (decision.recognition.threshold, decision.recognition.margin) == (0.40, None)
    assert decisions.verify(gallery(5), "3", shown(face(of=3, like=0.39))).verdict == "stranger"


def test_an_empty_gallery_knows_nobody():
    assert decisions.identify(gallery(0), shown(face(of=1))).verdict == "stranger"


def test_no_good_frame_is_no_decision_and_one_good_one_is_enough():
    dark = Seen(FrameReport(("too_dark",), 1), face(of=1).tobytes())
    assert decisions.identify(gallery(3), [dark]).reasons == ("too_dark",)
    assert decisions.identify(gallery(3), []).verdict == "unclear"
    assert decisions.identify(gallery(3), [dark, *shown(face(of=1))]).no == "1"


def test_dlib_never_searches_the_hall():
    hall = Gallery(DLIB_KIND, [("1", face(of=1, kind=DLIB_KIND))])
    decision = decisions.identify(hall, shown(face(of=1, kind=DLIB_KIND)))
    assert (decision.verdict, decision.reasons) == ("uncertain", ("number_first",))
    assert decisions.verify(hall, "1", shown(face(of=1, kind=DLIB_KIND))).verdict == "accepted"


@pytest.mark.parametrize(("distance", "verdict"), [(0.39, "accepted"), (0.41, "stranger"), (0.6, "stranger")])
def test_dlib_takes_nobody_beyond_a_distance_of_four_tenths(distance: float, verdict: str):
    own = np.zeros(128, np.float32)
    probe = own.copy()
    probe[0] = distance
    assert decisions.verify(Gallery(DLIB_KIND, [("1", own)]), "1", shown(probe)).verdict == verdict


def test_the_limits_grow_and_end_nowhere():
    limits = [search_limit(SFACE_KIND, people) for people in (1, 100, 101, 1_000, 3_000, 10_000)]
    assert limits == [0.45, 0.45, 0.50, 0.50, 0.55, 0.60]
    assert search_limit(DLIB_KIND, 1) is None


vectors = st.integers(0, 2**32 - 1).map(lambda seed: np.random.default_rng(seed).normal(size=128).astype(np.float32))


@settings(max_examples=30, deadline=None)
@given(rows=st.lists(vectors, min_size=1, max_size=20), probe=vectors, kind=st.sampled_from([SFACE_KIND, DLIB_KIND]))
def test_the_likest_is_the_one_a_plain_loop_finds(rows: list[Vector], probe: Vector, kind: Kind):
    people = Gallery(kind, [(f"{number}", row) for number, row in enumerate(rows)])
    plain = [float(row @ probe) if kind.unit else 1 - float(np.linalg.norm(row - probe)) for row in rows]
    found = people.likest(probe)
    assert found is not None
    assert found.score == pytest.approx(max(plain), abs=1e-4)
    assert found.score == pytest.approx(plain[int(found.no)], abs=1e-4)
    assert found.margin >= 0 or len(rows) == 1


def test_a_gallery_changes_for_the_next_search_and_not_for_the_one_under_way():
    people = gallery(3)
    numbers, matrix = people.templates()
    people.put("3", face(of=3))
    people.put("1", face(of=9))
    people.remove("0")
    assert (numbers, matrix.shape) == (["0", "1", "2"], (3, 128))
    assert sorted(people.templates()[0]) == ["1", "2", "3"]
    assert decisions.identify(people, shown(face(of=9))).no == "1"
    assert decisions.identify(people, shown(face(of=0))).verdict == "stranger"
    assert people.template("0") is None


def test_several_frames_make_one_template_of_length_one():
    template = merged(SFACE_KIND, [face(of=1, like=0.9), face(of=1, like=0.7)])
    assert np.linalg.norm(template) == pytest.approx(1.0, abs=1e-6)
    assert likeness(SFACE_KIND, face(of=1).reshape(1, -1), template)[0] > 0.8


def test_face_recognition_knows_a_person_again_and_no_other():
    portraits = pytest.importorskip("portraits")
    from devices.face.looking import Finder

    engine, finder = load("dlib"), Finder()
    taken = [portraits.portrait("astronaut"), portraits.nearer(portraits.portrait("astronaut"), 0.8)]
    taken.append(portraits.portrait("friend"))
    found = [finder.find(picture)[1] for picture in taken]
    one, same, other = (engine.embed(p, f.points) for p, f in zip(taken, found, strict=True) if f is not None)
    assert decisions.alike(DLIB_KIND, one, same) >= DLIB_KIND.limits.verify
    assert decisions.alike(DLIB_KIND, one, other) < DLIB_KIND.limits.verify
