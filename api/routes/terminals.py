"""The register of terminals, for programs."""

from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from api.auth import Asker, CheckedCall, may
from api.given import TheHall, TheLedger
from api.problems import Problem
from api.roles import Action
from api.routes.models import Acceptance, Terminal
from api.routes.months import PROBLEMS, as_json
from attendance.terminals import accept

router = APIRouter(prefix="/api/v1/terminals", tags=["terminals"], responses=PROBLEMS)


@router.get("", response_model=list[Terminal], dependencies=[may(Action.SEE_TERMINALS)])
def terminals(ledger: TheLedger) -> Response:
    """Every terminal that was accepted or waits to be."""
    return as_json(ledger.terminals())


@router.post("/{sn}/accept", response_model=list[Terminal], dependencies=[CheckedCall])
def accept_terminal(
    asker: Annotated[Asker, may(Action.ACCEPT_TERMINAL)],
    hall: TheHall,
    ledger: TheLedger,
    sn: str,
    acceptance: Acceptance,
) -> Response:
    """Trust a terminal's punches from now on; answers with the register."""
    waits = any(entry.fact.terminal == sn.upper() for entry in hall.book().terminals.waiting())
    if not waits and not hall.book().terminals.known(sn.upper()):
        raise Problem(404, "terminal_unknown", sn=sn)
    hall.decide(lambda draft: accept(draft, sn=sn, **acceptance.model_dump()), asker.actor)
    ledger.follow()
    return as_json(ledger.terminals())
