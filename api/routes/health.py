"""Whether the server lives, is fit to work, and how it fares. Nothing here is about a person, so nobody signs in."""

import os
import time
from pathlib import Path
from threading import Lock

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from api.auth import OPEN
from api.follower import Follower
from api.pages.frame import language_of
from api.problems import PROBLEM_JSON
from api.text import say
from attendance.hall import Hall
from attendance.log.rows import Job, StorageFailed
from projections.ledger import Ledger

PROBE_BYTES = 65_536
FRESH_SECONDS = 1.0
"""An answer is good for so long: asking often must not become a load on the disk."""

ASKING = ["GET", "HEAD"]

router = APIRouter(tags=["health"], include_in_schema=False, dependencies=[OPEN])


class Probe:
    """Tries whether the store takes a write, at most once a second."""

    def __init__(self, hall: Hall, folder: Path) -> None:
        self._hall, self._file = hall, folder / ".probe"
        self._guard = Lock()
        self._tried_at, self._answer = float("-inf"), False

    def store_is_writable(self) -> bool:
        with self._guard:
            if time.monotonic() - self._tried_at > FRESH_SECONDS:
                self._answer = self._try()
                self._tried_at = time.monotonic()
            return self._answer

    def _try(self) -> bool:
        """An empty transaction through the writer, and a file beside the log: a full disk refuses only the second."""
        try:
            self._hall.writer.append(Job([], "health"))
            self._write_file()
        except (StorageFailed, OSError):
            return False
        return True

    def _write_file(self) -> None:
        try:
            with self._file.open("wb") as file:
                file.write(b"\0" * PROBE_BYTES)
                file.flush()
                os.fsync(file.fileno())
        finally:
            self._file.unlink(missing_ok=True)


@router.api_route("/healthz", methods=ASKING)
def healthz() -> Response:
    """The process answers."""
    return JSONResponse({"status": "ok"})


@router.api_route("/readyz", methods=ASKING)
def readyz(request: Request) -> Response:
    """The store takes writes, and the lists are not behind the log."""
    checks = {
        "store_writable": request.app.state.probe.store_is_writable(),
        "projections_current": not request.app.state.follower.is_behind(),
    }
    if all(checks.values()):
        return JSONResponse({"status": "ready", "checks": checks})
    language = language_of(request)
    broken = [say(f"problem.not_ready_{name}", language) for name, well in checks.items() if not well]
    body = {"type": "urn:manqin:problem:not_ready", "title": "Service Unavailable", "status": 503, "code": "not_ready"}
    return JSONResponse({**body, "detail": " ".join(broken), "checks": checks}, 503, media_type=PROBLEM_JSON)


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Prometheus text. Numbers of things, never of people."""
    hall: Hall = request.app.state.hall
    ledger: Ledger = request.app.state.ledger
    follower: Follower = request.app.state.follower
    book = hall.book()
    values = {
        "manqin_log_position": hall.store.head().position,
        "manqin_projection_position": ledger.position,
        "manqin_projection_lag_seconds": round(follower.lag(), 3),
        "manqin_projection_failures": follower.failures,
        "manqin_store_writable": int(request.app.state.probe.store_is_writable()),
        "manqin_terminals_accepted": len(book.terminals.accepted),
        "manqin_terminals_waiting": len(book.terminals.waiting()),
        "manqin_readings_quarantined": len(book.quarantine),
        "manqin_terminals_silent": len(book.watch.silences()),
        "manqin_terminals_clock_wrong": len(book.watch.strays()),
        "manqin_jobs_failing": request.app.state.board.failing(),
    }
    lines = [f"# TYPE {name} gauge\n{name} {value}\n" for name, value in values.items()]
    return PlainTextResponse("".join(lines), media_type="text/plain; version=0.0.4")
