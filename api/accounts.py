"""Who may sign in: accounts with their roles, passwords, locks and second factors."""

import os
import re
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from api import passwords, second_factor
from api.accounts_db import AccountsDb
from api.roles import Action, Role, Scope, compatible, scope_of
from api.sessions import Sessions
from attendance.facts import Refused

ADMINISTRATOR = "admin"
FIRST = {
    ADMINISTRATOR: frozenset({Role.SYSTEM_ADMIN}),
    "security": frozenset({Role.SECURITY_ADMIN}),
    "auditor": frozenset({Role.AUDITOR}),
    "office": frozenset({Role.SUPERVISOR, Role.DIRECTOR}),
}
"""The accounts of a first start: the three that are kept apart, and one for the office to begin with."""
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
"""An account's name is a pseudonym: the log holds it in clear."""
COLUMNS = "name, roles, no, unit, origin, disabled, enrolled"
NONCE_BYTES = 12


class Origin(StrEnum):
    """Where an account's password came from."""

    OWN = "own"
    """Chosen by the person."""
    PRINTED = "printed"
    """Printed by a first start, to whoever runs the machine."""
    HANDED_OUT = "handed_out"
    """Made by the security administrator, who therefore knows it."""


@dataclass(frozen=True)
class Account:
    """Someone who may sign in."""

    name: str
    roles: frozenset[Role]
    no: str = ""
    """The staff number whose records are this person's own."""
    unit: str = ""
    """The unit whose people a unit contact sees."""
    origin: Origin = Origin.OWN
    disabled: bool = False
    second_factor: bool = False
    """Whether an authenticator was set up."""

    @property
    def actor(self) -> str:
        """How the log names this person."""
        return f"user:{self.name}"

    @property
    def must_change(self) -> bool:
        """Whether somebody else knows the password, so that it has to be changed before anything else."""
        return self.origin is not Origin.OWN

    def scope(self, action: Action) -> Scope | None:
        return scope_of(self.roles, action)


