"""Pictures of a camera, always the newest one, or of a film in its place, one after another."""

import os
import time
from pathlib import Path
from threading import Condition, Event, Thread
from typing import NamedTuple, Protocol

import cv2
import numpy as np

from attendance.facts import Refused
from devices.face.engines import Image
from devices.face.ports import TimedFrame

WIDE = 640
QUALITY = 85
DARK_AFTER = 2.0
"""Seconds without a picture after which a camera counts as gone: unplugged, asleep, or hung in its driver."""
AGAIN_AFTER = 2.0
NETWORK_PATIENCE = 5000
"""Milliseconds after which a camera of the network that sends nothing is asked anew."""
USUAL_RATE = 30.0


class Shot(NamedTuple):
    """One picture and when it was taken, in seconds of a clock that does not jump."""

    seconds: float
    picture: Image

    def frame(self) -> TimedFrame:
        """As it is looked at: no wider than the faces in it need."""
        scale = min(1.0, WIDE / self.picture.shape[1])
        small = cv2.resize(self.picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        _, jpeg = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
        return TimedFrame(self.seconds, jpeg.tobytes())


class Dark(Exception):
    """The camera gives no picture now; it may come back."""


class Over(Exception):
    """The film has ended, or the camera was closed."""


class Source(Protocol):
    """Where pictures come from. `newest` is for one thread, `last` for any."""

    last: Shot | None
    """For whoever shows it; None while there is none."""

    def newest(self) -> Shot:
        """A picture that was not seen before. Raises Dark, Over."""

    def close(self) -> None: ...


def source_of(camera: str) -> Source:
    """A camera by its number, one of the network by its address, a film by its path. Raises Refused("no_film")."""
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    return Camera(camera) if camera.isdecimal() or "://" in camera else Film(Path(camera))


class Film:
    """A film in a camera's place: every picture once, no faster than it was taken, however slowly it is looked at."""

    def __init__(self, file: Path) -> None:
        self._capture = cv2.VideoCapture(str(file))
        if not self._capture.isOpened():
            raise Refused("no_film", "--camera", camera=file)
        self._every = 1 / (self._capture.get(cv2.CAP_PROP_FPS) or USUAL_RATE)
        self._number = 0
        self._due = 0.0
        self.last: Shot | None = None

    def newest(self) -> Shot:
        taken, picture = self._capture.read()
        if not taken:
            raise Over
        now = time.monotonic()
        time.sleep(max(0.0, self._due - now))
        self._due = max(self._due, now) + self._every
        self._number += 1
        self.last = Shot(self._number * self._every, np.asarray(picture, np.uint8))
        return self.last

    def close(self) -> None:
        self._capture.release()


class Camera:
    """A camera, read without pause by a thread of its own: what the driver keeps for later would show the past."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._closed = Event()
        self._came = Condition()
        self._given: Shot | None = None
        self.last: Shot | None = None
        self._thread = Thread(target=self._read, name="camera", daemon=True)
        self._thread.start()

    def newest(self) -> Shot:
        with self._came:
            came = self._came.wait_for(lambda: self._closed.is_set() or self._is_new(), DARK_AFTER)
            if self._closed.is_set():
                raise Over
            if not came or self.last is None:
                self.last = None
                raise Dark
            self._given = self.last
            return self._given

    def _is_new(self) -> bool:
        return self.last is not None and self.last is not self._given

    def close(self) -> None:
        self._closed.set()
        with self._came:
            self._came.notify_all()
        # A driver that hangs must not keep the program from ending.
        self._thread.join(DARK_AFTER)

    def _read(self) -> None:
        while not self._closed.is_set():
            capture = self._opened()
            while not self._closed.is_set() and self._take(capture):
                pass
            capture.release()
            self._closed.wait(AGAIN_AFTER)

    def _opened(self) -> cv2.VideoCapture:
        if self._source.isdecimal():
            return cv2.VideoCapture(int(self._source))
        limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, NETWORK_PATIENCE, cv2.CAP_PROP_READ_TIMEOUT_MSEC, NETWORK_PATIENCE]
        return cv2.VideoCapture(self._source, cv2.CAP_FFMPEG, limits)

    def _take(self, capture: cv2.VideoCapture) -> bool:
        taken, picture = capture.read()
        if taken:
            with self._came:
                self.last = Shot(time.monotonic(), np.asarray(picture, np.uint8))
                self._came.notify_all()
        return taken
