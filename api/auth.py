"""Who is asking, and whether they may: sessions for people, HTTP Basic for programs, and one action for each route."""

import hmac
import secrets
import time
from base64 import b64decode
from binascii import Error as NotBase64
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Annotated, Any

from fastapi import Depends, Form, Header, Request

from api.accounts import Account, Accounts, Origin
from api.forms import SESSION, is_ours
from api.problems import Detour, Problem, SignInNeeded
from api.roles import Action, Role, Scope
from attendance.accounts import AccountNoted, noted
from attendance.facts import Refused

REMEMBERED_SECONDS = 900
REFRESHED = "x-manqin-refresh"
"""Sent by a page that renews itself: nobody may sit before it, so it keeps no session awake."""
Note = Callable[[AccountNoted, str], object]
"""Keeps what happened to an account, with the actor."""
NOBODY = "nobody"


class Door:
    """Signing in, with its limits: one per server."""

    def __init__(
        self,
        accounts: Accounts,
        failures_per_address: int,
        clock: Callable[[], float] = time.monotonic,
        *,
        note: Note = lambda *_: None,
        second_factor_roles: frozenset[Role] = frozenset(),
    ) -> None:
        self.accounts = accounts
        self._second_factor_roles = second_factor_roles
        self._note = note
        self._limit = Limit(failures_per_address, 300, clock)
        self._clock = clock
        self._secret = secrets.token_bytes(32)
        self._remembered: dict[bytes, tuple[object, Account]] = {}

    def check(self, address: str, name: str, password: str) -> Account:
        """The account of a name and its password. Raises Refused, or Problem when an address has failed too often."""
        account: Account = self._counted(address, name, lambda: self.accounts.check(name, password))
        return account

    def check_second_factor(self, address: str, account: Account, code: str) -> None:
        """Raises Refused, or Problem when an address has failed too often."""
        self._counted(address, account.name, lambda: self.accounts.check_second_factor(account.name, code))

    def _counted(self, address: str, name: str, check: Callable[[], Any]) -> Any:
        if wait := self._limit.wait(address):
            raise Problem(429, "too_many_tries", {"Retry-After": str(wait)}, minutes=-(-wait // 60))
        try:
            return check()
        except Refused as refused:
            self._limit.count(address)
            known = any(account.name == name for account in self.accounts.all())
            what = "locked" if refused.code == "account_locked" else "failed"
            self._note(noted(what, name if known else "", address), NOBODY)
            raise

    def note(self, what: str, account: Account, address: str, by: str = "") -> None:
        """Keep in the log what happened to an account, by its owner unless told otherwise."""
        self._note(noted(what, account.name, address), by or account.actor)

    def check_program(self, address: str, name: str, password: str) -> Account:
        """The same for a program that sends its password with every request.

        A password once found right spares the slow hash until the account changes in any way, or a quarter of an hour.
        The log names a program once a day.
        """
        key = hmac.digest(self._secret, f"{name}\0{password}".encode(), "sha256")
        stamp = (self.accounts.stamp(name), self._clock() // REMEMBERED_SECONDS)
        known = self._remembered.get(key)
        if known is not None and known[0] == stamp:
            return known[1]
        account = self.check(address, name, password)
        self._refuse_program(account)
        event = f"program {name} {address} {datetime.now(UTC):%Y-%m-%d}"
        self._note(noted("program", name, address, event), account.actor)
        self._remembered = {key: ((self.accounts.stamp(name), stamp[1]), account)}
        return account

    def _refuse_program(self, account: Account) -> None:
        """A program can neither show a second factor nor change a password that somebody else knows."""
        if account.second_factor or self.needs_second_factor(account):
            raise Problem(403, "second_factor_no_program")
        if account.origin is Origin.HANDED_OUT:
            raise Problem(403, "password_to_change")

    def needs_second_factor(self, account: Account) -> bool:
        """Whether a second factor is asked of one of the account's roles, and is not set up yet."""
        return bool(account.roles & self._second_factor_roles) and not account.second_factor


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


def door_of(request: Request) -> Door:
    door: Door = request.app.state.door
    return door


def _with_form_token(request: Request, csrf: Annotated[str, Form()] = "") -> None:
    _check_token(request, csrf)


def _with_header_token(request: Request, x_csrf_token: Annotated[str, Header()] = "") -> None:
    if "authorization" not in request.headers:
        _check_token(request, x_csrf_token)


def _check_token(request: Request, token: str) -> None:
    if not is_ours(request, token):
        raise Problem(403, "form_expired")


CheckedForm = Depends(_with_form_token)
CheckedCall = Depends(_with_header_token)


def in_session(request: Request) -> tuple[Account, bool]:
    """Who is signed in, and whether they showed their second factor. Raises SignInNeeded."""
    by_clock = REFRESHED in request.headers
    held = door_of(request).accounts.in_session(request.cookies.get(SESSION, ""), in_use=not by_clock)
    if held is None:
        raise SignInNeeded
    return held


def _on_page(request: Request, action: Action) -> Account:
    """Somebody with a session. Whoever still owes a code, a password or a second factor is sent there first."""
    account, shown = in_session(request)
    if account.second_factor and not shown:
        raise Detour("/sign-in/code", "code_needed")
    request.state.account = account
    if action is not Action.USE_ACCOUNT:
        if account.must_change:
            raise Detour("/account", "password_to_change")
        if door_of(request).needs_second_factor(account):
            raise Detour("/account/second-factor", "second_factor_to_set_up")
    return account


def _in_program(request: Request, action: Action) -> Account:
    """A program with HTTP Basic, or a script of a page with its session."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return _on_page(request, action)
    try:
        name, _, password = b64decode(given, validate=True).decode().partition(":")
    except (NotBase64, UnicodeDecodeError):
        raise SignInNeeded from None
    return door_of(request).check_program(address_of(request), name, password)


@dataclass(frozen=True)
class Asker:
    """Somebody who may do what the route does, and how far that reaches."""

    account: Account
    scope: Scope

    @property
    def actor(self) -> str:
        return self.account.actor


@dataclass(frozen=True)
class May:
    """The one dependency by which a route names its action: it lets in whoever may, and tells how far."""

    action: Action

    def __call__(self, request: Request) -> Asker:
        program = request.url.path.startswith("/api/")
        account = (_in_program if program else _on_page)(request, self.action)
        scope = account.scope(self.action)
        if scope is None:
            raise Problem(403, "not_allowed")
        request.state.asker = Asker(account, scope)
        return request.state.asker  # type: ignore[no-any-return]


def may(action: Action) -> Any:
    """For a route's `dependencies`; `Annotated[Asker, may(Action.…)]` where the route needs to know who asks."""
    return Depends(May(action))


def open_to_all() -> None:
    """The mark of a route that answers without signing in: health, signing in itself, how to trust the hall."""


OPEN = Depends(open_to_all)
