"""Who is asking: sessions for people, HTTP Basic for programs, and the token without which no form is taken."""

import hmac
import secrets
import time
from base64 import b64decode
from binascii import Error as NotBase64
from collections import deque
from collections.abc import Callable
from threading import Lock
from typing import Annotated

from fastapi import Depends, Form, Header, Request

from api.accounts import Account, Accounts
from api.forms import SESSION, is_ours
from api.problems import Problem, SignInNeeded
from attendance.facts import Refused

REMEMBERED_SECONDS = 900


class Door:
    """Signing in, with its limits: one per server."""

    def __init__(
        self, accounts: Accounts, failures_per_address: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.accounts = accounts
        self._limit = Limit(failures_per_address, 300, clock)
        self._clock = clock
        self._secret = secrets.token_bytes(32)
        self._remembered: dict[bytes, tuple[object, Account]] = {}

    def check(self, address: str, name: str, password: str) -> Account:
        """The account of a name and its password. Raises Refused, or Problem when an address has failed too often."""
        if wait := self._limit.wait(address):
            raise Problem(429, "too_many_tries", {"Retry-After": str(wait)}, minutes=-(-wait // 60))
        try:
            return self.accounts.check(name, password)
        except Refused:
            self._limit.count(address)
            raise

    def check_program(self, address: str, name: str, password: str) -> Account:
        """The same for a program that sends its password with every request.

        A password once found right spares the slow hash until the account changes in any way, or a quarter of an hour.
        """
        key = hmac.digest(self._secret, f"{name}\0{password}".encode(), "sha256")
        stamp = (self.accounts.stamp(name), self._clock() // REMEMBERED_SECONDS)
        known = self._remembered.get(key)
        if known is not None and known[0] == stamp:
            return known[1]
        account = self.check(address, name, password)
        self._remembered = {key: ((self.accounts.stamp(name), stamp[1]), account)}
        return account


class Limit:
    """At most so many failures per address within some seconds."""

    def __init__(self, allowed: int, seconds: float, clock: Callable[[], float]) -> None:
        self._allowed, self._seconds, self._clock = allowed, seconds, clock
        self._failures: dict[str, deque[float]] = {}
        self._guard = Lock()

    def count(self, address: str) -> None:
        with self._guard:
            self._failures.setdefault(address, deque(maxlen=self._allowed)).append(self._clock())
            if len(self._failures) > 10_000:
                self._failures.pop(next(iter(self._failures)))

    def wait(self, address: str) -> int:
        """Seconds until the address may try again; 0 when it may now."""
        failures = self._failures.get(address)
        if failures is None or len(failures) < self._allowed:
            return 0
        return max(0, int(failures[0] + self._seconds - self._clock()) + 1)


def address_of(request: Request) -> str:
    return request.client.host if request.client else ""


def _with_form_token(request: Request, csrf: Annotated[str, Form()] = "") -> None:
    _check_token(request, csrf)


def _with_header_token(request: Request, x_csrf_token: Annotated[str, Header()] = "") -> None:
    if "authorization" not in request.headers:
        _check_token(request, x_csrf_token)


def _check_token(request: Request, token: str) -> None:
    if not is_ours(request, token):
        raise Problem(403, "form_expired")


def on_page(request: Request) -> Account:
    account = request.app.state.door.accounts.in_session(request.cookies.get(SESSION, ""))
    if account is None:
        raise SignInNeeded
    request.state.account = account
    return account  # type: ignore[no-any-return]


def in_program(request: Request) -> Account:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return on_page(request)
    try:
        name, _, password = b64decode(given, validate=True).decode().partition(":")
    except (NotBase64, UnicodeDecodeError):
        raise SignInNeeded from None
    door: Door = request.app.state.door
    return door.check_program(address_of(request), name, password)


SignedIn = Annotated[Account, Depends(on_page)]
"""Somebody with a session."""
Caller = Annotated[Account, Depends(in_program)]
"""Somebody with a session, or a program with HTTP Basic."""
CheckedForm = Depends(_with_form_token)
CheckedCall = Depends(_with_header_token)
