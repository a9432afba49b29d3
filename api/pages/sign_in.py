"""Signing in and out, and the person's own password."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from api.accounts import SHORTEST_PASSWORD
from api.auth import CheckedForm, Door, SignedIn, address_of, on_page
from api.forms import SESSION, begin_form, give_session, keep_form, take_session
from api.pages.frame import language_of, page
from api.problems import Problem
from api.text import say
from attendance.facts import Refused

router = APIRouter(include_in_schema=False)


def _door(request: Request) -> Door:
    door: Door = request.app.state.door
    return door


def _secure(request: Request) -> bool:
    return request.url.scheme == "https"


@router.get("/sign-in")
def sign_in_form(request: Request, next: str = "/") -> Response:
    return _form(request, next)


@router.post("/sign-in", dependencies=[CheckedForm])
def sign_in(
    request: Request,
    name: Annotated[str, Form(max_length=64)] = "",
    password: Annotated[str, Form(max_length=256)] = "",
    next: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    door = _door(request)
    try:
        account = door.check(address_of(request), name.strip(), password)
    except (Refused, Problem) as error:
        return _form(request, next, name=name, trouble=_trouble(request, error))
    response = RedirectResponse(_own_path(next), 303)
    give_session(response, door.accounts.begin_session(account), secure=_secure(request))
    return response


def _form(request: Request, next: str, *, name: str = "", trouble: str = "") -> Response:
    seed = begin_form(request)
    status = 401 if trouble else 200
    content = {"next": _own_path(next), "name": name, "trouble": trouble}
    response = page(request, "sign_in.html", content, status=status)
    keep_form(response, seed, secure=_secure(request))
    return response


def _trouble(request: Request, error: Refused | Problem) -> str:
    kind = "refused" if isinstance(error, Refused) else "problem"
    return say(f"{kind}.{error.code}", language_of(request), **error.details)


def _own_path(path: str) -> str:
    """A path of this server, whatever was asked: a link must not send a person who signs in somewhere else."""
    own = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if own else "/"


@router.post("/sign-out", dependencies=[CheckedForm])
def sign_out(request: Request) -> Response:
    _door(request).accounts.end_session(request.cookies.get(SESSION, ""))
    response = RedirectResponse("/sign-in", 303)
    take_session(response)
    return response


@router.get("/account", dependencies=[Depends(on_page)])
def account_form(request: Request) -> Response:
    return _account_page(request)


@router.post("/account", dependencies=[CheckedForm])
def change_password(
    request: Request,
    account: SignedIn,
    old: Annotated[str, Form(max_length=256)] = "",
    new: Annotated[str, Form(max_length=256)] = "",
    again: Annotated[str, Form(max_length=256)] = "",
) -> Response:
    """Change the password. Every other session of the account ends; this one goes on under a new token."""
    accounts = _door(request).accounts
    try:
        if new != again:
            raise Refused("passwords_differ", "again")
        accounts.change_password(account.name, old, new)
    except Refused as error:
        return _account_page(request, _trouble(request, error))
    response = RedirectResponse("/account?changed=1", 303)
    give_session(response, accounts.begin_session(account), secure=_secure(request))
    return response


def _account_page(request: Request, trouble: str = "") -> Response:
    changed = "changed" in request.query_params
    content = {"trouble": trouble, "changed": changed, "shortest": SHORTEST_PASSWORD}
    return page(request, "account.html", content, status=422 if trouble else 200)
