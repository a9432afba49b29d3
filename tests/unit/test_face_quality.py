"""Whether a frame serves, from its measures and from pictures that were spoilt on purpose."""

from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from portraits import Picture, jpeg, nearer, portrait

from attendance.facts import Refused
from devices.face.examining import Examiner
from devices.face.models import YUNET, Model
from devices.face.quality import CLOCK_IN, ENROL, Measures, judged
from devices.face.seen import Wanted
from devices.face.starting import examiner

FINE = Measures(
    box=(250.0, 150.0, 140.0, 180.0),
    frame=(640, 480),
    sure=0.93,
    sharpness=300.0,
    light=130.0,
    clipped=0.01,
    nose=(0.5, 0.54),
    roll=1.0,
)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"box": (250.0, 150.0, 111.0, 140.0)}, "too_small"),
        ({"box": (20.0, 0.0, 600.0, 470.0)}, "too_large"),
        ({"box": (-40.0, 150.0, 140.0, 180.0)}, "off_edge"),
        ({"sure": 0.8}, "unsure"),
        ({"sharpness": 80.0}, "blurred"),
        ({"light": 40.0}, "too_dark"),
        ({"light": 210.0}, "too_bright"),
        ({"clipped": 0.06}, "glare"),
        ({"nose": (0.7, 0.54)}, "turned"),
        ({"nose": (0.5, 0.8)}, "turned"),
        ({"roll": -25.0}, "tilted"),
    ],
)
def test_each_fault_of_a_frame_has_its_word(change: dict[str, object], reason: str):
    assert judged(1, FINE._replace(**change), ENROL).reasons == (reason,)  # type: ignore[arg-type]


def test_a_fine_frame_serves_and_an_empty_or_crowded_one_does_not():
    assert judged(1, FINE, ENROL).good
    assert judged(0, None, ENROL).reasons == ("no_face",)
    assert judged(2, FINE, CLOCK_IN).reasons == ("several_faces",)


def test_clocking_in_asks_less_than_enrolling():
    hasty = FINE._replace(box=(250.0, 150.0, 70.0, 90.0), sharpness=60.0, light=50.0, nose=(0.7, 0.54))
    assert judged(1, hasty, CLOCK_IN).good
    assert set(judged(1, hasty, ENROL).reasons) == {"too_small", "blurred", "too_dark", "turned"}


@pytest.fixture(scope="module")
def looking() -> Iterator[Examiner]:
    yield examiner("sface")


def blurred(picture: Picture) -> Picture:
    """As if the camera had moved by a tenth of the face."""
    kernel = np.zeros((15, 15), np.float32)
    kernel[7] = 1 / 15
    return np.asarray(cv2.filter2D(picture, -1, kernel), np.uint8)


def lit(times: float) -> Callable[[Picture], Picture]:
    return lambda picture: np.asarray(np.clip(picture * times, 0, 255), np.uint8)


@pytest.mark.parametrize(
    ("spoilt", "reason"),
    [
        (blurred, "blurred"),
        (lit(0.3), "too_dark"),
        (lit(2.5), "too_bright"),
        (lambda picture: nearer(picture, 0.6), "too_small"),
        (lambda picture: np.asarray(cv2.flip(picture[:, :, 0], 0), np.uint8), "no_face"),
    ],
)
def test_a_spoilt_picture_is_told(looking: Examiner, spoilt: Callable[[Picture], Picture], reason: str):
    report = looking.examine(jpeg(spoilt(portrait("astronaut"))), Wanted(enrolling=True, face=False)).report
    assert reason in report.reasons


def test_a_dim_face_is_not_called_blurred(looking: Examiner):
    reports = [
        looking.examine(jpeg(lit(times)(portrait("astronaut"))), Wanted(enrolling=True, face=False)).report
        for times in (1.0, 0.45)
    ]
    assert all("blurred" not in report.reasons for report in reports)


@pytest.mark.parametrize("noise", [b"", b"\xff\xd8\xff", b"GIF89a" + bytes(100), bytes(1000)])
def test_what_is_no_picture_is_unreadable(looking: Examiner, noise: bytes):
    assert looking.examine(noise, Wanted()).report.reasons == ("unreadable",)


def test_a_model_that_is_not_the_one_that_was_measured_is_not_used():
    with pytest.raises(Refused) as refused:
        YUNET._replace(sha256="0" * 64).path()
    assert refused.value.code == "faces_unavailable"
    with pytest.raises(Refused):
        Model("no_such_package", "model.onnx", "").path()
    assert YUNET.path().is_file()
    assert isinstance(YUNET.path(), Path)