class Accounts:
    """The accounts of one hall. Safe to use from several threads and processes."""

    def __init__(
        self,
        path: Path,
        *,
        idle_seconds: float = 1800,
        session_seconds: float = 43_200,
        failures_allowed: int = 5,
        lock_seconds: float = 900,
        clock: Callable[[], float] = time.time,
        key: bytes,
    ) -> None:
        """`key` (32 bytes) seals the secrets of authenticators; it lies with the hall's keys, not beside the file."""
        self._failures_allowed, self._lock_seconds, self._clock = failures_allowed, lock_seconds, clock
        self._box = AESGCM(key)
        self._db = AccountsDb(path)
        self.sessions = Sessions(self._db, idle_seconds, session_seconds, clock)

    def close(self) -> None:
        self._db.close()

    def make_first(self, origin: Origin = Origin.PRINTED) -> dict[str, str]:
        """The passwords of the first accounts, at the first start; none when there are accounts already."""
        if self.all():
            return {}
        return {name: self.make(name, roles, origin=origin) for name, roles in FIRST.items()}

    def make(
        self,
        name: str,
        roles: Collection[str],
        *,
        no: str = "",
        unit: str = "",
        origin: Origin = Origin.HANDED_OUT,
    ) -> str:
        """A new account's password. Raises Refused for a name that is taken or no name, and for roles that clash."""
        held = checked(name, roles, unit)
        password = passwords.made_up()
        made = self._db.write(
            "INSERT INTO account (name, roles, no, unit, password, origin, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            *(name, _stored(held), no, unit, passwords.hashed(password), origin, self._clock()),
        )
        if not made:
            raise Refused("account_taken", "name", name=name)
        return password

    def alter(self, name: str, roles: Collection[str], *, no: str = "", unit: str = "", disabled: bool = False) -> None:
        """Give an account other roles or another person, or disable it; it is signed out everywhere. Raises Refused."""
        held = checked(name, roles, unit)
        self._keep_an_administrator(name, held, disabled=disabled)
        self._set(name, "roles = ?, no = ?, unit = ?, disabled = ?", _stored(held), no, unit, disabled)
        self.sessions.end_all(name)

    def _keep_an_administrator(self, name: str, roles: frozenset[Role], *, disabled: bool) -> None:
        """The last account that can manage accounts must stay able to."""
        if Role.SECURITY_ADMIN in roles and not disabled:
            return
        able = {one.name for one in self.all() if Role.SECURITY_ADMIN in one.roles and not one.disabled}
        if able == {name}:
            raise Refused("last_security_admin", "roles", name=name)

    def all(self) -> list[Account]:
        return [_account(row) for row in self._db.rows(f"SELECT {COLUMNS} FROM account ORDER BY name")]  # noqa: S608

    def find(self, name: str) -> Account:
        """Raises Refused for a name that is nobody's."""
        row = self._db.row(f"SELECT {COLUMNS} FROM account WHERE name = ?", name)  # noqa: S608 - constants
        if row is None:
            raise Refused("account_unknown", "name", name=name)
        return _account(row)

    def locked_minutes(self, name: str) -> int:
        """Minutes until a locked account opens again; 0 when it is open."""
        row = self._db.row("SELECT locked_until FROM account WHERE name = ?", name)
        return _minutes(row[0] - self._clock()) if row and row[0] > self._clock() else 0

    def reset_password(self, name: str = ADMINISTRATOR, origin: Origin = Origin.HANDED_OUT) -> str:
        """A new random password; the account is unlocked and signed out everywhere. Raises Refused."""
        password = passwords.made_up()
        self._set_password(name, password, origin)
        return password

    def change_password(self, name: str, old: str, new: str) -> None:
        """The person's own change; every session of the account ends. Raises Refused."""
        passwords.accept(new, name)
        if new == old:
            raise Refused("password_too_easy", "new")
        self.check(name, old)
        self._set_password(name, new, Origin.OWN)

    def _set_password(self, name: str, password: str, origin: Origin) -> None:
        hashed = passwords.hashed(password)
        self._set(name, "password = ?, origin = ?, failures = 0, locked_until = 0", hashed, origin)
        self.sessions.end_all(name)

    def _set(self, name: str, assignments: str, *values: object) -> None:
        """Raises Refused for a name that is nobody's."""
        sql = f"UPDATE account SET {assignments}, changed_at = ? WHERE name = ?"  # noqa: S608 - written in this file
        if not self._db.write(sql, *values, self._clock(), name):
            raise Refused("account_unknown", "name", name=name)

    def check(self, name: str, password: str) -> Account:
        """The account of a name and its password.

        Raises Refused: `sign_in_wrong`, in the same words and time for a wrong name, a wrong password and a disabled
        account, or `account_locked` after too many failures in a row.
        """
        self._refuse_when_locked(name)
        row = self._db.row("SELECT password, failures, disabled FROM account WHERE name = ?", name)
        stored, failures, disabled = row or (passwords.nobodys(), 0, False)
        if not passwords.fits(stored, password) or row is None or disabled:
            raise self._failed(name, "sign_in_wrong")
        if failures:
            self._db.write("UPDATE account SET failures = 0 WHERE name = ?", name)
        return self.find(name)

    def _refuse_when_locked(self, name: str) -> None:
        if minutes := self.locked_minutes(name):
            raise Refused("account_locked", minutes=minutes)

    def _failed(self, name: str, code: str) -> Refused:
        """Count a failure; the last one allowed locks the account."""
        self._db.write("UPDATE account SET failures = failures + 1 WHERE name = ?", name)
        until = self._clock() + self._lock_seconds
        sql = "UPDATE account SET failures = 0, locked_until = ? WHERE name = ? AND failures >= ?"
        if self._db.write(sql, until, name, self._failures_allowed):
            return Refused("account_locked", minutes=_minutes(self._lock_seconds))
        return Refused(code, "code" if code == "code_wrong" else None)

    def stamp(self, name: str) -> object:
        """Something that differs once the account's password, roles, failures or lock have changed."""
        return self._db.row("SELECT changed_at, failures, locked_until FROM account WHERE name = ?", name)

    def in_session(self, token: str, *, in_use: bool = True) -> tuple[Account, bool] | None:
        """Who holds a session's token, and whether they showed their second factor; None when it is nobody's."""
        signed = self.sessions.find(token, in_use=in_use)
        row = signed and self._db.row(f"SELECT {COLUMNS} FROM account WHERE name = ?", signed.account)  # noqa: S608
        return (_account(row), signed.second_factor) if signed and row and not row[5] else None

    def begin_second_factor(self, name: str) -> bytes:
        """The secret to be shown once to the person's authenticator; the same until a code of it was given."""
        row = self._db.row("SELECT secret, enrolled FROM account WHERE name = ?", name)
        if row and row[1]:
            raise Refused("second_factor_there")
        if row and row[0]:
            return self._opened(name, row[0])
        secret, nonce = second_factor.new_secret(), os.urandom(NONCE_BYTES)
        self._set(name, "secret = ?", nonce + self._box.encrypt(nonce, secret, name.encode()))
        return secret

    def _opened(self, name: str, sealed: bytes) -> bytes:
        return self._box.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], name.encode())

    def finish_second_factor(self, name: str, given: str) -> list[str]:
        """Begin to ask for codes, once the first one is right; returns the recovery codes. Raises Refused."""
        secret = self.begin_second_factor(name)
        step = second_factor.step_of(secret, second_factor.plain_code(given), self._clock(), 0)
        if step is None:
            raise Refused("code_wrong", "code")
        self._set(name, "enrolled = 1, last_step = ?", step)
        codes = second_factor.recovery_codes()
        for one in codes:
            self._db.write("INSERT INTO recovery VALUES (?, ?)", name, second_factor.recovery_hash(one))
        return codes

    def check_second_factor(self, name: str, given: str) -> None:
        """A code of the authenticator, or a recovery code, each good once. Raises Refused, counting as a failure."""
        self._refuse_when_locked(name)
        typed = second_factor.plain_code(given)
        row = self._db.row("SELECT secret, last_step FROM account WHERE name = ? AND enrolled", name)
        if row is None:
            raise Refused("code_wrong", "code")
        sealed, used = row
        step = second_factor.step_of(self._opened(name, sealed), typed, self._clock(), used)
        fresh = "UPDATE account SET last_step = ?, failures = 0 WHERE name = ? AND last_step < ?"
        if step is not None and self._db.write(fresh, step, name, step):
            return
        spent = "DELETE FROM recovery WHERE account = ? AND code = ?"
        if not self._db.write(spent, name, second_factor.recovery_hash(typed)):
            raise self._failed(name, "code_wrong")

    def drop_second_factor(self, name: str) -> None:
        """Ask for no codes any more, as when the phone was lost; the account is signed out everywhere."""
        self._set(name, "secret = NULL, enrolled = 0, last_step = 0")
        self._db.write("DELETE FROM recovery WHERE account = ?", name)
        self.sessions.end_all(name)


def checked(name: str, roles: Collection[str], unit: str) -> frozenset[Role]:
    """An account's roles. Raises Refused for a name that is none, roles that clash, a unit contact without a unit."""
    if not NAME.fullmatch(name):
        raise Refused("account_name_wrong", "name")
    held = compatible(roles)
    if Role.UNIT_CONTACT in held and not unit:
        raise Refused("unit_contact_needs_unit", "unit")
    return held


def _account(row: Any) -> Account:
    name, roles, no, unit, origin, disabled, enrolled = row
    held = frozenset(Role(role) for role in roles.split())
    return Account(name, held, no, unit, Origin(origin), bool(disabled), bool(enrolled))


def _stored(roles: frozenset[Role]) -> str:
    return " ".join(sorted(roles))


def _minutes(seconds: float) -> int:
    return max(1, -int(-seconds // 60))
