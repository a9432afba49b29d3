"""Frames of a camera, or of a film in its place, as JPEG in memory."""

import time
from collections.abc import Iterator

import cv2

from attendance.facts import Refused
from devices.face.ports import TimedFrame

WIDE = 640
QUALITY = 85


class Camera:
    """A camera by its number, or a film by its path; a film ends, a camera does not."""

    def __init__(self, source: str) -> None:
        self._capture = cv2.VideoCapture(int(source) if source.isdecimal() else source)
        if not self._capture.isOpened():
            raise Refused("no_camera", "--camera", camera=source)
        self._is_film = not source.isdecimal()
        self._every = 1 / (self._capture.get(cv2.CAP_PROP_FPS) or 30.0) if self._is_film else 0.0

    def frames(self) -> Iterator[TimedFrame]:
        """One frame after another, as they come, with the seconds of the monotonic clock."""
        due = time.monotonic()
        while True:
            taken, picture = self._capture.read()
            if not taken:
                return
            due += self._every
            time.sleep(max(0.0, due - time.monotonic()))
            scale = min(1.0, WIDE / picture.shape[1])
            small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            done, jpeg = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
            if done:
                yield TimedFrame(time.monotonic(), jpeg.tobytes())

    def close(self) -> None:
        self._capture.release()
