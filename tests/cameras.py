"""A camera of the network that tests point at something else, and unplug; and films."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import cv2
import numpy as np
from portraits import HEIGHT, WIDTH, empty_room

EVERY = 0.1


class NetworkCamera:
    """Sends pictures one after another, as such cameras do (MJPEG)."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.address = f"http://127.0.0.1:{server.server_address[1]}/live.mjpg"
        self.pictures = [empty_room()]
        self.plugged = Event()
        self.plugged.set()

    def show(self, pictures: list[bytes]) -> None:
        self.pictures = pictures

    def stream(self, out: Any) -> None:
        number = 0
        while self.plugged.is_set():
            picture = self.pictures[number % len(self.pictures)]
            number += 1
            head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(picture)}\r\n\r\n"
            out.write(head.encode() + picture + b"\r\n")
            time.sleep(EVERY)


@contextmanager
def network_camera() -> Iterator[NetworkCamera]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Sender)
    server.daemon_threads = True
    camera = server.camera = NetworkCamera(server)  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield camera
    finally:
        camera.plugged.clear()
        server.shutdown()
        thread.join()
        server.server_close()


class _Sender(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        camera: NetworkCamera = self.server.camera  # type: ignore[attr-defined]
        if not camera.plugged.is_set():
            self.send_error(503)
            return
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        try:
            camera.stream(self.wfile)
        except OSError:
            """Whoever looked has gone."""

    def log_message(self, *_: object) -> None:
        """Nothing: the program under test speaks on the same console."""


def film(file: Path, pictures: list[bytes], rate: int = 10) -> Path:
    """These pictures, so many in a second."""
    writer = cv2.VideoWriter(str(file), cv2.VideoWriter.fourcc(*"MJPG"), rate, (WIDTH, HEIGHT))
    for picture in pictures:
        writer.write(cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR))
    writer.release()
    return file
