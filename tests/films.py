"""What a browser's camera shows: a film that is put in the place of another while the browser runs."""

from pathlib import Path

import cv2
import numpy as np
from portraits import HEIGHT, WIDTH, Moving, jpeg

TIMES = 6
"""The browser plays 30 frames a second, a film of ours has five."""


class Projector:
    """One file that Chromium plays over and over, read anew at each start of the camera."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.show_still(jpeg(np.full((HEIGHT, WIDTH, 3), 120, np.uint8)))

    @property
    def flags(self) -> list[str]:
        return [
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={self.file}",
        ]

    def show(self, film: Moving) -> None:
        self._wind(b"".join(frame * TIMES for _, frame in film))

    def show_still(self, frame: bytes) -> None:
        self._wind(frame * TIMES)

    def _wind(self, film: bytes) -> None:
        """Put a film in place whole: the one that is playing is read to its end undisturbed."""
        reel = self.file.with_suffix(".next")
        reel.write_bytes(film)
        reel.replace(self.file)

    def show_paper(self, picture: bytes) -> None:
        """A phone or a sheet held up: its picture, as large as the frame takes it."""
        image = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
        scale = min(WIDTH / image.shape[1], HEIGHT / image.shape[0]) * 0.9
        small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        frame = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
        top, left = (HEIGHT - small.shape[0]) // 2, (WIDTH - small.shape[1]) // 2
        frame[top : top + small.shape[0], left : left + small.shape[1]] = small
        self.show_still(jpeg(frame))
