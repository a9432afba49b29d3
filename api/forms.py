"""The token that every form carries, so that no other site can send a form in somebody's name."""

import hmac
import secrets
from hashlib import sha256

from fastapi import Request
from starlette.responses import Response

SESSION = "manqin_session"
FORM = "manqin_form"
"""A cookie for the one form that comes before a session: signing in."""
ACCOUNT = "manqin_account"
"""Opens nothing. It tells a page that works offline whose names it may still show: it outlives a session that expires,
and goes when somebody signs out."""
A_MONTH = 30 * 86_400


def form_token(request: Request) -> str:
    """What a form of this browser carries: derived from its session, or from the sign-in page's own cookie."""
    seed = _seed(request)
    return hmac.new(seed.encode(), b"form", sha256).hexdigest() if seed else ""


def begin_form(request: Request) -> str | None:
    """A seed for a browser that has none yet; `keep_form` makes it stay."""
    if _seed(request):
        return None
    request.state.form_seed = secrets.token_urlsafe(16)
    return str(request.state.form_seed)


def keep_form(response: Response, seed: str | None, *, secure: bool) -> None:
    if seed:
        response.set_cookie(FORM, seed, httponly=True, samesite="strict", secure=secure)


def is_ours(request: Request, token: str) -> bool:
    """Whether a form was made by this server for this browser."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    return bool(_seed(request)) and hmac.compare_digest(form_token(request).encode(), token.encode())


def _seed(request: Request) -> str:
    kept = request.cookies.get(SESSION) or request.cookies.get(FORM)
    return kept or str(getattr(request.state, "form_seed", ""))


def give_session(response: Response, token: str, account: str, *, secure: bool) -> None:
    response.set_cookie(SESSION, token, httponly=True, samesite="lax", secure=secure)
    response.set_cookie(ACCOUNT, account, max_age=A_MONTH, samesite="strict", secure=secure)
    response.delete_cookie(FORM)


def take_session(response: Response) -> None:
    response.delete_cookie(SESSION)
    response.delete_cookie(ACCOUNT)
