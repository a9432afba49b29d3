"""Calling a terminal that serves HTTP itself: a fresh Digest challenge for every request.

Some firmware rejects a nonce used again, and all lock the account after a few wrong passwords: so nothing is remembered
from one request to the next, and a refused sign-in is never tried again. Basic shows the password to whoever listens:
it is used where an administrator allows it for a terminal whose firmware knows nothing better.
"""

import re
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import ExitStack, asynccontextmanager, suppress
from types import TracebackType
from typing import Any, NamedTuple, Self

import httpx

from attendance.facts import Refused

PATIENCE = 10.0
"""Seconds."""
LARGEST_REPLY = 8 << 20
WRONG = (httpx.HTTPError, httpx.InvalidURL, NotImplementedError, KeyError)
"""What a line that breaks, or a reply that is no HTTP, raises."""
LOCKED = re.compile(r"<lockStatus>\s*lock(?:ed)?\s*</lockStatus>", re.IGNORECASE)
UNLOCK_TIME = re.compile(r"<unlockTime>\s*(\d{1,6})\s*</unlockTime>", re.IGNORECASE)


class Heard(NamedTuple):
    """What the terminal answered."""

    status: int
    body: bytes


class Line:
    """The way to one terminal. Every request may raise Refused: bad_url, terminal_unreachable, terminal_sign_in,
    terminal_locked, terminal_basic_only."""

    def __init__(
        self, url: str, user: str, password: str, patience: float = PATIENCE, *, allows_basic: bool = False
    ) -> None:
        self.url = plain_url(url)
        self.allows_basic = allows_basic
        self.patience = patience
        self._user, self._password = user, password
        # Terminals sign their own certificates; Digest never shows the password, whoever listens.
        self._options: dict[str, Any] = {
            "base_url": self.url,
            "timeout": patience,
            "verify": False,
            "trust_env": False,
            "follow_redirects": False,
        }
        self._client = httpx.Client(**self._options)
        self._at_end = ExitStack()

    @property
    def host(self) -> str:
        return httpx.URL(self.url).host

    @property
    def port(self) -> int | None:
        return httpx.URL(self.url).port

    @property
    def password(self) -> str:
        return self._password

    def at_end(self, deed: Callable[[], None]) -> None:
        """Do this when the line is closed, for families that speak no HTTP on it."""
        self._at_end.callback(deed)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._at_end:
            self._client.close()

    def ask(self, verb: str, target: str, content: bytes = b"", kind: str = "") -> Heard:
        """One request, with a challenge of its own."""
        headers = {"Content-Type": kind} if kind else {}
        request = self._client.build_request(verb, target, content=content or None, headers=headers)
        try:
            response = self._client.send(request, auth=self._sign_in(), stream=True)
            try:
                heard, basic_alone = Heard(response.status_code, _bounded(response)), _offers_basic_alone(response)
            finally:
                response.close()
        except WRONG as problem:
            raise self._unreachable(problem) from None
        if heard.status == 401:
            raise self._not_signed_in(heard.body, basic_alone=basic_alone)
        return heard

    @asynccontextmanager
    async def stream(self, target: str, silence: float) -> AsyncIterator[AsyncIterator[bytes]]:
        """What the terminal writes on one line that it does not end, bit by bit. After `silence` seconds without a byte
        the line counts as dead, which is Refused like any other terminal that cannot be reached."""
        options = self._options | {"timeout": httpx.Timeout(PATIENCE, read=silence)}
        try:
            async with (
                httpx.AsyncClient(**options) as client,
                client.stream("GET", target, auth=self._sign_in()) as response,
            ):
                if response.status_code == 401:
                    raise self._not_signed_in(await response.aread(), basic_alone=_offers_basic_alone(response))
                if response.status_code != 200:
                    raise Refused("terminal_said", "--url", url=self.url, answer=response.status_code)
                yield response.aiter_raw()
        except WRONG as problem:
            raise self._unreachable(problem) from None

    def _sign_in(self) -> httpx.Auth:
        return SignIn(self._user, self._password) if self.allows_basic else httpx.DigestAuth(self._user, self._password)

    def _unreachable(self, problem: Exception) -> Refused:
        return Refused("terminal_unreachable", "--url", url=self.url, problem=type(problem).__name__)

    def _not_signed_in(self, body: bytes, *, basic_alone: bool) -> Refused:
        if basic_alone and not self.allows_basic:
            return Refused("terminal_basic_only", "--url", url=self.url)
        return _not_signed_in(body, self._user)


class SignIn(httpx.DigestAuth):
    """Digest where the terminal offers it; Basic where it offers nothing else."""

    def __init__(self, user: str, password: str) -> None:
        super().__init__(user, password)
        self._basic = httpx.BasicAuth(user, password)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        digest = super().auth_flow(request)
        response = yield next(digest)
        if _offers_basic_alone(response):
            yield from self._basic.auth_flow(request)
        else:
            with suppress(StopIteration):
                yield digest.send(response)


def _offers_basic_alone(response: httpx.Response) -> bool:
    offers = " ".join(response.headers.get_list("www-authenticate")).lower()
    return response.status_code == 401 and "basic" in offers and "digest" not in offers


def plain_url(text: str) -> str:
    """``http://host[:port]`` of a terminal, ``tcp://…`` or ``udp://…`` of one without HTTP. Raises Refused else."""
    try:
        url = httpx.URL(text.strip())
    except (httpx.InvalidURL, TypeError, ValueError):
        raise Refused("bad_url", "--url", url=text[:80]) from None
    is_plain = url.scheme in ("http", "https", "tcp", "udp") and url.host and (url.port or 0) < 1 << 16
    if not is_plain or url.userinfo or url.path not in ("", "/") or url.query:
        raise Refused("bad_url", "--url", url=text[:80])
    return str(url).rstrip("/")


def _bounded(response: httpx.Response) -> bytes:
    body = b""
    for piece in response.iter_bytes():
        body += piece
        if len(body) > LARGEST_REPLY:
            raise httpx.DecodingError("too large")
    return body


def _not_signed_in(body: bytes, user: str) -> Refused:
    text = body[:4096].decode("utf-8", "replace")
    if not LOCKED.search(text):
        return Refused("terminal_sign_in", "--user", user=user)
    unlock = UNLOCK_TIME.search(text)
    return Refused("terminal_locked", "--user", user=user, seconds=unlock[1] if unlock else "?")
