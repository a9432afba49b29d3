"""The accounts, for the security administrator: who may sign in, as what, and from where they are signed in now."""

from collections.abc import Callable
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from api import account_office
from api.account_office import NewAccount
from api.accounts import Account
from api.auth import Asker, CheckedForm, door_of, may
from api.given import TheHall
from api.pages.account import role_texts, session_rows
from api.pages.frame import page
from api.pages.sign_in import tried
from api.roles import KEPT_APART, Action, Role
from attendance.hall import Hall

router = APIRouter(include_in_schema=False, prefix="/accounts")
Manager = Annotated[Asker, may(Action.MANAGE_ACCOUNTS)]
Short = Annotated[str, Form(max_length=80)]
Reason = Annotated[str, Form(max_length=400)]
Roles = Annotated[list[str], Form(default_factory=list)]


class Row(NamedTuple):
    """An account as the list shows it."""

    account: Account
    roles: list[str]
    locked_minutes: int


@router.get("")
def accounts(request: Request, _manager: Manager, hall: TheHall) -> Response:
    return _list(request, hall)


def _list(request: Request, hall: Hall, trouble: str = "", made: tuple[str, str] | None = None) -> Response:
    """`made` is a name and its first password, shown this once."""
    known = door_of(request).accounts
    rows = [Row(one, role_texts(request, one), known.locked_minutes(one.name)) for one in known.all()]
    content = {
        "rows": rows,
        "trouble": trouble,
        "made": made,
        "choices": _choices(),
        "units": _units(hall),
        "sessions": session_rows(request, hall, None),
        "of_everybody": True,
    }
    return page(request, "accounts.html", content, status=422 if trouble else 200)


def _choices() -> list[tuple[Role, bool]]:
    """Every role, and whether it is one of those kept apart."""
    return [(role, role in KEPT_APART) for role in Role]


def _units(hall: Hall) -> list[str]:
    return sorted({row.fact.unit for row in hall.book().windows})


@router.post("", dependencies=[CheckedForm])
def make(
    request: Request,
    manager: Manager,
    hall: TheHall,
    roles: Roles,
    name: Short = "",
    no: Short = "",
    unit: Short = "",
    reason: Reason = "",
) -> Response:
    """A new account; its first password is shown once, to be handed over."""
    wanted = NewAccount(name.strip(), tuple(roles), no, unit)
    passwords: list[str] = []
    accounts = door_of(request).accounts
    trouble = tried(
        request, lambda: passwords.append(account_office.make(hall, accounts, manager.actor, wanted, reason))
    )
    return _list(request, hall, trouble, None if trouble else (wanted.name, passwords[0]))


@router.get("/{name}")
def account(request: Request, _manager: Manager, hall: TheHall, name: str) -> Response:
    return _one(request, hall, name)


def _one(request: Request, hall: Hall, name: str, trouble: str = "", password: str = "") -> Response:
    known = door_of(request).accounts
    content = {
        "one": known.find(name),
        "locked_minutes": known.locked_minutes(name),
        "trouble": trouble,
        "password": password,
        "choices": _choices(),
        "units": _units(hall),
        "sessions": session_rows(request, hall, name),
        "of_everybody": True,
    }
    return page(request, "account_of.html", content, status=422 if trouble else 200)


@router.post("/{name}", dependencies=[CheckedForm])
def alter(
    request: Request,
    manager: Manager,
    hall: TheHall,
    name: str,
    roles: Roles,
    no: Short = "",
    unit: Short = "",
    reason: Reason = "",
    disabled: Annotated[bool, Form()] = False,
) -> Response:
    """Other roles, another person, disabled or not; the account is signed out everywhere."""
    wanted = NewAccount(name, tuple(roles), no, unit, disabled=disabled)
    accounts = door_of(request).accounts
    return _done(request, hall, name, lambda: account_office.alter(hall, accounts, manager.actor, wanted, reason))


def _done(request: Request, hall: Hall, name: str, deed: Callable[[], object]) -> Response:
    trouble = tried(request, deed)
    return _one(request, hall, name, trouble) if trouble else RedirectResponse(f"/accounts/{name}", 303)


@router.post("/{name}/password", dependencies=[CheckedForm])
def reset_password(request: Request, manager: Manager, hall: TheHall, name: str) -> Response:
    """A new first password, shown once, to be handed over."""
    accounts = door_of(request).accounts
    password = account_office.reset_password(hall, accounts, manager.actor, name)
    return _one(request, hall, name, password=password)


@router.post("/{name}/second-factor", dependencies=[CheckedForm])
def reset_second_factor(request: Request, manager: Manager, hall: TheHall, name: str) -> Response:
    accounts = door_of(request).accounts
    return _done(request, hall, name, lambda: account_office.reset_second_factor(hall, accounts, manager.actor, name))


@router.post("/{name}/sessions/{number}/end", dependencies=[CheckedForm])
def end_session(request: Request, manager: Manager, name: str, number: int) -> Response:
    """End somebody's session: a stolen cookie is dead from now on."""
    door = door_of(request)
    if door.accounts.sessions.end_numbered(number, name):
        door.note("session_ended", door.accounts.find(name), "", manager.actor)
    return RedirectResponse(f"/accounts/{name}", 303)
