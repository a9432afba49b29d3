"""The line from a terminal to its hall: HTTPS that trusts the hall's own authority, and a credential in a file."""

import os
import ssl
from base64 import b64decode
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import msgspec

from attendance.facts import Refused
from devices.face.terminal.clocks import Anchor, Clocks
from devices.face.terminal.kept import Sighting

COOKIE = "manqin_terminal"
PATIENCE = 5.0
CALL = {"X-Manqin-Terminal": "1"}
UNPAIRED, OVER = 401, 410


class NoHall(Exception):
    """The hall does not answer, or not as a hall does."""


class Unpaired(Exception):
    """The hall does not know this device, or not any more."""


class Lent(msgspec.Struct, frozen=True):
    """A gallery as it was lent: the content for the disk, the key for the memory."""

    content: bytes
    key: bytes
    people: int
    seconds: float


class HallLine:
    """Calls to one hall. `authority` is the file of its certificate authority; without it, what the system trusts."""

    def __init__(self, server: str, credential: Path, clocks: Clocks, authority: Path | None = None) -> None:
        self._file, self._clocks = credential, clocks
        try:
            context = ssl.create_default_context(cafile=str(authority) if authority else None)
        except (OSError, ssl.SSLError):
            raise Refused("authority_unreadable", "--ca", file=authority) from None
        self._client = httpx.Client(base_url=server, verify=context, timeout=PATIENCE, headers=CALL)
        if credential.exists():
            self._keep(credential.read_text(encoding="ascii"))

    def close(self) -> None:
        self._client.close()

    @property
    def has_credential(self) -> bool:
        """Whether this device was paired before, as far as it knows."""
        return COOKIE in self._client.cookies

    def _keep(self, credential: str) -> None:
        self._client.cookies.clear()
        self._client.cookies.set(COOKIE, credential, path="/terminal")

    def _asked(self, method: str, path: str, **more: Any) -> Any:
        """The hall's answer. Raises NoHall, Unpaired."""
        try:
            answer = self._client.request(method, f"/terminal/{path}", **more)
        except httpx.HTTPError as error:
            raise NoHall(str(error)) from None
        if answer.status_code == UNPAIRED:
            raise Unpaired
        if not answer.is_success and answer.status_code != OVER:
            raise NoHall(f"{answer.status_code} {path}")
        try:
            return msgspec.json.decode(answer.content)
        except msgspec.DecodeError:
            raise NoHall(path) from None

    def begin_pairing(self) -> tuple[str, str, float]:
        """A code to show, the claim that goes with it, and for how many seconds."""
        told = self._asked("POST", "pairing", json={})
        return told["code"], told["claim"], float(told["seconds"])

    def paired(self, claim: str) -> bool | None:
        """Whether the code was typed in the office; None when it is over. The credential is kept for the next start."""
        state = self._asked("POST", "pairing/claim", json={"claim": claim})["state"]
        if state != "paired":
            return None if state == "over" else False
        credential = self._client.cookies[COOKIE]
        with os.fdopen(os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(credential)
        return True

    def state(self) -> tuple[dict[str, Any], Anchor]:
        """What the hall wants of this terminal, and the moment at which both were in touch. Raises Unpaired."""
        here = self._clocks.read()
        told = self._asked("GET", "state", params={"wall": here.wall})
        if not told["paired"]:
            raise Unpaired
        return told, Anchor(told["now"], here)

    def borrow(self) -> Lent:
        """Everybody's templates for a day. Raises NoHall where the office did not allow it."""
        told = self._asked("POST", "gallery", json={})
        return Lent(b64decode(told["content"]), b64decode(told["key"]), told["people"], told["seconds"])

    def send(self, sightings: Sequence[Sighting]) -> list[dict[str, Any]]:
        """What the hall made of each sighting."""
        body = {"clocks": self._clocks.read(), "sightings": list(sightings)}
        answers: list[dict[str, Any]] = self._asked("POST", "sightings", content=msgspec.json.encode(body))["entries"]
        return answers
