"""Calling a terminal that serves HTTP itself: a fresh Digest challenge for every request, never Basic.

Some firmware rejects a nonce used again, and all lock the account after a few wrong passwords: so nothing is remembered
from one request to the next, and a refused sign-in is never tried again.
"""

import re
from types import TracebackType
from typing import NamedTuple, Self

import httpx

from attendance.facts import Refused

PATIENCE = 10.0
"""Seconds."""
LARGEST_REPLY = 8 << 20
LOCKED = re.compile(r"<lockStatus>\s*lock(?:ed)?\s*</lockStatus>", re.IGNORECASE)
UNLOCK_TIME = re.compile(r"<unlockTime>\s*(\d{1,6})\s*</unlockTime>", re.IGNORECASE)


class Heard(NamedTuple):
    """What the terminal answered."""

    status: int
    body: bytes


class Line:
    """The way to one terminal. Every request may raise Refused: bad_url, terminal_unreachable, terminal_sign_in,
    terminal_locked."""

    def __init__(self, url: str, user: str, password: str, patience: float = PATIENCE) -> None:
        self.url = plain_url(url)
        self._user, self._password = user, password
        # Terminals sign their own certificates; Digest never shows the password, whoever listens.
        self._client = httpx.Client(
            base_url=self.url,
            timeout=patience,
            verify=False,  # noqa: S501
            trust_env=False,
            follow_redirects=False,
        )

    @property
    def host(self) -> str:
        return httpx.URL(self.url).host

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def ask(self, verb: str, target: str, content: bytes = b"", kind: str = "") -> Heard:
        """One request, with a challenge of its own."""
        headers = {"Content-Type": kind} if kind else {}
        request = self._client.build_request(verb, target, content=content or None, headers=headers)
        try:
            response = self._client.send(request, auth=httpx.DigestAuth(self._user, self._password), stream=True)
            try:
                heard = Heard(response.status_code, _bounded(response))
            finally:
                response.close()
        except (httpx.HTTPError, httpx.InvalidURL, NotImplementedError, KeyError) as problem:
            raise Refused("terminal_unreachable", "--url", url=self.url, problem=type(problem).__name__) from None
        if heard.status == 401:
            raise _not_signed_in(heard.body, self._user)
        return heard


def plain_url(text: str) -> str:
    """``http://host[:port]`` of a terminal. Raises Refused for anything more, or less."""
    try:
        url = httpx.URL(text.strip())
    except (httpx.InvalidURL, TypeError, ValueError):
        raise Refused("bad_url", "--url", url=text[:80]) from None
    is_plain = url.scheme in ("http", "https") and url.host and (url.port or 0) < 1 << 16
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
