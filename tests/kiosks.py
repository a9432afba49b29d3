"""A face terminal as tests speak for it: paired over HTTPS, with frames, passcodes and what it kept."""

import time
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx
import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key
from sites import Site, form_token

from api.kiosk import pairing
from api.kiosk.envelopes import PADDING, Letter
from api.kiosk.frames import HEAD
from attendance import consent
from attendance.punches import Punched, ReadingQuarantined

WAY_OUT = "739152"
CALL = {"X-Manqin-Terminal": "1"}


class Kiosk:
    """A device in a browser of its own."""

    def __init__(self, site: Site, client: httpx.Client) -> None:
        self.site, self.client = site, client

    def tell(self, path: str, **body: Any) -> Any:
        return self.client.post(f"/terminal/{path}", json=body).json()

    def show(self, frames: Sequence[bytes], path: str = "frames") -> Any:
        """Frames of a moment, a fifth of a second apart."""
        body = b"".join(HEAD.pack(number / 5, len(frame)) + frame for number, frame in enumerate(frames))
        return self.client.post(f"/terminal/{path}", content=body).json()

    def state(self) -> Any:
        return self.client.get("/terminal/state").json()

    def sealed(self, letter: Letter) -> str:
        key = load_der_public_key(b64decode(self.state()["key"]))
        assert isinstance(key, RSAPublicKey)
        return b64encode(key.encrypt(msgspec.json.encode(letter), PADDING)).decode()

    def entry(self, letter: Letter, session: str, before: Any = None) -> dict[str, Any]:
        """Something kept without the network."""
        clocks = {"wall": letter.wall, "mono": letter.mono, "session": session}
        return {"id": str(uuid4()), "sealed": self.sealed(letter), "clocks": clocks, "before": before}

    def send(self, clocks: dict[str, Any], *entries: dict[str, Any]) -> list[Any]:
        told: list[Any] = self.tell("entries", clocks=clocks, entries=list(entries))["entries"]
        return told

    def punches(self) -> list[Punched]:
        return [fact for fact in self._facts() if isinstance(fact, Punched)]

    def set_aside(self) -> list[ReadingQuarantined]:
        return [fact for fact in self._facts() if isinstance(fact, ReadingQuarantined)]

    def _facts(self) -> list[Any]:
        facts = [row.entry().fact for row in self.site.hall.store.read(0, 100_000)]
        return [fact for fact in facts if getattr(fact, "terminal", "") == self.sn]

    @property
    def sn(self) -> str:
        return str(self.state().get("sn", ""))


def enrol(site: Site, no: str, pictures: list[bytes]) -> None:
    """Somebody agreed, and sat before the office's camera."""
    agreed = {"no": no, "kind": "face", "at": datetime(2026, 1, 5), "text": "1", "signature": "x"}
    site.hall.decide(lambda draft: consent.give(draft, **agreed), "office")
    site.server.app.state.faces.enrol(no, pictures, actor="user:office")


def type_code(site: Site, code: str, **wishes: str) -> httpx.Response:
    """What an administrator types in the office."""
    with site.browser("admin") as office:
        form = {"csrf": form_token(office, "/face-terminals"), "code": code, "name": "东门平板", "way_out": WAY_OUT}
        return office.post("/face-terminals/pair", data={**form, **wishes})


def pair(site: Site, device: httpx.Client, sn: str = "", challenge: str = "random") -> None:
    """The device is a terminal from now on: the office's part is taken as done."""
    desk = site.server.app.state.desk
    waiting = desk.codes.begin()
    wishes = {"sn": sn, "name": "东门平板", "zone": "+08:00", "challenge": challenge, "names": "surname"}
    pairing.begin(desk, "user:admin", code=waiting.code, way_out=WAY_OUT, **wishes)
    assert device.post("/terminal/pairing/claim", json={"claim": waiting.claim}).json() == {"state": "paired"}


@contextmanager
def paired_kiosk(site: Site, challenge: str = "random") -> Iterator[Kiosk]:
    with site.stranger() as device:
        device.headers.update(CALL)
        pair(site, device, challenge=challenge)
        yield Kiosk(site, device)


def milliseconds() -> float:
    return time.time() * 1000
