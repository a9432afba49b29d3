"""Signing in, with a code where a second factor is set up, and signing out."""

from collections.abc import Callable
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from api.accounts import Account
from api.auth import OPEN, Asker, CheckedForm, address_of, door_of, in_session, may
from api.forms import SESSION, begin_form, give_session, keep_form, take_session
from api.pages.frame import language_of, page
from api.problems import Problem, SignInNeeded
from api.roles import Action, Scope
from api.text import say
from attendance.facts import Refused

router = APIRouter(include_in_schema=False, dependencies=[OPEN])

PLACES = {
    Action.SEE_MONTH: "/months",
    Action.MANAGE_ACCOUNTS: "/accounts",
    Action.SEE_AUDIT: "/audit",
}
"""Where somebody begins: the first of these that their role allows."""


def is_secure(request: Request) -> bool:
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
    address = address_of(request)
    try:
        account = door_of(request).check(address, name.strip(), password)
    except (Refused, Problem) as error:
        return _form(request, next, name=name, trouble=trouble_text(request, error))
    if not account.second_factor:
        door_of(request).note("signed_in", account, address)
        return begun(request, account, own_path(next))
    return begun(request, account, f"/sign-in/code?{urlencode({'next': own_path(next)})}")


def begun(request: Request, account: Account, location: str, *, second_factor: bool = False) -> Response:
    """A new session, and where it leads."""
    response = RedirectResponse(location, 303)
    browser = request.headers.get("user-agent", "")
    sessions = door_of(request).accounts.sessions
    token = sessions.begin(account.name, address_of(request), browser, second_factor=second_factor)
    give_session(response, token, account.name, secure=is_secure(request))
    return response


def _form(request: Request, next: str, *, name: str = "", trouble: str = "") -> Response:
    seed = begin_form(request)
    status = 401 if trouble else 200
    content = {"next": own_path(next), "name": name, "trouble": trouble}
    response = page(request, "sign_in.html", content, status=status)
    keep_form(response, seed, secure=is_secure(request))
    return response


def trouble_text(request: Request, error: Refused | Problem) -> str:
    kind = "refused" if isinstance(error, Refused) else "problem"
    return say(f"{kind}.{error.code}", language_of(request), **error.details)


def own_path(path: str) -> str:
    """A path of this server, whatever was asked: a link must not send a person who signs in somewhere else."""
    own = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if own else "/"


@router.get("/sign-in/code")
def code_form(request: Request, next: str = "/") -> Response:
    """The second step, for whoever has shown a right password."""
    in_session(request)
    return page(request, "code.html", {"next": own_path(next), "trouble": ""})


@router.post("/sign-in/code", dependencies=[CheckedForm])
def check_code(
    request: Request,
    code: Annotated[str, Form(max_length=40)] = "",
    next: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    account, _ = in_session(request)
    door, address = door_of(request), address_of(request)
    trouble = tried(request, lambda: door.check_second_factor(address, account, code))
    if trouble:
        return page(request, "code.html", {"next": own_path(next), "trouble": trouble}, status=401)
    # A new token: whoever saw the one of the half-open session has nothing.
    door.accounts.sessions.end(request.cookies.get(SESSION, ""))
    door.note("signed_in", account, address)
    return begun(request, account, own_path(next), second_factor=True)


def tried(request: Request, deed: Callable[[], object]) -> str:
    """Why a deed was refused, as a sentence; empty when it was done."""
    try:
        deed()
    except SignInNeeded:
        raise
    except (Refused, Problem) as error:
        return trouble_text(request, error)
    return ""


@router.post("/sign-out", dependencies=[CheckedForm])
def sign_out(request: Request) -> Response:
    """The session ends here, not only the cookie: a copy of it is dead."""
    door, token = door_of(request), request.cookies.get(SESSION, "")
    if held := door.accounts.in_session(token):
        door.note("signed_out", held[0], address_of(request))
    door.accounts.sessions.end(token)
    response = RedirectResponse("/sign-in", 303)
    take_session(response)
    return response


home = APIRouter(include_in_schema=False)


@home.get("/")
def begin(asker: Annotated[Asker, may(Action.USE_ACCOUNT)]) -> Response:
    """The place of one's role."""
    account = asker.account
    if account.scope(Action.SEE_MONTH) is Scope.OWN:
        return RedirectResponse("/rounds" if account.scope(Action.PATROL) else "/me", 303)
    return RedirectResponse(next((path for action, path in PLACES.items() if account.scope(action)), "/account"), 303)
