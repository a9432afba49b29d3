"""The web server inside a terminal made of software: Digest alone, each nonce once, locked after wrong passwords."""

import hashlib
import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_hex
from threading import Thread
from typing import NamedTuple

FIELD = re.compile(r'(\w+)=(?:"([^"]*)"|([^\s,]+))')
WRONG_TRIES = 5
LOOKS_EVERY = 0.02
"""Seconds between two looks at whether there is more to write on a stream."""


class Asked(NamedTuple):
    """One request to the terminal."""

    verb: str
    target: str
    """Path and query, as sent."""
    body: bytes = b""


class Told(NamedTuple):
    """The terminal's reply."""

    status: int
    body: bytes
    kind: str = "text/plain"


class Streamed(NamedTuple):
    """A reply that the terminal goes on with."""

    bits: Iterator[bytes]
    kind: str
    status: int = 200


Answering = Callable[[Asked], Told | Streamed]


@dataclass
class DigestLock:
    """Lets in who knows the password, as terminals do."""

    user: str
    password: str
    realm: str = "Login to a simulated terminal"
    wrong: int = 0
    challenges: int = 0
    """How many were given."""
    shown_in_clear: int = 0
    """How often somebody answered the offer of Basic, which real firmware makes too."""
    knows_digest: bool = True
    """Old firmware offers Basic alone."""
    _open: set[str] = field(default_factory=set)

    @property
    def is_locked(self) -> bool:
        return self.wrong >= WRONG_TRIES

    def offers(self, challenge: str) -> tuple[str, ...]:
        """The ways to sign in, as the terminal names them."""
        basic = 'Basic realm="terminal"'
        return (basic, challenge) if self.knows_digest else (basic,)

    def challenge(self) -> str:
        nonce = token_hex(16)
        self._open.add(nonce)
        self.challenges += 1
        return f'Digest realm="{self.realm}", qop="auth", nonce="{nonce}", algorithm=MD5'

    def admits(self, verb: str, header: str) -> bool:
        """Whether the answer to a challenge is right. A nonce serves once."""
        self.shown_in_clear += header.startswith("Basic ")
        if not self.knows_digest and header.startswith("Basic "):
            return self._counted(b64decode(header.removeprefix("Basic ")) == f"{self.user}:{self.password}".encode())
        if self.is_locked or not header.startswith("Digest "):
            return False
        told = {name: quoted or bare for name, quoted, bare in FIELD.findall(header)}
        if told.get("nonce") not in self._open:
            return False
        self._open.discard(told["nonce"])
        return self._counted(told.get("response") == self._response(verb, told))

    def _counted(self, is_right: bool) -> bool:
        self.wrong = 0 if is_right and not self.is_locked else self.wrong + 1
        return is_right and not self.is_locked

    def _response(self, verb: str, told: dict[str, str]) -> str:
        secret = _md5(f"{self.user}:{self.realm}:{self.password}")
        asked = _md5(f"{verb}:{told.get('uri', '')}")
        parts = (secret, told["nonce"], told.get("nc", ""), told.get("cnonce", ""), told.get("qop", ""), asked)
        return _md5(":".join(parts))


def _md5(text: str) -> str:
    """What RFC 7616 calls H; terminals speak MD5 alone."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


@contextmanager
def served(answering: Answering, lock: DigestLock, locked: Told) -> Iterator[str]:
    """Serve on a free port of this machine while the block runs; gives the address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            asked = Asked(self.command, self.path, self.rfile.read(int(self.headers.get("Content-Length") or 0)))
            if lock.admits(self.command, self.headers.get("Authorization", "")):
                self._tell(answering(asked))
            else:
                self._tell(locked if lock.is_locked else Told(401, b""), lock.challenge())

        do_GET = do_POST = do_PUT = do_DELETE = _answer

        def _tell(self, told: Told | Streamed, challenge: str = "") -> None:
            self.send_response(told.status)
            if challenge:
                for offer in lock.offers(challenge):
                    self.send_header("WWW-Authenticate", offer)
            self.send_header("Content-Type", told.kind)
            if isinstance(told, Streamed):
                self._go_on(told.bits)
                return
            self.send_header("Content-Length", str(len(told.body)))
            self.end_headers()
            self.wfile.write(told.body)

        def _go_on(self, bits: Iterator[bytes]) -> None:
            self.send_header("Connection", "close")
            self.end_headers()
            with suppress(OSError):  # whoever listened hung up
                for bit in bits:
                    self.wfile.write(bit)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: the tests look at what was answered."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
