"""The line from a terminal to its hall: HTTPS that trusts the hall's own authority, and a credential in a file."""

import os
import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import httpx
import msgspec

from attendance.facts import Refused
from devices.face.terminal.clocks import Anchor, Clocks
from devices.face.terminal.kept import Sighting

COOKIE = "manqin_terminal"
PATIENCE = 5.0
LENDING = 60.0
"""Seconds a hall of ten thousand may take to put together what it lends."""
CALL = {"X-Manqin-Terminal": "1"}
UNPAIRED, FORBIDDEN, OVER = 401, 403, 410

T = TypeVar("T")


class NoHall(Exception):
    """The hall does not answer, or not as a hall does."""


class Unpaired(Exception):
    """The hall does not know this device, or not any more."""


class MayNot(Exception):
    """The hall knows this device, and the office did not allow what was asked."""


class Lent(msgspec.Struct, frozen=True):
    """A gallery as it was lent: the content for the disk, the key for the memory."""

    content: bytes
    key: bytes
    people: int
    seconds: float
    edition: str = ""


class Settled(msgspec.Struct, frozen=True):
    """What the hall made of somebody, as its screen shows it."""

    id: str = ""
    """Of the sighting."""
    state: str = ""
    """clocked, already, set_aside"""
    words: str = ""
    name: str = ""
    window: str = ""
    at: str = ""
    word: str = ""
    tone: str = ""


class Told(msgspec.Struct, frozen=True):
    """What the hall says of this terminal at every contact."""

    now: float
    """Milliseconds since 1970, by the server's clock."""
    paired: bool
    hall: str = ""
    sn: str = ""
    name: str = ""
    zone: int = 0
    """Minutes east of UTC."""
    edition: str = ""
    """Of what it would lend now."""
    recent: list[Settled] = []
    """What this terminal's screen showed last, newest first."""


class Code(msgspec.Struct, frozen=True):
    """A code to show, the claim that goes with it, and for how many seconds."""

    code: str
    claim: str
    seconds: float


class Answer(msgspec.Struct, frozen=True):
    """What became of something: a state, and words for the person."""

    state: str
    words: str = ""


class Answers(msgspec.Struct, frozen=True):
    entries: list[Settled]


class Problem(msgspec.Struct, frozen=True):
    """Why a request got no answer, or not the one that was asked for."""

    detail: str = ""
    words: str = ""


class HallLine:
    """Calls to one hall, for one thread. `authority` is the file of the certificate authority it trusts; without it,
    what the system trusts."""

    def __init__(
        self, server: str, credential: Path, clocks: Clocks, authority: Path | None = None, language: str = ""
    ) -> None:
        self._file, self._clocks = credential, clocks
        try:
            context = ssl.create_default_context(cafile=str(authority) if authority else None)
        except (OSError, ssl.SSLError):
            raise Refused("authority_unreadable", "--ca", file=authority) from None
        wishes = {"lang": language} if language else {}
        self._client = httpx.Client(base_url=server, verify=context, timeout=PATIENCE, headers=CALL, params=wishes)
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

    def forget(self) -> None:
        """The credential is of no use any more."""
        self._client.cookies.clear()
        self._file.unlink(missing_ok=True)

    def _asked(self, kind: type[T], method: str, path: str, **more: Any) -> T:
        """The hall's answer. Raises NoHall, Unpaired, MayNot."""
        try:
            answer = self._client.request(method, f"/terminal/{path}", **more)
        except httpx.HTTPError as error:
            raise NoHall(str(error)) from None
        if answer.status_code == UNPAIRED:
            raise Unpaired
        if answer.status_code == FORBIDDEN:
            raise MayNot(_reason(answer))
        if not answer.is_success and answer.status_code != OVER:
            raise NoHall(_reason(answer))
        try:
            return msgspec.json.decode(answer.content, type=kind)
        except msgspec.DecodeError:
            raise NoHall(_reason(answer)) from None

    def begin_pairing(self) -> Code:
        self.forget()
        return self._asked(Code, "POST", "pairing", json={})

    def paired(self, claim: str) -> bool | None:
        """Whether the code was typed in the office; None when it is over. The credential is kept for the next start."""
        state = self._asked(Answer, "POST", "pairing/claim", json={"claim": claim}).state
        if state != "paired":
            return None if state == "over" else False
        credential = self._client.cookies[COOKIE]
        with os.fdopen(os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(credential)
        return True

    def state(self) -> tuple[Told, Anchor]:
        """What the hall says of this terminal, and the moment at which both were in touch. Raises Unpaired."""
        here = self._clocks.read()
        told = self._asked(Told, "GET", "state", params={"wall": here.wall})
        if not told.paired:
            raise Unpaired
        return told, Anchor(told.now, here)

    def borrow(self) -> Lent:
        """Everybody's templates for a day. Raises MayNot where the office did not allow it."""
        return self._asked(Lent, "POST", "gallery", json={}, timeout=LENDING)

    def send(self, sightings: Sequence[Sighting]) -> list[Settled]:
        """What the hall made of each sighting."""
        body = {"clocks": self._clocks.read(), "sightings": list(sightings)}
        return self._asked(Answers, "POST", "sightings", content=msgspec.json.encode(body)).entries

    def way_out(self, code: str) -> str:
        """Why this code does not let one out; empty when it does."""
        told = self._asked(Answer, "POST", "way-out", json={"code": code})
        return "" if told.state == "open" else told.words


def _reason(answer: httpx.Response) -> str:
    """The sentence of the hall, where it sent one."""
    try:
        problem = msgspec.json.decode(answer.content, type=Problem)
    except msgspec.DecodeError:
        return f"HTTP {answer.status_code}"
    return problem.detail or problem.words
