"""How a computer comes to trust the hall's own certificate authority; and, on the terminals' door, where people go."""

from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding
from fastapi import APIRouter, Request
from starlette.responses import Response

from api.auth import OPEN
from api.certificates import fingerprint
from api.identity import DoorIdentity
from api.pages.frame import page
from api.problems import Problem

router = APIRouter(include_in_schema=False, dependencies=[OPEN])
terminals_side = APIRouter(include_in_schema=False, dependencies=[OPEN])
CERTIFICATE = "application/x-x509-ca-cert"
EVERY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def identity_of(request: Request) -> DoorIdentity:
    identity: DoorIdentity = request.app.state.identity
    return identity


def people_address(request: Request) -> str:
    """Where people sign in, by the name this browser used if the certificate has it."""
    identity, asked = identity_of(request), request.url.hostname or ""
    plain = [name for name in identity.names if not name.startswith("*")]
    host = asked if asked in identity.names or not plain else plain[0]
    shown = f"[{host}]" if ":" in host else host
    return f"https://{shown}:{request.app.state.https_port}"


def _content(request: Request) -> dict[str, Any]:
    identity = identity_of(request)
    own = identity.authority
    return {
        "address": people_address(request),
        "fingerprint": fingerprint(own) if own else "",
        "until": f"{own.not_valid_after_utc:%Y-%m-%d}" if own else "",
        "names": identity.names,
    }


@router.get("/trust")
def trust(request: Request) -> Response:
    return page(request, "trust.html", _content(request))


@router.get("/trust/ca.crt")
def authority_pem(request: Request) -> Response:
    """The authority's certificate as text, for UOS, Kylin, Linux and browsers."""
    return _file(request, Encoding.PEM, "manqin-ca.crt")


@router.get("/trust/ca.cer")
def authority_der(request: Request) -> Response:
    """The same in bytes, for Windows and Android."""
    return _file(request, Encoding.DER, "manqin-ca.cer")


def _file(request: Request, encoding: Encoding, name: str) -> Response:
    content = identity_of(request).authority_file(encoding)
    return Response(content, media_type=CERTIFICATE, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@terminals_side.get("/")
def where_people_go(request: Request) -> Response:
    """What a browser sees that came to the terminals' door."""
    return page(request, "other_door.html", _content(request))


@terminals_side.api_route("/{path:path}", methods=EVERY_METHOD)
def nothing_else(request: Request) -> Response:
    raise Problem(404, "other_door", address=people_address(request))
