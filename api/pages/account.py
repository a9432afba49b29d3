"""One's own account: the password, the second factor, and where one is signed in."""

from typing import Annotated

import segno
from fastapi import APIRouter, Form, Request
from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from api import passwords, second_factor
from api.accounts import Account
from api.auth import Asker, CheckedForm, address_of, door_of, in_session, may
from api.forms import SESSION
from api.given import TheHall, zone_of
from api.pages.dates import moment_text, recorded_moment
from api.pages.frame import language_of, page
from api.pages.sign_in import begun, tried, trouble_text
from api.roles import Action
from api.sessions import Session
from api.text import say
from attendance.facts import Refused
from attendance.hall import Hall

router = APIRouter(include_in_schema=False, prefix="/account")
Owner = Annotated[Asker, may(Action.USE_ACCOUNT)]


@router.get("")
def account_form(request: Request, owner: Owner, hall: TheHall) -> Response:
    return _account_page(request, owner.account, hall)


@router.post("", dependencies=[CheckedForm])
def change_password(
    request: Request,
    owner: Owner,
    hall: TheHall,
    old: Annotated[str, Form(max_length=256)] = "",
    new: Annotated[str, Form(max_length=256)] = "",
    again: Annotated[str, Form(max_length=256)] = "",
) -> Response:
    """Change the password. Every other session of the account ends; this one goes on under a new token."""
    door, account = door_of(request), owner.account
    shown = in_session(request)[1]
    try:
        if new != again:
            raise Refused("passwords_differ", "again")
        door.accounts.change_password(account.name, old, new)
    except Refused as error:
        return _account_page(request, account, hall, trouble_text(request, error))
    door.note("password_changed", account, address_of(request))
    location = "/" if account.must_change else "/account?changed=1"
    return begun(request, account, location, second_factor=shown)


def _account_page(request: Request, account: Account, hall: Hall, trouble: str = "") -> Response:
    content = {
        "trouble": trouble,
        "changed": "changed" in request.query_params,
        "shortest": passwords.SHORTEST,
        "roles": role_texts(request, account),
        "needs_second_factor": door_of(request).needs_second_factor(account),
        "sessions": session_rows(request, hall, account.name),
    }
    return page(request, "account.html", content, status=422 if trouble else 200)


def role_texts(request: Request, account: Account) -> list[str]:
    return [say(f"page.role.{role}", language_of(request)) for role in sorted(account.roles)]


def session_rows(request: Request, hall: Hall, account: str | None) -> list[tuple[Session, str, str]]:
    """Sessions with the moments they began and were last used, as people write them."""
    found = door_of(request).accounts.sessions.open(account, request.cookies.get(SESSION, ""))
    return [(one, _moment(request, hall, one.began_at), _moment(request, hall, one.seen_at)) for one in found]


def _moment(request: Request, hall: Hall, at: float) -> str:
    recorded = recorded_moment(int(at * 1_000_000))
    return moment_text(recorded, language_of(request), zone_of(hall)) if recorded else ""


@router.post("/sessions/{number}/end", dependencies=[CheckedForm])
def end_session(request: Request, owner: Owner, number: int) -> Response:
    """End one's own session somewhere else."""
    door = door_of(request)
    if door.accounts.sessions.end_numbered(number, owner.account.name):
        door.note("session_ended", owner.account, address_of(request))
    return RedirectResponse("/account", 303)


@router.get("/second-factor")
def second_factor_form(request: Request, owner: Owner) -> Response:
    return _second_factor_page(request, owner.account)


def _second_factor_page(request: Request, account: Account, trouble: str = "") -> Response:
    """The QR code for the phone. Made here, of lines alone: no picture of the secret goes anywhere else."""
    if account.second_factor:
        return page(request, "second_factor.html", {"account": account, "trouble": "", "qr": "", "secret": ""})
    secret = door_of(request).accounts.begin_second_factor(account.name)
    link = second_factor.address(secret, account.name, say("page.frame.brand", language_of(request)))
    content = {"trouble": trouble, "qr": qr_svg(link), "secret": second_factor.shown(secret)}
    return page(request, "second_factor.html", content, status=422 if trouble else 200)


def qr_svg(text: str) -> Markup:
    svg = segno.make(text, error="m").svg_inline(scale=5, border=3, dark="#1b2430", light="#ffffff")
    return Markup(svg)  # noqa: S704 - lines drawn by the library, no text in it


@router.post("/second-factor", dependencies=[CheckedForm])
def finish_second_factor(request: Request, owner: Owner, code: Annotated[str, Form(max_length=40)] = "") -> Response:
    """The first right code of the phone turns it on; the recovery codes are shown this once."""
    door, account, codes = door_of(request), owner.account, list[str]()
    trouble = tried(request, lambda: codes.extend(door.accounts.finish_second_factor(account.name, code)))
    if trouble:
        return _second_factor_page(request, account, trouble)
    door.accounts.sessions.pass_second_factor(request.cookies.get(SESSION, ""))
    door.note("second_factor_on", account, address_of(request))
    return page(request, "recovery_codes.html", {"codes": codes})


@router.post("/second-factor/off", dependencies=[CheckedForm])
def drop_second_factor(request: Request, owner: Owner, password: Annotated[str, Form(max_length=256)] = "") -> Response:
    """Turn it off again, with the password. Where the role asks for one, it has to be set up anew at once."""
    door, account = door_of(request), owner.account
    trouble = tried(request, lambda: door.check(address_of(request), account.name, password))
    if trouble:
        return page(request, "second_factor.html", {"trouble": trouble, "qr": "", "secret": ""}, status=422)
    door.accounts.drop_second_factor(account.name)
    door.note("second_factor_off", account, address_of(request))
    return begun(request, account, "/account")
