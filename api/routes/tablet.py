"""Who is at the tablet, and what their part of it is sealed with."""

from base64 import b64encode
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.auth import Asker, may
from api.forms import form_token
from api.given import TheHall
from api.roles import Action
from api.routes.models import Body
from api.routes.months import PROBLEMS, as_json
from attendance.hall import Hall

router = APIRouter(prefix="/api/v1/patrol", tags=["patrol"], responses=PROBLEMS)


class TabletSession(Body):
    """What a tablet needs before it sends anything in an account's name."""

    account: str
    csrf: str
    """For `X-CSRF-Token`: it is this session's, so what another account has queued cannot go out under it."""
    key: str
    """Base64 of 32 bytes (AES-256-GCM): under it the tablet keeps names and what was not sent yet."""


@router.get("/session", response_model=TabletSession)
def session(request: Request, asker: Annotated[Asker, may(Action.PATROL)], hall: TheHall) -> Response:
    """Who is signed in on this tablet."""
    account = asker.account.name
    return as_json({"account": account, "csrf": form_token(request), "key": b64encode(_key(hall, account)).decode()})


def _key(hall: Hall, account: str) -> bytes:
    """The same after every sign-in, and backed up with the hall's keys: derived, never stored."""
    return sha256(hall.keys.seal("", f"the tablets of {account}").box).digest()
