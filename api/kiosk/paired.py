"""Which terminal a request comes from: a credential in a cookie that no script of the page can read."""

from datetime import UTC, datetime
from typing import Annotated, NamedTuple

from fastapi import Depends, Request
from starlette.responses import Response

from api.auth import address_of
from api.doors.contacts import contacts_of
from api.kiosk.desk import Desk, desk_of
from api.problems import Problem
from attendance.pairing import FAMILY, TerminalPaired
from attendance.terminals import TerminalAccepted

COOKIE = "manqin_terminal"
FIVE_YEARS = 5 * 31_536_000
CALL = "x-manqin-terminal"
"""A header that only a page of ours can add: another site's form cannot speak in the terminal's name."""


class Paired(NamedTuple):
    """A terminal that was paired, calling now."""

    accepted: TerminalAccepted
    pairing: TerminalPaired
    desk: Desk

    @property
    def sn(self) -> str:
        return self.accepted.terminal

    @property
    def actor(self) -> str:
        return f"terminal:{self.sn}"


def paired(request: Request) -> Paired:
    """The terminal that calls. Raises Problem when no paired terminal does."""
    found = known(request)
    if found is None:
        raise Problem(401, "terminal_unpaired")
    if request.method != "GET" and request.headers.get(CALL) is None:
        raise Problem(403, "form_expired")
    refuse_suspended(found)
    contacts_of(found.desk.hall).note(found.sn, address_of(request), datetime.now(UTC))
    return found


def refuse_suspended(terminal: Paired) -> None:
    """Raises Problem while the office has suspended the terminal: to it the hall is away, so it keeps what it takes."""
    if terminal.desk.hall.book().terminals.suspension(terminal.sn) is not None:
        raise Problem(503, "terminal_suspended")


def known(request: Request) -> Paired | None:
    """The terminal whose credential the request carries, as long as the office has not unpaired it."""
    desk = desk_of(request)
    credential = request.cookies.get(COOKIE, "")
    sn = desk.credentials.owner(credential) if credential else None
    if sn is None:
        return None
    book = desk.hall.book()
    accepted, pairing = book.terminals.known(sn), book.pairings.standing(sn)
    if accepted is None or pairing is None or accepted.family != FAMILY:
        return None
    return Paired(accepted, pairing, desk)


FromTerminal = Annotated[Paired, Depends(paired)]


def give_credential(response: Response, credential: str) -> None:
    response.set_cookie(
        COOKIE, credential, max_age=FIVE_YEARS, path="/terminal", httponly=True, samesite="strict", secure=True
    )


def take_credential(response: Response) -> None:
    response.delete_cookie(COOKIE, path="/terminal", secure=True)
