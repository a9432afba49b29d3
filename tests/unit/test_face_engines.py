"""Engines out of packages: nothing is used that is not what was measured, and no engine stands in for another."""

import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from attendance.facts import Refused
from attendance.recognition import Recognition
from devices.face.decisions import is_sure
from devices.face.engines import DLIB_KIND, SFACE_KIND
from devices.face.gallery import Gallery
from devices.face.models import DETECTOR, FIVE_POINTS, LANDMARKS, RESNET, SFACE, YUNET, Model
from devices.face.recogniser import Recogniser
from devices.face.workers import Workers


def tampered(model: Model, folder: Path) -> None:
    """The model's package once more, with one bit of that model changed."""
    spec = find_spec(model.package)
    assert spec is not None
    assert spec.submodule_search_locations
    copy = folder / model.package / Path(model.file).parent
    copy.mkdir(parents=True)
    (folder / model.package / "__init__.py").touch()
    for file in (Path(spec.submodule_search_locations[0]) / model.file).parent.iterdir():
        (copy / file.name).symlink_to(file)
    changed = bytearray((copy / Path(model.file).name).read_bytes())
    changed[len(changed) // 2] ^= 1
    (copy / Path(model.file).name).unlink()
    (copy / Path(model.file).name).write_bytes(changed)


@pytest.mark.parametrize(
    ("engine", "model"),
    [("sface", YUNET), ("sface", SFACE), *[("dlib", model) for model in (RESNET, FIVE_POINTS, LANDMARKS, DETECTOR)]],
    ids=lambda value: Path(value.file).stem if isinstance(value, Model) else value,
)
def test_an_engine_with_a_changed_model_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str, model: Model
):
    tampered(model, tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    with Workers(engine, 1) as workers, pytest.raises(Refused) as refused:
        workers.warm()
    assert (refused.value.code, refused.value.details["reason"]) == ("faces_unavailable", f"SHA-256: {model.file}")


def test_the_dlib_engine_is_face_recognition_and_not_dlib_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert find_spec("dlib")
    (tmp_path / "face_recognition.py").write_text("raise ImportError('taken away')", encoding="utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    with Workers("dlib", 1) as workers, pytest.raises(Refused) as refused:
        workers.warm()
    assert refused.value.details["reason"] == "taken away"


def test_templates_of_one_engine_are_not_compared_with_faces_of_another():
    gallery = Gallery(SFACE_KIND, [("1", np.ones(128, np.float32))])
    with Workers("dlib", 1) as workers, pytest.raises(Refused) as refused:
        Recogniser(gallery, workers)
    assert refused.value.code == "face_engines_differ"


def told(**figures: object) -> Recognition:
    usual = {"engine": "sface", "model": SFACE_KIND.model, "score": 0.62, "threshold": 0.5, "margin": 0.2}
    return Recognition(**usual | figures)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("figures", "sure"),
    [
        ({}, True),
        ({"score": 0.46, "threshold": 0.45}, True),
        ({"score": 0.49}, False),
        ({"threshold": 0.3, "score": 0.44}, False),
        ({"margin": 0.04}, False),
        ({"model": "0" * 64}, False),
        ({"engine": "another"}, False),
        ({"margin": None, "threshold": 0.4, "score": 0.41}, True),
        ({"margin": None, "threshold": 0.3, "score": 0.35}, False),
        ({"engine": "dlib", "model": DLIB_KIND.model, "margin": None, "threshold": 0.6, "score": 0.61}, True),
        ({"engine": "dlib", "model": DLIB_KIND.model, "margin": 0.3, "threshold": 0.6, "score": 0.9}, False),
    ],
)
def test_a_terminals_word_counts_only_where_the_hall_itself_would_be_sure(figures: dict[str, object], sure: bool):
    assert is_sure(told(**figures)) is sure
