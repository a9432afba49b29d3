"""An enrolment, a punch and a refusal over real HTTPS: of the frames and of the template no file keeps a trace."""

import logging
import tempfile
from datetime import datetime
from pathlib import Path

import portraits
import pytest
from halls import do
from kiosks import paired_kiosk
from sites import Site, form_token, site_opened
from traces import found_in, of_frame, writings

from api.kiosk.frames import HEAD
from attendance import consent
from attendance.punches import Punched

NO = "0101"


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No folder for temporary files: whoever spools a body to the disk fails loudly."""
    folder = tmp_path / "nowhere"
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def large(jpegs: list[bytes]) -> list[bytes]:
    """The same pictures with what cameras add behind them: more than a form's parser keeps in memory."""
    return [jpeg + bytes(350_000 - len(jpeg)) for jpeg in jpegs]


def body_of(jpegs: list[bytes]) -> bytes:
    return b"".join(HEAD.pack(number / 5, len(jpeg)) + jpeg for number, jpeg in enumerate(jpegs))


def consents(site: Site) -> None:
    do(site.hall, consent.give, no=NO, kind="face", at=datetime(2026, 1, 5), text="2026-1", signature="M0 0")


def test_frames_of_an_enrolment_and_of_a_punch_are_in_no_file(
    tmp_path: Path, nowhere: Path, caplog: pytest.LogCaptureFixture
):
    frames = large(portraits.frames("astronaut", 4))
    with site_opened(tmp_path, face_workers=1, face_challenge="never") as site, caplog.at_level(logging.DEBUG):
        with site.browser(site.account("office", "director")) as office:
            headers = {
                "X-CSRF-Token": form_token(office, f"/faces/{NO}"),
                "Content-Type": "multipart/form-data; boundary=x",
            }
            before = office.post(f"/faces/{NO}/judge", headers=headers, content=body_of(frames[:1]))
            assert before.json()["code"] == "face_without_consent"
            consents(site)
            assert office.post(f"/faces/{NO}/judge", headers=headers, content=body_of(frames[:1])).json() == {
                "state": "good",
                "words": "",
            }
            enrolled = office.post(f"/faces/{NO}/enrol", headers=headers, content=body_of(frames[:3]))
            assert enrolled.json()["state"] == "enrolled"
        with paired_kiosk(site, challenge="never") as kiosk:
            kiosk.show(frames[3:])
            (punch,) = kiosk.punches()
        vector = site.server.app.state.faces.loaded().recogniser().gallery.template(NO)
        pieces = [
            *writings(vector),
            *(piece for frame in portraits.frames("astronaut", 4) for piece in of_frame(frame)),
        ]
        assert found_in([tmp_path], pieces) == []
    assert found_in([tmp_path], pieces) == []
    assert not any(piece.decode("latin-1") in caplog.text for piece in pieces)
    assert not nowhere.exists()
    check_figures(punch)


def check_figures(punch: Punched) -> None:
    """What the event keeps of the face, and nothing else."""
    assert punch.recognised is not None
    kept = punch.recognised
    assert (kept.engine, len(kept.model), kept.liveness) == ("sface", 64, "")
    assert kept.score >= kept.threshold > 0
    assert kept.margin is not None
    assert set(kept.__struct_fields__) == {"engine", "model", "score", "threshold", "margin", "liveness"}
